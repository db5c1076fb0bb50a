"""Putting messages into the outbox, and back into it."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from linkworkers.actions import Refused
from linkworkers.audit.actions import Actor, record
from linkworkers.batches import batched
from linkworkers.outbox.models import NOWHERE, Message
from linkworkers.outbox.tasks import nudge_after_commit


class Officer(Actor, Protocol):
    """Somebody who may be allowed into the outbox."""

    def has_perm(self, perm: str) -> bool: ...


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A message to one address that is not written yet.

    Renders emails/<template>.txt (extends emails/base.txt; its first line is the subject) and
    emails/<template>.html (extends emails/base.html) with `context`, to which `site_url`, `unsubscribe` and, for the
    HTML, `subject` are added. A mail travels in the open: it carries links, never anything about a patient.

    `key` names the occasion. `secret` marks a body with a one-time link. `due_at` (aware) holds it back; by default it
    is due at once. `unsubscribe` is the path where one click ends mails of its kind, for those one may be without.
    `calendar` is the text of an iCalendar file (RFC 5545) that goes with it.

    To an address of nobody's (it ends in NOWHERE: whoever had it has left) nothing is written but the occasion.
    """

    key: str
    kind: str
    to: str
    template: str
    context: Mapping[str, Any]
    secret: bool = False
    due_at: dt.datetime | None = None
    unsubscribe: str = ""
    calendar: str = ""

    def written(self) -> Message:
        """The row, not saved."""
        if self.to.endswith(NOWHERE):
            return Message(key=self.key, kind=self.kind, state=Message.State.NOTHING)
        context = {**self.context, "site_url": settings.SITE_URL, "unsubscribe": self.unsubscribe}
        head, _, text = render_to_string(f"emails/{self.template}.txt", context).partition("\n")
        if not head.startswith("Subject: "):
            raise ValueError(f'emails/{self.template}.txt does not begin with "Subject: "')
        # Names are as people typed them: a line break would be a header of its own, which Django refuses to send.
        subject = " ".join(head.removeprefix("Subject: ").split())
        due_at = self.due_at or timezone.now()
        return Message(
            key=self.key,
            kind=self.kind,
            to=self.to,
            subject=subject,
            text=text.strip() + "\n",
            html=render_to_string(f"emails/{self.template}.html", {**context, "subject": subject}),
            secret=self.secret,
            unsubscribe=self.unsubscribe,
            calendar=self.calendar,
            due_at=due_at,
            next_attempt_at=due_at,
        )


def queue(
    *,
    key: str,
    kind: str,
    to: str,
    template: str,
    context: Mapping[str, Any],
    secret: bool = False,
    due_at: dt.datetime | None = None,
    unsubscribe: str = "",
    calendar: str = "",
) -> Message | None:
    """Write a message to one address into the outbox, in the caller's transaction; None if `key` was used before.

    The arguments are those of `Draft`. After the commit a worker is asked to deliver; without a broker the sweep
    does, within a minute or so.
    """
    message = Draft(
        key=key,
        kind=kind,
        to=to,
        template=template,
        context=context,
        secret=secret,
        due_at=due_at,
        unsubscribe=unsubscribe,
        calendar=calendar,
    ).written()
    if not _insert([message]):
        return None
    nudge_after_commit()
    return message


def queue_all(drafts: Iterable[Draft], *, batch: int = 500) -> int:
    """Write many messages, `batch` at a time, two statements each; returns how many had a new key.

    Each batch is a transaction of its own unless the caller is in one, so what is due and not yet sent goes on where a
    run was ended. Holds one batch in memory, however many `drafts` yields.
    """
    written = 0
    for some in batched(drafts, batch):
        with transaction.atomic():
            written += _insert([draft.written() for draft in some])
            nudge_after_commit()
    return written


def settle(key: str, kind: str) -> None:
    """Record that an occasion had nothing to say, so that it is not asked about again."""
    settle_all([key], kind)


def settle_all(keys: Iterable[str], kind: str, *, due_at: dt.datetime | None = None) -> None:
    """The same for many occasions, in one INSERT; `due_at` (aware) is when they were asked about, by default now.

    A key that was used before keeps its message.
    """
    due_at = due_at or timezone.now()
    Message.objects.bulk_create(
        (Message(key=key, kind=kind, state=Message.State.NOTHING, due_at=due_at) for key in keys), ignore_conflicts=True
    )


def forget(address: str) -> int:
    """Delete every message to an address, sent or not, for whoever asked to be forgotten; returns how many."""
    return Message.objects.filter(to=address).delete()[0]


@transaction.atomic
def retry(message: Message, by: Officer) -> Message:
    """Put a message that was given up back to waiting, due now; audited.

    Raises PermissionDenied unless `by` may change messages, Refused when it is not a failed message.
    """
    if not by.has_perm("outbox.change_message"):
        raise PermissionDenied
    message = Message.objects.select_for_update().get(pk=message.pk)
    if message.state != Message.State.FAILED:
        raise Refused(f"Only a failed message can be tried again. This one is: {message.get_state_display().lower()}.")
    message.state = Message.State.WAITING
    message.attempts = 0
    message.next_attempt_at = timezone.now()
    message.save()
    record("message.retried", by=by, subject=message, facts={"key": message.key})
    nudge_after_commit()
    return message


def _insert(messages: list[Message]) -> int:
    """How many rows went in: none whose key is taken, even by a transaction that committed just now."""
    Message.objects.bulk_create(messages, ignore_conflicts=True)
    return Message.objects.filter(pk__in=[message.pk for message in messages]).count()
