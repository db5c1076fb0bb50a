"""Whatever order things happen in, a clinic's bookings, its shifts and the cases' appointments stay one story."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linkworkers.actions import Refused
from members.models import Role, User, Workplace
from referrals import actions as of_referrals
from referrals.models import Appointment, Referral
from tests.cast import make_user
from volunteers.actions import bookings
from volunteers.actions._shifts import add_shift, end_shift, lock_session, lock_shift
from volunteers.factories import ClinicSessionFactory, clear, volunteer_of
from volunteers.factories_bookings import free_session, hold, waiting_referral
from volunteers.models import Booking, ClinicSession, Shift, Volunteer

pytestmark = pytest.mark.django_db

NUMBER = st.integers(0, 11)
DEEDS = (
    *("book", "book", "book", "move", "cancel", "case cancels"),
    *("cancel session", "confirm", "hand over", "join", "join", "give up"),
)
STEPS = st.lists(st.tuples(st.sampled_from(DEEDS), NUMBER, NUMBER, NUMBER), min_size=8, max_size=25)


class Clinic:
    """Three sessions of two lanes and three slots, four people, two volunteers and two link workers."""

    def __init__(self, practice: Workplace, staff: User, workers: list[User]) -> None:
        self.staff, self.workers = staff, workers
        many = {"at_once": 2, "places": 2, "slot_minutes": 60}
        first = free_session(practice, workers[0], **many)
        days = (first.starts_at + dt.timedelta(days=number) for number in (1, 2))
        later = [ClinicSessionFactory(clinic=first.clinic, starts_at=day, **many) for day in days]
        self.sessions: list[ClinicSession] = [first, *later]
        self.referrals: list[Referral] = [waiting_referral(practice) for _ in range(4)]
        names = ("Rose Bell", "Abdul Karim")
        self.helpers: list[Volunteer] = [volunteer_of(make_user(name, Role.VOLUNTEER, practice)) for name in names]
        for helper in self.helpers:
            clear(helper, first.clinic.role)

    def step(self, what: str, one: int, two: int, three: int) -> None:
        session = self.sessions[one % 3]
        at = session.slots[two % 3]
        standing = list(Booking.objects.standing().order_by("pk"))
        booking = standing[three % len(standing)] if standing else None
        match what:
            case "book":
                referral = self.referrals[three % 4]
                bookings.book(referral=referral, session=session, starts_at=at, by=self.staff)
            case "move" if booking:
                bookings.move(booking=booking, session=session, starts_at=at, by=self.staff)
            case "cancel" if booking:
                bookings.cancel(booking=booking, reason="", by=self.staff)
            case "case cancels" if booking and booking.appointment:
                of_referrals.cancel_appointment(appointment=booking.appointment, note="", by=self.workers[one % 2])
            case "confirm" if booking:
                bookings.confirm(booking=booking, by=self.staff)
            case "hand over" if booking:
                of_referrals.hand_over(episode=booking.referral.episode, to=self.workers[one % 2], by=self.workers[0])
            case "join":
                add_shift(lock_session(session.pk), self.helpers[two % 2], how=Shift.How.SIGNED_UP, by=None)
            case "give up":
                for shift in session.shifts.standing()[: two % 3]:
                    end_shift(lock_shift(shift.pk), reason=Shift.Ended.GIVEN_UP, by=None)
            case "cancel session":
                self.cancel(session)

    def cancel(self, session: ClinicSession) -> None:
        """Holds the next free time for everybody, as far as there is one."""
        if session.pk not in {each.pk for each in ClinicSession.objects.on()}:
            return
        for booking in session.bookings.standing():
            other = next((each for each in self.sessions if each != session and self._free(each)), None)
            if other is None:
                bookings.cancel(booking=booking, reason="", by=self.staff)
            else:
                hold(booking, other, self._free(other)[0])
        for shift in session.shifts.standing():
            end_shift(lock_shift(shift.pk), reason=Shift.Ended.CANCELLED, by=None)
        ClinicSession.objects.filter(pk=session.pk).update(cancelled_at=timezone.now())

    @staticmethod
    def _free(session: ClinicSession) -> list[dt.datetime]:
        """Slots of which nobody has any lane: `hold` takes the first."""
        if ClinicSession.objects.get(pk=session.pk).is_cancelled:
            return []
        taken = set(session.bookings.standing().values_list("starts_at", flat=True))
        return [slot for slot in session.slots if slot not in taken]

    def check(self) -> None:
        for session in ClinicSession.objects.all():
            standing = list(session.bookings.standing().select_related("appointment", "shift", "referral__episode"))
            assert session.booked == len(standing)
            assert session.taken == session.shifts.standing().count()
            assert not (session.is_cancelled and standing)
            places = [(each.starts_at, each.lane) for each in standing]
            assert len(places) == len(set(places))
            assert all(start in session.slots and 1 <= lane <= session.at_once for start, lane in places)
            for each in standing:
                assert each.ends_at <= session.ends_at
                assert each.shift is None or each.shift.ended_at is None
                if each.state == Booking.State.HELD:
                    assert each.appointment is None
                    continue
                appointment, holder = each.appointment, each.referral.episode.holder
                assert appointment.cancelled_at is None
                assert appointment.starts_at == each.starts_at
                assert appointment.with_user == (each.shift.user if each.shift else holder)
        open_ones = Appointment.objects.filter(cancelled_at=None)
        assert set(open_ones) == {each.appointment for each in Booking.objects.standing() if each.appointment}


@given(steps=STEPS)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_story_holds_together(steps, practice, practice_staff, link_worker, colleague):
    with transaction.atomic():
        clinic = Clinic(practice, practice_staff, [link_worker, colleague])
        for step in steps:
            try:
                with transaction.atomic():
                    clinic.step(*step)
            except (Refused, PermissionDenied):
                pass
            clinic.check()
        transaction.set_rollback(True)
