"""What is kept of the cover that somebody asked for or was asked for, and of their swaps."""

from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse

from linkworkers.export import Row, Section
from members.exports import Lazy
from members.models import User
from volunteers.models import CoverAsk, CoverRequest, Swap


def cover(user: User) -> Section:
    return Section(
        key="cover",
        title="Cover and swaps",
        why="To find somebody when a volunteer cannot come. Why you could not is deleted half a year later.",
        rows=Lazy(_cover, user),
        covers=frozenset(
            {"volunteers.coverrequest.asked_by", "volunteers.coverask.volunteer", "volunteers.swap.offered_by"}
        ),
        change=("See cover and swaps", reverse("cover_requests")),
    )


def _cover(user: User) -> Iterator[Row]:
    own = CoverRequest.objects.filter(Q(asked_by=user) | Q(shift__user=user))
    for request in own.select_related("session__clinic").order_by("opened_at"):
        yield {
            "cover for": str(request.session.clinic),
            "on": request.session.starts_at,
            "asked": request.opened_at,
            "why": request.reason,
            "became": request.standing,
        }
    asks = CoverAsk.objects.filter(volunteer__user=user).select_related("request__session__clinic")
    for ask in asks.order_by("asked_at"):
        yield {
            "asked to cover": str(ask.request.session.clinic),
            "on": ask.request.session.starts_at,
            "asked": ask.asked_at,
            "your answer": ask.get_answer_display() or "none",
        }
    for swap in Swap.objects.filter(Q(mine__user=user) | Q(theirs__user=user)).select_related(
        "mine__volunteer", "theirs__volunteer"
    ):
        yield {
            "swap": f"{swap.mine.starts_at:%Y-%m-%d} for {swap.theirs.starts_at:%Y-%m-%d}",
            "offered": swap.offered_at,
            "became": swap.standing,
        }
