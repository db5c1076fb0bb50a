"""What people offer to an event: begun, sent in, changed, taken back; and what is forgotten of it.

Whoever changes a contribution has the row of its call locked, after the event's where that is needed too.
"""

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from events.emails import contributions as emails
from events.models import CallForContributions, Contribution
from linkworkers.actions import Refused
from linkworkers.audit.actions import record
from members.models import User

State = Contribution.State
KEEP = dt.timedelta(days=365)  # after the event, of what did not come to it
TWICE = "You have offered something with this title already. The link to it came by mail: change it there."
# Of one mail address to one event: more is a program, or a mistake.
MOST_OF_ONE = 10


@transaction.atomic
def offer(call: CallForContributions, *, facts: dict[str, Any], send: bool, by: User | None) -> Contribution:
    """Keeps a contribution as a draft, or sends it in; the link to it goes out by mail.

    `facts` are the fields of the model. Raises Refused when the call is not open, or it is there already.
    """
    locked = _lock(call.pk)
    _must_be_open(locked)
    of_one = locked.contributions.filter(email__iexact=facts["email"]).exclude(state=State.WITHDRAWN)
    if of_one.count() >= MOST_OF_ONE:
        raise Refused(f"There are {MOST_OF_ONE} contributions from this address already. Take one of them back first.")
    last = locked.contributions.aggregate(last=Max("number"))["last"] or 0
    contribution = Contribution(call=locked, number=last + 1, user=by, **facts)
    _put(contribution, send=send)
    record(
        f"contribution.{'sent' if send else 'begun'}", by=by, subject=contribution, facts={"event": locked.event.slug}
    )
    (emails.received if send else emails.draft_kept)(contribution)
    return contribution


@transaction.atomic
def change(contribution: Contribution, *, facts: dict[str, Any], send: bool, by: User | None) -> Contribution:
    """Saves what it says now, and sends a draft in when `send`. What was sent stays sent.

    Whoever calls has its link. Raises Refused when the call has closed, or it was taken back.
    """
    locked = _locked(contribution)
    if locked.state not in (State.DRAFT, State.SENT):
        raise Refused("This can no longer be changed.")
    _must_be_open(locked.call)
    was_draft = locked.is_draft
    altered = [name for name, value in facts.items() if getattr(locked, name) != value]
    if not altered and (not was_draft or not send):
        return locked
    for name in altered:
        setattr(locked, name, facts[name])
    locked.changed_at = timezone.now()
    _put(locked, send=send or not was_draft)
    verb = "sent" if was_draft and send else "changed"
    record(f"contribution.{verb}", by=by, subject=locked, facts={"event": locked.call.event.slug, "fields": altered})
    if not was_draft:
        emails.changed(locked)
    elif send:
        emails.received(locked)
    return locked


@transaction.atomic
def withdraw(contribution: Contribution, *, by: User | None) -> Contribution:
    """Takes it back, before a decision was sent. Done twice, it is done once. Whoever calls has its link.

    Raises Refused when it is decided: then `contribution_decisions.answer` says that somebody cannot come.
    """
    locked = _locked(contribution)
    if locked.state == State.WITHDRAWN:
        return locked
    if locked.state in (State.ACCEPTED, State.DECLINED):
        raise Refused("This is decided. If you were to speak and cannot come, say so on this page.")
    locked.state, locked.decision = State.WITHDRAWN, ""
    locked.save(update_fields=["state", "decision"])
    record("contribution.withdrawn", by=by, subject=locked, facts={"event": locked.call.event.slug})
    emails.withdrawn(locked)
    return locked


def forget_old() -> int:
    """Deletes what came to nothing a year after its event, with what the panel wrote. Returns how many."""
    old = Contribution.objects.exclude(state=State.ACCEPTED).filter(call__event__ends_at__lt=timezone.now() - KEEP)
    with transaction.atomic():
        rows = list(old.select_related("call__event").select_for_update(of=("self",)))
        for row in rows:
            record("contribution.forgotten", by=None, subject=row, facts={"event": row.call.event.slug})
        Contribution.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)


def erase(user: User) -> None:
    """Of somebody who leaves: what they offered. What they read stays, for others were decided on by it; a session on
    the programme stays too.
    """
    Contribution.objects.of(user).delete()


def _lock(call_id: int) -> CallForContributions:
    return CallForContributions.objects.select_related("event").select_for_update(of=("self",)).get(pk=call_id)


def _locked(contribution: Contribution) -> Contribution:
    """The contribution as it is, once its call is locked. Raises Refused when it is gone."""
    call = _lock(contribution.call_id)
    locked = Contribution.objects.select_for_update(of=("self",)).filter(pk=contribution.pk).first()
    if locked is None:
        raise Refused("This was deleted meanwhile.")
    locked.call = call
    return locked


def _must_be_open(call: CallForContributions) -> None:
    if not call.is_open:
        raise Refused(f"{call.event} takes no contributions just now.")


def _put(contribution: Contribution, *, send: bool) -> None:
    now = timezone.now()
    if send and contribution.is_draft:
        contribution.state = State.SENT
        contribution.sent_at = contribution.changed_at = now
        contribution.consented_at = now
    try:
        with transaction.atomic():
            contribution.save()
    except IntegrityError as error:
        if "contribution_once" in str(error):
            raise Refused(TWICE) from error
        raise
