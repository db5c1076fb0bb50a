"""Booking people into slots, moving them, taking them out, and the times that are held for them."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from linkworkers.actions import Refused
from members.models import User, Workplace
from referrals import actions as of_referrals
from referrals.factories import EpisodeFactory, PersonFactory, ReferralFactory
from referrals.models import Appointment, Referral
from referrals.tests.steps import logged_in, mailed
from volunteers.actions import bookings
from volunteers.factories import BookingFactory, ClinicSessionFactory, VolunteerRoleFactory
from volunteers.factories_bookings import free_session, hold, put_on, waiting_referral
from volunteers.models import Booking, ClinicSession
from volunteers.slots import free_slots, workplaces_to_book_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(practice: Workplace, link_worker: User) -> ClinicSession:
    return free_session(practice, link_worker)


@pytest.fixture
def referral(practice: Workplace) -> Referral:
    return waiting_referral(practice, given_name="Edith")


def cancelled(session: ClinicSession, *, minutes_ago: int = 0) -> None:
    ClinicSession.objects.filter(pk=session.pk).update(cancelled_at=timezone.now() - dt.timedelta(minutes=minutes_ago))


def test_reception_books_a_waiting_referral_with_the_volunteer_who_is_on(
    session, referral, practice_staff, link_worker, volunteer
):
    shift = put_on(session, volunteer)
    made = bookings.book(referral=referral, session=session, starts_at=session.slots[1], by=practice_staff)
    made.refresh_from_db()
    referral.refresh_from_db()
    assert (made.shift, made.lane, made.appointment.with_user) == (shift, 1, volunteer)
    assert (made.appointment.starts_at, made.appointment.place) == (
        session.slots[1],
        f"The Maltings Surgery, {session.room}",
    )
    assert (referral.state, referral.episode.holder) == ("accepted", link_worker)


def test_without_a_volunteer_the_appointment_is_the_link_workers(session, referral, practice_staff, link_worker):
    made = bookings.book(referral=referral, session=session, starts_at=session.slots[0], by=practice_staff)
    assert (made.shift, made.appointment.with_user) == (None, link_worker)


def test_a_place_with_a_long_name_is_cut_and_booked(session, referral, practice_staff, practice):
    Workplace.objects.filter(pk=practice.pk).update(name="Ü" * 200)
    made = bookings.book(referral=referral, session=session, starts_at=session.slots[0], by=practice_staff)
    assert len(made.appointment.place) == 200


def test_a_slot_takes_as_many_as_are_seen_at_once(practice, link_worker, practice_staff):
    session = free_session(practice, link_worker, at_once=2)
    at = session.slots[0]
    lanes = [
        bookings.book(referral=waiting_referral(practice), session=session, starts_at=at, by=practice_staff).lane
        for _ in range(2)
    ]
    assert lanes == [1, 2]
    with pytest.raises(Refused, match="taken just now"):
        bookings.book(referral=waiting_referral(practice), session=session, starts_at=at, by=practice_staff)


def test_what_is_refused(session, referral, practice, practice_staff, link_worker):
    def refuse(said: str, into: ClinicSession = session, at: dt.datetime | None = None) -> None:
        with pytest.raises(Refused, match=said):
            bookings.book(referral=referral, session=into, starts_at=at or into.slots[0], by=practice_staff)

    refuse("times of this session have changed", at=session.slots[0] + dt.timedelta(minutes=7))
    refuse("times of this session have changed", at=session.ends_at)
    begun = free_session(practice, link_worker, starts_at=timezone.now() - dt.timedelta(minutes=40))
    refuse("over", begun)
    greeters = free_session(practice, link_worker)
    greeters.clinic.role = VolunteerRoleFactory(meets_people=False)
    greeters.clinic.save()
    refuse("times of this session have changed", greeters)
    bookings.book(referral=referral, session=session, starts_at=session.slots[2], by=practice_staff)
    refuse("has a time in this session already, at 10:00")
    beside = free_session(practice, link_worker)
    refuse("has an appointment at that time", beside, beside.slots[2])
    cancelled(beside)
    refuse("has just been cancelled", beside)
    assert Booking.objects.count() == 1
    assert Appointment.objects.count() == 1


@pytest.mark.parametrize("somebody", ["outsider", "volunteer", "coordinator", "manager"])
def test_who_may_not(somebody, session, referral, practice_staff, link_worker, request):
    person = request.getfixturevalue(somebody)
    with pytest.raises(PermissionDenied):
        bookings.book(referral=referral, session=session, starts_at=session.slots[0], by=person)
    made = bookings.book(referral=referral, session=session, starts_at=session.slots[0], by=practice_staff)
    with pytest.raises(PermissionDenied):
        bookings.move(booking=made, session=session, starts_at=session.slots[1], by=person)
    with pytest.raises(PermissionDenied):
        bookings.cancel(booking=made, reason="", by=person)
    held = hold(made, session, session.slots[3])
    with pytest.raises(PermissionDenied):
        bookings.confirm(booking=held, by=person)


def test_a_practice_books_nobody_into_another_practices_clinic_and_a_link_worker_does(
    referral, network, link_worker, practice_staff
):
    elsewhere = free_session(
        Workplace.objects.create(kind="practice", name="Grange Street", parent=network), link_worker
    )
    with pytest.raises(PermissionDenied):
        bookings.book(referral=referral, session=elsewhere, starts_at=elsewhere.slots[0], by=practice_staff)
    made = bookings.book(referral=referral, session=elsewhere, starts_at=elsewhere.slots[0], by=link_worker)
    bookings.cancel(booking=made, reason="She rang us.", by=practice_staff)
    made.refresh_from_db()
    assert made.state == "cancelled"


def test_moving_gives_the_old_time_back_and_keeps_it_when_the_new_one_is_gone(
    session, referral, practice, practice_staff, link_worker
):
    first = bookings.book(referral=referral, session=session, starts_at=session.slots[0], by=practice_staff)
    other = free_session(practice, link_worker, starts_at=session.starts_at + dt.timedelta(days=7))
    BookingFactory(session=other)
    with pytest.raises(Refused, match="taken just now"):
        bookings.move(booking=first, session=other, starts_at=other.slots[0], by=practice_staff)
    first.refresh_from_db()
    assert (first.state, first.appointment.cancelled_at) == ("booked", None)
    second = bookings.move(booking=first, session=session, starts_at=session.slots[1], by=practice_staff)
    third = bookings.move(booking=second, session=other, starts_at=other.slots[1], by=practice_staff)
    assert third.replaces == second
    assert list(Appointment.objects.filter(episode=referral.episode, cancelled_at=None)) == [third.appointment]
    session.refresh_from_db()
    assert session.booked == 0
    with pytest.raises(Refused, match="cancelled already"):
        bookings.move(booking=first, session=session, starts_at=session.slots[0], by=practice_staff)


def test_cancelled_from_the_case_page_the_slot_is_free(session, referral, practice_staff, link_worker):
    made = bookings.book(referral=referral, session=session, starts_at=session.slots[0], by=practice_staff)
    of_referrals.cancel_appointment(appointment=made.appointment, note="She moved away.", by=link_worker)
    made.refresh_from_db()
    assert (made.state, made.cancel_reason, made.cancelled_by) == ("cancelled", "She moved away.", link_worker)
    assert free_slots([session])[session.pk][0].starts_at == session.slots[0]
    with pytest.raises(Refused, match="cancelled already"):
        bookings.cancel(booking=made, reason="", by=practice_staff)


def test_what_the_link_worker_writes_of_it_says_whether_they_came(session, referral, practice_staff, link_worker):
    made = bookings.book(referral=referral, session=session, starts_at=session.slots[0], by=practice_staff)
    of_referrals.log_contact(
        episode=referral.episode,
        by=link_worker,
        kind="clinic",
        result="did_not_attend",
        note="",
        happened_at=timezone.now(),
        appointment=made.appointment,
    )
    made.refresh_from_db()
    assert made.state == "missed"
    with pytest.raises(Refused, match="Book a new one"):
        bookings.cancel(booking=made, reason="", by=practice_staff)


# Times held


@pytest.fixture
def held(session: ClinicSession, practice: Workplace, link_worker: User, practice_staff: User) -> Booking:
    """Edith's, whose session was cancelled; the time kept for her is the third of `session`."""
    episode = EpisodeFactory(
        person=PersonFactory(practice=practice, given_name="Edith"), accepted=True, holder=link_worker
    )
    gone = BookingFactory(
        session=free_session(practice, link_worker, starts_at=session.starts_at - dt.timedelta(days=1)),
        referral=ReferralFactory(episode=episode, submitted_by=practice_staff),
    )
    found = hold(gone, session, session.slots[2])
    cancelled(gone.session)
    return found


def test_they_agree_and_it_is_booked_with_whoever_is_on(held, practice_staff, volunteer):
    put_on(held.session, volunteer)
    made = bookings.confirm(booking=held, by=practice_staff)
    made.refresh_from_db()
    assert (made.state, made.appointment.with_user, made.appointment.starts_at) == ("booked", volunteer, made.starts_at)
    with pytest.raises(Refused, match="have this time already"):
        bookings.confirm(booking=held, by=practice_staff)


def test_a_held_time_can_be_changed_for_another_or_let_go(held, practice_staff):
    other = bookings.move(booking=held, session=held.session, starts_at=held.session.slots[4], by=practice_staff)
    held.refresh_from_db()
    assert (held.state, other.state, other.replaces) == ("cancelled", "booked", held)
    assert not Booking.objects.of_referrals_visible_to(practice_staff).without_a_time().exists()


def test_a_held_time_is_not_agreed_once_the_case_is_closed(held, practice_staff, link_worker):
    of_referrals.close(episode=held.referral.episode, outcome="moved", note="", letter="", by=link_worker)
    with pytest.raises(Refused, match="is closed"):
        bookings.confirm(booking=held, by=practice_staff)
    assert bookings.release_offers() == 1
    assert mailed("booking-offer-lapsed") == []


def test_a_held_time_nobody_answers_for_is_given_back_and_the_person_is_not_lost(held, practice_staff, link_worker):
    assert bookings.release_offers() == 0
    Booking.objects.filter(pk=held.pk).update(booked_at=timezone.now() - dt.timedelta(days=15))
    assert bookings.release_offers() == 1
    assert bookings.release_offers() == 0
    held.refresh_from_db()
    assert held.state == "cancelled"
    assert mailed("booking-offer-lapsed") == sorted([practice_staff.email, link_worker.email])
    waiting = Booking.objects.of_referrals_visible_to(practice_staff).without_a_time()
    assert list(waiting) == [held]
    bookings.book(referral=held.referral, session=held.session, starts_at=held.session.slots[0], by=practice_staff)
    assert not waiting.all().exists()


def test_a_held_time_is_given_back_the_day_before(held):
    Booking.objects.filter(pk=held.pk).update(starts_at=timezone.now() + dt.timedelta(hours=23))
    assert bookings.release_offers() == 1


def test_who_was_taken_out_before_the_session_was_cancelled_needs_no_time(session, referral, practice_staff):
    made = bookings.book(referral=referral, session=session, starts_at=session.slots[0], by=practice_staff)
    bookings.cancel(booking=made, reason="She is better.", by=practice_staff)
    Booking.objects.update(cancelled_at=timezone.now() - dt.timedelta(hours=1))
    cancelled(session)
    assert not Booking.objects.without_a_time().exists()


def test_who_no_longer_fits_when_a_coordinator_moves_the_session_is_not_lost(session, coordinator, practice_staff):
    booking = BookingFactory(session=session)
    Booking.objects.update(state="cancelled", cancelled_at=timezone.now(), cancelled_by=coordinator)
    assert list(Booking.objects.without_a_time()) == [booking]
    Booking.objects.update(cancelled_by=practice_staff)
    assert not Booking.objects.without_a_time().exists()


# Pages


def test_free_times_are_read_in_one_query_and_none_has_begun(session, practice, link_worker, django_assert_num_queries):
    begun = free_session(practice, link_worker, starts_at=timezone.now() - dt.timedelta(minutes=40))
    BookingFactory(session=session)
    later = free_session(practice, link_worker, starts_at=session.starts_at + dt.timedelta(days=1), slot_minutes=20)
    # From before the slots became shorter: it touches two of them.
    BookingFactory(session=later, ends_at=later.starts_at + dt.timedelta(minutes=30))
    with django_assert_num_queries(1):
        found = free_slots([session, begun, later])
    assert [slot.starts_at for slot in found[session.pk]] == session.slots[1:]
    assert [slot.starts_at for slot in found[begun.pk]] == begun.slots[2:]
    assert [slot.starts_at for slot in found[later.pk]] == later.slots[2:]


def test_where_one_can_book_follows_posts_and_sessions_to_come(
    practice, network, link_worker, practice_staff, outsider, coordinator
):
    assert workplaces_to_book_for(practice_staff) == frozenset()
    session = free_session(practice, link_worker)
    assert workplaces_to_book_for(practice_staff) == {practice.pk}
    assert workplaces_to_book_for(link_worker) == {network.pk}
    assert workplaces_to_book_for(outsider) == workplaces_to_book_for(coordinator) == frozenset()
    cancelled(session)
    assert workplaces_to_book_for(practice_staff) == frozenset()


def test_the_page_books_what_is_chosen_and_says_when_it_is_gone(session, referral, practice, practice_staff):
    client = logged_in(practice_staff)
    page = f"/volunteers/book/{referral.reference}/"
    key = f"{session.pk}-{int(session.slots[0].timestamp())}"
    shown = client.get(page).content.decode()
    assert f'value="{key}"' in shown
    assert shown.count("checked") == 1
    BookingFactory(session=session)
    again = client.post(page, {"slot": key})
    assert "That time is no longer free. Choose another." in again.content.decode()
    assert again.context["form"]["slot"].value() == f"{session.pk}-{int(session.slots[1].timestamp())}"
    for hostile in ("", "x", "1-2-3", f"{session.pk}-99999999999999999999", "\0"):
        assert client.post(page, {"slot": hostile}).status_code == 200
    booked = client.post(page, {"slot": f"{session.pk}-{int(session.slots[1].timestamp())}"})
    made = Booking.objects.get(referral=referral)
    assert booked.url == f"/volunteers/bookings/{made.pk}/desk/"
    assert client.get(booked.url).status_code == 200
    assert client.get(f"/volunteers/bookings/{made.pk}/slip.pdf").content.startswith(b"%PDF")


def test_the_page_of_a_full_clinic_says_so(practice, referral, practice_staff, link_worker):
    begun = free_session(practice, link_worker, starts_at=timezone.now() - dt.timedelta(minutes=170))
    client, page = logged_in(practice_staff), f"/volunteers/book/{referral.reference}/"
    assert "No free times" in client.get(page).content.decode()
    again = client.post(page, {"slot": f"{begun.pk}-{int(begun.slots[0].timestamp())}"})
    assert "No free times" in again.content.decode()


def test_the_front_desk_of_another_practice_is_not_told_who_comes(practice, network, link_worker, practice_staff):
    theirs = waiting_referral(Workplace.objects.create(kind="practice", name="Grange Street", parent=network))
    person = theirs.episode.person
    session = free_session(practice, link_worker)
    made = bookings.book(referral=theirs, session=session, starts_at=session.slots[0], by=link_worker)
    client = logged_in(practice_staff)
    page = client.get("/volunteers/bookings/").content.decode()
    assert "Somebody from Grange Street" in page
    assert person.family_name not in page
    for path in ("desk/", "slip.pdf", "move/", "cancel/"):
        assert client.get(f"/volunteers/bookings/{made.pk}/{path}").status_code == 404
    assert client.post(f"/volunteers/bookings/{made.pk}/confirm/").status_code == 404


@pytest.mark.parametrize("name", ["", "?list=missed", "to-offer/", "list.pdf"])
def test_lists_ask_the_same_with_one_row_and_thirty(
    name, practice, link_worker, practice_staff, django_assert_max_num_queries
):
    client = logged_in(practice_staff)
    hours = iter(range(1, 1000))

    def more(count: int) -> None:
        for _ in range(count):
            at = timezone.now() + dt.timedelta(hours=next(hours)) * (-1 if "missed" in name else 4)
            session = ClinicSessionFactory(clinic=free.clinic, room=None, starts_at=at)
            made = BookingFactory(session=session, state="missed" if "missed" in name else "booked")
            if name == "to-offer/":
                hold(made, session, session.slots[1])

    free = free_session(practice, link_worker)
    client.get("/volunteers/bookings/")
    more(1)
    with django_assert_max_num_queries(9) as one:
        assert client.get(f"/volunteers/bookings/{name}").status_code == 200
    more(29)
    with django_assert_max_num_queries(len(one)):
        client.get(f"/volunteers/bookings/{name}")


def test_nothing_of_a_person_is_on_any_page_that_a_coordinator_opens(session, practice, practice_staff, coordinator):
    referral = waiting_referral(practice, given_name="Zbigniewa", family_name="Quillfeather")
    made = bookings.book(referral=referral, session=session, starts_at=session.slots[0], by=practice_staff)
    client = logged_in(coordinator)
    for path in (
        "rota/",
        "",
        "bookings/",
        "bookings/list.pdf",
        "day/",
        f"bookings/{made.pk}/",
        f"bookings/{made.pk}/desk/",
    ):
        assert "Quillfeather" not in client.get(f"/volunteers/{path}").content.decode()
