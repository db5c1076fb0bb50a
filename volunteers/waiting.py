"""What waits for somebody beside the rota: for a coordinator people who applied, swaps, checks, expenses and so on; for
the front desk and link workers the people whose session was cancelled.
"""

from dataclasses import dataclass

from django.db.models import Count, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from members.models import User
from volunteers.clearance import SOON, lacks_on
from volunteers.models import (
    HERE,
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
    volunteers = Volunteer.objects.coordinated_by(user).exclude(user=user)
    reached = Milestone.objects.coordinated_by(user).not_thanked().values("volunteer")
    today = timezone.localdate()
    lists: dict[str, QuerySet] = {
        "cover": CoverRequest.objects.live().filter(
            coordinated_by(user, "session__clinic__practice"), exhausted_at__isnull=False
        ),
        "lacking": volunteers.filter(lacks_on(today), stage=Stage.ACTIVE),
        "swaps": Swap.objects.to_decide(user),
        "applied": volunteers.filter(stage=Stage.APPLIED),
        "checks": volunteers.filter(lacks_on(today + SOON), ~lacks_on(today), stage__in=HERE),
        "expenses": ExpenseClaim.objects.settled_by(user).filter(state=ExpenseClaim.State.SENT).exclude(claimant=user),
        "came": TrainingPlace.objects.filter(
            coordinated_by(user, "training__workplace"),
            state=TrainingPlace.State.SIGNED_UP,
            training__cancelled_at=None,
            training__ends_at__lte=timezone.now(),
        ),
        "hours": ExtraHours.objects.coordinated_by(user).waiting().exclude(volunteer__user=user),
        "thanks": volunteers.filter(pk__in=reached, stage__in=HERE),
    }
    counts = {f"n_{name}": _count(rows) for name, rows in lists.items()}
    found = User.objects.filter(pk=user.pk).values_list(*counts.values()).first() or (0,) * len(counts)
    number = dict(zip(lists, found, strict=True))
    people, thanks = reverse("volunteer_list"), reverse("thanks")
    lines = (
        ("cover", "Cover", "shift that nobody can cover", "shifts that nobody can cover", reverse("cover_requests")),
        (
            *("lacking", "Checks", "active volunteer with something not in order"),
            *("active volunteers with something not in order", f"{people}?stage=active&ending=on"),
        ),
        ("swaps", "Swap", "swap to decide", "swaps to decide", reverse("swaps")),
        ("applied", "Applied", "person to answer", "people to answer", f"{people}?stage=applied"),
        (
            "checks",
            "Checks",
            "person whose check ends soon",
            "people whose check ends soon",
            f"{people}?ending=on",
        ),
        ("expenses", "Expenses", "claim to approve", "claims to approve", reverse("expenses_to_approve")),
        (
            *("came", "Training", "person of whom nobody has said whether they came"),
            *("people of whom nobody has said whether they came", reverse("training_offered")),
        ),
        ("hours", "Hours", "note of hours to confirm", "notes of hours to confirm", thanks),
        ("thanks", "Thanks", "volunteer to thank", "volunteers to thank", f"{thanks}?list=waiting"),
    )
    return [
        Waiting(
            tag, f"{number[name]} {one if number[name] == 1 else many}", url, is_urgent=name in ("cover", "lacking")
        )
        for name, tag, one, many, url in lines
        if number[name]
    ]


def to_offer(user: User) -> int:
    """How many people, of referrals this person sees, need a time because their session was cancelled. One query."""
    own = Booking.objects.of_referrals_visible_to(user)
    return (own.held() | own.without_a_time()).count()


def _count(rows: QuerySet) -> Coalesce:
    """How many rows there are, as a column of another query."""
    together = rows.order_by().annotate(all=Value(1)).values("all").annotate(n=Count("pk", distinct=True)).values("n")
    return Coalesce(Subquery(together), 0)
