"""What waits: for a coordinator beside the rota, people who applied, swaps, cover, expenses, hours; for the front desk
and link workers, people whose session was cancelled.
"""

from dataclasses import dataclass

from django.db.models import Count, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from members.models import User
from volunteers.clearance import lacks_on
from volunteers.models import (
    Booking,
    CoverRequest,
    ExpenseClaim,
    ExtraHours,
    Milestone,
    Stage,
    Swap,
    TrainingPlace,
    Volunteer,
)
from volunteers.models.role import coordinated_by


@dataclass(frozen=True)
class Waiting:
    """A line of *needs you*: how many of one kind wait, and the page on which they are answered."""

    tag: str
    text: str
    url: str
    is_urgent: bool = False


def waiting_for(user: User) -> list[Waiting]:
    """What this coordinator has to answer, the most pressing first; nothing that is their own. One query."""
    people, listed = Volunteer.objects.coordinated_by(user).exclude(user=user), reverse("volunteer_list")
    lists: dict[str, QuerySet] = {
        "cover": CoverRequest.objects.live().filter(
            coordinated_by(user, "session__clinic__practice"), exhausted_at__isnull=False
        ),
        "lacking": people.filter(lacks_on(timezone.localdate()), stage=Stage.ACTIVE),
        "swaps": Swap.objects.to_decide(user),
        "applied": people.filter(stage=Stage.APPLIED),
        "expenses": ExpenseClaim.objects.settled_by(user).filter(state=ExpenseClaim.State.SENT).exclude(claimant=user),
        "came": TrainingPlace.objects.filter(
            coordinated_by(user, "training__workplace"),
            state=TrainingPlace.State.SIGNED_UP,
            training__cancelled_at=None,
            training__ends_at__lte=timezone.now(),
        ),
        "hours": ExtraHours.objects.coordinated_by(user).waiting().exclude(volunteer__user=user),
        "thanks": Milestone.objects.coordinated_by(user).not_thanked().exclude(volunteer__user=user),
    }
    counts = {f"n_{name}": _count(rows) for name, rows in lists.items()}
    found = User.objects.filter(pk=user.pk).values_list(*counts.values()).first() or (0,) * len(counts)
    number = dict(zip(lists, found, strict=True))
    lines = (
        ("cover", "Cover", "shift that nobody can cover", "shifts that nobody can cover", reverse("cover_requests")),
        (
            *("lacking", "Checks", "active volunteer with something not in order"),
            *("active volunteers with something not in order", f"{listed}?stage=active"),
        ),
        ("swaps", "Swap", "swap to decide", "swaps to decide", reverse("swaps")),
        ("applied", "Applied", "person to answer", "people to answer", f"{listed}?stage=applied"),
        ("expenses", "Expenses", "claim to approve", "claims to approve", reverse("expenses_to_approve")),
        (
            *("came", "Training", "person of whom nobody has said whether they came"),
            *("people of whom nobody has said whether they came", reverse("training")),
        ),
        ("hours", "Hours", "note of hours to confirm", "notes of hours to confirm", reverse("thanks")),
        ("thanks", "Thanks", "milestone to thank for", "milestones to thank for", reverse("thanks")),
    )
    return [
        Waiting(
            tag, f"{number[name]} {one if number[name] == 1 else many}", url, is_urgent=name in ("cover", "lacking")
        )
        for name, tag, one, many, url in lines
        if number[name]
    ]


def to_offer(user: User) -> int:
    """How many people, of referrals this person sees, need a new time because their session was cancelled."""
    own = Booking.objects.of_referrals_visible_to(user)
    return own.held().count() + own.without_a_time().count()


def _count(rows: QuerySet) -> Coalesce:
    """How many rows there are, as a column of another query."""
    together = rows.order_by().annotate(all=Value(1)).values("all").annotate(n=Count("pk", distinct=True)).values("n")
    return Coalesce(Subquery(together), 0)
