"""A clinic that changes: empty sessions follow by themselves, and about everybody else somebody decides."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from linkworkers.actions import Refused
from linkworkers.outbox.models import Message
from members.factories import PostFactory
from members.models import Role, User, Workplace
from referrals.tests.race import race
from volunteers.actions.clinics import create_clinic
from volunteers.actions.patterns import STALE, change_clinic, plan_change
from volunteers.factories import (
    BookingFactory,
    ClinicSessionFactory,
    RoomFactory,
    ShiftFactory,
    VolunteerFactory,
    VolunteerRoleFactory,
)
from volunteers.forms.clinics import FACTS
from volunteers.models import Booking, Clinic, ClinicSession, Shift

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)
WEEK = dt.timedelta(weeks=1)


def half(starts: int, ends: int) -> tuple[dt.time, dt.time]:
    return dt.time(starts), dt.time(ends)


@pytest.fixture
def clinic(practice: Workplace, coordinator: User) -> Clinic:
    """Every week from the day after tomorrow, on bank holidays too; an hour for each person."""
    room = RoomFactory(practice=practice, name="Room 1")
    facts = {
        "name": "The clinic",
        "role": VolunteerRoleFactory(),
        "room": room,
        "link_worker": None,
        "starts_on": timezone.localdate(),
        "ends_on": None,
        "every_weeks": 1,
        "on_bank_holidays": True,
        "slot_minutes": 60,
        "at_once": 1,
        "places": 2,
        "at_least": 1,
        "swaps_need_approval": False,
        "need_to_know": "",
    }
    return create_clinic(practice, facts=facts, week={day(2): half(9, 12)}, by=coordinator)


def day(from_today: int) -> int:
    """The weekday so many days from today."""
    return (timezone.localdate().weekday() + from_today) % 7


def same(clinic: Clinic, **other: Any) -> dict[str, Any]:
    clinic = Clinic.objects.get(pk=clinic.pk)
    return {**{name: getattr(clinic, name) for name in FACTS}, **other}


def week_of(clinic: Clinic) -> dict[int, tuple[dt.time, dt.time]]:
    return {time.weekday: (time.starts, time.ends) for time in clinic.times.all()}


def change(clinic: Clinic, by: User, week: Any = None, deeds: Any = None, **facts: Any) -> Any:
    """As somebody does who looks first."""
    clinic = Clinic.objects.get(pk=clinic.pk)
    new = {"facts": same(clinic, **facts), "week": week_of(clinic) if week is None else week}
    plan = plan_change(clinic, **new, by=by)
    return change_clinic(clinic, **new, deeds=deeds, stamp=plan.stamp, by=by)


def hours(clinic: Clinic) -> set[tuple[int, int]]:
    """The weekdays and hours of the sessions to come."""
    local = [timezone.localtime(each.starts_at) for each in clinic.sessions.to_come()]
    return {(each.weekday(), each.hour) for each in local}


def busy(clinic: Clinic, number: int = 0) -> ClinicSession:
    """A session with a volunteer, and two people in its last two slots."""
    session = clinic.sessions.to_come().order_by("starts_at")[number]
    shift = ShiftFactory(session=session)
    for slot in session.slots[1:3]:
        BookingFactory(session=session, shift=shift, starts_at=slot)
    return session


def test_a_new_clinic_has_its_sessions_at_once(clinic):
    assert clinic.sessions.count() in (12, 13)
    assert clinic.generated_until == timezone.localdate() + 12 * WEEK


def test_empty_sessions_follow_without_a_question(clinic, coordinator):
    before = clinic.sessions.count()
    change(clinic, coordinator, {day(2): half(10, 13)}, slot_minutes=30, places=4)
    assert hours(clinic) == {(day(2), 10)}
    change(clinic, coordinator, {day(3): half(14, 16), day(4): half(9, 11)})
    assert hours(clinic) == {(day(3), 14), (day(4), 9)}
    assert {(each.slot_minutes, each.places) for each in clinic.sessions.all()} == {(30, 4)}
    assert clinic.sessions.count() >= 2 * before - 1
    assert not Message.objects.exists()


def test_nothing_is_done_about_somebodys_session_before_somebody_has_decided(clinic, coordinator):
    session = busy(clinic)
    new = {"facts": same(clinic), "week": {day(2): half(10, 13)}}
    plan = plan_change(clinic, **new, by=coordinator)
    [group] = plan.groups
    assert (group.kind, len(group.sessions), group.volunteers, group.booked, group.unfit) == ("moved", 1, 1, 2, 0)
    assert plan.quiet == clinic.sessions.count() - 1
    for deeds in ({}, {"dropped": "cancel"}):
        with pytest.raises(Refused, match="Something changed"):
            change_clinic(clinic, **new, deeds=deeds, stamp=plan.stamp, by=coordinator)
    assert hours(clinic) == {(day(2), 9)}
    session.refresh_from_db()
    assert session.booked == 2


def test_a_session_that_is_kept_stays_and_gets_no_sister(clinic, coordinator):
    session = busy(clinic)
    change(clinic, coordinator, {day(2): half(10, 13)}, {"moved": "keep"})
    was = session.starts_at
    session.refresh_from_db()
    assert session.starts_at == was
    assert clinic.sessions.between(session.on, session.on).count() == 1
    change(clinic, coordinator, {day(2): half(11, 14)})  # and is nobody's question again
    assert hours(clinic) == {(day(2), 9), (day(2), 11)}


def test_moved_people_keep_their_order_and_those_without_a_slot_are_offered_one(clinic, coordinator):
    session = busy(clinic)
    first, second = session.bookings.order_by("starts_at")
    news = change(clinic, coordinator, {day(2): half(10, 12)}, {"moved": "move"})
    session.refresh_from_db()
    first.refresh_from_db()
    second.refresh_from_db()
    assert session.starts_at.astimezone(timezone.get_default_timezone()).hour == 10
    assert first.starts_at == first.appointment.starts_at == session.starts_at + HOUR
    assert second.state == Booking.State.CANCELLED
    assert second.appointment.cancelled_at
    assert second.replacement.state == Booking.State.HELD
    assert second.replacement.session.clinic == clinic
    assert session.shifts.standing().get().starts_at == session.starts_at
    assert (len(news.moved), len(news.released), len(news.offered)) == (1, 1, 1)
    assert set(Message.objects.values_list("kind", flat=True)) == {"sessions-changed", "bookings-changed"}


def test_sessions_move_to_another_day_of_their_week(clinic, coordinator):
    session = busy(clinic, 1)
    new_day = day(3) if day(3) else day(1)  # in the same week, Monday to Sunday
    change(clinic, coordinator, {new_day: half(9, 12)}, {"moved": "move", "dropped": "cancel"})
    session.refresh_from_db()
    assert session.on.weekday() == new_day
    assert session.pattern_on == session.on
    assert session.bookings.standing().count() == 2
    assert hours(clinic) == {(new_day, 9)}
    days = list(clinic.sessions.to_come().values_list("pattern_on", flat=True))
    assert len(days) == len(set(days))


def test_cancelled_sessions_are_made_anew_at_the_new_time_and_their_people_offered_it(clinic, coordinator):
    session = busy(clinic)
    news = change(clinic, coordinator, {day(2): half(13, 16)}, {"moved": "cancel"})
    session.refresh_from_db()
    assert session.is_cancelled
    anew = clinic.sessions.on().between(session.on, session.on).get()
    assert anew.room == clinic.room
    assert {each.session for each in news.offered} == {anew}


def test_ending_a_clinic_asks_about_those_after_the_last_day_and_those_added_by_hand(clinic, coordinator):
    kept, late = busy(clinic, 0), busy(clinic, 3)
    by_hand = ClinicSessionFactory(clinic=clinic, room=None, starts_at=late.starts_at + 24 * HOUR)
    last_day = kept.on + dt.timedelta(days=1)
    change(clinic, coordinator, None, {"dropped": "cancel"}, ends_on=last_day)
    assert list(clinic.sessions.to_come()) == [kept]
    late.refresh_from_db()
    assert late.is_cancelled
    assert not ClinicSession.objects.filter(pk=by_hand.pk).exists()
    assert {each.end_reason for each in late.shifts.all()} == {Shift.Ended.CANCELLED}


def test_a_session_moved_by_hand_stays_as_it_is(clinic, coordinator):
    session = clinic.sessions.to_come()[1]
    ClinicSession.objects.filter(pk=session.pk).update(starts_at=session.starts_at + HOUR)
    change(clinic, coordinator, {day(2): half(14, 16)})
    assert hours(clinic) == {(day(2), 10), (day(2), 14)}


def test_another_room_is_taken_where_it_is_free_and_said_where_not(clinic, coordinator, practice):
    room = RoomFactory(practice=practice, name="Room 2")
    session = busy(clinic, 2)
    ClinicSessionFactory(clinic__practice=practice, room=room, starts_at=session.starts_at)
    change(clinic, coordinator, None, {"altered": "move"}, room=room)
    session.refresh_from_db()
    assert session.room is None
    assert set(clinic.sessions.to_come().exclude(pk=session.pk).values_list("room", flat=True)) == {room.pk}
    assert Message.objects.filter(kind="clinic-without-room", to=coordinator.email).count() == 1


def test_who_is_elsewhere_or_away_at_the_new_time_comes_off_and_is_told(clinic, coordinator):
    session = busy(clinic)
    helper = session.shifts.get().volunteer
    there = ClinicSessionFactory(clinic__practice=clinic.practice, starts_at=session.ends_at)
    ShiftFactory(session=there, volunteer=helper)
    new = {"facts": same(clinic), "week": {day(2): half(10, 13)}}
    [group] = plan_change(clinic, **new, by=coordinator).groups
    assert f"{helper} is at {there.clinic} then." in group.off
    change(clinic, coordinator, new["week"], {"moved": "move"})
    assert session.shifts.get().end_reason == Shift.Ended.TAKEN_OFF
    assert session.bookings.standing().filter(shift=None).count() == 2
    assert "no longer down for" in Message.objects.get(kind="sessions-changed").text


def test_a_new_role_takes_off_those_who_are_not_cleared_for_it(clinic, coordinator):
    session = busy(clinic)
    role = VolunteerRoleFactory(name="Befriender")
    stays = VolunteerFactory(workplace=clinic.practice, roles=[clinic.role, role])
    ShiftFactory(session=session, volunteer=stays)
    plan = plan_change(clinic, facts=same(clinic, role=role), week=week_of(clinic), by=coordinator)
    assert plan.needs_answer
    assert len(plan.uncleared) == 1
    change(clinic, coordinator, role=role)
    assert session.shifts.standing().get().volunteer == stays
    with pytest.raises(Refused, match="nobody is booked with a baker"):
        change(clinic, coordinator, role=VolunteerRoleFactory(name="Baker", meets_people=False))


def test_what_was_looked_at_before_somebody_signed_up_is_stale(clinic, coordinator):
    busy(clinic)
    new = {"facts": same(clinic), "week": {day(2): half(10, 13)}}
    seen = plan_change(clinic, **new, by=coordinator)
    ShiftFactory(session=clinic.sessions.to_come()[4])
    with pytest.raises(Refused, match="Something changed"):
        change_clinic(clinic, **new, deeds={"moved": "cancel"}, stamp=seen.stamp, by=coordinator)
    assert hours(clinic) == {(day(2), 9)}


def test_more_volunteers_than_places_keep_their_places(clinic, coordinator):
    session = clinic.sessions.to_come()[0]
    ShiftFactory.create_batch(2, session=session)
    change(clinic, coordinator, places=1)
    session.refresh_from_db()
    assert (session.places, session.taken) == (2, 2)
    assert clinic.sessions.to_come()[1].places == 1


def test_one_more_day_adds_sessions_and_leaves_the_others(clinic, coordinator):
    session = busy(clinic)
    change(clinic, coordinator, {**week_of(clinic), day(3): half(9, 12)})
    assert hours(clinic) == {(day(2), 9), (day(3), 9)}
    session.refresh_from_db()
    assert session.booked == 2


def test_nobody_else_changes_a_clinic(clinic, practice_staff, manager, link_worker, volunteer, other_network):
    stranger = PostFactory(workplace=other_network, role=Role.COORDINATOR).user
    for person in (practice_staff, manager, link_worker, volunteer, stranger):
        with pytest.raises(PermissionDenied):
            change_clinic(clinic, facts=same(clinic), week={}, by=person)
        with pytest.raises(PermissionDenied):
            create_clinic(clinic.practice, facts=same(clinic, name="Other"), week={}, by=person)
    with pytest.raises(PermissionDenied):  # a room of another practice
        change_clinic(clinic, facts=same(clinic, room=RoomFactory()), week={}, by=stranger)


def test_two_clinics_of_a_practice_have_two_names(clinic, coordinator):
    with pytest.raises(Refused, match="has a clinic of that name"):
        create_clinic(clinic.practice, facts=same(clinic), week={}, by=coordinator)


@pytest.mark.django_db(transaction=True)
def test_of_two_coordinators_who_change_a_clinic_at_once_the_second_looks_again(clinic, coordinator, network):
    session = busy(clinic)
    other = PostFactory(workplace=network, role=Role.COORDINATOR).user
    facts = same(clinic)
    stamps = [plan_change(clinic, facts=facts, week={day(2): half(at, 15)}, by=coordinator).stamp for at in (10, 11)]
    results = race(
        Clinic.objects.filter(pk=clinic.pk),
        *(
            lambda by=by, at=at, stamp=stamp: change_clinic(
                clinic, facts=facts, week={day(2): half(at, 15)}, deeds={"moved": "move"}, stamp=stamp, by=by
            )
            for by, at, stamp in ((coordinator, 10, stamps[0]), (other, 11, stamps[1]))
        ),
    )
    assert str(results[1]) == STALE
    session.refresh_from_db()
    assert timezone.localtime(session.starts_at).hour == 10
