"""Reminding people that a membership ends: due and not yet said, whatever the worker does in between."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.formats import date_format

from linkworkers.actions import Refused
from linkworkers.audit.actions import record
from linkworkers.outbox.actions import queue_all, settle_all
from linkworkers.outbox.models import Message
from members import permissions
from members.actions._orders import unpaid
from members.actions.fulfilment import locked
from members.actions.memberships import RENEWS_FROM
from members.emails import renewals as emails
from members.models import Association, Invoice, Membership, Term, User
from members.models.membership import MembershipQuerySet
from members.periods import DAY, REMINDED_BEFORE_END, Stage, stages_due

AT_ONCE = 200  # memberships looked at together, and locked while they are written to


def send_renewals() -> int:
    """Writes the reminders that are due and not yet written: 60, 30 and 7 days before the end, on the last day, half
    way through grace and 3 days before it ends.

    What a day without a worker missed is not made up for when something later has to be said. Each batch is a
    transaction of its own. Returns how many were written.
    """
    today, association = timezone.localdate(), Association.get()
    written = after = 0
    while some := list(_ending(today).filter(pk__gt=after).order_by("pk")[:AT_ONCE]):
        due = _unsaid(some, today)
        if due:
            written += _remind(due, today, association)
        after = some[-1].pk
    return written


@transaction.atomic
def remind(membership: Membership, *, by: User) -> Message:
    """The office reminds one holder now. Returns the mail.

    Raises PermissionDenied, and Refused when there is nothing to renew, or they had a reminder today.
    """
    if not permissions.can_run_memberships(by):
        raise PermissionDenied
    membership, today = locked(membership), timezone.localdate()
    if membership.ends_on is None or membership.for_life:
        raise Refused(f"{membership} has no end that anybody could be reminded of.")
    if membership.cancelled_on:
        raise Refused(f"{membership} has been cancelled. Write to them yourself if you hope that they come back.")
    if not membership.mailbox.is_active:
        raise Refused(f"The account of {membership.mailbox} is closed. Nobody would read the reminder.")
    if membership.ends_on > today + RENEWS_FROM:
        raise Refused(f"{membership} runs until {date_format(membership.ends_on)}. It is too early to remind.")
    said = Message.objects.filter(key__startswith=emails.renewal_key(membership, ""))
    if said.filter(created_at__date=today).exclude(state=Message.State.NOTHING).exists():
        raise Refused(f"{membership.mailbox} has been sent a reminder today. Wait until tomorrow.")
    stage = f"asked-{today}"
    draft = emails.renewal(
        membership, stage=stage, today=today, waiting=unpaid(membership), association=Association.get()
    )
    queue_all([draft])
    record("membership.reminded", by=by, subject=membership, facts={"ends": membership.ends_on})
    return Message.objects.get(key=draft.key)


def _ending(today: dt.date) -> MembershipQuerySet:
    """Memberships about whose end there can be something to say. Each has `made`, when its last term was written.

    Not those that were cancelled, nor of people who sit on a seat that goes on, nor of closed accounts.
    """
    last_term = Term.objects.filter(membership=OuterRef("pk")).order_by("-end_date")
    return (
        Membership.objects.with_status(today)
        .filter(
            Q(sponsor=None) | Q(sponsor__ends_on__lt=today),
            Q(user__is_active=True) | Q(contact__is_active=True),
            Q(("own_grace__gte", today)),
            ends_on__lte=today + max(REMINDED_BEFORE_END) * DAY,
            cancelled_on=None,
        )
        .select_related("user", "contact", "plan")
        .annotate(made=Subquery(last_term.values("created_at")[:1]))
    )


def _stages(membership: Membership, today: dt.date) -> tuple[list[Stage], Stage | None]:
    """The stages that are past, and the one to speak of now. What was past when the term was made is no news."""
    assert membership.ends_on  # noqa: S101 - asked for
    due = stages_due(membership.ends_on, membership.plan.grace_days, today)
    made = timezone.localdate(membership.made)  # type: ignore[attr-defined]
    if due and due[-1].day > made:
        return due[:-1], due[-1]
    return due, None


def _unsaid(memberships: list[Membership], today: dt.date) -> list[int]:
    """Which of them have a stage that was neither spoken of nor passed over."""
    latest = {
        emails.renewal_key(membership, due[-1].name): membership.pk
        for membership in memberships
        if (due := stages_due(membership.ends_on, membership.plan.grace_days, today))  # type: ignore[arg-type]
    }
    said = Message.objects.filter(key__in=latest).values_list("key", flat=True)
    return [latest[key] for key in latest.keys() - set(said)]


@transaction.atomic
def _remind(ids: list[int], today: dt.date, association: Association) -> int:
    """Speaks to those that are still due. Whoever is just being renewed is locked, and asked about at the next run."""
    rows = _ending(today).filter(pk__in=ids).order_by("pk")
    memberships = list(rows.select_for_update(of=("self",), skip_locked=True))
    unpaid_of = {invoice.membership_id: invoice for invoice in Invoice.objects.unpaid().filter(membership__in=ids)}
    passed, drafts = [], []
    for membership in memberships:
        past, stage = _stages(membership, today)
        passed += [emails.renewal_key(membership, each.name) for each in past]
        if stage:
            drafts.append(
                emails.renewal(
                    membership,
                    stage=stage.name,
                    today=today,
                    waiting=unpaid_of.get(membership.pk),
                    association=association,
                )
            )
    settle_all(passed, emails.KIND)
    return queue_all(drafts, batch=AT_ONCE)
