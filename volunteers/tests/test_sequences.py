"""Whatever order things happen in: no session over-full, nobody in two places, nobody who was booked forgotten.

Each operation is a method of `Surgery` that may be refused; what has to hold is asked after every one. An operation of
another kind is one more method, and its name in OPERATIONS.
"""

import datetime as dt
from contextlib import suppress
from itertools import pairwise

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from linkworkers.actions import Refused
from members.factories import PostFactory
from members.models import Role, Workplace
from referrals.factories import EpisodeFactory, PersonFactory, ReferralFactory
from volunteers.actions import bookings, cover, journey_own, sessions, swaps
from volunteers.actions import rota as actions
from volunteers.factories import (
    ClinicFactory,
    ClinicSessionFactory,
    VolunteerFactory,
    VolunteerRoleFactory,
    in_london,
)
from volunteers.models import Booking, ClinicSession, CoverRequest, Shift, Swap, Volunteer

pytestmark = pytest.mark.django_db

SESSIONS, VOLUNTEERS = 4, 3
OPERATIONS = (
    "sign_up",
    "assign",
    "give_up",
    "take_off",
    "book",
    "cancel_session",
    "confirm",
    "pause",
    "come_back",
    "ask_for_cover",
    "cover",
    "offer_swap",
    "swap",
)


class Surgery:
    """Four sessions of a practice, the second of which overlaps the first, and three volunteers, one of the network."""

    def __init__(self, practice: Workplace) -> None:
        assert practice.parent
        self.practice = practice
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
        """Somebody new is booked into the slot of a volunteer's number."""
        referral = ReferralFactory(episode=EpisodeFactory(accepted=True, person=PersonFactory(practice=self.practice)))
        found = ClinicSession.objects.get(pk=self.sessions[session].pk)
        bookings.book(referral=referral, session=found, starts_at=found.slots[volunteer], by=referral.submitted_by)

    def cancel_session(self, session: int, volunteer: int) -> None:
        sessions.cancel_session(self.sessions[session], reason="The room is flooded.", by=self.coordinator)

    def confirm(self, session: int, volunteer: int) -> None:
        """They agree to the time that was kept for them when their session was cancelled."""
        for booking in Booking.objects.held().order_by("pk")[volunteer : volunteer + 1]:
            bookings.confirm(booking=booking, by=booking.referral.submitted_by)

    def pause(self, session: int, volunteer: int) -> None:
        journey_own.pause(self.volunteers[volunteer], by=self.coordinator)

    def come_back(self, session: int, volunteer: int) -> None:
        journey_own.return_(self.volunteers[volunteer], by=self.coordinator)

    def ask_for_cover(self, session: int, volunteer: int) -> None:
        for shift in self.shifts(session, volunteer):
            cover.ask_for_shift(shift, by=shift.user)

    def cover(self, session: int, volunteer: int) -> None:
        user = self.volunteers[volunteer].user
        assert user
        for request in CoverRequest.objects.live().filter(session=self.sessions[session]):
            cover.accept(request, by=user)

    def offer_swap(self, session: int, volunteer: int) -> None:
        """The newest shift of anybody else, for that of the volunteer on the session."""
        for mine in self.shifts(session, volunteer):
            for theirs in Shift.objects.standing().exclude(user=mine.user).order_by("-pk")[:1]:
                swaps.offer(mine, theirs, by=mine.user)

    def swap(self, session: int, volunteer: int) -> None:
        for offered in Swap.objects.live().order_by("pk")[:1]:
            swaps.accept(offered, by=offered.theirs.user)

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
            assert booking.session.cancelled_at is None
            assert shift is None or (shift.ended_at is None and shift.session_id == booking.session_id)
            assert booking.session.starts_at <= booking.starts_at < booking.ends_at <= booking.session.ends_at
            if booking.state != Booking.State.HELD:
                assert appointment is not None
                assert (appointment.cancelled_at, appointment.starts_at) == (None, booking.starts_at)
                assert appointment.with_user_id == (shift.user_id if shift else booking.referral.episode.holder_id)
            assert shift or not booking.session.taken, "somebody is rostered, and nobody sees them"


STEPS = st.tuples(st.sampled_from(OPERATIONS), st.integers(0, SESSIONS - 1), st.integers(0, VOLUNTEERS - 1))


def test_no_sequence_of_what_people_do_leaves_the_rota_wrong(practice: Workplace) -> None:
    surgery = Surgery(practice)
    done: set[str] = set()

    @settings(max_examples=30, deadline=dt.timedelta(seconds=30))
    @given(st.lists(STEPS, min_size=8, max_size=20))
    def run(steps: list[tuple[str, int, int]]) -> None:
        with transaction.atomic():
            for name, session, volunteer in steps:
                with suppress(Refused), transaction.atomic():
                    getattr(surgery, name)(session, volunteer)
                    done.add(name)
                surgery.check()
            transaction.set_rollback(True)

    run()
    assert {"sign_up", "assign", "pause", "book", "cancel_session", "ask_for_cover", "cover", "swap"} <= done
