"""What *today* shows of volunteering: a volunteer's next shift, what waits for a coordinator and for the front desk."""

from dataclasses import dataclass, field

from members.models import Role, User
from volunteers.mine import next_shift
from volunteers.models import ClinicSession, Shift
from volunteers.openings import short_for
from volunteers.waiting import Waiting, to_offer, waiting_for

SHOWN = 5  # rows of a list before "and more"


@dataclass(frozen=True)
class Panel:
    """`short` are the soonest of `short_count` sessions of this week and the next with too few volunteers."""

    volunteers: bool
    coordinates: bool
    shift: Shift | None = None
    short: list[ClinicSession] = field(default_factory=list)
    short_count: int = 0
    waiting: list[Waiting] = field(default_factory=list)
    to_offer: int = 0


def panel(user: User) -> Panel | None:
    """One query for a volunteer, two for a coordinator, one for a front desk; none, and nothing, for anybody else."""
    volunteers, coordinates = user.has_role(Role.VOLUNTEER), user.has_role(Role.COORDINATOR)
    offered = to_offer(user) if user.has_role(Role.PRACTICE_STAFF) else 0
    if not volunteers and not coordinates and not offered:
        return None
    short = list(short_for(user)) if coordinates else []
    return Panel(
        volunteers,
        coordinates,
        next(iter(next_shift(user)), None) if volunteers else None,
        short[:SHOWN],
        len(short),
        waiting_for(user) if coordinates else [],
        offered,
    )
