"""Two people at one slot, one booking, one case: one gets it, the other is told, and nothing is left half done."""

import pytest
from django.db import transaction

from linkworkers.actions import Refused
from members.models import User, Workplace
from referrals import actions as of_referrals
from referrals.models import Appointment, Episode
from referrals.tests.race import race
from volunteers.actions import bookings
from volunteers.actions._shifts import add_shift, lock_session
from volunteers.factories import clear, volunteer_of
from volunteers.factories_bookings import free_session, waiting_referral
from volunteers.models import Booking, ClinicSession, Shift

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def session(practice: Workplace, link_worker: User) -> ClinicSession:
    return free_session(practice, link_worker)


def locked(session: ClinicSession):
    return ClinicSession.objects.filter(pk=session.pk)


def test_the_last_slot_goes_to_one_and_the_others_referral_still_waits(session, practice, practice_staff, link_worker):
    first, second = waiting_referral(practice), waiting_referral(practice)
    at = session.slots[0]
    made, refused = race(
        locked(session),
        lambda: bookings.book(referral=first, session=session, starts_at=at, by=practice_staff),
        lambda: bookings.book(referral=second, session=session, starts_at=at, by=link_worker),
    )
    assert (made.referral, made.lane) == (first, 1)
    assert isinstance(refused, Refused)
    second.refresh_from_db()
    assert second.state == "submitted"
    assert Appointment.objects.count() == Booking.objects.count() == 1


def test_one_person_is_not_booked_twice_by_two(session, practice, practice_staff, link_worker):
    referral = waiting_referral(practice)
    answers = race(
        Episode.objects.filter(pk=referral.episode_id),
        lambda: bookings.book(referral=referral, session=session, starts_at=session.slots[0], by=practice_staff),
        lambda: bookings.book(referral=referral, session=session, starts_at=session.slots[1], by=link_worker),
    )
    assert [type(answer) for answer in answers] == [Booking, Refused]


def test_a_slot_is_not_booked_in_a_session_that_is_cancelled_meanwhile(session, practice, practice_staff):
    def cancel_session() -> None:
        ClinicSession.objects.filter(pk=session.pk).update(cancelled_at=session.starts_at)

    referral = waiting_referral(practice)
    _, refused = race(
        locked(session),
        cancel_session,
        lambda: bookings.book(referral=referral, session=session, starts_at=session.slots[0], by=practice_staff),
    )
    assert "has just been cancelled" in str(refused)


def test_cancelled_from_the_case_while_somebody_joins_the_session(
    session, practice, practice_staff, link_worker, volunteer
):
    made = bookings.book(
        referral=waiting_referral(practice), session=session, starts_at=session.slots[0], by=practice_staff
    )
    helper = volunteer_of(volunteer)
    clear(helper, session.clinic.role)

    def join() -> Shift:
        with transaction.atomic():
            return add_shift(lock_session(session.pk), helper, how=Shift.How.SIGNED_UP, by=volunteer)

    answers = race(
        locked(session),
        join,
        lambda: of_referrals.cancel_appointment(appointment=made.appointment, note="", by=link_worker),
    )
    assert [type(answer) for answer in answers] == [Shift, Appointment]
    made.refresh_from_db()
    assert made.state == "cancelled"


def test_moved_by_one_and_cancelled_by_another(session, practice, practice_staff, link_worker):
    referral = waiting_referral(practice)
    made = bookings.book(referral=referral, session=session, starts_at=session.slots[0], by=practice_staff)
    answers = race(
        Episode.objects.filter(pk=referral.episode_id),
        lambda: bookings.move(booking=made, session=session, starts_at=session.slots[1], by=practice_staff),
        lambda: bookings.cancel(booking=made, reason="", by=link_worker),
    )
    assert isinstance(answers[1], Refused)
    assert Booking.objects.standing().get().starts_at == session.slots[1]
