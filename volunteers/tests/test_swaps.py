"""Swaps: offered, accepted, approved; and refused whenever one of the two could not be where they would be."""

import datetime as dt

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from linkworkers.actions import Refused
from linkworkers.outbox.models import Message
from members.models import User, Workplace
from volunteers.actions import cover, swaps
from volunteers.actions._shifts import end_shift, lock_shift
from volunteers.factories import (
    BookingFactory,
    ClinicFactory,
    ClinicSessionFactory,
    ShiftFactory,
    VolunteerRoleFactory,
    clear,
)
from volunteers.factories_cover import SwapFactory, colleague_at, shift_beside
from volunteers.models import Clinic, Requirement, Shift, Swap, Volunteer
from volunteers.swapping import exchangeable_for

pytestmark = pytest.mark.django_db
State = Swap.State


@pytest.fixture
def mine(practice: Workplace) -> Shift:
    """Tom's, on the one place of a session in three days."""
    session = ClinicSessionFactory(clinic=ClinicFactory(practice=practice, name="Tuesday clinic"))
    return ShiftFactory(session=session, volunteer=colleague_at(practice, session.clinic.role, name="Tom Ashby"))


@pytest.fixture
def theirs(mine: Shift) -> Shift:
    return shift_beside(mine)


def who_is_on(shift: Shift) -> list[str]:
    return [str(each.volunteer) for each in shift.session.shifts.standing()]


def mails(kind: str) -> list[str]:
    return sorted(Message.objects.filter(kind=kind).values_list("to", flat=True))


def let_approve() -> None:
    Clinic.objects.update(swaps_need_approval=True)


def test_full_sessions_are_exchanged_with_whoever_is_booked(mine: Shift, theirs: Shift, coordinator: User) -> None:
    first, second = (BookingFactory(session=shift.session, shift=shift) for shift in (mine, theirs))
    swap = swaps.offer(mine, theirs, by=mine.user)
    assert mails("swap-offered") == [theirs.user.email]
    swaps.accept(swap, by=theirs.user)
    assert (who_is_on(mine), who_is_on(theirs)) == (["Rose Bell"], ["Tom Ashby"])
    for booking, user in ((first, theirs.user), (second, mine.user)):
        booking.refresh_from_db()
        assert booking.shift.user == booking.appointment.with_user == user
    mine.refresh_from_db()
    assert mine.end_reason == "swapped"
    assert mails("swap-done") == sorted([mine.user.email, theirs.user.email])
    assert mails("swap-done-coordinator") == [coordinator.email]
    with pytest.raises(Refused, match="cannot be answered any more: swapped"):
        swaps.accept(swap, by=theirs.user)


def test_two_sessions_at_one_time_are_exchanged_too(mine: Shift, practice: Workplace) -> None:
    clinic = ClinicFactory(practice=practice, role=mine.session.clinic.role)
    session = ClinicSessionFactory(clinic=clinic, starts_at=mine.starts_at)
    theirs = ShiftFactory(session=session, volunteer=colleague_at(practice, clinic.role))
    assert theirs in exchangeable_for(mine)
    swaps.accept(swaps.offer(mine, theirs, by=mine.user), by=theirs.user)
    assert who_is_on(mine) == ["Rose Bell"]


def test_where_a_clinic_asks_for_it_a_coordinator_approves(mine: Shift, theirs: Shift, coordinator: User) -> None:
    let_approve()
    swap = swaps.accept(swaps.offer(mine, theirs, by=mine.user), by=theirs.user)
    assert (swap.state, who_is_on(mine)) == (State.AGREED, ["Tom Ashby"])
    assert mails("swap-to-approve") == [coordinator.email]
    assert list(Swap.objects.to_decide(coordinator)) == [swap]
    for somebody in (mine.user, theirs.user):
        with pytest.raises(PermissionDenied):
            swaps.approve(swap, by=somebody)
    swaps.approve(swap, by=coordinator)
    assert who_is_on(mine) == ["Rose Bell"]
    with pytest.raises(Refused):
        swaps.refuse(swap, by=coordinator)


def test_a_coordinator_may_say_no_and_both_keep_theirs(mine: Shift, theirs: Shift, coordinator: User) -> None:
    let_approve()
    swap = swaps.accept(swaps.offer(mine, theirs, by=mine.user), by=theirs.user)
    swaps.refuse(swap, reason="Two new people would be alone.", by=coordinator)
    assert mails("swap-closed") == sorted([mine.user.email, theirs.user.email])
    assert "Two new people would be alone." in Message.objects.filter(kind="swap-closed")[0].text
    assert (who_is_on(mine), who_is_on(theirs)) == (["Tom Ashby"], ["Rose Bell"])


def test_approval_is_not_asked_for_nothing(mine: Shift, theirs: Shift, coordinator: User) -> None:
    swap = swaps.offer(mine, theirs, by=mine.user)
    for act in (swaps.approve, swaps.refuse):
        with pytest.raises(PermissionDenied):
            act(swap, by=coordinator)


def test_nobody_offers_accepts_or_takes_back_for_somebody_else(mine: Shift, theirs: Shift, coordinator: User) -> None:
    other = shift_beside(theirs, name="Ann Lee")
    for somebody in (theirs.user, other.user, coordinator):
        with pytest.raises(PermissionDenied):
            swaps.offer(mine, theirs, by=somebody)
    swap = swaps.offer(mine, theirs, by=mine.user)
    for somebody in (mine.user, other.user, coordinator):
        with pytest.raises(PermissionDenied):
            swaps.accept(swap, by=somebody)
        with pytest.raises(PermissionDenied):
            swaps.decline(swap, by=somebody)
    with pytest.raises(PermissionDenied):
        swaps.withdraw(swap, by=theirs.user)


def test_no_and_taking_it_back_tell_the_other(mine: Shift, theirs: Shift) -> None:
    swaps.decline(swaps.offer(mine, theirs, by=mine.user), by=theirs.user)
    assert mails("swap-closed") == [mine.user.email]
    swaps.withdraw(swaps.offer(mine, theirs, by=mine.user), by=mine.user)
    assert mails("swap-closed") == sorted([mine.user.email, theirs.user.email])


def test_one_pair_has_one_open_swap_from_whichever_side(mine: Shift, theirs: Shift) -> None:
    swaps.offer(mine, theirs, by=mine.user)
    for first, second in ((mine, theirs), (theirs, mine)):
        with pytest.raises(Refused, match="on offer already"):
            swaps.offer(first, second, by=first.user)
        with pytest.raises(IntegrityError, match="swap_open_once"), transaction.atomic():
            SwapFactory(mine=first, theirs=second)


def test_a_swap_within_a_session_or_with_oneself_is_none(mine: Shift, theirs: Shift) -> None:
    beside = ShiftFactory(
        session=theirs.session.clinic.sessions.create(
            starts_at=mine.starts_at + dt.timedelta(days=9),
            ends_at=mine.ends_at + dt.timedelta(days=9),
            slot_minutes=30,
            places=2,
            at_least=1,
        ),
        volunteer=mine.volunteer,
    )
    with pytest.raises(Refused, match="Both shifts are yours"):
        swaps.offer(mine, beside, by=mine.user)
    same = ShiftFactory(session=beside.session, volunteer=theirs.volunteer)
    with pytest.raises(Refused, match="both on this session"):
        swaps.offer(beside, same, by=mine.user)


def spoil(what: str, mine: Shift, theirs: Shift) -> None:
    match what:
        case "mine given up":
            with transaction.atomic():
                end_shift(lock_shift(mine.pk), reason=Shift.Ended.GIVEN_UP, by=None)
        case "theirs given up":
            with transaction.atomic():
                end_shift(lock_shift(theirs.pk), reason=Shift.Ended.PAUSED, by=None)
        case "DBS ended":
            dbs = Requirement.objects.create(kind="dbs", name="DBS check")
            mine.session.clinic.role.needs.add(dbs)
            for volunteer in (mine.volunteer, theirs.volunteer):
                clear(volunteer, mine.session.clinic.role)
            today = timezone.localdate()
            mine.volunteer.checks.update(done_on=today - dt.timedelta(days=9), ends_on=today - dt.timedelta(days=1))
        case "paused":
            Volunteer.objects.filter(pk=theirs.volunteer_id).update(stage="paused")
        case "away":
            theirs.volunteer.absences.create(first_day=mine.session.on, last_day=mine.session.on)
        case "elsewhere":
            session = ClinicSessionFactory(
                clinic=ClinicFactory(practice=mine.session.clinic.practice), starts_at=mine.starts_at
            )
            ShiftFactory(session=session, volunteer=theirs.volunteer)


SPOILED = {
    "mine given up": "Tom is not on that shift any more",
    "theirs given up": "Rose is not on that shift any more",
    "DBS ended": "^Tom cannot be on that session",
    "paused": "not an active volunteer",
    "away": "away on that day",
    "elsewhere": "on another shift at that time",
}


@pytest.mark.parametrize("what", SPOILED)
def test_a_swap_that_cannot_be_any_more_is_refused_and_both_keep_what_they_have(
    what: str, mine: Shift, theirs: Shift
) -> None:
    swap = swaps.offer(mine, theirs, by=mine.user)
    spoil(what, mine, theirs)
    assert (theirs in exchangeable_for(mine)) == (what == "mine given up")  # whose own page is not there any more
    before = who_is_on(mine), who_is_on(theirs)
    with pytest.raises(Refused, match=SPOILED[what]):
        swaps.accept(swap, by=theirs.user)
    assert (who_is_on(mine), who_is_on(theirs)) == before
    closed = cover.close_what_is_void()
    assert closed == ("given up" in what)
    assert bool(mails("swap-closed")) == bool(closed)


def test_only_coordinators_and_oneself_read_what_is_not_in_order(mine: Shift, theirs: Shift, coordinator: User) -> None:
    let_approve()
    swap = swaps.accept(swaps.offer(mine, theirs, by=mine.user), by=theirs.user)
    spoil("DBS ended", mine, theirs)
    with pytest.raises(Refused, match="not in order: DBS check"):
        swaps.approve(swap, by=coordinator)
    with pytest.raises(Refused, match="not in order: DBS check"):
        swaps.offer(mine, shift_beside(theirs, name="Ann Lee", days=2), by=mine.user)


def test_a_swap_is_not_accepted_or_approved_after_either_began(mine: Shift, theirs: Shift, coordinator: User) -> None:
    swap = swaps.offer(mine, theirs, by=mine.user)
    with time_machine.travel(mine.starts_at), pytest.raises(Refused, match="has begun"):
        swaps.accept(swap, by=theirs.user)
    let_approve()
    swaps.accept(swap, by=theirs.user)
    with time_machine.travel(mine.starts_at):
        with pytest.raises(Refused, match="has begun"):
            swaps.approve(swap, by=coordinator)
        assert cover.close_what_is_void() == 1
        swap.refresh_from_db()
        assert swap.state == State.EXPIRED
        assert mails("swap-closed") == [theirs.user.email]


def test_a_shift_that_is_covered_makes_its_swaps_void_at_once(mine: Shift, theirs: Shift) -> None:
    swap = swaps.offer(mine, theirs, by=mine.user)
    ann = colleague_at(mine.volunteer.workplace, mine.session.clinic.role, name="Ann Lee")
    cover.accept(cover.ask_for_shift(mine, by=mine.user), by=ann.user)
    swap.refresh_from_db()
    assert (swap.state, swap.why_closed) == (State.EXPIRED, "Tom is not on that shift any more.")


def test_what_is_offered_to_be_chosen_can_be_chosen(mine: Shift, theirs: Shift, other_practice: Workplace) -> None:
    role = mine.session.clinic.role
    begun = ShiftFactory(session=ClinicSessionFactory(clinic=ClinicFactory(practice=other_practice, role=role)))
    elsewhere = ShiftFactory(
        session=ClinicSessionFactory(clinic=ClinicFactory(practice=mine.session.clinic.practice)),
        volunteer=colleague_at(mine.volunteer.workplace, role, VolunteerRoleFactory(), name="Two roles"),
    )
    assert list(exchangeable_for(mine)) == [theirs]
    with pytest.raises(Refused, match="does not volunteer at"):
        swaps.offer(mine, begun, by=mine.user)
    with pytest.raises(Refused, match="is not down as"):
        swaps.offer(mine, elsewhere, by=mine.user)
