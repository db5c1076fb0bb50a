"""One row for each message to one address."""

import datetime as dt
import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

FIRST_PAUSE = dt.timedelta(minutes=1)
LONGEST_PAUSE = dt.timedelta(hours=4)
NOWHERE = ".invalid"  # no mail ever gets there (RFC 2606)
MOST_ATTEMPTS = 12  # with the pauses above, about 18 hours of trying


class MessageQuerySet(models.QuerySet["Message"]):
    def due(self) -> "MessageQuerySet":
        """Waiting messages whose time has come, the longest due first."""
        return self.filter(state=Message.State.WAITING, next_attempt_at__lte=timezone.now()).order_by("next_attempt_at")


class Message(models.Model):
    """A message to one address, or the note that an occasion had nothing to say.

    Written through `outbox.actions`, in the transaction that causes it. `key` names the occasion
    ("referral-accepted:123") and is unique, so that an occasion is spoken of once however often a task repeats.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        SENT = "sent", "Sent"
        FAILED = "failed", "Failed"
        NOTHING = "nothing", "Nothing to say"

    # Chosen by us and not by a sequence: after INSERT ... ON CONFLICT DO NOTHING it tells whether the row is ours.
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.TextField(unique=True)
    kind = models.TextField()  # the part of the key before the colon, as a rule: what the admin filters by
    to = models.EmailField(blank=True)
    subject = models.TextField(blank=True)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    # Holds a one-time link: never shown in the admin, and the body is blanked once it is sent.
    secret = models.BooleanField(default=False)
    # Where one click ends mails of this kind, as a path of ours; empty for mails that always come.
    unsubscribe = models.TextField(blank=True)
    # An iCalendar file that travels with it, for a button "add to my calendar"; empty for most.
    calendar = models.TextField(blank=True)
    state = models.TextField(choices=State, default=State.WAITING)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    due_at = models.DateTimeField(default=timezone.now)
    next_attempt_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["next_attempt_at"], name="message_due", condition=Q(state="waiting")),
            models.Index(fields=["-created_at"], name="message_newest"),
        ]
        constraints = [
            models.CheckConstraint(
                name="message_sent_has_sent_at",
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="message_to_somebody_unless_nothing_to_say",
                condition=Q(state="nothing", to="") | (~Q(state="nothing") & ~Q(to="")),
            ),
            models.CheckConstraint(
                name="message_sent_secret_is_blank",
                condition=~Q(state="sent", secret=True) | Q(text="", html=""),
            ),
            models.CheckConstraint(
                name="message_state_known",
                condition=Q(state__in=["waiting", "sent", "failed", "nothing"]),
            ),
        ]

    def __str__(self) -> str:
        return self.key

    def note_sent(self) -> None:
        """Set the fields of a message that the mail server took. Does not save."""
        self.state = self.State.SENT
        self.sent_at = timezone.now()
        self.last_error = ""
        if self.secret:
            self.text = self.html = ""

    def note_failure(self, reason: str) -> None:
        """Set the fields of a message that was not sent: each pause is longer, the last is the end. Does not save."""
        self.attempts += 1
        self.last_error = reason
        if self.attempts >= MOST_ATTEMPTS:
            self.state = self.State.FAILED
        self.next_attempt_at = timezone.now() + min(FIRST_PAUSE * 2 ** (self.attempts - 1), LONGEST_PAUSE)
