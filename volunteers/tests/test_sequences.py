"""Whatever order things happen in: no session over-full, nobody in two places, nobody who was booked forgotten.

Each operation is a method of `Surgery` that may be refused; what has to hold is asked after every one. An operation of
another kind is one more method, and its name in OPERATIONS.
"""

import datetime as dt
from contextlib import suppress
from itertools import pairwise

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from linkworkers.actions import Refused
from members.factories import PostFactory
from members.models import Role, Workplace
from volunteers.actions import rota as actions
from volunteers.actions._shifts import end_shift, lock_session
from volunteers.factories import (
    BookingFactory,
    ClinicFactory,
    ClinicSessionFactory,
    VolunteerFactory,
    VolunteerRoleFactory,
    in_london,
)
from volunteers.models import Booking, ClinicSession, Shift, Volunteer

pytestmark = pytest.mark.django_db

SESSIONS, VOLUNTEERS = 4, 3
OPERATIONS = ("sign_up", "assign", "give_up", "take_off", "book", "cancel_session", "pause", "come_back")


class Surgery:
    """Four sessions of a practice, the second of which overlaps the first, and three volunteers, one of the network."""

    def __init__(self, practice: Workplace) -> None:
        assert practice.parent
        role = VolunteerRoleFactory()
        rooms = [ClinicFactory(practice=practice, role=role) for _ in range(2)]
        hours = [(rooms[0], 3, 9), (rooms[1], 3, 11), (rooms[0], 3, 12), (rooms[0], 4, 9)]
        self.sessions = [
            ClinicSessionFactory(clinic=clinic, starts_at=in_london(days=days, hour=hour), places=2, at_once=2)
            for clinic, days, hour in hours
        ]
        at = (practice, practice, practice.parent)
        self.volunteers = [VolunteerFactory(workplace=place, roles=[role]) for place in at]
        self.coordinator = PostFactory(workplace=practice.parent, role=Role.COORDINATOR).user

    def sign_up(self, session: int, volunteer: int) -> None:
        user = Volunteer.objects.get(pk=self.volunteers[volunteer].pk).user
        assert user
        actions.take(self.sessions[session], by=user)

    def assign(self, session: int, volunteer: int) -> None:
        actions.assign(self.sessions[session], self.volunteers[volunteer], by=self.coordinator)

    def give_up(self, session: int, volunteer: int) -> None:
        for shift in self.shifts(session, volunteer):
            actions.give_up(shift, why="away", by=shift.user)

    def take_off(self, session: int, volunteer: int) -> None:
        for shift in self.shifts(session, volunteer):
            actions.take_off(shift, by=self.coordinator)

    def book(self, session: int, volunteer: int) -> None:
        """Somebody is booked into the slot of a volunteer's number, and is seen by whoever is free."""
        locked = lock_session(self.sessions[session].pk)
        slot = locked.slots[volunteer]
        taken = locked.bookings.standing().filter(starts_at=slot).count()
        if locked.is_cancelled or taken >= locked.at_once:
            raise Refused("This time is taken.")
        shifts = list(locked.shifts.standing())
        BookingFactory(
            session=locked, starts_at=slot, lane=taken + 1, shift=shifts[taken % len(shifts)] if shifts else None
        )

    def cancel_session(self, session: int, volunteer: int) -> None:
        locked = lock_session(self.sessions[session].pk)
        if locked.is_cancelled:
            raise Refused("This session was cancelled.")
        for booking in locked.bookings.standing().select_related("appointment"):
            now = timezone.now()
            booking.state, booking.cancelled_at = Booking.State.CANCELLED, now
            booking.save()
            booking.appointment.cancelled_at, booking.appointment.cancelled_by = now, self.coordinator
            booking.appointment.save()
        for shift in locked.shifts.standing().select_for_update():
            shift.session = locked
            end_shift(shift, reason=Shift.Ended.CANCELLED, by=self.coordinator)
        ClinicSession.objects.filter(pk=locked.pk).update(cancelled_at=timezone.now(), cancelled_by=self.coordinator)

    def pause(self, session: int, volunteer: int) -> None:
        paused = Volunteer.objects.select_for_update(no_key=True).get(pk=self.volunteers[volunteer].pk)
        paused.stage = "paused"
        paused.save()
        for shift in Shift.objects.to_come().filter(volunteer=paused).order_by("session"):
            shift.session = lock_session(shift.session_id)
            end_shift(shift, reason=Shift.Ended.PAUSED, by=self.coordinator)

    def come_back(self, session: int, volunteer: int) -> None:
        Volunteer.objects.filter(pk=self.volunteers[volunteer].pk).update(stage="active")

    def shifts(self, session: int, volunteer: int) -> list[Shift]:
        """The last shift of a volunteer on a session, which may have ended."""
        found = Shift.objects.filter(session=self.sessions[session], volunteer=self.volunteers[volunteer])
        return list(found.order_by("-pk")[:1])

    def check(self) -> None:
        for session in ClinicSession.objects.all():
            shifts, booked = session.shifts.standing().count(), session.bookings.standing().count()
            assert (session.taken, session.booked) == (shifts, booked)
            assert shifts <= session.places
            if session.is_cancelled:
                assert shifts == booked == 0
        standing = list(Shift.objects.standing().select_related("volunteer").order_by("user", "starts_at"))
        for before, after in pairwise(standing):
            assert before.user_id != after.user_id or before.ends_at <= after.starts_at, "somebody is in two places"
        assert all(shift.volunteer.stage == "active" for shift in standing)
        bookings = Booking.objects.standing().select_related("appointment", "referral__episode", "shift", "session")
        for booking in bookings:
            appointment, shift = booking.appointment, booking.shift
            assert appointment.cancelled_at is None
            assert booking.session.cancelled_at is None
            assert shift is None or (shift.ended_at is None and shift.session_id == booking.session_id)
            assert appointment.with_user_id == (shift.user_id if shift else booking.referral.episode.holder_id)
            assert shift or not booking.session.taken, "somebody is rostered, and nobody sees them"


STEPS = st.tuples(st.sampled_from(OPERATIONS), st.integers(0, SESSIONS - 1), st.integers(0, VOLUNTEERS - 1))


def test_no_sequence_of_what_people_do_leaves_the_rota_wrong(practice: Workplace) -> None:
    surgery = Surgery(practice)
    done: set[str] = set()

    @settings(max_examples=25, deadline=dt.timedelta(seconds=20))
    @given(st.lists(STEPS, min_size=4, max_size=16))
    def run(steps: list[tuple[str, int, int]]) -> None:
        with transaction.atomic():
            for name, session, volunteer in steps:
                with suppress(Refused), transaction.atomic():
                    getattr(surgery, name)(session, volunteer)
                    done.add(name)
                surgery.check()
            transaction.set_rollback(True)

    run()
    assert {"sign_up", "assign", "pause", "book", "cancel_session"} <= done
