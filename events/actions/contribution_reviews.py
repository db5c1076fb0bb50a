"""The panel reads: scores, comments, and stepping aside; and is reminded of what is left."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from events import permissions
from events.emails import contributions as emails
from events.models import CallForContributions, Contribution, Review, panel_of
from linkworkers.actions import Refused
from linkworkers.audit.actions import record
from linkworkers.outbox.actions import Draft, queue_all
from linkworkers.outbox.models import Message
from members.models import User

State = Contribution.State
DRAFTS_BEFORE = dt.timedelta(days=3)  # the call closes
DRAFTS_REST = dt.timedelta(days=1)  # nobody is reminded of what they did today
PANEL_BEFORE = dt.timedelta(days=7)  # decisions are due
NOTHING: dict[str, Any] = {"purpose": None, "use": None, "clarity": None, "for_author": ""}


@transaction.atomic
def review(contribution: Contribution, *, facts: dict[str, Any], by: User) -> Review:
    """Saves what a reader thinks, instead of what they thought before. With `steps_aside` no score is kept.

    `facts` are the fields of the model. Raises PermissionDenied for whoever is not in the panel or offers it, and
    Refused when it is decided or was taken back.
    """
    call = (
        CallForContributions.objects.select_related("event")
        .select_for_update(of=("self",))
        .get(pk=contribution.call_id)
    )
    if not permissions.can_review(by, call.event):
        raise PermissionDenied
    locked = Contribution.objects.not_of(by).filter(pk=contribution.pk).first()
    if locked is None:
        raise PermissionDenied
    if locked.state != State.SENT:
        raise Refused("This is decided or was taken back. What you wrote stays as it was.")
    given = facts | NOTHING if facts["steps_aside"] else facts
    row, _ = Review.objects.update_or_create(contribution=locked, reviewer=by, defaults={**given, "at": timezone.now()})
    verb = "stepped_aside" if row.steps_aside else "given"
    record(f"review.{verb}", by=by, subject=row, facts={"event": call.event.slug, "number": locked.number})
    return row


def remind() -> int:
    """Reminds of drafts three days before a call closes, and readers a week before decisions are due; each once.
    Returns how many mails.
    """
    return queue_all(_of_drafts()) + queue_all(_of_readings())


def _of_drafts() -> Iterator[Draft]:
    now = timezone.now()
    key = Concat(Value(emails.DRAFT_KEY, CharField()), Cast(OuterRef("pk"), CharField()))
    due = Contribution.objects.filter(
        ~Exists(Message.objects.filter(key=key)),
        state=State.DRAFT,
        call__closes_at__gt=now,
        call__closes_at__lte=now + DRAFTS_BEFORE,
        changed_at__lte=now - DRAFTS_REST,
    )
    for contribution in due.select_related("call__event"):
        if contribution.call.is_open:
            yield emails.draft_waits(contribution)


def _of_readings() -> Iterator[Draft]:
    now = timezone.now()
    calls = CallForContributions.objects.filter(
        event__published_at__isnull=False,
        event__cancelled_at=None,
        decide_by__gt=now,
        decide_by__lte=now + PANEL_BEFORE,
    )
    for call in calls.select_related("event"):
        panel = list(panel_of(call.event))
        keys = {emails.readings_key(call, reader.pk): reader for reader in panel}
        for key in Message.objects.filter(key__in=keys).values_list("key", flat=True):
            del keys[key]
        for reader in keys.values():
            if count := to_read(call, reader):
                yield emails.readings_wait(call, reader, count)


def to_read(call: CallForContributions, reader: User) -> int:
    """How many wait for this reader: not read by them as they are now, and with too few readers. One query."""
    rows = Contribution.objects.readable_by(reader, call.event).filter(state=State.SENT)
    return rows.for_reader(reader).filter(mine=False, readings__lt=call.reviews_wanted).count()
