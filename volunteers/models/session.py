"""A clinic's occurrence, and the volunteers who are on it."""

import datetime as dt

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone

from linkworkers.counted import Counted
from linkworkers.counters import keep_count
from members.models import User
from volunteers.models.clinic import Clinic, Room
from volunteers.models.role import coordinated_by
from volunteers.models.volunteer import Volunteer


def time_range() -> Func:
    """A Postgres tstzrange from `starts_at` up to `ends_at`."""
    return Func(F("starts_at"), F("ends_at"), function="tstzrange")


class ClinicSessionQuerySet(models.QuerySet["ClinicSession"]):
    def visible_to(self, user: User) -> "ClinicSessionQuerySet":
        """Sessions of the clinics that this person sees."""
        return self.filter(clinic__in=Clinic.objects.visible_to(user))

    def coordinated_by(self, user: User) -> "ClinicSessionQuerySet":
        return self.filter(coordinated_by(user, "clinic__practice"))

    def on(self) -> "ClinicSessionQuerySet":
        """Not cancelled."""
        return self.filter(cancelled_at=None)

    def to_come(self) -> "ClinicSessionQuerySet":
        """Not cancelled and not begun."""
        return self.filter(cancelled_at=None, starts_at__gt=timezone.now())

    def short(self) -> "ClinicSessionQuerySet":
        """With fewer volunteers than they need at least."""
        return self.filter(taken__lt=F("at_least"))

    def with_room(self) -> "ClinicSessionQuerySet":
        """With a place left for a volunteer."""
        return self.filter(taken__lt=F("places"))

    def between(self, first: dt.date, last: dt.date) -> "ClinicSessionQuerySet":
        """Those that begin on days from `first` to `last`, in London."""
        zone = timezone.get_default_timezone()
        start = dt.datetime.combine(first, dt.time(), tzinfo=zone)
        end = dt.datetime.combine(last + dt.timedelta(days=1), dt.time(), tzinfo=zone)
        return self.filter(starts_at__gte=start, starts_at__lt=end)


class ClinicSession(Counted):
    """One morning or afternoon of a clinic: a room, volunteers and booked people as one thing.

    `pattern_on` is the day for which it was made; a session that was moved keeps it, so that it is not made again, and
    one that was added by hand has none. `taken` and `booked`, how many shifts and bookings stand, are kept by the
    database, which lets neither a place be taken twice nor a session be cancelled over somebody's head.
    """

    KEPT = ("taken", "booked")

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="sessions")
    room = models.ForeignKey(Room, on_delete=models.PROTECT, null=True, blank=True, related_name="sessions")
    pattern_on = models.DateField(null=True, blank=True, editable=False)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    slot_minutes = models.PositiveSmallIntegerField()
    at_once = models.PositiveSmallIntegerField(default=1)
    places = models.PositiveSmallIntegerField("volunteers")
    at_least = models.PositiveSmallIntegerField("at least")
    taken = models.PositiveSmallIntegerField(default=0, editable=False)
    booked = models.PositiveSmallIntegerField(default=0, editable=False)
    note = models.CharField("for the volunteers of this day", max_length=300, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    cancel_reason = models.CharField(max_length=300, blank=True)

    objects = ClinicSessionQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["clinic", "pattern_on"], name="session_once_for_a_day"),
            models.UniqueConstraint(fields=["id", "starts_at", "ends_at"], name="session_times"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="session_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(ends_at__lte=F("starts_at") + dt.timedelta(hours=12)), name="session_of_a_day"
            ),
            models.CheckConstraint(condition=Q(taken__lte=F("places")), name="session_not_over_full"),
            models.CheckConstraint(condition=Q(at_least__lte=F("places"), at_least__gte=1), name="session_at_least"),
            models.CheckConstraint(
                condition=Q(cancelled_at=None) | Q(taken=0, booked=0), name="session_cancelled_is_empty"
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at=None, cancelled_by=None) | Q(cancelled_at__isnull=False),
                name="session_cancelled_has_facts",
            ),
            ExclusionConstraint(
                name="session_room_free",
                expressions=[("room", RangeOperators.EQUAL), (time_range(), RangeOperators.OVERLAPS)],
                condition=Q(cancelled_at=None, room__isnull=False),
                violation_error_message="The room is taken at that time.",
            ),
        ]
        indexes = [
            models.Index(fields=["clinic", "starts_at"], name="session_clinic_starts"),
            models.Index("starts_at", condition=Q(cancelled_at=None), name="session_starts"),
        ]

    def __str__(self) -> str:
        return f"{self.clinic_id}, {timezone.localtime(self.starts_at):%Y-%m-%d %H:%M}"

    @property
    def on(self) -> dt.date:
        """The day, in London."""
        return timezone.localdate(self.starts_at)

    @property
    def has_begun(self) -> bool:
        return self.starts_at <= timezone.now()

    @property
    def is_over(self) -> bool:
        return self.ends_at <= timezone.now()

    @property
    def is_cancelled(self) -> bool:
        return self.cancelled_at is not None

    @property
    def missing(self) -> int:
        """How many volunteers it is short of what it needs at least."""
        return max(0, self.at_least - self.taken)

    @property
    def free(self) -> int:
        """How many volunteers could still join."""
        return max(0, self.places - self.taken)

    @property
    def slots(self) -> list[dt.datetime]:
        """When its slots begin, UTC: as many as fit, each of its full length whatever the clocks do."""
        length = dt.timedelta(minutes=self.slot_minutes)
        count = (self.ends_at - self.starts_at) // length
        return [self.starts_at + number * length for number in range(count)]


class ShiftQuerySet(models.QuerySet["Shift"]):
    def standing(self) -> "ShiftQuerySet":
        return self.filter(ended_at=None)

    def visible_to(self, user: User) -> "ShiftQuerySet":
        """One's own, and those at the practices whose volunteers this person coordinates."""
        return self.filter(Q(user=user) | coordinated_by(user, "session__clinic__practice"))

    def to_come(self) -> "ShiftQuerySet":
        return self.filter(ended_at=None, starts_at__gt=timezone.now())

    def worked(self) -> "ShiftQuerySet":
        """Over, and nobody said that they did not come. What hours are counted from."""
        return self.filter(ended_at=None, ends_at__lte=timezone.now()).exclude(attended=False)


class Shift(models.Model):
    """A volunteer on a session. `ended_at` is set when they will not come after all; the row stays.

    `user`, `starts_at` and `ends_at` repeat the volunteer's and the session's: on them the database refuses that one
    person be in two places, at whichever workplaces. A foreign key over both times moves them with the session.
    """

    class How(models.TextChoices):
        SIGNED_UP = "signed_up", "Signed up"
        ASSIGNED = "assigned", "Put down by the coordinator"
        COVER = "cover", "Covered for somebody"
        SWAP = "swap", "Swapped"

    class Ended(models.TextChoices):
        GIVEN_UP = "given_up", "Could not come"
        COVERED = "covered", "Somebody covered"
        SWAPPED = "swapped", "Swapped"
        TAKEN_OFF = "taken_off", "Taken off by the coordinator"
        CANCELLED = "cancelled", "The session was cancelled"
        NOT_CLEARED = "not_cleared", "Not down for it any more"
        PAUSED = "paused", "Paused or left"

    class Why(models.TextChoices):
        """What somebody may say who gives a shift up: no more than their coordinator needs to plan by."""

        AWAY = "away", "I am away"
        UNWELL = "unwell", "I am not well, or somebody of mine is not"
        TRAVEL = "travel", "I cannot get there"
        MUCH = "much", "It is too much at the moment"
        UNSAID = "unsaid", "I would rather not say"

    session = models.ForeignKey(ClinicSession, on_delete=models.PROTECT, related_name="shifts")
    volunteer = models.ForeignKey(Volunteer, on_delete=models.PROTECT, related_name="shifts")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="shifts")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    how = models.CharField(max_length=10, choices=How.choices)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    end_reason = models.CharField(max_length=12, choices=Ended.choices, blank=True)
    why = models.CharField("why they could not come", max_length=6, choices=Why.choices, blank=True)
    attended = models.BooleanField("came", null=True, blank=True)

    objects = ShiftQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at=None, end_reason="") | (Q(ended_at__isnull=False) & ~Q(end_reason="")),
                name="shift_ended_has_reason",
            ),
            ExclusionConstraint(
                name="shift_one_place_at_a_time",
                expressions=[("user", RangeOperators.EQUAL), (time_range(), RangeOperators.OVERLAPS)],
                condition=Q(ended_at=None),
                violation_error_message="They are somewhere else at that time.",
            ),
        ]
        indexes = [
            models.Index("user", "starts_at", condition=Q(ended_at=None), name="shift_user_starts"),
            models.Index("volunteer", "starts_at", name="shift_volunteer_starts"),
            models.Index("session", condition=Q(ended_at=None), name="shift_session_standing"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="shift_is_counted",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=keep_count("taken", "ended_at IS NULL", table="volunteers_clinicsession", key="session_id"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.volunteer_id} on session {self.session_id}"

    @property
    def has_begun(self) -> bool:
        return self.starts_at <= timezone.now()

    @property
    def hours(self) -> float:
        return (self.ends_at - self.starts_at).total_seconds() / 3600
