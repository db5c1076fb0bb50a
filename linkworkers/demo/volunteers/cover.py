"""In the demo somebody asks for cover, and a swap waits for the coordinator."""

import datetime as dt

from linkworkers.demo.clock import Clock
from linkworkers.demo.places import World
from volunteers.actions.cover import ask_for_shift
from volunteers.actions.swaps import accept, offer
from volunteers.models import CoverRequest, Shift
from volunteers.swapping import exchangeable_for


def build(world: World, clock: Clock) -> None:
    """Does nothing where there are no shifts to come."""
    ahead = (
        Shift.objects.to_come()
        .filter(starts_at__gt=clock.now + dt.timedelta(days=3))
        .select_related("session__clinic__practice", "session__clinic__role", "volunteer__workplace", "user")
        .order_by("starts_at", "pk")
    )
    _offer_a_swap(list(ahead.filter(session__clinic__swaps_need_approval=True)[:12]))
    left = ahead.exclude(swaps_offered__isnull=False).exclude(swaps_asked__isnull=False)
    wanted = left.filter(session__clinic__role__meets_people=True).first()
    if wanted:
        request = ask_for_shift(wanted, reason="My hip, again. I can do the week after.", by=wanted.user)
        asked_at = clock.now - dt.timedelta(hours=5)
        CoverRequest.objects.filter(pk=request.pk).update(opened_at=asked_at)
        request.asks.update(asked_at=asked_at)


def _offer_a_swap(shifts: list[Shift]) -> None:
    for mine in shifts:
        theirs = exchangeable_for(mine).first()
        if theirs:
            accept(offer(mine, theirs, by=mine.user), by=theirs.user)
            return
