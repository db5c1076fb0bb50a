"""What waits for a coordinator, beside the sessions that are short of volunteers."""

from dataclasses import dataclass, replace

from django.db.models import IntegerField, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone

from members.models import User
from volunteers.clearance import lacks_on
from volunteers.models import (
    CoverRequest,
    ExpenseClaim,
    ExtraHours,
    Milestone,
    Stage,
    Swap,
    TrainingPlace,
    Volunteer,
    coordinated_by,
)


@dataclass(frozen=True)
class Need:
    """So many of something that this person has to see to, and where. `urgent` before all else."""

    one: str
    many: str
    path: str
    urgent: bool = False
    count: int = 0

    @property
    def text(self) -> str:
        return self.one if self.count == 1 else self.many.format(self.count)


class Number(Subquery):
    """How many rows a query finds."""

    template = "(SELECT count(*) FROM (%(subquery)s) AS found)"
    output_field = IntegerField()


def needs_of(user: User) -> list[Need]:
    """What waits for a coordinator, urgent things first; nothing that is their own. One query."""
    rows = _rows(user)
    counted = [Number(found.order_by().values("pk")) for found, _ in rows]
    counts = User.objects.filter(pk=user.pk).values_list(*counted).get()
    return [replace(need, count=count) for (_, need), count in zip(rows, counts, strict=True) if count]


def _rows(user: User) -> list[tuple[QuerySet, Need]]:
    people = Volunteer.objects.coordinated_by(user).exclude(user=user)
    listed = reverse("volunteer_list")
    return [
        (
            CoverRequest.objects.live()
            .filter(coordinated_by(user, "session__clinic__practice"), exhausted_at__isnull=False)
            .distinct(),
            Need(
                "For one shift everybody was asked and nobody can cover.",
                "For {} shifts everybody was asked and nobody can cover.",
                reverse("cover_requests"),
                urgent=True,
            ),
        ),
        (
            people.filter(lacks_on(timezone.localdate()), stage=Stage.ACTIVE),
            Need(
                "Something is not in order with one active volunteer, who cannot take shifts.",
                "Something is not in order with {} active volunteers, who cannot take shifts.",
                f"{listed}?stage=active",
                urgent=True,
            ),
        ),
        (
            Swap.objects.to_decide(user),
            Need(
                "One swap waits for your yes.",
                "{} swaps wait for your yes.",
                reverse("swaps"),
            ),
        ),
        (
            people.filter(stage=Stage.APPLIED),
            Need(
                "One person has applied and has not been answered.",
                "{} people have applied and have not been answered.",
                f"{listed}?stage=applied",
            ),
        ),
        (
            ExpenseClaim.objects.settled_by(user).filter(state=ExpenseClaim.State.SENT).exclude(claimant=user),
            Need(
                "One claim for expenses waits for you.",
                "{} claims for expenses wait for you.",
                reverse("expenses_to_approve"),
            ),
        ),
        (
            TrainingPlace.objects.filter(
                coordinated_by(user, "training__workplace"),
                state=TrainingPlace.State.SIGNED_UP,
                training__cancelled_at=None,
                training__ends_at__lte=timezone.now(),
            ),
            Need(
                "Of one person nobody has said whether they came to a training.",
                "Of {} people nobody has said whether they came to a training.",
                reverse("training"),
            ),
        ),
        (
            ExtraHours.objects.coordinated_by(user).waiting().exclude(volunteer__user=user),
            Need(
                "One volunteer’s hours beside shifts wait to be confirmed.",
                "Hours beside shifts wait to be confirmed: {} times.",
                reverse("thanks"),
            ),
        ),
        (
            Milestone.objects.coordinated_by(user).not_thanked().exclude(volunteer__user=user),
            Need(
                "One milestone has not been thanked for.",
                "{} milestones have not been thanked for.",
                reverse("thanks"),
            ),
        ),
    ]
