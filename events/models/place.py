"""Which sessions somebody has chosen, and where they were let in."""

import uuid

import pgtrigger
from django.db import models
from django.utils import timezone

from events.models.order import Ticket
from events.models.programme import ProgrammeItem
from linkworkers.counters import keep_count
from members.models import User


class ItemPlace(models.Model):
    """A ticket's place in a session that people choose. It goes with the ticket: a row is a place that is taken."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="places")
    item = models.ForeignKey(ProgrammeItem, on_delete=models.PROTECT, related_name="places", verbose_name="session")
    chosen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "place in a session"
        verbose_name_plural = "places in sessions"
        ordering = ["item__starts_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["ticket", "item"], name="item_place_once")]
        triggers = [
            pgtrigger.Trigger(
                name="item_place_is_counted",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=keep_count("taken", "id IS NOT NULL", table="events_programmeitem", key="item_id"),
            )
        ]

    def __str__(self) -> str:
        return f"Ticket {self.ticket_id} in session {self.item_id}"


class CheckIn(models.Model):
    """That somebody was let in: at the door, or to a session. Once for each, whoever scans how often.

    `key` was made up by the device that scanned, so that what is sent twice is one. `at` is when it was scanned, by
    the device's clock; `received_at` when we heard of it.
    """

    class How(models.TextChoices):
        SCAN = "scan", "Scanned"
        NAME = "name", "By name"
        WALK_IN = "walk_in", "Booked at the door"

    key = models.UUIDField(unique=True, default=uuid.uuid4)
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="check_ins")
    item = models.ForeignKey(
        ProgrammeItem,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="check_ins",
        verbose_name="session",
        help_text="Empty: at the door.",
    )
    how = models.CharField(max_length=7, choices=How.choices, default=How.SCAN)
    at = models.DateTimeField(default=timezone.now)
    received_at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "check-in"
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["ticket", "item"], name="check_in_once", nulls_distinct=False),
        ]
        indexes = [models.Index("item", name="check_in_item")]

    def __str__(self) -> str:
        return f"Ticket {self.ticket_id} at {self.at:%H:%M}"
