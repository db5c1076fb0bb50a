"""A clinic: a practice's room at regular times, with volunteers in it."""

import datetime as dt

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from members.models import Role, User, Workplace
from volunteers.models.role import VolunteerRole, coordinated_by

GENERATED_AHEAD = dt.timedelta(weeks=12)


class Room(models.Model):
    """A room of a practice that its volunteers may use."""

    practice = models.ForeignKey(Workplace, on_delete=models.PROTECT, related_name="rooms")
    name = models.CharField(max_length=60)
    directions = models.CharField(max_length=200, blank=True, help_text="First floor, lift by the entrance.")
    is_active = models.BooleanField("in use", default=True)

    class Meta:
        ordering = ["practice__name", "name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "name"],
                name="room_once_in_a_practice",
                violation_error_message="This practice has a room of that name.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class ClinicQuerySet(models.QuerySet["Clinic"]):
    def visible_to(self, user: User) -> "ClinicQuerySet":
        """Coordinators theirs; volunteers those where they help; a practice's staff its own; link workers and managers
        those of their network.
        """
        volunteering = user.workplace_ids(Role.VOLUNTEER)
        working = user.workplace_ids(Role.LINK_WORKER, Role.MANAGER)
        return self.filter(
            coordinated_by(user, "practice")
            | Q(practice__in=[*volunteering, *user.workplace_ids(Role.PRACTICE_STAFF)])
            | Q(practice__parent__in=[*volunteering, *working])
        )

    def coordinated_by(self, user: User) -> "ClinicQuerySet":
        return self.filter(coordinated_by(user, "practice"))

    def running(self, on: dt.date | None = None) -> "ClinicQuerySet":
        """Not ended before a day, today unless told."""
        day = on or timezone.localdate()
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day))


class Clinic(models.Model):
    """Regular times at a practice that need volunteers. Its sessions are made ahead by `actions.clinics.generate`.

    `every_weeks` counts from the week of `starts_on`. A session has `places` for volunteers, and is short of them below
    `at_least`. Where the role meets people, there are slots of `slot_minutes`, in each of which `at_once` people can be
    seen; `link_worker` stands behind the clinic: what is booked is in their hands as a case.
    `generated_until` is the last day up to which sessions have been made.
    """

    practice = models.ForeignKey(Workplace, on_delete=models.PROTECT, related_name="clinics")
    name = models.CharField(max_length=100)
    role = models.ForeignKey(VolunteerRole, on_delete=models.PROTECT, related_name="clinics")
    room = models.ForeignKey(Room, on_delete=models.PROTECT, null=True, blank=True, related_name="clinics")
    link_worker = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="clinics")
    starts_on = models.DateField("from", default=timezone.localdate)
    ends_on = models.DateField("last day", null=True, blank=True)
    every_weeks = models.PositiveSmallIntegerField(
        "every so many weeks", default=1, validators=[MinValueValidator(1), MaxValueValidator(8)]
    )
    on_bank_holidays = models.BooleanField("takes place on bank holidays", default=False)
    slot_minutes = models.PositiveSmallIntegerField(
        "minutes a slot", default=30, validators=[MinValueValidator(10), MaxValueValidator(120)]
    )
    at_once = models.PositiveSmallIntegerField(
        "people at once", default=1, validators=[MinValueValidator(1), MaxValueValidator(10)]
    )
    places = models.PositiveSmallIntegerField(
        "volunteers", default=1, validators=[MinValueValidator(1), MaxValueValidator(20)]
    )
    at_least = models.PositiveSmallIntegerField(
        "at least", default=1, validators=[MinValueValidator(1), MaxValueValidator(20)]
    )
    swaps_need_approval = models.BooleanField("the coordinator approves swaps", default=False)
    need_to_know = models.TextField(
        "what volunteers need to know",
        blank=True,
        help_text="Where to report, the door code's keeper, tea, the alarm, whom to ask.",
    )
    generated_until = models.DateField(null=True, blank=True, editable=False)

    objects = ClinicQuerySet.as_manager()

    class Meta:
        ordering = ["practice__name", "name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="clinic_ends_after_it_begins",
                violation_error_message="The last day is before the first.",
            ),
            models.CheckConstraint(
                condition=Q(at_least__lte=F("places"), at_least__gte=1),
                name="clinic_at_least_of_places",
                violation_error_message="It cannot need more volunteers than it has places.",
            ),
            models.CheckConstraint(
                condition=Q(every_weeks__gte=1, slot_minutes__gte=10, at_once__gte=1), name="clinic_numbers_make_sense"
            ),
            models.UniqueConstraint(
                fields=["practice", "name"],
                name="clinic_name_once_in_a_practice",
                violation_error_message="This practice has a clinic of that name.",
            ),
        ]
        indexes = [models.Index(fields=["generated_until"], name="clinic_to_generate")]

    def __str__(self) -> str:
        return f"{self.name}, {self.practice}"


class ClinicTime(models.Model):
    """A half-day of a clinic's week, in London's time. `weekday` is 0 for Monday."""

    class Weekday(models.IntegerChoices):
        MONDAY = 0, "Monday"
        TUESDAY = 1, "Tuesday"
        WEDNESDAY = 2, "Wednesday"
        THURSDAY = 3, "Thursday"
        FRIDAY = 4, "Friday"
        SATURDAY = 5, "Saturday"
        SUNDAY = 6, "Sunday"

    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="times")
    weekday = models.PositiveSmallIntegerField(choices=Weekday.choices)
    starts = models.TimeField("from")
    ends = models.TimeField("until")

    class Meta:
        ordering = ["weekday", "starts"]
        constraints = [
            models.UniqueConstraint(fields=["clinic", "weekday"], name="clinic_time_once_a_weekday"),
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="clinic_time_ends_after_it_begins"),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="clinic_time_weekday"),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()}, {self.starts:%H:%M} to {self.ends:%H:%M}"
