"""The mails of swaps."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from linkworkers.outbox.actions import queue
from members.models import User
from volunteers.calendar import shift_ics
from volunteers.models import Shift, Swap, coordinators_of


def offered(swap: Swap) -> None:
    """To the colleague: which shift for which."""
    _mail("swap-offered", swap, [swap.theirs.user])


def agreed(swap: Swap) -> None:
    """To the coordinators, who decide, and to whoever offered it, who waits."""
    coordinators = _coordinators(swap)
    _mail("swap-to-approve", swap, coordinators)
    _mail("swap-agreed", swap, [swap.mine.user])


def done(swap: Swap, new: tuple[Shift, Shift]) -> None:
    """To both, each with the shift that is theirs now, and to the coordinators."""
    for shift in new:
        _mail("swap-done", swap, [shift.user], shift=shift, calendar=shift_ics(shift))
    both = {shift.user_id for shift in new}
    _mail("swap-done-coordinator", swap, [user for user in _coordinators(swap) if user.pk not in both])


def closed(swap: Swap, tell: Iterable[User], why: str) -> None:
    """To whoever waited: it does not take place, why, and that their shift stays as it was."""
    _mail("swap-closed", swap, tell, why=why)


def _coordinators(swap: Swap) -> Iterable[User]:
    return coordinators_of(swap.mine.session.clinic.practice, swap.theirs.session.clinic.practice)


def _mail(kind: str, swap: Swap, tell: Iterable[User], *, calendar: str = "", **more: Any) -> None:
    for user in tell:
        queue(
            key=f"{kind}:{swap.pk}:{user.pk}",
            kind=kind,
            to=user.email,
            template=kind,
            context={"reader": user, "swap": swap, "path": reverse("swap", args=[swap.pk]), **more},
            calendar=calendar,
        )
