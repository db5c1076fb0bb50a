"""A conference, a regional day, a workshop or an online session, and who helps to run it."""

import datetime as dt
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from linkworkers.counted import Counted
from members.models import Region, Role, User
from members.models.course import MOST_HOURS, check_quarters
from members.models.learning import MOST_POINTS, in_quarters

LONGEST = dt.timedelta(days=14)
MOST_PLACES = 20_000
# Addresses beneath /events/ that are no event's.
RESERVED = frozenset(
    "attendance calendar contributions copy feedback introductions mine new offers orders past people reviews scan "
    "speakers stories tickets waitlist".split()
)


def check_slug(value: str) -> None:
    """Refuses a slug that is an address of something else."""
    if value in RESERVED:
        raise ValidationError("This address is used by another page. Add the year or the place to it.")


class EventQuerySet(models.QuerySet["Event"]):
    def public(self) -> "EventQuerySet":
        """Announced, whether it takes place or was cancelled."""
        return self.exclude(published_at=None)

    def visible_to(self, user: User | None) -> "EventQuerySet":
        """What is announced; drafts for the office alone. `user` is None for somebody who is not logged in."""
        if user is not None and user.has_role(Role.ADMINISTRATOR):
            return self.all()
        return self.public()

    def to_come(self) -> "EventQuerySet":
        """Announced, taking place, and not over."""
        return self.public().filter(cancelled_at=None, ends_at__gt=timezone.now())

    def over(self) -> "EventQuerySet":
        """Announced, took place, and over."""
        return self.public().filter(cancelled_at=None, ends_at__lte=timezone.now())


class Event(Counted):
    """What people buy or take tickets for. It is a draft until `published_at`; `cancelled_at` calls it off for good.

    `taken`, how many tickets are held or valid, is kept by the database, which lets none go beyond `capacity`. The row
    is also the lock of everything that gives or frees a place: `events/actions/__init__.py`. `online_link` and
    `joining` are for attendees alone. Money: whoever gives a ticket back by `refund_until` gets everything, after that
    `late_refund_percent`; when the event is moved after sale, everybody may give it back whole until
    `free_return_until`.
    """

    KEPT = ("taken",)

    class Kind(models.TextChoices):
        CONFERENCE = "conference", "Conference"
        LINK_WORKER_DAY = "link_worker_day", "Link Worker Day"
        REGIONAL = "regional", "Regional day"
        WORKSHOP = "workshop", "Workshop"
        ONLINE = "online", "Online session"

    slug = models.SlugField(
        max_length=60,
        unique=True,
        validators=[check_slug],
        help_text="In its address: annual-conference-2027. Not changed once it is announced.",
    )
    title = models.CharField(max_length=120)
    kind = models.CharField(max_length=16, choices=Kind.choices, default=Kind.REGIONAL)
    region = models.CharField(max_length=20, choices=Region.choices, blank=True, help_text="Empty: for everywhere.")
    summary = models.CharField("in one sentence", max_length=240)
    about = models.TextField("what it is about", max_length=10_000, blank=True, help_text="Markdown.")
    starts_at = models.DateTimeField("begins")
    ends_at = models.DateTimeField("ends")
    venue = models.CharField(max_length=120, blank=True)
    address = models.CharField(max_length=300, blank=True)
    postcode = models.CharField(max_length=8, blank=True)
    access = models.TextField(
        "getting there and around",
        max_length=4000,
        blank=True,
        help_text="Markdown: trains, parking, step-free ways, hearing loop, quiet room.",
    )
    online_link = models.URLField(
        "link for joining online", max_length=500, blank=True, help_text="Shown to attendees alone."
    )
    joining = models.TextField(
        "joining instructions", max_length=6000, blank=True, help_text="Markdown. Mailed and shown to attendees alone."
    )
    contact = models.EmailField("address for questions", blank=True)
    capacity = models.PositiveIntegerField(validators=[MinValueValidator(1), MaxValueValidator(MOST_PLACES)])
    taken = models.PositiveIntegerField(default=0, editable=False)
    refund_until = models.DateTimeField("full refund until", null=True, blank=True, help_text="Empty: until it begins.")
    late_refund_percent = models.PositiveSmallIntegerField(
        "refund after that (%)", default=0, validators=[MaxValueValidator(100)]
    )
    free_return_until = models.DateTimeField(null=True, blank=True, editable=False)
    offer_hours = models.PositiveSmallIntegerField(
        "hours to take an offer from the waitlist",
        default=24,
        validators=[MinValueValidator(1), MaxValueValidator(168)],
    )
    points = models.DecimalField(
        "learning points",
        max_digits=5,
        decimal_places=2,
        default=Decimal(0),
        validators=[MinValueValidator(0), MaxValueValidator(MOST_POINTS), check_quarters],
    )
    formal_hours = models.DecimalField(
        max_digits=5,
        decimal_places=2,
        default=Decimal(0),
        validators=[MinValueValidator(0), MaxValueValidator(MOST_HOURS), check_quarters],
    )
    published_at = models.DateTimeField("announced", null=True, blank=True, editable=False)
    cancelled_at = models.DateTimeField(null=True, blank=True, editable=False)
    cancelled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, editable=False, related_name="+")
    cancel_reason = models.CharField(max_length=300, blank=True, editable=False)
    copied_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="copies"
    )
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, editable=False, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at"), ends_at__lte=F("starts_at") + LONGEST),
                name="event_ends_after_it_begins",
                violation_error_message="It ends after it begins, within two weeks.",
            ),
            models.CheckConstraint(
                condition=~Q(venue="") | ~Q(online_link=""),
                name="event_is_somewhere",
                violation_error_message="Say where it is: a venue, a link for joining online, or both.",
            ),
            models.CheckConstraint(
                condition=Q(taken__lte=F("capacity")),
                name="event_not_over_full",
                violation_error_message="More tickets than that are held or sold.",
            ),
            models.CheckConstraint(condition=Q(capacity__gte=1), name="event_has_places"),
            models.CheckConstraint(condition=Q(late_refund_percent__lte=100), name="event_refund_at_most_all"),
            models.CheckConstraint(
                condition=Q(cancelled_at=None, cancelled_by=None, cancel_reason="")
                | (Q(cancelled_at__isnull=False, published_at__isnull=False) & ~Q(cancel_reason="")),
                name="event_cancelled_has_facts",
            ),
            models.CheckConstraint(
                condition=Q(points__gte=0, points__lte=MOST_POINTS, formal_hours__gte=0, formal_hours__lte=MOST_HOURS),
                name="event_counts_for",
            ),
            models.CheckConstraint(condition=in_quarters("points"), name="event_points_in_quarters"),
            models.CheckConstraint(condition=in_quarters("formal_hours"), name="event_hours_in_quarters"),
        ]
        indexes = [models.Index("starts_at", condition=Q(published_at__isnull=False), name="event_public_starts")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("event", args=[self.slug])

    @property
    def on(self) -> dt.date:
        """Its first day, in London."""
        return timezone.localdate(self.starts_at)

    @property
    def until(self) -> dt.date:
        """Its last day, in London."""
        return timezone.localdate(self.ends_at)

    @property
    def is_public(self) -> bool:
        return self.published_at is not None

    @property
    def is_cancelled(self) -> bool:
        return self.cancelled_at is not None

    @property
    def has_begun(self) -> bool:
        return self.starts_at <= timezone.now()

    @property
    def is_over(self) -> bool:
        return self.ends_at <= timezone.now()

    @property
    def is_online(self) -> bool:
        """Whether it takes place nowhere but online."""
        return not self.venue

    @property
    def free(self) -> int:
        return max(0, self.capacity - self.taken)

    @property
    def where(self) -> str:
        """The place in a line; never the link."""
        return ", ".join(filter(None, [self.venue, self.address, self.postcode])) or "Online"


class EventDuty(models.Model):
    """Somebody who helps to run an event: at its door, or in the panel that reads contributions.

    It opens the pages of that duty for this event and nothing else. The office has all of them without one.
    """

    class Duty(models.TextChoices):
        DOOR = "door", "At the door"
        PANEL = "panel", "Reads contributions"

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="duties")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="event_duties", verbose_name="person")
    duty = models.CharField(max_length=5, choices=Duty.choices)

    class Meta:
        verbose_name_plural = "event duties"
        ordering = ["event", "duty", "user__name"]
        constraints = [models.UniqueConstraint(fields=["event", "user", "duty"], name="event_duty_once")]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_duty_display().lower()}"
