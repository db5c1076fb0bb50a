"""What somebody who books asks for, and what they are told when there is not as much."""

from dataclasses import dataclass

from events.models import TicketType
from linkworkers.actions import Refused
from members.models import User


class SoldOut(Refused):
    """Fewer places are left than were asked for; `left` are, as far as one could see."""

    def __init__(self, left: int) -> None:
        super().__init__(
            f"Only {left} {'place is' if left == 1 else 'places are'} left. Book fewer at once."
            if left
            else "All places are taken."
        )
        self.left = left


@dataclass(frozen=True)
class Wish:
    """A ticket that somebody wants: of which type, and for whom."""

    type: TicketType
    name: str
    email: str
    organisation: str = ""


@dataclass(frozen=True)
class Buyer:
    """Whoever books. `user` is None for whoever has no account."""

    name: str
    email: str
    user: User | None = None
