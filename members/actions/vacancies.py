"""Posting a job or a volunteer role without an account, keeping it, and what the office decides."""

import datetime as dt
import uuid
from typing import Any

from dateutil.relativedelta import relativedelta
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format

from linkworkers.actions import Refused
from linkworkers.audit.actions import record
from members import permissions
from members.emails import vacancies as emails
from members.models import User, Vacancy
from members.models.vacancy import OFFER, latest_closing

State, Outcome = Vacancy.State, Vacancy.Outcome

# What may become of what. What its poster changes goes back to waiting.
MOVES: dict[str, set[str]] = {
    State.UNCONFIRMED: {State.WAITING, State.WITHDRAWN},
    State.WAITING: {State.APPROVED, State.DECLINED, State.WITHDRAWN},
    State.APPROVED: {State.DECLINED, State.WITHDRAWN},
    State.DECLINED: {State.WAITING, State.WITHDRAWN},
    State.WITHDRAWN: set(),
}
MOST_UNCONFIRMED = 5  # for one address: nobody's mailbox is filled with links that they did not ask for
REMIND_BEFORE = dt.timedelta(days=7)
UNCONFIRMED_KEPT = dt.timedelta(days=14)
ENDED_KEPT = relativedelta(years=1)


@transaction.atomic
def post(*, offer: dict[str, Any], contact_name: str, contact_email: str, submission: uuid.UUID) -> Vacancy:
    """Keeps what somebody wrote and mails them a link to confirm it; the office sees nothing yet.

    `submission` names the form that was sent: the same sent twice is posted once, with one mail. The trail says that
    something was posted, not by whom: the address has not been confirmed. Raises Refused when too much waits for the
    same address already.
    """
    unconfirmed = Vacancy.objects.filter(contact_email__iexact=contact_email, state=State.UNCONFIRMED)
    made = Vacancy(contact_name=contact_name, contact_email=contact_email, submission=submission)
    made.take(offer)
    if before := Vacancy.objects.filter(submission=submission).first():
        if _same(before, made):
            return before
        made.submission = uuid.uuid4()  # written anew after a step back, perhaps to another address
    if unconfirmed.count() >= MOST_UNCONFIRMED:
        raise Refused(
            f"{MOST_UNCONFIRMED} listings wait for a click from {contact_email} already. Open the link in one of those "
            "mails first."
        )
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError:  # sent twice within one moment
        return Vacancy.objects.get(submission=submission)
    record("vacancy.posted", by=None, subject=made, summary=made.title)
    emails.confirm(made)
    return made


def _same(one: Vacancy, other: Vacancy) -> bool:
    names = (*OFFER, "contact_name", "contact_email")
    return all(getattr(one, name) == getattr(other, name) for name in names)


@transaction.atomic
def confirm(vacancy: Vacancy) -> Vacancy:
    """The poster opened the link of their mail: the office sees it now. A second time changes nothing."""
    locked = _locked(vacancy)
    if locked.state == State.UNCONFIRMED:
        if locked.is_closed:
            raise Refused("Its closing date has gone by. Choose a later one first, with “Edit”.")
        _move(locked, State.WAITING)
        locked.confirmed_at = timezone.now()
        locked.save()
        record("vacancy.confirmed", by=None, subject=locked, summary=locked.title)
    return locked


@transaction.atomic
def edit(vacancy: Vacancy, *, offer: dict[str, Any]) -> Vacancy:
    """What its poster wants it to say instead, through their private link.

    Everything goes past the office again, a misspelt word too: nobody but the office can tell a small change from a
    different job behind an approved title. While a public one waits, what was approved stays public, and the change is
    kept beside it; the next change replaces the one before. What is not public is changed itself, and waits (again).
    Raises Refused when it was withdrawn.
    """
    locked = _locked(vacancy)
    wanted = Vacancy(**{field: getattr(locked, field) for field in ("contact_name", "contact_email")})
    wanted.take(offer)
    if locked.state == State.WITHDRAWN:
        raise Refused("It has been withdrawn. Post it anew if it is open again.")
    if _same(locked.proposed(), wanted):
        return locked
    if locked.state == State.APPROVED:
        locked.proposal = None if _same(locked, wanted) else {name: _plain(offer.get(name)) for name in OFFER}
    else:
        locked.take(offer)
        if locked.state == State.DECLINED:
            _move(locked, State.WAITING)
    locked.version += 1
    locked.changed_at = timezone.now()
    locked.save()
    record("vacancy.edited", by=None, subject=locked, summary=locked.title, facts={"version": locked.version})
    return locked


def _plain(value: Any) -> Any:
    return getattr(value, "pk", value)


@transaction.atomic
def renew(vacancy: Vacancy, *, closes_on: dt.date) -> Vacancy:
    """Moves the closing date of a public one, without the office: it has read every word, and a day is only a day.

    Raises Refused when it is not public, or the day is not within the next six months.
    """
    locked = _locked(vacancy)
    if locked.state != State.APPROVED:
        raise Refused(f"It is not public: {locked.get_state_display().lower()}.")
    if not timezone.localdate() <= closes_on <= latest_closing():
        raise Refused(f"Choose a closing date from today to {date_format(latest_closing())}.")
    facts = {"closes_on": [locked.closes_on, closes_on]}
    locked.closes_on, locked.outcome = closes_on, ""
    if closes_on <= timezone.localdate() + REMIND_BEFORE:
        locked.reminded_for = closes_on  # whoever chose it just now need not be reminded
    if locked.proposal is not None:
        locked.proposal = {**locked.proposal, "closes_on": closes_on}
        locked.version += 1
    locked.save()
    record("vacancy.renewed", by=None, subject=locked, summary=locked.title, facts=facts)
    return locked


@transaction.atomic
def withdraw(vacancy: Vacancy) -> Vacancy:
    """Its poster takes it down, for good. A second time changes nothing."""
    locked = _locked(vacancy)
    if locked.state != State.WITHDRAWN:
        _move(locked, State.WITHDRAWN)
        locked.proposal, locked.withdrawn_at = None, timezone.now()
        locked.save()
        record("vacancy.withdrawn", by=None, subject=locked, summary=locked.title)
    return locked


@transaction.atomic
def tell_outcome(vacancy: Vacancy, *, filled: bool) -> Vacancy:
    """What became of a public one. Filled before its closing date, it closes: yesterday was its last day.

    Raises Refused when it was never public.
    """
    locked = _locked(vacancy)
    if locked.state != State.APPROVED:
        raise Refused(f"It is not public: {locked.get_state_display().lower()}.")
    locked.outcome = Outcome.FILLED if filled else Outcome.NOT_FILLED
    if filled and not locked.is_closed:
        locked.closes_on = timezone.localdate() - dt.timedelta(days=1)
    locked.save()
    record("vacancy.outcome_told", by=None, subject=locked, summary=locked.title, facts={"outcome": locked.outcome})
    return locked


@transaction.atomic
def send_new_link(vacancy: Vacancy) -> None:
    """Mails the poster a link for one that has expired: one a day."""
    emails.new_link(_locked(vacancy))


@transaction.atomic
def decide(vacancy: Vacancy, *, approve: bool, reason: str = "", version: int, by: User) -> Vacancy:
    """The office's yes or no to a new one, or to a change of a public one; its poster gets a mail.

    `version` is what the administrator read. Raises PermissionDenied, and Refused when somebody was quicker, when its
    poster has changed it meanwhile, when a no has no reason, and when a yes comes after its closing date.
    """
    locked = _for_office(vacancy, by)
    changes = locked.proposal is not None
    if locked.state != State.WAITING and not changes:
        who = f"{locked.decided_by} decided" if locked.decided_by else "It was decided"
        raise Refused(f"{who} this already: {locked.decision or locked.get_state_display().lower()}.")
    if locked.version != version:
        raise Refused("Its poster changed it while you were reading. Read it again, then decide.")
    if not approve and not reason.strip():
        raise Refused("Say why not. Its poster gets it by mail.")
    wanted = locked.proposed()
    if approve and wanted.closes_on < timezone.localdate():
        raise Refused("Its closing date has gone by. Decline it and say so: its poster can choose a later one.")
    if changes:
        if approve and locked.proposal is not None:
            locked.take(locked.proposal)
        locked.proposal = None
    else:
        _move(locked, State.APPROVED if approve else State.DECLINED)
        if approve:
            locked.published_at = locked.published_at or timezone.now()
    what = f"{'change ' if changes else ''}{'approved' if approve else 'declined'}"
    return _decided(locked, what, "" if approve else reason, by)


@transaction.atomic
def take_down(vacancy: Vacancy, *, reason: str, by: User) -> Vacancy:
    """The office takes a public one down; its poster is told why and can put it right.

    Raises PermissionDenied, and Refused without a reason or when it is not public.
    """
    locked = _for_office(vacancy, by)
    if locked.state != State.APPROVED:
        raise Refused(f"It is not public: {locked.get_state_display().lower()}.")
    if not reason.strip():
        raise Refused("Say why. Its poster gets it by mail.")
    _move(locked, State.DECLINED)
    locked.proposal = None
    return _decided(locked, "taken down", reason, by)


def _decided(locked: Vacancy, what: str, reason: str, by: User) -> Vacancy:
    locked.decided_at, locked.decided_by, locked.decision, locked.reason = timezone.now(), by, what, reason
    locked.version += 1  # so that each decision is one occasion for a mail, and closes the page that it was made on
    locked.save()
    record(f"vacancy.{what.replace(' ', '_')}", by=by, subject=locked, summary=locked.title, facts={"reason": reason})
    emails.decided(locked)
    return locked


def write_due_letters() -> int:
    """Tells posters that theirs closes within a week, and afterwards asks whether it was filled: once for each closing
    date, and not to somebody who has said so. Returns how many mails were written.
    """
    today = timezone.localdate()
    public = Vacancy.objects.public()
    closing = public.filter(closes_on__gte=today, closes_on__lte=today + REMIND_BEFORE).exclude(
        # What was approved within its last week needs no reminder of what was just done.
        published_at__date__gt=F("closes_on") - REMIND_BEFORE
    )
    closed = public.filter(closes_on__lt=today, outcome="")
    return _write_each(closing, "reminded_for", emails.closing_soon) + _write_each(
        closed, "asked_for", emails.was_it_filled
    )


def _write_each(vacancies: QuerySet[Vacancy], noted: str, write: Any) -> int:
    """Each in a transaction of its own, skipping what another run is at; the note is what makes it once."""
    due = vacancies.filter(Q(**{noted: None}) | ~Q(**{noted: F("closes_on")}))
    written = 0
    for pk in due.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            vacancy = due.select_for_update(skip_locked=True).filter(pk=pk).first()
            if vacancy is None:
                continue
            setattr(vacancy, noted, vacancy.closes_on)
            vacancy.save(update_fields=[noted])
            write(vacancy)
            written += 1
    return written


def forget_old() -> int:
    """Deletes what was never confirmed, after two weeks, and what ended more than a year ago, with its poster's name
    and address. Returns how many.
    """
    now, today = timezone.now(), timezone.localdate()
    unconfirmed = Q(state=State.UNCONFIRMED, created_at__lt=now - UNCONFIRMED_KEPT)
    ended = ~Q(state=State.UNCONFIRMED) & Q(closes_on__lt=today - ENDED_KEPT)
    return Vacancy.objects.filter(unconfirmed | ended).delete()[0]


def _locked(vacancy: Vacancy) -> Vacancy:
    return Vacancy.objects.select_for_update(of=("self",)).select_related("pay_band", "decided_by").get(pk=vacancy.pk)


def _for_office(vacancy: Vacancy, by: User) -> Vacancy:
    if not permissions.can_moderate_vacancies(by):
        raise PermissionDenied
    return _locked(vacancy)


def _move(vacancy: Vacancy, to: Vacancy.State) -> None:
    if to not in MOVES[vacancy.state]:
        raise Refused(f"That cannot be done any more: {vacancy.get_state_display().lower()}.")
    vacancy.state = to
