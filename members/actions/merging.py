"""Two records of one person become one. Nothing is deleted but days that were covered twice."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pgtrigger
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, InternalError, transaction
from django.db.models import Model
from django.utils import timezone

from linkworkers.actions import Refused
from linkworkers.audit.actions import record
from linkworkers.audit.models import AuditEvent
from members import permissions
from members.actions.seats import hold_seats
from members.models import Membership, Role, Seat, Term, User
from members.periods import DAY

# What points to a person or a membership and stays where it is, and why. Everything else moves, in every app.
STAYS = {
    "account.EmailAddress.user": "an address belongs to the account that proved it",
    "mfa.Authenticator.user": "it opens the account that it was set up for",
    "admin.LogEntry.user": "the log says under which account it was done",
    "pghistory.MiddlewareEvents.user": "the history says under which account it was done",
    "members.Membership.sponsor": "it follows from the seat",
    "members.Term.membership": "its days are looked at one by one",
}
HISTORY = "the history says under which account it was done"
WRITTEN_ONCE = "it is written once: the database keeps it as it is"
# The database keeps these as they are, but for the one thing that a merge may do.
OPENED = {"members.Invoice.membership": "members.Invoice:invoice_as_sent"}


@dataclass(frozen=True)
class Pointer:
    """A column that points to a person or a membership. `stays` is why it is left as it is, if it is."""

    model: type[Model]
    column: str
    stays: str

    @property
    def label(self) -> str:
        return f"{self.model._meta.label}.{self.column}"


@dataclass(frozen=True)
class Moved:
    """How many rows of a kind went to the record that stays, and how many could not: it has such a row already."""

    what: str
    label: str
    number: int
    kept_back: int


@dataclass
class Merge:
    """What a merge did or, looked at beforehand, would do."""

    moved: list[Moved] = field(default_factory=list)
    overlaps: list[tuple[dt.date, dt.date]] = field(default_factory=list)  # days that both had

    @property
    def kept_back(self) -> list[Moved]:
        return [each for each in self.moved if each.kept_back]


def pointers(to: type[Model]) -> Iterator[Pointer]:
    """Every column of every app that points to people, or to memberships; also those made for many-to-manys."""
    for relation in to._meta.get_fields(include_hidden=True):
        if relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one):
            column = relation.field  # type: ignore[union-attr]
            yield Pointer(column.model, column.name, _why_it_stays(column))


def _why_it_stays(column: Any) -> str:
    label = f"{column.model._meta.label}.{column.name}"
    if label in STAYS:
        return STAYS[label]
    if not column.db_constraint:
        return HISTORY
    refusing = (_refuses(trigger, column.name) for trigger in getattr(column.model._meta, "triggers", []))
    return WRITTEN_ONCE if any(refusing) and label not in OPENED else ""


def _refuses(trigger: pgtrigger.Trigger, column: str) -> bool:
    """Whether a trigger keeps this column as it was written."""
    if not isinstance(trigger, pgtrigger.Protect | pgtrigger.ReadOnly):
        return False
    if isinstance(trigger, pgtrigger.ReadOnly):
        return column not in (trigger.exclude or [])
    return "UPDATE" in str(trigger.operation)


def look(*, keep: User, drop: User, by: User) -> Merge:
    """What the merge would do, found by doing it and taking it back. Raises what `merge_people` raises."""
    with transaction.atomic():
        merge = merge_people(keep=keep, drop=drop, give_up_overlaps=True, by=by)
        transaction.set_rollback(True)
    return merge


@transaction.atomic
def merge_people(*, keep: User, drop: User, give_up_overlaps: bool = False, by: User) -> Merge:
    """Moves everything that `drop` has to `keep`, and closes the account of `drop`.

    Where both have what there can be once, that of `keep` stands and the other stays with the closed account. If both
    belong, `keep` keeps their number; days that both had are given up, for which `give_up_overlaps` has to be said.
    Raises PermissionDenied, and Refused for oneself, for administrators, and when it was done already.
    """
    if not permissions.can_run_memberships(by):
        raise PermissionDenied
    keep, drop = _locked(keep, drop, by)
    hold_seats(keep, drop)
    merge = Merge()
    ours, theirs = _memberships(keep, drop)
    if ours is not None and theirs is not None:
        _merge_memberships(ours, theirs, merge, by)
    if merge.overlaps and not give_up_overlaps:
        raise Refused("Some days are covered twice. Say that they may be given up.")
    _move_all(User, drop, keep, merge)
    drop.is_active = False
    drop.save(update_fields=["is_active"])
    facts = {
        "moved": {each.label: each.number for each in merge.moved if each.number},
        "kept_back": {each.label: each.kept_back for each in merge.kept_back},
        "days_given_up": [f"{first} to {last}" for first, last in merge.overlaps],
    }
    record(
        "account.merged", by=by, subject=drop, summary=f"Into {keep} <{keep.email}>", facts={"into": keep.pk} | facts
    )
    record("account.took_over", by=by, subject=keep, summary=f"{drop} <{drop.email}>", facts={"from": drop.pk} | facts)
    return merge


def _locked(keep: User, drop: User, by: User) -> tuple[User, User]:
    """Both, locked in one order for everybody, when they may be merged."""
    if keep.pk == drop.pk:
        raise Refused("Choose two different records.")
    rows = {user.pk: user for user in User.objects.select_for_update().filter(pk__in=[keep.pk, drop.pk]).order_by("pk")}
    keep, drop = rows[keep.pk], rows[drop.pk]
    if by.pk in rows:
        raise Refused("Your own record is merged by another administrator.")
    before = AuditEvent.objects.filter(verb="account.merged", subject_type="members.user", subject_id=str(drop.pk))
    if event := before.first():
        raise Refused(f"{drop} has been merged already: {event.summary[:1].lower()}{event.summary[1:]}.")
    if not keep.is_active:
        raise Refused(f"The account of {keep} is closed. Open it again first, or let the other one stay.")
    for person in (keep, drop):
        if person.posts.not_ended().filter(role=Role.ADMINISTRATOR).exists():
            raise Refused(f"{person} is an administrator. End that post first.")
    return keep, drop


def _memberships(keep: User, drop: User) -> tuple[Membership | None, Membership | None]:
    found = Membership.objects.select_for_update(of=("self",)).filter(user__in=[keep, drop]).order_by("pk")
    by_user = {membership.user_id: membership for membership in found}
    return by_user.get(keep.pk), by_user.get(drop.pk)


def _merge_memberships(ours: Membership, theirs: Membership, merge: Merge, by: User) -> None:
    """Leaves `theirs` with nothing, cancelled, for its number to be recognised."""
    days = _move_terms(ours, theirs, merge)
    _move_all(Membership, theirs, ours, merge)
    # A seat that could not come along, for they sit on another, is free again.
    Seat.objects.filter(member=theirs, ended_at=None).update(ended_at=timezone.now())
    for name in ("region", "billing_address", "purchase_order", "answer"):
        setattr(ours, name, getattr(ours, name) or getattr(theirs, name))
    last = ours.terms.order_by("-end_date").first()
    if days and last is not None:
        ours.plan = last.plan
        if theirs.cancelled_on is None:
            ours.cancelled_on, ours.cancel_reason = None, ""
    ours.save(
        update_fields=[
            *("region", "billing_address", "purchase_order", "answer", "plan", "cancelled_on", "cancel_reason")
        ]
    )
    theirs.cancelled_on, theirs.cancel_reason = timezone.localdate(), f"Merged into {ours.number}."
    theirs.save(update_fields=["cancelled_on", "cancel_reason"])
    record("membership.merged", by=by, subject=theirs, facts={"into": ours.number})
    record("membership.took_over", by=by, subject=ours, facts={"from": theirs.number, "days": days})


def _move_terms(ours: Membership, theirs: Membership, merge: Merge) -> int:
    """Gives `ours` the days of `theirs` that it does not have; the others are in `merge.overlaps`, and gone."""
    covered = [(term.start_date, term.end_date) for term in ours.terms.order_by("start_date")]
    moved = days = 0
    for term in theirs.terms.select_related("plan").order_by("start_date"):
        free, twice = _cut(term.start_date, term.end_date, covered)
        merge.overlaps += twice
        if not free:
            term.delete()
        for number, (first, last) in enumerate(free):
            if number:
                term = Term(plan=term.plan, seats=term.seats, reason=term.reason, invoice=term.invoice)
            term.membership, term.start_date, term.end_date = ours, first, last
            term.save()
            moved, days = moved + 1, days + term.days
    if moved:
        merge.moved.append(Moved("terms", "members.Term.membership", moved, 0))
    return days


Days = tuple[dt.date, dt.date]


def _cut(first: dt.date, last: dt.date, covered: list[Days]) -> tuple[list[Days], list[Days]]:
    """The days from first to last, both included, that are not covered, and those that are. `covered` is in order."""
    free: list[Days] = []
    twice: list[Days] = []
    for start, end in covered:
        if end < first or start > last:
            continue
        if start > first:
            free.append((first, start - DAY))
        twice.append((max(first, start), min(last, end)))
        if end >= last:
            return free, twice
        first = end + DAY
    return [*free, (first, last)], twice


def _move_all(model: type[Model], old: Model, new: Model, merge: Merge) -> None:
    for pointer in pointers(model):
        if pointer.stays:
            continue
        rows = pointer.model._base_manager.filter(**{pointer.column: old})
        keys = list(rows.order_by("pk").values_list("pk", flat=True))
        if keys:
            kept_back = _move(pointer, keys, new)
            what = str(pointer.model._meta.verbose_name_plural)
            merge.moved.append(Moved(what, pointer.label, len(keys) - kept_back, kept_back))


def _move(pointer: Pointer, keys: list[Any], new: Model) -> int:
    """All at once or, where one of them cannot come, one by one. Returns how many could not."""
    rows = pointer.model._base_manager
    opened = OPENED.get(pointer.label)
    with pgtrigger.ignore(opened) if opened else transaction.atomic():
        if _does(rows.filter(pk__in=keys), pointer.column, new):
            return 0
        return sum(not _does(rows.filter(pk=key), pointer.column, new) for key in keys)


def _does(rows: Any, column: str, new: Model) -> bool:
    try:
        with transaction.atomic():
            rows.update(**{column: new})
    except (IntegrityError, InternalError):
        return False
    return True
