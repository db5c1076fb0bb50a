"""What happened at the door and was not simply somebody let in: kept, so that it can be looked at."""

import hashlib

from django.db import models
from django.utils import timezone

from events.models.event import Event
from events.models.order import Ticket
from events.models.programme import ProgrammeItem
from members.models import User

HASH_LENGTH = 16  # hexadecimal digits: enough that no two codes of an event share them


def hash_of(code: str) -> str:
    """What is kept of a code in its place: it tells whether two are the same, and opens nothing."""
    return hashlib.sha256(code.encode()).hexdigest()[:HASH_LENGTH]


class Scan(models.Model):
    """One scan that was refused, repeated, taken back, or whose time cannot be right. `key` was made up by the device,
    so that what is sent twice is one. Of what was scanned a hash is kept, and the first letters.
    """

    class Result(models.TextChoices):
        IN = "in", "Let in"
        UNCHOSEN = "unchosen", "Let in, had not chosen this session"
        AGAIN = "again", "Was in already"
        GIVEN_BACK = "given_back", "Ticket given back"
        NOT_BOOKED = "not_booked", "Booking not finished"
        OTHER_EVENT = "other_event", "Ticket of another event"
        UNKNOWN = "unknown", "Not one of our tickets"
        FULL = "full", "Session is full"
        UNREADABLE = "unreadable", "Could not be read"
        UNDONE = "undone", "Taken back"
        DESK_MONEY = "desk_money", "Paid at the desk"

    LET_IN = (Result.IN, Result.UNCHOSEN)

    key = models.UUIDField(unique=True)
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="scans")
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, null=True, related_name="scans")
    item = models.ForeignKey(
        ProgrammeItem, on_delete=models.SET_NULL, null=True, related_name="scans", verbose_name="session"
    )
    result = models.CharField(max_length=11, choices=Result.choices)
    code_hash = models.CharField(max_length=HASH_LENGTH, blank=True)
    code_start = models.CharField("first letters of the code", max_length=4, blank=True)
    clock_wrong = models.BooleanField("time could not be right", default=False)
    note = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(default=timezone.now)
    received_at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["event", "-at", "-id"], name="scan_event_at")]

    def __str__(self) -> str:
        return f"{self.get_result_display()} at {self.at:%H:%M}"
