"""Somebody who volunteers at a workplace: from their application until they leave, and back again."""

import datetime as dt
import uuid
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone

from members.models import Post, Role, StoredFile, User, Workplace
from volunteers.models.role import Requirement, VolunteerRole, coordinated_by


class Stage(models.TextChoices):
    APPLIED = "applied", "Applied"
    INTERVIEW = "interview", "Interview"
    REFERENCES = "references", "References"
    DBS = "dbs", "DBS check"
    INDUCTION = "induction", "Induction and training"
    ACTIVE = "active", "Active"
    PAUSED = "paused", "Paused"
    LEFT = "left", "Left"
    DECLINED = "declined", "Not taken on"
    WITHDRAWN = "withdrawn", "Withdrew"


# Every move of a volunteer. Each is an action in `volunteers.actions.journey`, and nothing else changes a stage. A step
# may be taken back or left out by the coordinator while somebody joins; what a role needs is asked for at the end.
JOINING = (Stage.APPLIED, Stage.INTERVIEW, Stage.REFERENCES, Stage.DBS, Stage.INDUCTION)
HERE = (Stage.ACTIVE, Stage.PAUSED)
GONE = (Stage.LEFT, Stage.DECLINED, Stage.WITHDRAWN)
STAGE_MOVES: dict[Stage, frozenset[Stage]] = {
    **{stage: frozenset({*JOINING, Stage.DECLINED, Stage.WITHDRAWN} - {stage, Stage.APPLIED}) for stage in JOINING},
    Stage.INDUCTION: frozenset(
        {Stage.INTERVIEW, Stage.REFERENCES, Stage.DBS, Stage.ACTIVE, Stage.DECLINED, Stage.WITHDRAWN}
    ),
    Stage.ACTIVE: frozenset({Stage.PAUSED, Stage.LEFT}),
    Stage.PAUSED: frozenset({Stage.ACTIVE, Stage.LEFT}),
    Stage.LEFT: frozenset({Stage.INDUCTION}),
    Stage.DECLINED: frozenset({Stage.INTERVIEW}),
    Stage.WITHDRAWN: frozenset({Stage.INTERVIEW}),
}

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
PARTS = ("am", "pm", "eve")  # until 12:30, until 17:00, and after
# The cells of the availability grid: "tue-am".
AVAILABILITY = [f"{day}-{part}" for day in DAYS for part in PARTS]


def availability_of(starts_at: dt.datetime) -> str:
    """The cell of the grid in which a time falls, in London."""
    local = timezone.localtime(starts_at)
    part = "am" if local.time() < dt.time(12, 30) else "pm" if local.time() < dt.time(17) else "eve"
    return f"{DAYS[local.weekday()]}-{part}"


class VolunteerQuerySet(models.QuerySet["Volunteer"]):
    def visible_to(self, user: User) -> "VolunteerQuerySet":
        """Oneself, and those of the workplaces whose volunteers this person coordinates."""
        return self.filter(Q(user=user) | coordinated_by(user, "workplace"))

    def coordinated_by(self, user: User) -> "VolunteerQuerySet":
        """Those whom this person looks after as coordinator."""
        return self.filter(coordinated_by(user, "workplace"))

    def of(self, user: User) -> "VolunteerQuerySet":
        """This person's own, at whichever workplaces."""
        return self.filter(user=user)

    def for_clinics_at(self, practice: Workplace) -> "VolunteerQuerySet":
        """Those who volunteer at a practice, or for the whole of its network."""
        return self.filter(workplace__in=[practice.pk, practice.parent_id or practice.pk])

    def on_board(self) -> "VolunteerQuerySet":
        """Whose face or name may be on a photo board today: active, at their post, and their consent has not ended."""
        today = timezone.localdate()
        post = Post.objects.current(today).filter(
            user=OuterRef("user"), workplace=OuterRef("workplace"), role=Role.VOLUNTEER
        )
        return self.filter(Exists(post), stage=Stage.ACTIVE, photo_until__gte=today)

    def cleared_for(self, role: VolunteerRole, *, on: dt.date) -> "VolunteerQuerySet":
        """Those who may be `role` on a day: active, with a current post, and with everything in order that it needs.

        The same as `permissions.why_not_cleared`, asked of all at once.
        """
        post = Post.objects.current(on).filter(
            user=OuterRef("user"), workplace=OuterRef("workplace"), role=Role.VOLUNTEER
        )
        in_order = Check.objects.in_order(on).filter(volunteer=OuterRef(OuterRef("pk")), requirement=OuterRef("pk"))
        missing = Requirement.objects.filter(roles=role, is_active=True).filter(~Exists(in_order))
        away = Absence.objects.filter(volunteer=OuterRef("pk"), first_day__lte=on, last_day__gte=on)
        return self.filter(Exists(post), ~Exists(missing), ~Exists(away), stage=Stage.ACTIVE, roles=role)


class Volunteer(models.Model):
    """One person's volunteering with one workplace. They have an account (`user`) from their induction on.

    `availability` has cells of the grid ("tue-am"). `paused_until` is the last day of a pause whose end is known.
    The photo is shown on boards while `photo_until`, the last day of their consent, has not passed.
    """

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    workplace = models.ForeignKey(Workplace, on_delete=models.PROTECT, related_name="volunteers")
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="volunteering")
    stage = models.CharField(max_length=12, choices=Stage.choices, default=Stage.APPLIED)
    stage_since = models.DateTimeField(default=timezone.now)
    roles = models.ManyToManyField(VolunteerRole, related_name="volunteers", blank=True)

    name = models.CharField("full name", max_length=150)
    called = models.CharField("what people call them", max_length=60, blank=True)
    email = models.EmailField("e-mail address")
    phone = models.CharField(max_length=30, blank=True)
    postcode = models.CharField(max_length=8, blank=True)
    date_of_birth = models.DateField(null=True, blank=True)
    emergency_contact = models.CharField("whom to ring in an emergency", max_length=200, blank=True)

    motivation = models.TextField("why they would like to", blank=True)
    hopes = models.TextField("what they hope for themselves", blank=True)
    skills = models.TextField(blank=True)
    heard_from = models.CharField("how they heard of it", max_length=200, blank=True)
    agreed_to_six_months = models.BooleanField("can give at least six months", default=False)
    availability = ArrayField(models.CharField(max_length=7), default=list, blank=True)
    applied_at = models.DateTimeField(default=timezone.now)
    started_on = models.DateField("active since", null=True, blank=True)
    interview_at = models.DateTimeField(null=True, blank=True)
    interview_place = models.CharField(max_length=200, blank=True)
    paused_until = models.DateField(null=True, blank=True)
    left_on = models.DateField(null=True, blank=True)

    photo = models.ForeignKey(StoredFile, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    photo_until = models.DateField("photo may be shown until", null=True, blank=True)
    board_line = models.CharField("line on the photo board", max_length=140, blank=True)
    has_bus_pass = models.BooleanField("has a free bus pass", default=False)
    # When they were last asked to cover for somebody, so that it is not always the same.

    objects = VolunteerQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "workplace"], condition=~Q(user=None), name="volunteer_once_at_a_workplace"
            ),
            models.UniqueConstraint(
                Lower("email"),
                "workplace",
                condition=~Q(stage__in=["left", "declined", "withdrawn"]),
                name="volunteer_one_application_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(stage__in=["active", "paused"]) | Q(user__isnull=False, started_on__isnull=False),
                name="volunteer_active_has_account",
            ),
            models.CheckConstraint(
                condition=~Q(stage="left") | Q(left_on__isnull=False), name="volunteer_left_has_day"
            ),
            models.CheckConstraint(
                condition=Q(photo=None) | Q(photo_until__isnull=False), name="volunteer_photo_has_consent"
            ),
        ]
        indexes = [models.Index(fields=["workplace", "stage"], name="volunteer_workplace_stage")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Their page for whoever coordinates them."""
        return reverse("volunteer", args=[self.key])

    @property
    def short_name(self) -> str:
        return self.called or self.name.split(" ")[0]

    @property
    def is_active(self) -> bool:
        return self.stage == Stage.ACTIVE

    def can_move_to(self, stage: Stage) -> bool:
        return stage in STAGE_MOVES[Stage(self.stage)]


class StageChange(models.Model):
    """A step of somebody's way: when, to which stage, and who decided. Only grows."""

    volunteer = models.ForeignKey(Volunteer, on_delete=models.CASCADE, related_name="stage_changes")
    stage = models.CharField(max_length=12, choices=Stage.choices)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_stage_display()}, {self.at:%Y-%m-%d}"


class Absence(models.Model):
    """Days on which a volunteer cannot come: a holiday, an operation. No reason is asked."""

    volunteer = models.ForeignKey(Volunteer, on_delete=models.CASCADE, related_name="absences")
    first_day = models.DateField("first day away")
    last_day = models.DateField("last day away")

    class Meta:
        ordering = ["first_day", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")),
                name="absence_ends_after_it_begins",
                violation_error_message="The last day is before the first.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.first_day:%Y-%m-%d} to {self.last_day:%Y-%m-%d}"


class CheckQuerySet(models.QuerySet["Check"]):
    def in_order(self, on: dt.date | OuterRef) -> "CheckQuerySet":
        """Passed by a day, not ended before it, and nothing was found amiss since."""
        within: Any = OuterRef(on) if isinstance(on, OuterRef) else on  # of the query inside this one
        amiss = Check.objects.filter(
            Q(done_on__gt=OuterRef("done_on")) | Q(done_on=OuterRef("done_on"), pk__gt=OuterRef("pk")),
            volunteer=OuterRef("volunteer"),
            requirement=OuterRef("requirement"),
            passed=False,
            done_on__lte=within,
        )
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=on), ~Exists(amiss), passed=True, done_on__lte=on)


class Check(models.Model):
    """What was found of one requirement for one volunteer, and until when it counts. A later one is a row beside it.

    `ends_on` is the last day on which it counts. Of a DBS check there is the outcome and its date, nothing of what the
    certificate says.
    """

    volunteer = models.ForeignKey(Volunteer, on_delete=models.CASCADE, related_name="checks")
    requirement = models.ForeignKey(Requirement, on_delete=models.PROTECT, related_name="checks")
    passed = models.BooleanField("in order")
    done_on = models.DateField("done on")
    ends_on = models.DateField("counts until", null=True, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = CheckQuerySet.as_manager()

    class Meta:
        ordering = ["-done_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("done_on")), name="check_ends_after_it_is_done"
            )
        ]
        indexes = [models.Index(fields=["volunteer", "requirement"], name="check_volunteer_requirement")]

    def __str__(self) -> str:
        return f"{self.requirement}, {self.done_on:%Y-%m-%d}"
