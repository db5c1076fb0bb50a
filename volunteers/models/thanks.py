"""What volunteers gave, that they were thanked for it, what their clinics achieved, and how the programme stands."""

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from members.models import User, Workplace
from volunteers.models.clinic import Clinic
from volunteers.models.role import coordinated_by
from volunteers.models.volunteer import Volunteer

MOST_HOURS = Decimal(12)  # in a day


class ExtraHoursQuerySet(models.QuerySet["ExtraHours"]):
    def coordinated_by(self, user: User) -> "ExtraHoursQuerySet":
        return self.filter(coordinated_by(user, "volunteer__workplace"))

    def confirmed(self) -> "ExtraHoursQuerySet":
        """What counts."""
        return self.filter(state=ExtraHours.State.CONFIRMED)

    def waiting(self) -> "ExtraHoursQuerySet":
        return self.filter(state=ExtraHours.State.NOTED)


class ExtraHours(models.Model):
    """Time that a volunteer gave beside their shifts: they note it, and it counts once a coordinator confirmed it."""

    class Kind(models.TextChoices):
        TRAINING = "training", "Training"
        MEETING = "meeting", "Meeting or supervision"
        OTHER = "other", "Something else"

    class State(models.TextChoices):
        NOTED = "noted", "Waits for the coordinator"
        CONFIRMED = "confirmed", "Confirmed"
        DECLINED = "declined", "Not counted"

    volunteer = models.ForeignKey(Volunteer, on_delete=models.PROTECT, related_name="extra_hours")
    on = models.DateField("day")
    hours = models.DecimalField(max_digits=4, decimal_places=2, validators=[MinValueValidator(Decimal("0.25"))])
    kind = models.CharField(max_length=10, choices=Kind.choices)
    what = models.CharField("what it was", max_length=120)
    noted_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=State.choices, default=State.NOTED)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = ExtraHoursQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "extra hours"
        ordering = ["-on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["volunteer", "on", "what"], name="extra_hours_once"),
            models.CheckConstraint(condition=Q(hours__gt=0, hours__lte=MOST_HOURS), name="extra_hours_of_a_day"),
            models.CheckConstraint(
                condition=Q(state="noted", answered_at=None) | (~Q(state="noted") & Q(answered_at__isnull=False)),
                name="extra_hours_answered_has_facts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.what}, {self.on:%Y-%m-%d}"


class ThankYouLetter(models.Model):
    """A letter of thanks that a coordinator wrote. `signed_as` is under their name: their role and where."""

    volunteer = models.ForeignKey(Volunteer, on_delete=models.PROTECT, related_name="thank_you_letters")
    text = models.TextField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    signed_by = models.CharField(max_length=150)
    signed_as = models.CharField(max_length=300)
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-written_at", "-pk"]

    def __str__(self) -> str:
        return f"To {self.volunteer}, {self.written_at:%Y-%m-%d}"


class MilestoneQuerySet(models.QuerySet["Milestone"]):
    def coordinated_by(self, user: User) -> "MilestoneQuerySet":
        return self.filter(coordinated_by(user, "volunteer__workplace"))

    def not_thanked(self) -> "MilestoneQuerySet":
        return self.filter(letter=None)


class Milestone(models.Model):
    """Hours or years that somebody reached, noted once. The letter that thanked them for it says by whom and when."""

    class Kind(models.TextChoices):
        HOURS = "hours", "Hours"
        YEARS = "years", "Years"

    NUMBERS: dict[str, tuple[int, ...]] = {Kind.HOURS: (10, 50, 100, 250, 500, 1000), Kind.YEARS: (1, 2, 3, 5, 10)}

    volunteer = models.ForeignKey(Volunteer, on_delete=models.PROTECT, related_name="milestones")
    kind = models.CharField(max_length=5, choices=Kind.choices)
    number = models.PositiveSmallIntegerField()
    reached_on = models.DateField()
    noted_at = models.DateTimeField(default=timezone.now)
    letter = models.ForeignKey(
        ThankYouLetter, on_delete=models.PROTECT, null=True, blank=True, related_name="milestones"
    )

    objects = MilestoneQuerySet.as_manager()

    class Meta:
        ordering = ["-reached_on", "-number", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["volunteer", "kind", "number"], name="milestone_once"),
            models.CheckConstraint(
                condition=Q(kind="hours", number__in=[10, 50, 100, 250, 500, 1000])
                | Q(kind="years", number__in=[1, 2, 3, 5, 10]),
                name="milestone_of_the_list",
            ),
        ]
        indexes = [models.Index("volunteer", condition=Q(letter=None), name="milestone_not_thanked")]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """As in “100 hours” or “1 year”."""
        return f"{self.number} {self.kind if self.number != 1 else self.kind[:-1]}"


class ClinicMonthQuerySet(models.QuerySet["ClinicMonth"]):
    def visible_to(self, user: User) -> "ClinicMonthQuerySet":
        """Months of the clinics that this person sees."""
        return self.filter(clinic__in=Clinic.objects.visible_to(user))


class ClinicMonth(models.Model):
    """What a clinic achieved in a month, counted once when it was over, so that two looks at it show no difference.

    `came` are people who came at least once, `missed` those who were booked and never came: nobody is in both. These
    are raw counts. Nothing shows them but `volunteers.impact`, which leaves out what would point at somebody.
    `reasons` are those that at least five of the people who came were referred for, the most common first.
    """

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="months")
    month = models.DateField(help_text="Its first day.")
    sessions = models.PositiveSmallIntegerField()
    cancelled = models.PositiveSmallIntegerField()
    hours = models.DecimalField(max_digits=8, decimal_places=2)
    came = models.PositiveIntegerField()
    missed = models.PositiveIntegerField()
    reasons = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    counted_at = models.DateTimeField(default=timezone.now)

    objects = ClinicMonthQuerySet.as_manager()

    class Meta:
        ordering = ["-month", "clinic"]
        constraints = [
            models.UniqueConstraint(fields=["clinic", "month"], name="clinic_month_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="clinic_month_begins_on_the_first"),
        ]
        indexes = [models.Index("month", name="clinic_month_month")]

    def __str__(self) -> str:
        return f"{self.clinic_id}, {self.month:%B %Y}"


class HealthAnswer(models.Model):
    """How a coordinator answered one of the eleven questions of the health check. Only grows: the last one counts."""

    class Answer(models.TextChoices):
        YES = "yes", "Yes"
        PARTLY = "partly", "Partly"
        NO = "no", "No"

    workplace = models.ForeignKey(Workplace, on_delete=models.PROTECT, related_name="health_answers")
    question = models.SlugField(max_length=30)
    answer = models.CharField(max_length=6, choices=Answer.choices)
    note = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["workplace", "question", "at"], name="health_answer_latest")]

    def __str__(self) -> str:
        return f"{self.question}: {self.get_answer_display()}, {self.at:%Y-%m-%d}"
