"""Sessions cancelled, moved, added: nobody stays on or booked in what does not take place, and everybody is told."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from linkworkers.actions import Refused
from linkworkers.outbox.models import Message
from members.factories import PostFactory
from members.models import Role, User, Workplace
from referrals.factories import AppointmentFactory
from referrals.tests.race import race
from volunteers.actions.sessions import add_session, cancel_session, change_session, move_session, next_free_slot
from volunteers.factories import (
    BookingFactory,
    ClinicFactory,
    ClinicSessionFactory,
    RoomFactory,
    ShiftFactory,
    VolunteerFactory,
    in_london,
)
from volunteers.models import Booking, ClinicSession, Shift

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)
WEEK = dt.timedelta(weeks=1)


@pytest.fixture
def session(practice: Workplace, coordinator: User) -> ClinicSession:
    """In three days, with two slots' people booked and one volunteer, and another session a week later."""
    clinic = ClinicFactory(practice=practice, name="Tuesday clinic", slot_minutes=60, places=2)
    made = ClinicSessionFactory(clinic=clinic)
    shift = ShiftFactory(session=made)
    for number in range(2):
        BookingFactory(session=made, shift=shift, starts_at=made.starts_at + number * HOUR)
    made.refresh_from_db()
    return made


def test_cancelling_ends_shifts_bookings_and_appointments_and_keeps_the_next_slots(session, coordinator, practice):
    later = ClinicSessionFactory(clinic=session.clinic, starts_at=session.starts_at + WEEK)
    BookingFactory(session=later)
    news = cancel_session(session, reason="The boiler is broken.", by=coordinator)
    session.refresh_from_db()
    assert session.is_cancelled
    assert session.cancel_reason == "The boiler is broken."
    assert (session.taken, session.booked) == (0, 0)
    assert {shift.end_reason for shift in session.shifts.all()} == {Shift.Ended.CANCELLED}
    for old in session.bookings.all():
        assert old.state == Booking.State.CANCELLED
        assert old.appointment.cancelled_by == coordinator
        assert old.replacement.state == Booking.State.HELD
        assert old.replacement.referral == old.referral
        assert old.replacement.appointment is None
    assert [each.starts_at for each in news.offered] == [later.starts_at + number * HOUR for number in (1, 2)]


def test_who_is_told_of_a_cancelled_session(session, coordinator):
    staff = {booking.booked_by.email for booking in session.bookings.all()}
    helper = session.shifts.get().user
    cancel_session(session, reason="Secret reason about Jim Hartley", by=coordinator)
    mails = list(Message.objects.all())
    assert {mail.to for mail in mails} == {helper.email, *staff}
    [to_practice] = [mail for mail in mails if mail.kind == "bookings-changed"]
    assert "2 people were booked" in to_practice.text
    assert "/volunteers/bookings/to-offer/" in to_practice.text
    people = [booking.referral.episode.person.family_name for booking in session.bookings.all()]
    assert not [name for name in [*people, "Hartley"] for mail in mails if name in mail.text + mail.html]


def test_a_practice_with_a_shared_mailbox_gets_one_mail_there(session, coordinator, practice):
    Workplace.objects.filter(pk=practice.pk).update(email="desk@maltings.test")
    cancel_session(session, reason="Ill", by=coordinator)
    assert Message.objects.get(kind="bookings-changed").to == "desk@maltings.test"


def test_another_clinic_with_the_same_role_is_next_and_where_nothing_is_free_nothing_is_kept(session, coordinator):
    clinic = session.clinic
    other = ClinicFactory(practice=clinic.practice, role=clinic.role)
    one = ClinicSessionFactory(clinic=other, starts_at=session.starts_at + WEEK, slot_minutes=180)
    unlike = ClinicFactory(practice=clinic.practice)  # another role
    ClinicSessionFactory(clinic=unlike, starts_at=session.starts_at + WEEK)
    ClinicSessionFactory(clinic__role=clinic.role, starts_at=session.starts_at + WEEK)  # another practice
    news = cancel_session(session, reason="Ill", by=coordinator)
    assert [each.session for each in news.offered] == [one]
    assert len(news.released) == 2


def test_a_slot_kept_in_a_session_that_is_cancelled_too_is_kept_further_on(session, coordinator):
    later = [ClinicSessionFactory(clinic=session.clinic, starts_at=session.starts_at + n * WEEK) for n in (1, 2)]
    cancel_session(session, reason="Ill", by=coordinator)
    news = cancel_session(later[0], reason="Still ill", by=coordinator)
    assert {each.session for each in news.offered} == {later[1]}
    assert {each.replaces.state for each in news.offered} == {Booking.State.CANCELLED}


def test_cancelling_twice_or_what_has_begun_is_refused(session, coordinator):
    cancel_session(session, reason="Ill", by=coordinator)
    with pytest.raises(Refused, match="cancelled already"):
        cancel_session(session, reason="Ill", by=coordinator)
    begun = ClinicSessionFactory(clinic=session.clinic, starts_at=timezone.now() - HOUR)
    with pytest.raises(Refused, match="has begun"):
        cancel_session(begun, reason="Ill", by=coordinator)


def test_nobody_else_changes_a_session(session, practice_staff, volunteer, manager, link_worker, other_network):
    stranger = PostFactory(workplace=other_network, role=Role.COORDINATOR).user
    then = {"starts_at": session.starts_at + WEEK, "ends_at": session.ends_at + WEEK, "room": None}
    for person in (practice_staff, volunteer, manager, link_worker, stranger):
        with pytest.raises(PermissionDenied):
            cancel_session(session, reason="No", by=person)
        with pytest.raises(PermissionDenied):
            move_session(session, **then, by=person)
        with pytest.raises(PermissionDenied):
            change_session(session, places=3, at_least=1, note="", by=person)
        with pytest.raises(PermissionDenied):
            add_session(session.clinic, **then, places=1, by=person)


def test_moving_takes_shifts_bookings_and_appointments_along_in_their_order(session, coordinator):
    room = RoomFactory(practice=session.clinic.practice, name="Room 9")
    begins = session.starts_at + dt.timedelta(minutes=60)  # the first takes the slot that the second has
    move_session(session, starts_at=begins, ends_at=session.ends_at + HOUR, room=room, by=coordinator)
    bookings = list(session.bookings.order_by("pk"))
    assert [each.starts_at for each in bookings] == [begins, begins + HOUR]
    assert [each.lane for each in bookings] == [1, 1]
    assert [each.appointment.starts_at for each in bookings] == [begins, begins + HOUR]
    assert bookings[0].appointment.place == f"{session.clinic.practice}, Room 9"
    assert session.shifts.get().starts_at == begins
    kinds = Message.objects.values_list("kind", flat=True)
    assert sorted(kinds) == ["bookings-changed", "sessions-changed"]
    assert "has changed. Please tell them" in Message.objects.get(kind="bookings-changed").text


def refused(session: ClinicSession, match: str, by: User, **change: object) -> None:
    then = {"starts_at": session.starts_at, "ends_at": session.ends_at, "room": session.room, **change}
    with pytest.raises(Refused, match=match):
        move_session(session, **then, by=by)


def test_what_is_in_the_way_of_a_move_is_named(session, coordinator):
    clinic = session.clinic
    beside = ClinicSessionFactory(clinic=clinic, starts_at=session.starts_at + WEEK)
    refused(
        session, "Tuesday clinic has a session then: ", coordinator, starts_at=beside.starts_at, ends_at=beside.ends_at
    )
    room = RoomFactory(practice=clinic.practice, name="Room 2")
    ClinicSessionFactory(clinic=ClinicFactory(practice=clinic.practice, name="Café", room=room))
    refused(session, "Room 2 is taken 09:00–12:00 by Café.", coordinator, room=room)
    helper = session.shifts.get().volunteer
    there = ClinicSessionFactory(
        clinic=ClinicFactory(practice=clinic.practice, name="Desk"),
        starts_at=session.ends_at,
        ends_at=session.ends_at + HOUR,
    )
    ShiftFactory(session=there, volunteer=helper)
    later = {"starts_at": session.starts_at + HOUR, "ends_at": session.ends_at + HOUR}
    refused(session, f"{helper} is at Desk, The Maltings Surgery then.", coordinator, **later)
    refused(session, "have no slot then", coordinator, ends_at=session.starts_at + HOUR)
    refused(session, "This time is over", coordinator, starts_at=timezone.now() - HOUR, ends_at=timezone.now())
    refused(session, "end after it begins", coordinator, ends_at=session.starts_at)
    refused(session, "already", coordinator)


def test_a_volunteer_who_is_away_or_whose_person_has_something_else_is_in_the_way(session, coordinator):
    helper = session.shifts.get().volunteer
    day = session.on + dt.timedelta(days=1)
    helper.absences.create(first_day=day, last_day=day)
    tomorrow = {"starts_at": session.starts_at + 24 * HOUR, "ends_at": session.ends_at + 24 * HOUR}
    refused(session, f"{helper} is away on that day", coordinator, **tomorrow)
    other = AppointmentFactory(episode=session.bookings.last().referral.episode, starts_at=session.starts_at + 5 * HOUR)
    assert other
    refused(
        session,
        "1 of the people booked",
        coordinator,
        starts_at=session.starts_at + 4 * HOUR,
        ends_at=session.ends_at + 4 * HOUR,
    )


def test_a_room_of_another_practice_is_no_room(session, coordinator):
    with pytest.raises(PermissionDenied):
        move_session(session, starts_at=session.starts_at, ends_at=session.ends_at, room=RoomFactory(), by=coordinator)


def test_an_extra_session_is_added_where_time_and_room_are_free(session, coordinator):
    then = {"starts_at": in_london(days=9), "ends_at": in_london(days=9, hour=11), "room": session.room}
    made = add_session(session.clinic, **then, places=3, note="Flu jabs", by=coordinator)
    assert (made.pattern_on, made.places, made.note) == (None, 3, "Flu jabs")
    with pytest.raises(Refused, match="has a session then"):
        add_session(session.clinic, **then, places=3, by=coordinator)


def test_places_are_not_taken_from_under_somebody(session, coordinator):
    ShiftFactory(session=session)
    with pytest.raises(Refused, match="2 volunteers are on it"):
        change_session(session, places=1, at_least=1, note="", by=coordinator)
    with pytest.raises(Refused, match="more volunteers than"):
        change_session(session, places=2, at_least=3, note="", by=coordinator)
    assert change_session(session, places=4, at_least=2, note="Bring cake", by=coordinator).note == "Bring cake"


def test_the_next_free_slot_of_a_session_and_of_a_clinic(session):
    slot = next_free_slot(session, session.starts_at - HOUR)
    assert (slot.starts_at, slot.lane, slot.ends_at) == (session.starts_at + 2 * HOUR, 1, session.ends_at)
    assert next_free_slot(session, session.ends_at) is None
    assert next_free_slot(session.clinic, session.starts_at).starts_at == session.starts_at + 2 * HOUR


def outcome(results: list[object]) -> tuple[int, int]:
    """How many were done, and how many refused."""
    done = [each for each in results if not isinstance(each, Exception)]
    return len(done), len([each for each in results if isinstance(each, Refused)])


@pytest.mark.django_db(transaction=True)
def test_of_two_coordinators_who_cancel_or_move_a_session_at_once_one_is_told(session, coordinator, network):
    other = PostFactory(workplace=network, role=Role.COORDINATOR).user
    held = ClinicSession.objects.filter(pk=session.pk)
    then = {"starts_at": session.starts_at + WEEK, "ends_at": session.ends_at + WEEK, "room": None}
    results = race(
        held,
        lambda: cancel_session(session, reason="Ill", by=coordinator),
        lambda: move_session(session, **then, by=other),
    )
    assert outcome(results) == (1, 1)
    later = ClinicSessionFactory(clinic=session.clinic, starts_at=in_london(days=20))
    results = race(
        ClinicSession.objects.filter(pk=later.pk),
        lambda: cancel_session(later, reason="Ill", by=coordinator),
        lambda: cancel_session(later, reason="Ill", by=other),
    )
    assert outcome(results) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_a_slot_taken_while_a_session_is_cancelled_never_survives(session, coordinator):
    referral = session.bookings.first().referral
    facts = {
        "session": session,
        "referral": referral,
        "starts_at": session.starts_at + 2 * HOUR,
        "ends_at": session.ends_at,
        "booked_by": referral.submitted_by,
        "state": Booking.State.HELD,
    }
    held = ClinicSession.objects.filter(pk=session.pk)
    cancel = lambda: cancel_session(session, reason="Ill", by=coordinator)  # noqa: E731
    race(held, lambda: Booking.objects.create(**facts), cancel)
    assert not Booking.objects.standing().filter(session=session).exists()
    session.refresh_from_db()
    assert session.is_cancelled
    other = ClinicSessionFactory(clinic=session.clinic, starts_at=in_london(days=20))
    facts |= {"session": other, "starts_at": other.starts_at, "ends_at": other.starts_at + HOUR}
    results = race(
        ClinicSession.objects.filter(pk=other.pk),
        lambda: cancel_session(other, reason="Ill", by=coordinator),
        lambda: Booking.objects.create(**facts),
    )
    assert "session_cancelled_is_empty" in str(results[1])


@pytest.mark.django_db(transaction=True)
def test_two_sessions_that_offer_each_other_their_slots_do_not_wait_for_each_other(session, coordinator):
    later = ClinicSessionFactory(clinic=session.clinic, starts_at=session.starts_at + WEEK)
    BookingFactory(session=later)
    results = race(
        ClinicSession.objects.filter(pk__in=[session.pk, later.pk]),
        lambda: cancel_session(later, reason="Ill", by=coordinator),
        lambda: cancel_session(session, reason="Ill", by=coordinator),
    )
    assert outcome(results) == (2, 0)
    assert not Booking.objects.standing().exists()


def test_a_volunteer_of_the_network_may_be_seen_elsewhere_without_saying_where(session, coordinator):
    helper = session.shifts.get()
    far = VolunteerFactory(user=helper.user)
    PostFactory(user=helper.user, workplace=far.workplace, role=Role.VOLUNTEER)
    there = ClinicSessionFactory(clinic__practice=far.workplace, starts_at=session.ends_at)
    ShiftFactory(session=there, volunteer=far)
    later = {"starts_at": session.starts_at + HOUR, "ends_at": session.ends_at + HOUR}
    refused(session, "is on a shift elsewhere then", coordinator, **later)
