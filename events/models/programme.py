"""What happens at an event, where and when, and who speaks."""

import datetime as dt
import secrets

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone

from events.models.event import Event
from linkworkers.counted import Counted
from members.models import StoredFile, User


def time_range() -> Func:
    """A Postgres tstzrange from `starts_at` up to `ends_at`."""
    return Func(F("starts_at"), F("ends_at"), function="tstzrange")


def new_key() -> str:
    """What opens a page to whoever has its link: 128 random bits."""
    return secrets.token_urlsafe(16)


class Track(models.Model):
    """A thread of the programme that people can follow through the day."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="tracks")
    name = models.CharField(max_length=60)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["event", "name"], name="track_once")]

    def __str__(self) -> str:
        return self.name


class Hall(models.Model):
    """A room of the venue, or a line of the online programme."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="halls")
    name = models.CharField(max_length=60)
    seats = models.PositiveIntegerField(null=True, blank=True, help_text="How many people fit in; empty: not known.")
    directions = models.CharField(max_length=200, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "room"
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["event", "name"], name="hall_once")]

    def __str__(self) -> str:
        return self.name


class Speaker(models.Model):
    """Somebody on the programme. Photo and biography are public only with `consented_at`, which the speaker gives by
    their link and takes back by it; the name stands on the programme all the same.
    """

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="speakers")
    key = models.CharField(max_length=22, unique=True, default=new_key, editable=False)
    user = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="speaking", verbose_name="account"
    )
    name = models.CharField(max_length=120)
    email = models.EmailField("e-mail address", max_length=254, blank=True)
    job = models.CharField("what they do", max_length=120, blank=True)
    organisation = models.CharField(max_length=150, blank=True)
    biography = models.TextField(max_length=1500, blank=True)
    photo = models.ForeignKey(StoredFile, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    consented_at = models.DateTimeField("agreed to photo and biography", null=True, blank=True, editable=False)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "name", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def introduction(self) -> str:
        """The biography, as far as the speaker agreed that it be public."""
        return self.biography if self.consented_at else ""

    @property
    def has_public_photo(self) -> bool:
        return bool(self.photo_id and self.consented_at)

    @property
    def line(self) -> str:
        return ", ".join(filter(None, [self.job, self.organisation]))


class ProgrammeItem(Counted):
    """A session of the programme. With `books` people choose it on their ticket: then `taken`, how many have, is kept
    by the database, which lets none go beyond `capacity`.
    """

    KEPT = ("taken",)

    class Kind(models.TextChoices):
        PLENARY = "plenary", "For everybody"
        TALK = "talk", "Talk"
        WORKSHOP = "workshop", "Workshop"
        PANEL = "panel", "Discussion"
        SOCIAL = "social", "Getting together"
        BREAK = "break", "Break"

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="items")
    title = models.CharField(max_length=150)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.TALK)
    about = models.TextField(max_length=3000, blank=True)
    starts_at = models.DateTimeField("from")
    ends_at = models.DateTimeField("until")
    track = models.ForeignKey(Track, on_delete=models.SET_NULL, null=True, blank=True, related_name="items")
    hall = models.ForeignKey(
        Hall, on_delete=models.SET_NULL, null=True, blank=True, related_name="items", verbose_name="room"
    )
    speakers = models.ManyToManyField(Speaker, blank=True, related_name="items")
    books = models.BooleanField("people choose it beforehand", default=False)
    capacity = models.PositiveIntegerField("places", null=True, blank=True)
    taken = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = "session"
        ordering = ["starts_at", "hall__order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at"), ends_at__lte=F("starts_at") + dt.timedelta(hours=14)),
                name="item_ends_after_it_begins",
                violation_error_message="A session ends after it begins, on the same day.",
            ),
            models.CheckConstraint(
                condition=Q(books=False) | Q(capacity__gte=1),
                name="item_to_choose_has_places",
                violation_error_message="Say how many places there are: people choose this session beforehand.",
            ),
            models.CheckConstraint(
                condition=Q(capacity=None, taken=0) | Q(taken__lte=F("capacity")),
                name="item_not_over_full",
                violation_error_message="More people than that have chosen this session.",
            ),
            ExclusionConstraint(
                name="item_hall_free",
                expressions=[("hall", RangeOperators.EQUAL), (time_range(), RangeOperators.OVERLAPS)],
                condition=Q(hall__isnull=False),
                violation_error_message="Another session is in this room at that time.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def on(self) -> dt.date:
        """The day, in London."""
        return timezone.localdate(self.starts_at)

    @property
    def free(self) -> int:
        """How many places are left; of no use where nobody chooses."""
        return max(0, (self.capacity or 0) - self.taken)

    def overlaps(self, other: "ProgrammeItem") -> bool:
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at
