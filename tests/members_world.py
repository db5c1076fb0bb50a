"""What the cast's member belongs to and looks after, for tests that visit every page."""

from dataclasses import dataclass

from members.actions import seats
from members.factories import EmployerFactory
from members.models import Membership, Seat, User


@dataclass(frozen=True)
class Belongings:
    """An employer's membership that the member looks after, with a seat that nobody has taken yet."""

    employer: Membership
    seat: Seat


def belongings_of(member: User) -> Belongings:
    employer = EmployerFactory(contact=member)
    return Belongings(
        employer=employer,
        seat=seats.offer(employer, email="new-colleague@example.test", name="Ines Prado", by=member),
    )
