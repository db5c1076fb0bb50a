"""Beside a volunteer's way: where one can apply, who decides there, what referees say, and what is said at the end."""

from django.db import models
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.utils import timezone

from members.models import Post, Role, User, Workplace
from volunteers.models.role import coordinated_by
from volunteers.models.volunteer import Volunteer

KINDS_THAT_TAKE = (Workplace.Kind.PRACTICE, Workplace.Kind.NETWORK, Workplace.Kind.COMMUNITY)


def open_places() -> QuerySet[Workplace]:
    """Where somebody can apply today: whatever has a coordinator, and the practices of a network that has one."""
    seats = Post.objects.current().filter(role=Role.COORDINATOR).values("workplace")
    return Workplace.objects.filter(Q(pk__in=seats) | Q(parent__in=seats), kind__in=KINDS_THAT_TAKE)


def coordinators_of(*workplaces: Workplace) -> QuerySet[User]:
    """Who looks after the volunteers of workplaces today: their own coordinators and their networks', each once."""
    places = {workplace.pk for workplace in workplaces} | {workplace.parent_id for workplace in workplaces}
    posts = Post.objects.current().filter(role=Role.COORDINATOR, workplace__in=places - {None})
    return User.objects.filter(pk__in=posts.values("user")).order_by("pk")


class VolunteerReferenceQuerySet(models.QuerySet["VolunteerReference"]):
    def visible_to(self, user: User) -> "VolunteerReferenceQuerySet":
        """Those who decide see what referees say. Never whom it is about, not even when they coordinate too."""
        others = self.exclude(volunteer__user=user).exclude(volunteer__user=None, volunteer__email__iexact=user.email)
        return others.filter(coordinated_by(user, "volunteer__workplace"))


class VolunteerReference(models.Model):
    """Somebody who knows an applicant, and what they said of them. They answer once, by a link of their mail."""

    class KnownFor(models.TextChoices):
        MONTHS = "months", "Less than a year"
        YEARS = "years", "One to five years"
        LONG = "long", "More than five years"

    volunteer = models.ForeignKey(Volunteer, on_delete=models.CASCADE, related_name="references")
    name = models.CharField("full name", max_length=150)
    email = models.EmailField("e-mail address")
    relation = models.CharField("how they know each other", max_length=150, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reminded_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    known_for = models.CharField("known for", max_length=8, choices=KnownFor.choices, blank=True)
    how_known = models.TextField("how they know them", blank=True)
    strengths = models.TextField(blank=True)
    has_concerns = models.BooleanField("has concerns", null=True, blank=True)
    concerns = models.TextField(blank=True)
    would_recommend = models.BooleanField("would recommend them", null=True, blank=True)

    objects = VolunteerReferenceQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                "volunteer",
                Lower("email"),
                name="reference_once_from_an_address",
                violation_error_message="This referee is there already.",
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None)
                | (
                    Q(has_concerns__isnull=False, would_recommend__isnull=False)
                    & ~Q(known_for="")
                    & ~Q(how_known="")
                    & ~Q(has_concerns=True, concerns="")
                ),
                name="reference_answered_is_whole",
            ),
        ]
        indexes = [
            models.Index("asked_at", condition=Q(answered_at=None, reminded_at=None), name="reference_to_remind_of")
        ]

    def __str__(self) -> str:
        return f"{self.name} about {self.volunteer_id}"

    @property
    def is_good(self) -> bool:
        return self.answered_at is not None and bool(self.would_recommend) and not self.has_concerns


class ExitAnswer(models.Model):
    """What somebody said when they left. Every part is theirs to leave empty."""

    class Again(models.TextChoices):
        YES = "yes", "Yes"
        PERHAPS = "perhaps", "Perhaps"
        NO = "no", "No"

    volunteer = models.ForeignKey(Volunteer, on_delete=models.CASCADE, related_name="exit_answers")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    why = models.TextField("why they leave", blank=True)
    best = models.TextField("what was best", blank=True)
    change = models.TextField("what we should change", blank=True)
    would_return = models.CharField("would come back", max_length=8, choices=Again.choices, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"Answer of {self.volunteer_id}, {self.at:%Y-%m-%d}"
