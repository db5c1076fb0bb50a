"""Training offered to volunteers, and who has a place in it."""

import datetime as dt
from decimal import Decimal

import pgtrigger
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from linkworkers.counted import Counted
from linkworkers.counters import keep_count
from members.models import Course, Post, Role, User, Workplace
from members.models.course import MOST_HOURS, check_quarters
from members.models.learning import MOST_POINTS, in_quarters
from volunteers.models.role import CheckKind, Requirement, coordinated_by
from volunteers.models.volunteer import HERE, Check, Stage, Volunteer

LEARNING = (Stage.INDUCTION, *HERE)  # who may be trained: from their induction on
# What a training can be for. A DBS check, references and an agreement are no matter of sitting in a room.
TAUGHT = (CheckKind.INDUCTION, CheckKind.TRAINING)


def learners() -> models.QuerySet[Volunteer]:
    """Volunteers who may have places in trainings: in their stages, with a volunteer's post of today."""
    post = Post.objects.current().filter(user=OuterRef("user"), workplace=OuterRef("workplace"), role=Role.VOLUNTEER)
    return Volunteer.objects.filter(Exists(post), stage__in=LEARNING, user__isnull=False)


class TrainingQuerySet(models.QuerySet["Training"]):
    def visible_to(self, user: User) -> "TrainingQuerySet":
        """Coordinators theirs; volunteers those of their workplace, of its network, and of its practices."""
        places = [post.workplace for post in user.current_posts if post.role == Role.VOLUNTEER]
        own = [place.pk for place in places]
        around = [*own, *(place.parent_id for place in places if place.parent_id)]
        return self.filter(coordinated_by(user, "workplace") | Q(workplace__in=around) | Q(workplace__parent__in=own))

    def coordinated_by(self, user: User) -> "TrainingQuerySet":
        return self.filter(coordinated_by(user, "workplace"))

    def to_come(self) -> "TrainingQuerySet":
        """Not cancelled and not begun."""
        return self.filter(cancelled_at=None, starts_at__gt=timezone.now())


class Training(Counted):
    """A training that volunteers come to. Who came has `requirement` from that day, and the points in their record.

    `online_link` is shown to those who have a place. `taken`, how many have one, is kept by the database, which lets no
    place be taken twice. `course` is one of the association's, to be read beforehand.
    """

    KEPT = ("taken",)

    workplace = models.ForeignKey(Workplace, on_delete=models.PROTECT, related_name="trainings", verbose_name="for")
    title = models.CharField("what it is called", max_length=150)
    about = models.TextField("what it is about", max_length=4000, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    place = models.CharField("where", max_length=200, blank=True)
    online_link = models.URLField("link for joining online", max_length=500, blank=True)
    capacity = models.PositiveSmallIntegerField(
        "places", default=12, validators=[MinValueValidator(1), MaxValueValidator(500)]
    )
    taken = models.PositiveSmallIntegerField(default=0, editable=False)
    requirement = models.ForeignKey(
        Requirement, on_delete=models.PROTECT, null=True, blank=True, related_name="trainings"
    )
    points = models.DecimalField(
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
    course = models.ForeignKey(Course, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    cancel_reason = models.CharField(max_length=300, blank=True)

    objects = TrainingQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at"), ends_at__lte=F("starts_at") + dt.timedelta(hours=14)),
                name="training_of_a_day",
            ),
            models.CheckConstraint(condition=~Q(place="") | ~Q(online_link=""), name="training_is_somewhere"),
            models.CheckConstraint(condition=Q(taken__lte=F("capacity")), name="training_not_over_full"),
            models.CheckConstraint(
                condition=Q(cancelled_at=None, cancelled_by=None) | Q(cancelled_at__isnull=False),
                name="training_cancelled_has_facts",
            ),
            models.CheckConstraint(
                condition=Q(points__gte=0, points__lte=MOST_POINTS, formal_hours__gte=0, formal_hours__lte=MOST_HOURS),
                name="training_counts_for",
            ),
            models.CheckConstraint(condition=in_quarters("points"), name="training_points_in_quarters"),
            models.CheckConstraint(condition=in_quarters("formal_hours"), name="training_hours_in_quarters"),
        ]
        indexes = [models.Index(fields=["workplace", "starts_at"], name="training_workplace_starts")]

    def __str__(self) -> str:
        return self.title

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
    def free(self) -> int:
        return max(0, self.capacity - self.taken)

    @property
    def where(self) -> str:
        return self.place or "Online"


class TrainingPlaceQuerySet(models.QuerySet["TrainingPlace"]):
    def standing(self) -> "TrainingPlaceQuerySet":
        """With a place, waiting for one, or looked at afterwards."""
        return self.exclude(state=TrainingPlace.State.CANCELLED)

    def coming(self) -> "TrainingPlaceQuerySet":
        """With a place in a training that takes place, whether it has begun or not."""
        return self.filter(state__in=TrainingPlace.TAKING, training__cancelled_at=None)

    def waiting(self) -> "TrainingPlaceQuerySet":
        """The waiting list of each training, whoever came first first."""
        return self.filter(state=TrainingPlace.State.WAITING).order_by("joined_at", "pk")


class TrainingPlace(models.Model):
    """A volunteer's place in a training, or their wait for one in the order of `joined_at`.

    `check_made` is what was recorded because they came; it goes when that turns out to be wrong.
    """

    class State(models.TextChoices):
        SIGNED_UP = "signed_up", "Signed up"
        WAITING = "waiting", "On the waiting list"
        CANCELLED = "cancelled", "Given back"
        ATTENDED = "attended", "Came"
        MISSED = "missed", "Did not come"

    TAKING = (State.SIGNED_UP, State.ATTENDED, State.MISSED)

    training = models.ForeignKey(Training, on_delete=models.PROTECT, related_name="places")
    volunteer = models.ForeignKey(Volunteer, on_delete=models.PROTECT, related_name="training_places")
    state = models.CharField(max_length=10, choices=State.choices)
    joined_at = models.DateTimeField(default=timezone.now)
    moved_up_at = models.DateTimeField(null=True, blank=True)
    marked_at = models.DateTimeField(null=True, blank=True)
    marked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    check_made = models.OneToOneField(Check, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    objects = TrainingPlaceQuerySet.as_manager()

    class Meta:
        ordering = ["joined_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["training", "volunteer"], condition=~Q(state="cancelled"), name="training_place_once"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["attended", "missed"]) | Q(marked_at__isnull=False, marked_by__isnull=False),
                name="training_place_marked_has_facts",
            ),
            models.CheckConstraint(
                condition=Q(check_made=None) | Q(state="attended"), name="training_check_of_who_came"
            ),
        ]
        indexes = [models.Index(fields=["volunteer", "state"], name="training_place_volunteer")]
        triggers = [
            pgtrigger.Trigger(
                name="training_place_is_counted",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=keep_count(
                    "taken",
                    "state IN ('signed_up', 'attended', 'missed')",
                    table="volunteers_training",
                    key="training_id",
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.volunteer_id} in training {self.training_id}"

    @property
    def is_taking(self) -> bool:
        return self.state in self.TAKING
