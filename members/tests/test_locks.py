"""Two who change what somebody has at once take turns, and neither is thrown out by the database."""

from functools import partial

import pytest

from linkworkers.actions import Refused
from members.actions import seats
from members.actions.leaving import leave
from members.actions.merging import merge_people
from members.factories import EmployerFactory, MembershipFactory
from members.models import Membership, Seat, User
from referrals.tests.race import race


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("what", ["leaves", "is merged"])
def test_a_seat_ends_while_whoever_sits_on_it(what: str, admin: User) -> None:
    person, employer = MembershipFactory().user, EmployerFactory()
    other = MembershipFactory().user
    seats.accept(seats.offer(employer, email=person.email, by=employer.contact), by=person)
    go = {
        "leaves": partial(leave, person, take_texts=False, by=person),
        "is merged": partial(merge_people, keep=other, drop=person, give_up_overlaps=True, by=admin),
    }[what]
    done = race(Membership.objects.filter(user=person), go, partial(seats.end, Seat.objects.get(), by=employer.contact))
    assert not isinstance(done[0], Exception), done
    assert isinstance(done[1], Seat | Refused), done
    assert not Seat.objects.taken().exists()
