"""Shifts ahead of somebody who is no volunteer for them any more do not stand in silence."""

import datetime as dt

import pytest
from django.utils import timezone

from linkworkers.outbox.models import Message
from members.factories import WorkplaceFactory
from members.models import Post, User, Workplace
from volunteers.actions.lapsed_shifts import end_lapsed
from volunteers.factories import (
    BookingFactory,
    ClinicSessionFactory,
    ShiftFactory,
    VolunteerFactory,
    VolunteerRoleFactory,
)
from volunteers.models import Clinic, Shift, Volunteer

pytestmark = pytest.mark.django_db


@pytest.fixture
def shift(practice: Workplace) -> Shift:
    return ShiftFactory(session=ClinicSessionFactory(clinic__practice=practice))


def the_post_ends_before(shift: Shift) -> None:
    Post.objects.filter(user=shift.user).update(end_date=timezone.localdate() + dt.timedelta(days=2))


def the_account_is_closed(shift: Shift) -> None:
    User.objects.filter(pk=shift.user_id).update(is_active=False)


def the_practice_goes_to_another_network(shift: Shift) -> None:
    """Of a volunteer of the network: they are down there, not at the practice."""
    network = shift.session.clinic.practice.parent
    Volunteer.objects.update(workplace=network)
    Post.objects.filter(user=shift.user).update(workplace=network)
    assert end_lapsed() == 0
    Workplace.objects.filter(pk=shift.session.clinic.practice_id).update(
        parent=WorkplaceFactory(kind=Workplace.Kind.NETWORK, parent=None)
    )


def they_lose_the_role(shift: Shift) -> None:
    shift.volunteer.roles.clear()


def the_clinic_gets_another_role(shift: Shift) -> None:
    Clinic.objects.update(role=VolunteerRoleFactory())


@pytest.mark.parametrize(
    "happens",
    [
        the_post_ends_before,
        the_account_is_closed,
        the_practice_goes_to_another_network,
        they_lose_the_role,
        the_clinic_gets_another_role,
    ],
)
def test_they_are_off_it_and_everybody_hears(happens, shift: Shift, coordinator: User) -> None:
    booking = BookingFactory(session=shift.session, shift=shift)
    assert end_lapsed() == 0
    happens(shift)
    assert (end_lapsed(), end_lapsed()) == (1, 0)
    shift.refresh_from_db()
    booking.appointment.refresh_from_db()
    assert shift.end_reason == Shift.Ended.NOT_CLEARED
    assert booking.appointment.with_user == booking.referral.episode.holder
    told = set(Message.objects.values_list("kind", "to"))
    assert ("volunteer-sessions-short", coordinator.email) in told
    is_told = happens is not the_account_is_closed
    assert (("shift-lapsed", shift.user.email) in told) == is_told


def test_who_pauses_until_before_it_and_who_has_a_longer_post_stay_on(shift: Shift) -> None:
    Volunteer.objects.update(stage="paused", paused_until=timezone.localdate())
    Post.objects.filter(user=shift.user).update(end_date=timezone.localdate() + dt.timedelta(days=3))
    assert end_lapsed() == 0


def test_what_has_begun_stays_as_it_was() -> None:
    shift = ShiftFactory(session__starts_at=timezone.now() - dt.timedelta(hours=1))
    the_account_is_closed(shift)
    assert end_lapsed() == 0


def test_whoever_is_fine_costs_one_query(django_assert_num_queries) -> None:
    session = ClinicSessionFactory(places=2)
    for _ in range(2):
        ShiftFactory(
            session=session,
            volunteer=VolunteerFactory(workplace=session.clinic.practice, roles=[session.clinic.role]),
        )
    with django_assert_num_queries(1):
        assert end_lapsed() == 0
