"""What a volunteer can be, and what somebody has to have before they are it."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from members.models import Course, Role, User, Workplace


def coordinated_by(user: User, at: str) -> Q:
    """Rows whose workplace, under the name `at`, this person coordinates volunteers of today: a coordinator's own
    workplace and, where that is a network, its practices.
    """
    own = user.workplace_ids(Role.COORDINATOR)
    return Q(**{f"{at}__in": own}) | Q(**{f"{at}__parent__in": own})


class CheckKind(models.TextChoices):
    """What kind of evidence a requirement asks for. Of a DBS check only the outcome and its date are kept."""

    DBS = "dbs", "DBS check"
    REFERENCES = "references", "References"
    AGREEMENT = "agreement", "Volunteer agreement"
    INDUCTION = "induction", "Induction"
    TRAINING = "training", "Training"


class RequirementQuerySet(models.QuerySet["Requirement"]):
    def usable_by(self, user: User) -> "RequirementQuerySet":
        """Everybody's, and those of the workplaces where this person is coordinator."""
        return self.filter(Q(workplace=None) | Q(workplace__in=user.workplace_ids(Role.COORDINATOR)), is_active=True)


class Requirement(models.Model):
    """Something that has to be in order before somebody is rostered: a DBS check, an induction, a training.

    `valid_months` is how long it counts from the day it was done; empty is for good. Who passes `course`, one of the
    association's, has it. A requirement without a workplace is everybody's, one with is its coordinators' own.
    """

    key = models.SlugField(max_length=60, unique=True, null=True, blank=True, editable=False)
    kind = models.CharField(max_length=12, choices=CheckKind.choices)
    name = models.CharField(max_length=100)
    about = models.CharField(max_length=300, blank=True)
    valid_months = models.PositiveSmallIntegerField(
        "counts for, in months", null=True, blank=True, validators=[MinValueValidator(1)]
    )
    course = models.ForeignKey(Course, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    workplace = models.ForeignKey(Workplace, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    is_active = models.BooleanField("in use", default=True)

    objects = RequirementQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class VolunteerRoleQuerySet(models.QuerySet["VolunteerRole"]):
    def at(self, workplace: Workplace) -> "VolunteerRoleQuerySet":
        """Those one can be at a workplace: everybody's, its own and its network's."""
        return self.filter(Q(workplace=None) | Q(workplace__in=[workplace.pk, workplace.parent_id or workplace.pk]))

    def usable_by(self, user: User) -> "VolunteerRoleQuerySet":
        """Everybody's, and those of the workplaces where this person is coordinator."""
        return self.filter(Q(workplace=None) | Q(workplace__in=user.workplace_ids(Role.COORDINATOR)), is_active=True)


class VolunteerRole(models.Model):
    """What a volunteer does: volunteer link worker, community connector, greeter, or what a coordinator adds.

    `meets_people` says that people are booked with them. `needs` has to be in order on the day of every shift.
    """

    key = models.SlugField(max_length=60, unique=True, null=True, blank=True, editable=False)
    name = models.CharField(max_length=80)
    summary = models.CharField(max_length=300, help_text="One or two sentences for somebody who thinks of applying.")
    skills = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    meets_people = models.BooleanField("people are booked with them", default=False)
    needs = models.ManyToManyField(Requirement, related_name="roles", blank=True)
    workplace = models.ForeignKey(Workplace, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    is_active = models.BooleanField("in use", default=True)

    objects = VolunteerRoleQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["name", "workplace"], nulls_distinct=False, name="volunteer_role_once")
        ]

    def __str__(self) -> str:
        return self.name
