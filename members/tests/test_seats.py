"""An employer's seats: never more than were paid for, and what a leaver keeps."""

import re
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from linkworkers.actions import Refused
from linkworkers.outbox.models import Message
from members.actions import memberships, seats
from members.factories import EmployerFactory, MembershipFactory, PlanFactory, PostFactory, UserFactory
from members.models import Membership, Role, Seat, Status, User, Workplace
from members.permissions import is_member
from members.tests.test_membership_dates import d, paid
from referrals.tests.race import race

pytestmark = pytest.mark.django_db


@pytest.fixture
def employers(db: None) -> Membership:
    PlanFactory(key="free", name="Free membership")
    return EmployerFactory(organization_name="Calder Trust")


def offered(employers: Membership, email: str = "nia@example.test") -> Seat:
    return seats.offer(employers, email=email, name="Nia Evans", by=employers.contact)


def taken(employers: Membership, email: str = "nia@example.test") -> User:
    return seats.accept(offered(employers, email), name="Nia Evans", password="four other herons fly")


def test_a_seat_makes_a_member(client: Client, employers: Membership) -> None:
    seat = offered(employers, "Nia@Example.test")
    assert seat.path in Message.objects.get(kind="seat-offered").text
    answer = client.post(seat.path, {"name": "Nia Evans", "password": "four other herons fly"}, follow=True)
    page = answer.content.decode()
    assert "Through Calder Trust" in page
    user = User.objects.get(email="nia@example.test")
    assert is_member(user)
    assert user.membership.sponsor == employers
    assert user.membership.number in page


def test_somebody_with_an_account_takes_it_with_that_account(client: Client, employers: Membership) -> None:
    user, other = UserFactory(email="nia@example.test"), UserFactory()
    seat = offered(employers)
    assert "Log in with it" in client.get(seat.path).content.decode()
    client.force_login(other)
    assert "for somebody else" in client.get(seat.path).content.decode()
    with pytest.raises(Refused, match="Log in with that address"):
        seats.accept(seat, by=other)
    client.force_login(user)
    client.post(seat.path, {})
    assert is_member(User.objects.get(pk=user.pk))
    assert client.post(seat.path, {}).status_code == 410


def test_a_leaver_loses_the_seat_and_keeps_the_record(employers: Membership) -> None:
    user = taken(employers)
    number = user.membership.number
    seats.end(Seat.objects.get(), by=employers.contact)
    user = User.objects.get(pk=user.pk)
    assert (user.membership.number, user.membership.sponsor, is_member(user)) == (number, None, False)
    assert user.membership.status_today == Status.LAPSED
    assert user.is_active
    assert Message.objects.filter(kind="seat-ended", to=user.email).exists()


def test_somebody_gives_their_own_seat_back(client: Client, employers: Membership) -> None:
    user = taken(employers)
    client.force_login(user)
    client.post(reverse("seat_leave"))
    assert not employers.lent.taken().exists()
    assert client.post(reverse("seat_leave")).status_code == 404


def test_a_seat_moves_even_when_all_are_taken(employers: Membership) -> None:
    taken(employers)
    offered(employers, "second@example.test")
    moved = seats.move(Seat.objects.get(email="nia@example.test"), email="third@example.test", by=employers.contact)
    assert {seat.email for seat in employers.lent.taken()} == {"second@example.test", "third@example.test"}
    assert moved.state == "Offered"


def test_no_more_seats_than_were_paid_for(employers: Membership) -> None:
    offered(employers, "one@example.test")
    offered(employers, "two@example.test")
    with pytest.raises(Refused, match="All 2 seats are taken"):
        offered(employers, "three@example.test")


def test_one_seat_for_an_address(employers: Membership) -> None:
    offered(employers)
    with pytest.raises(Refused, match="has been offered one"):
        offered(employers, "NIA@example.test")


def test_nobody_sits_on_two_seats(employers: Membership) -> None:
    user = taken(employers)
    elsewhere = EmployerFactory(organization_name="Elsewhere")
    other = seats.offer(elsewhere, email=user.email, by=elsewhere.contact)
    with pytest.raises(Refused, match="seat of another employer"):
        seats.accept(other, by=user)
    with pytest.raises(IntegrityError), transaction.atomic():
        Seat.objects.filter(pk=other.pk).update(member=user.membership, accepted_at=timezone.now())


def test_a_seat_ends_with_the_employers_grace(employers: Membership) -> None:
    user = taken(employers)
    ends = employers.ends_on
    grace = timezone.timedelta(days=employers.plan.grace_days)
    told = {
        days: Membership.objects.with_status(ends + days).get(user=user).status
        for days in (timezone.timedelta(0), timezone.timedelta(days=1), grace, grace + timezone.timedelta(days=1))
    }
    assert list(told.values()) == [Status.CURRENT, Status.GRACE, Status.GRACE, Status.LAPSED]
    membership = Membership.objects.select_related("plan", "sponsor__plan").get(user=user)
    assert [membership.status_on(ends + days) for days in told] == list(told.values())


def test_an_expired_link_is_sent_again(client: Client, employers: Membership) -> None:
    seat = offered(employers)
    with time_machine.travel(timezone.now() + Seat.LIFETIME):
        assert client.get(seat.path).status_code == 410
        again = seats.offer_again(seat, by=employers.contact)
        assert client.get(again.path).status_code == 200
    assert client.get(seat.path).status_code == 404


@time_machine.travel("2026-11-25T12:00:00+00:00", tick=False)
def test_more_seats_cost_the_days_that_are_left(employers: Membership) -> None:
    employers.terms.update(start_date=d("2026-04-01"), end_date=d("2027-03-31"))
    invoice = memberships.buy_seats(employers, seats=5, by=employers.contact)
    assert invoice.net == Decimal("25.05")  # three at £24 a year, for 127 of 365 days
    assert memberships.seats_now(employers) == 2
    paid(invoice)
    assert memberships.seats_now(employers) == 5
    assert [(term.start_date, term.seats) for term in employers.terms.all()] == [
        (d("2026-04-01"), 2),
        (d("2026-11-25"), 5),
    ]


def test_a_renewal_has_a_seat_for_whoever_sits(employers: Membership) -> None:
    employers.plan.seats_included = 1
    employers.plan.save()
    employers.terms.update(end_date=timezone.localdate() + timezone.timedelta(days=20))
    employers.refresh_from_db()
    offered(employers, "one@example.test")
    offered(employers, "two@example.test")
    with pytest.raises(Refused, match="2 seats are taken"):
        memberships.renew(employers, seats=1, by=employers.contact)
    invoice = memberships.renew(employers, seats=3, by=employers.contact)
    assert invoice.net == 290 + 2 * 24
    paid(invoice)
    assert memberships.seats_now(employers) == 2  # the three begin with the next term


def test_only_those_who_look_after_it_see_the_seats(client: Client, employers: Membership, employer: Workplace) -> None:
    seat = offered(employers)
    pages = [reverse("employer", args=[employers.number]), reverse("seat_end", args=[seat.pk])]
    outsider, manager = UserFactory(), PostFactory(workplace=employer, role=Role.MANAGER).user
    for person, expected in ((outsider, 404), (manager, 404), (employers.contact, 200)):
        client.force_login(person)
        assert [client.get(page).status_code for page in pages] == [expected] * 2
    with pytest.raises(PermissionDenied):
        seats.end(seat, by=outsider)
    Membership.objects.filter(pk=employers.pk).update(workplace=employer)
    client.force_login(manager)
    assert client.get(pages[0]).status_code == 200


@pytest.mark.parametrize("rows", [1, 30])
def test_the_seats_ask_no_more_for_more(
    client: Client, employers: Membership, rows: int, django_assert_max_num_queries
) -> None:
    employers.terms.update(seats=100)
    for number in range(rows):
        offered(employers, f"person-{number}@example.test")
    MembershipFactory(user=employers.contact)
    client.force_login(employers.contact)
    for page, most in ((reverse("employer", args=[employers.number]), 9), (reverse("members"), 9)):
        client.get(page)
        with django_assert_max_num_queries(most):
            client.get(page)


@pytest.mark.django_db(transaction=True)
def test_the_last_seat_goes_to_one(transactional_db: None) -> None:
    PlanFactory(key="free")
    employers = EmployerFactory()
    offered(employers, "first@example.test")
    results = race(
        Membership.objects.filter(pk=employers.pk),
        *(lambda email=email: offered(employers, email) for email in ("a@example.test", "b@example.test")),
    )
    assert sorted(type(result).__name__ for result in results) == ["Refused", "Seat"]
    assert employers.lent.taken().count() == 2


@pytest.mark.django_db(transaction=True)
def test_one_link_opened_twice_is_one_account(transactional_db: None) -> None:
    PlanFactory(key="free")
    seat = offered(EmployerFactory())
    results = race(
        Membership.objects.filter(pk=seat.membership_id),
        *[lambda: seats.accept(seat, name="Nia", password="four other herons fly")] * 2,
    )
    assert sorted(type(result).__name__ for result in results) == ["Refused", "User"]


def test_an_offer_names_no_secret_twice(employers: Membership) -> None:
    seat = offered(employers)
    token = re.search(r"accept/([^/]+)/", seat.path)[1]
    assert token not in str(Seat.objects.values())
