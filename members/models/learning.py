"""What members learn, and the supervision they have. Both are theirs alone: the office sees neither."""

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Mod
from django.db.models.lookups import Exact
from django.utils import timezone

from members.models.file import StoredFile
from members.models.user import User

POINTS_FOR_A_FORMAL_HOUR = Decimal(1)
MOST_POINTS = Decimal(40)  # of one entry
MOST_DAYS = 31  # of one entry
HOURS_A_DAY = 24
QUARTER = Decimal("0.25")
MOST_FILES = 10  # of one entry


def points_for(formal_hours: Decimal) -> Decimal:
    """What formal hours count for when nobody said otherwise: a point an hour."""
    return formal_hours * POINTS_FOR_A_FORMAL_HOUR


class LearningKind(models.TextChoices):
    EVENT = "event", "Event"
    COURSE = "course", "Course"
    REFLECTION = "reflection", "Reflection"
    READING = "reading", "Reading"
    SHADOWING = "shadowing", "Shadowing"
    TEACHING = "teaching", "Teaching others"
    OTHER = "other", "Something else"


def in_quarters(field: str) -> Exact:
    """Whether a number of hours or points is whole quarters."""
    return Exact(Mod(F(field), Value(QUARTER)), Value(Decimal(0)))


class LearningEntryQuerySet(models.QuerySet["LearningEntry"]):
    def visible_to(self, user: User) -> "LearningEntryQuerySet":
        """A person's own; nobody else's, whoever they are."""
        return self.filter(user=user)


class LearningEntry(models.Model):
    """Something that a person learned by, with what it counts for.

    `on` is its day, or the last of its `days`: the entry counts in the learning year that holds it. `source` names
    what it came from ("course:12") and is empty for what was typed by hand; what came from somewhere keeps its facts,
    and the person adds what they learned.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="learning")
    source = models.CharField(max_length=60, blank=True, editable=False)
    title = models.CharField("what it was", max_length=200)
    kind = models.CharField("kind", max_length=10, choices=LearningKind.choices)
    on = models.DateField("day")
    days = models.PositiveSmallIntegerField(default=1)
    provider = models.CharField("who offered it", max_length=120, blank=True)
    points = models.DecimalField(max_digits=5, decimal_places=2)
    formal_hours = models.DecimalField(max_digits=5, decimal_places=2, default=0)
    learned = models.TextField("what I learned", max_length=4000, blank=True)
    next_step = models.TextField("what I do differently", max_length=2000, blank=True)
    link = models.URLField(max_length=500, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = LearningEntryQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-pk"]
        verbose_name_plural = "learning entries"
        constraints = [
            models.UniqueConstraint(fields=["user", "source"], condition=~Q(source=""), name="learning_source_once"),
            models.CheckConstraint(condition=Q(points__gte=0, points__lte=MOST_POINTS), name="learning_points_range"),
            models.CheckConstraint(
                condition=Q(days__gte=1, days__lte=MOST_DAYS, formal_hours__gte=0)
                & Q(formal_hours__lte=F("days") * HOURS_A_DAY),
                name="learning_hours_fit_days",
            ),
            models.CheckConstraint(condition=in_quarters("points"), name="learning_points_in_quarters"),
            models.CheckConstraint(condition=in_quarters("formal_hours"), name="learning_hours_in_quarters"),
        ]
        indexes = [models.Index(fields=["user", "on"], name="learning_user_on")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_credited(self) -> bool:
        """Whether it came from somewhere, so that its facts are not the person's to change."""
        return self.source != ""


class LearningEvidence(models.Model):
    """A file that shows what was learned."""

    entry = models.ForeignKey(LearningEntry, on_delete=models.CASCADE, related_name="evidence")
    file = models.OneToOneField(StoredFile, on_delete=models.CASCADE, related_name="+")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.file.name


class SupervisionKind(models.TextChoices):
    ONE_TO_ONE = "one_to_one", "One to one"
    GROUP = "group", "In a group"
    PEER = "peer", "With peers"


class SupervisionTheme(models.TextChoices):
    WORKLOAD = "workload", "Workload"
    SAFEGUARDING = "safeguarding", "Safeguarding"
    BOUNDARIES = "boundaries", "Boundaries"
    WELLBEING = "wellbeing", "My own wellbeing"
    PRACTICE = "practice", "Practice"
    CAREER = "career", "Career"


class SupervisionQuerySet(models.QuerySet["Supervision"]):
    def visible_to(self, user: User) -> "SupervisionQuerySet":
        """A person's own; nobody else's, the office's neither."""
        return self.filter(user=user)


class Supervision(models.Model):
    """One session of supervision that somebody had. `note` says nothing about a person they support."""

    LEAST_MINUTES, MOST_MINUTES = 5, 480

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="supervision")
    on = models.DateField("day")
    minutes = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=SupervisionKind.choices)
    with_whom = models.CharField(max_length=120)
    themes = ArrayField(models.CharField(max_length=12, choices=SupervisionTheme.choices), default=list, blank=True)
    note = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = SupervisionQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-pk"]
        verbose_name_plural = "supervision"
        constraints = [
            models.CheckConstraint(condition=Q(minutes__gte=5, minutes__lte=480), name="supervision_minutes_range"),
            models.CheckConstraint(
                condition=Q(themes__contained_by=SupervisionTheme.values), name="supervision_themes_known"
            ),
        ]
        indexes = [models.Index(fields=["user", "on"], name="supervision_user_on")]

    def __str__(self) -> str:
        return f"Supervision on {self.on:%Y-%m-%d}"

    @property
    def theme_labels(self) -> list[str]:
        """The themes in words, in the order of the list."""
        return [theme.label for theme in SupervisionTheme if theme in self.themes]
