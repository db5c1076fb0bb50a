"""Decisions on contributions: meant by the office, sent once, and answered by those who were accepted."""

import datetime as dt
from collections.abc import Mapping

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from events import permissions
from events.actions import speakers as speaker_actions
from events.actions._places import lock_event
from events.actions.contributions import _lock, _locked
from events.emails import contributions as emails
from events.models import CallForContributions, Contribution, ContributionKind, ProgrammeItem, Speaker
from linkworkers.actions import Refused
from linkworkers.audit.actions import record
from linkworkers.outbox.actions import queue_all
from members.models import User

State, Decision, Answer = Contribution.State, Contribution.Decision, Contribution.Answer
BECOMES = {Decision.ACCEPT: State.ACCEPTED, Decision.RESERVE: State.RESERVE, Decision.DECLINE: State.DECLINED}
OPEN = (State.SENT, State.RESERVE)  # what can be decided; whoever is on the reserve list may still be asked
SESSIONS = {
    ContributionKind.TALK: ProgrammeItem.Kind.TALK,
    ContributionKind.POSTER: ProgrammeItem.Kind.TALK,
    ContributionKind.WORKSHOP: ProgrammeItem.Kind.WORKSHOP,
    ContributionKind.PANEL: ProgrammeItem.Kind.PANEL,
}
LONG, SHORT = dt.timedelta(hours=1), dt.timedelta(minutes=30)


@transaction.atomic
def mean(call: CallForContributions, *, decisions: Mapping[int, tuple[str, str]], by: User) -> int:
    """Notes what the office means to decide: (decision, personal line) by number. Nobody is told.

    Returns how many changed. Raises PermissionDenied for whoever is not of the office, and Refused about one's own.
    """
    locked = _lock(call.pk)
    if not permissions.can_run_events(by):
        raise PermissionDenied
    rows = Contribution.objects.filter(call=locked, state__in=OPEN, number__in=list(decisions))
    others = set(rows.not_of(by).values_list("pk", flat=True))
    altered = 0
    for row in rows.select_for_update(of=("self",)).order_by("pk"):
        decision, line = decisions[row.number]
        if (row.decision, row.decision_line) == (decision, line):
            continue
        if row.pk not in others:
            raise Refused(f"Contribution {row.number} is yours. Somebody else of the office decides on it.")
        row.decision, row.decision_line, row.decided_by = decision, line, by
        row.save(update_fields=["decision", "decision_line", "decided_by"])
        record("contribution.decision_meant", by=by, subject=row, facts={"decision": decision})
        altered += 1
    return altered


@transaction.atomic
def send(call: CallForContributions, *, by: User) -> int:
    """Makes the decisions that are meant what is so, and mails each once; when none is left, thanks the panel.

    Returns how many. Raises PermissionDenied, and Refused when the call is open or nothing is decided.
    """
    locked = _lock(call.pk)
    if not permissions.can_run_events(by):
        raise PermissionDenied
    if locked.event.is_cancelled:
        raise Refused("The event was cancelled. There is nothing to decide any more.")
    if not locked.is_closed:
        raise Refused("The call is still open. Decisions go out when everybody had their time.")
    rows = Contribution.objects.filter(call=locked, state__in=OPEN).exclude(decision="")
    now = timezone.now()
    drafts = []
    for row in rows.select_for_update(of=("self",)).order_by("number"):
        becomes = BECOMES[Decision(row.decision)]
        if row.state == becomes:  # on the reserve list, and stays there
            continue
        row.call, row.state, row.decided_at = locked, becomes, now
        row.save(update_fields=["state", "decided_at"])
        record("contribution.decided", by=by, subject=row, facts={"decision": row.decision})
        said = row.reviews.filter(steps_aside=False).exclude(for_author="").order_by("at")
        drafts.append(emails.decided(row, list(said.values_list("for_author", flat=True))))
    if not drafts:
        raise Refused("There is no new decision to send. Choose some, and save them first.")
    locked.decisions_sent_at = now
    locked.save(update_fields=["decisions_sent_at"])
    record("call.decisions_sent", by=by, subject=locked, facts={"count": len(drafts)})
    queue_all(drafts)
    if not locked.contributions.filter(state=State.SENT).exists():
        readers = User.objects.filter(event_reviews__contribution__call=locked, is_active=True)
        queue_all(
            emails.thanks(locked, reader, reader.count)
            for reader in readers.annotate(count=Count("event_reviews")).order_by("pk")
        )
    return len(drafts)


@transaction.atomic
def answer(contribution: Contribution, *, comes: bool, by: User | None) -> Contribution:
    """What whoever was accepted says. With yes they are speakers and it is a session at the event's beginning, without
    a room, which the office places; nobody stands on the programme before. With no, a session that was not placed goes.

    Whoever calls has its link. Raises Refused when it is not accepted, or the event has begun.
    """
    event = lock_event(contribution.call.event_id)
    locked = _locked(contribution)
    locked.call.event = event
    if locked.state != State.ACCEPTED:
        raise Refused("There is nothing to answer here.")
    if event.is_cancelled or event.has_begun:
        raise Refused(f"{event} {'was cancelled' if event.is_cancelled else 'has begun'}.")
    said = Answer.COMES if comes else Answer.CANNOT
    if locked.answer == said:
        return locked
    locked.answer, locked.answered_at = said, timezone.now()
    item = locked.item
    if comes and item is None:
        locked.item = _session(locked)
    elif not comes and item is not None and item.hall_id is None and not item.taken:
        locked.item = None
    locked.save(update_fields=["answer", "answered_at", "item"])
    if item is not None and locked.item is None:
        item.delete()
    record(f"contribution.{'confirmed' if comes else 'given_up'}", by=by, subject=locked, facts={"event": event.slug})
    emails.answered(locked)
    return locked


def _session(contribution: Contribution) -> ProgrammeItem:
    event = contribution.call.event
    kind = ContributionKind(contribution.kind)
    long = SHORT if kind in (ContributionKind.TALK, ContributionKind.POSTER) else LONG
    item = ProgrammeItem.objects.create(
        event=event,
        title=contribution.title,
        kind=SESSIONS[kind],
        about=contribution.abstract,
        starts_at=event.starts_at,
        ends_at=min(event.starts_at + long, event.ends_at),
    )
    own = event.speakers.filter(email__iexact=contribution.email).first() or Speaker.objects.create(
        event=event,
        user=contribution.user,
        name=contribution.name,
        email=contribution.email,
        organisation=contribution.organisation,
    )
    speakers = [own]
    for name, organisation in contribution.presenters:
        known = event.speakers.filter(name__iexact=name).first()
        speakers.append(known or Speaker.objects.create(event=event, name=name, organisation=organisation))
    item.speakers.set(speakers)
    if contribution.decided_by:
        speaker_actions.ask(own, by=contribution.decided_by)
    return item
