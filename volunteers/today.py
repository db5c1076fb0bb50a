"""What *today* shows of volunteering: a volunteer's next shift, and the sessions that are short of volunteers."""

from dataclasses import dataclass, field

from members.models import Role, User
from volunteers.mine import next_shift
from volunteers.models import ClinicSession, Shift
from volunteers.needs import Need, needs_of
from volunteers.openings import short_for

SHOWN = 5  # rows of a list before "and more"


@dataclass(frozen=True)
class Panel:
    """`short` are the soonest of `short_count` sessions of this week and the next with too few volunteers; `needs` is
    what else waits.
    """

    volunteers: bool
    coordinates: bool
    shift: Shift | None = None
    short: list[ClinicSession] = field(default_factory=list)
    short_count: int = 0
    needs: list[Need] = field(default_factory=list)


def panel(user: User) -> Panel | None:
    """One query for a volunteer, two for a coordinator; none, and nothing, for anybody else."""
    volunteers, coordinates = user.has_role(Role.VOLUNTEER), user.has_role(Role.COORDINATOR)
    if not volunteers and not coordinates:
        return None
    short = list(short_for(user)) if coordinates else []
    return Panel(
        volunteers,
        coordinates,
        next(iter(next_shift(user)), None) if volunteers else None,
        short[:SHOWN],
        len(short),
        needs_of(user) if coordinates else [],
    )
