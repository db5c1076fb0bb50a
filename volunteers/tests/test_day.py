"""The volunteer's day: the people booked with them and nobody else, and what came of each."""

import datetime as dt
import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from linkworkers.actions import Refused
from linkworkers.audit.models import AuditEvent
from members.factories import PostFactory
from members.models import Role, User, Workplace
from referrals import actions as of_referrals
from referrals.factories import CareContactFactory
from referrals.models import CareContact, CodedEntry, FollowUp
from referrals.tests.steps import logged_in, mailed
from tests.cast import make_user
from volunteers.actions import day
from volunteers.actions._shifts import end_shift, lock_shift
from volunteers.factories import BookingFactory, volunteer_of
from volunteers.factories_bookings import free_session, hold, put_on, seen_now
from volunteers.models import Booking, Shift

pytestmark = pytest.mark.django_db
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


@pytest.fixture
def booking(practice: Workplace, volunteer: User, link_worker: User) -> Booking:
    """Edith's, an hour ago."""
    return seen_now(practice, volunteer, link_worker, ago=HOUR, given_name="Edith", family_name="Quillfeather")


def pages(booking: Booking) -> list[str]:
    on = booking.session.on.isoformat()
    return [
        reverse("booking", args=[booking.pk]),
        reverse("booking_write_up", args=[booking.pk]),
        reverse("volunteer_day_on", args=[on]),
        reverse("volunteer_day_sheet", args=[on]),
    ]


def sees(user: User, booking: Booking) -> bool:
    """By the query and by the page, which have to agree."""
    found = Booking.objects.booked_with(User.objects.get(pk=user.pk)).filter(pk=booking.pk).exists()
    assert (logged_in(user).get(pages(booking)[0]).status_code == 200) == found
    return found


def test_the_day_shows_who_is_booked_with_them_and_each_look_is_recorded(booking, volunteer):
    client = logged_in(volunteer)
    looks = AuditEvent.objects.filter(actor_id=volunteer.pk, person_id=booking.referral.episode.person_id)
    for number, page in enumerate(pages(booking), start=1):
        assert client.get(page).status_code == 200
        assert looks.filter(verb__endswith=".viewed").count() == number, page


def test_nothing_shows_the_address_the_phone_or_what_others_wrote(booking, volunteer, link_worker):
    person = booking.referral.episode.person
    person.phone, person.address, person.nhs_number = "07700 900999", "9 Hidden Lane", "9990000018"
    person.email = "edith@example.test"
    person.save()
    CareContactFactory(episode=booking.referral.episode, by=link_worker, note="Told me about her son.")
    CareContactFactory(episode=booking.referral.episode, by=volunteer, note="Likes the allotment.")
    client = logged_in(volunteer)
    shown = "".join(client.get(page).content.decode(errors="replace") for page in pages(booking)[:3])
    assert "Likes the allotment." in shown
    for secret in ("900999", "Hidden Lane", "999 000 0018", "9990000018", "edith@", "her son", "1946"):
        assert secret not in shown


def test_another_volunteer_of_the_same_session_does_not_see_them(booking, practice, volunteer):
    other = make_user("Ines Prado", Role.VOLUNTEER, practice)
    volunteer_of(other)
    booking.session.places = 2
    booking.session.save()
    put_on(booking.session, other)
    assert not sees(other, booking)
    client = logged_in(other)
    for page in pages(booking)[:2]:
        assert client.get(page).status_code == 404
    for page in pages(booking)[2:3]:
        assert "Quillfeather" not in client.get(page).content.decode()
    assert client.post(reverse("booking_mark", args=[booking.pk]), {"came": "yes"}).status_code == 404
    for act in (lambda: day.mark(booking=booking, came=True, by=other), lambda: write(booking, other)):
        with pytest.raises(PermissionDenied):
            act()


def test_it_ends_with_the_post(booking, volunteer):
    assert sees(volunteer, booking)
    volunteer.posts.update(end_date=timezone.localdate() - DAY, start_date=dt.date(2020, 1, 1))
    assert not sees(volunteer, booking)
    with pytest.raises(PermissionDenied):
        write(booking, User.objects.get(pk=volunteer.pk))


def test_a_post_at_another_practice_does_not_keep_it_open(booking, volunteer, other_practice):
    volunteer.posts.update(end_date=timezone.localdate() - DAY, start_date=dt.date(2020, 1, 1))
    PostFactory(user=volunteer, workplace=other_practice, role=Role.VOLUNTEER)
    assert not sees(volunteer, booking)


def test_whoever_covers_sees_them_and_whoever_gave_up_no_longer_does(practice, volunteer, link_worker):
    session = free_session(practice, link_worker, places=2)
    shift = put_on(session, volunteer)
    booking = BookingFactory(session=session, shift=shift)
    other = make_user("Ines Prado", Role.VOLUNTEER, practice)
    put_on(session, other)
    with transaction.atomic():
        end_shift(lock_shift(shift.pk), reason=Shift.Ended.GIVEN_UP, by=volunteer)
    assert not sees(volunteer, booking)
    assert sees(other, booking)


def test_a_time_that_is_only_held_is_not_shown(practice, volunteer, link_worker):
    session = free_session(practice, link_worker)
    shift = put_on(session, volunteer)
    held = hold(BookingFactory(session=free_session(practice, link_worker)), session, session.slots[0])
    Booking.objects.filter(pk=held.pk).update(shift=shift)
    assert not sees(volunteer, held)


@pytest.mark.parametrize(
    ("days", "written", "closed", "seen"),
    [
        (13, True, False, True),
        (15, False, False, True),
        (15, True, False, True),  # just written up
        (15, False, True, False),
        (13, True, True, True),
    ],
)
def test_how_long_it_stays(days, written, closed, seen, practice, volunteer, link_worker):
    booking = seen_now(practice, volunteer, link_worker, ago=days * DAY)
    if written:
        write(booking, volunteer)
    if closed:
        of_referrals.close(episode=booking.referral.episode, outcome="moved", note="", letter="", by=link_worker)
    assert sees(volunteer, booking) == seen


def test_what_was_written_up_long_ago_is_gone(practice, volunteer, link_worker):
    booking = seen_now(practice, volunteer, link_worker, ago=15 * DAY)
    CareContactFactory(
        episode=booking.referral.episode,
        appointment=booking.appointment,
        by=volunteer,
        created_at=timezone.now() - 2 * DAY,
    )
    assert not sees(volunteer, booking)


# What came of it


def write(booking: Booking, by: User, **facts: object) -> CareContact:
    return day.write_up(booking=booking, by=by, **{"came": True, "note": "We talked.", **facts})


def test_marked_twice_it_is_as_marked_once_and_can_be_put_right(booking, volunteer):
    for _ in range(2):
        day.mark(booking=booking, came=False, by=volunteer)
    assert AuditEvent.objects.filter(verb="booking.marked").count() == 1
    assert not CareContact.objects.exists()
    day.mark(booking=booking, came=True, by=volunteer)
    write(booking, volunteer)
    assert day.mark(booking=booking, came=True, by=volunteer).state == "attended"
    with pytest.raises(Refused, match="written down already"):
        day.mark(booking=booking, came=False, by=volunteer)


def test_nothing_is_marked_or_written_before_its_time(practice, volunteer, link_worker):
    session = free_session(practice, link_worker)
    booking = BookingFactory(session=session, shift=put_on(session, volunteer))
    for act in (lambda: day.mark(booking=booking, came=True, by=volunteer), lambda: write(booking, volunteer)):
        with pytest.raises(Refused, match="still to come"):
            act()


def test_writing_up_makes_the_case_active_once_and_saves_once(booking, volunteer):
    key = uuid.uuid4()
    first = write(booking, volunteer, submission_key=key, minutes=25, next_step="Look for a choir.")
    assert write(booking, volunteer, submission_key=key, minutes=25, next_step="Look for a choir.") == first
    booking.refresh_from_db()
    booking.referral.refresh_from_db()
    assert (booking.state, booking.referral.state, first.minutes) == ("attended", "active", 25)
    assert first.note == "We talked.\n\nNext step: Look for a choir."
    assert (first.happened_at, first.appointment) == (booking.starts_at, booking.appointment)
    assert CodedEntry.objects.count() == 1
    with pytest.raises(Refused):
        write(booking, volunteer, note="Another.")


def test_asking_the_link_worker_to_take_over_is_on_their_list_today(booking, volunteer, link_worker):
    write(booking, volunteer, take_over="Eviction notice, " + "x" * 140)
    follow_up = FollowUp.objects.waiting_for(link_worker).get()
    assert follow_up.what.startswith("Tom Ashby asks you to take over: Eviction notice")
    assert follow_up.due_on == timezone.localdate()
    assert mailed("booking-take-over") == [link_worker.email]
    assert "asks you to take over" in logged_in(link_worker).get(reverse("today")).content.decode()


def test_a_closed_case_takes_no_write_up(booking, volunteer, link_worker):
    of_referrals.close(episode=booking.referral.episode, outcome="moved", note="", letter="", by=link_worker)
    with pytest.raises(Refused, match="is closed"):
        write(booking, volunteer)
    assert not Booking.objects.booked_with(volunteer).unwritten().exists()
    page = logged_in(volunteer).get(pages(booking)[2]).content.decode()
    assert "This case has been closed" in page


def test_who_did_not_come_is_written_down_two_hours_after_the_session_once(practice, volunteer, link_worker):
    booking = seen_now(practice, volunteer, link_worker, ago=4 * HOUR)
    day.mark(booking=booking, came=False, by=volunteer)
    assert day.write_down_missed() == 0
    later = seen_now(practice, volunteer, link_worker, ago=8 * HOUR)
    day.mark(booking=later, came=False, by=volunteer)
    assert day.write_down_missed() == 1
    assert day.write_down_missed() == 0
    contact = CareContact.objects.get()
    assert (contact.result, contact.by, contact.appointment) == ("did_not_attend", volunteer, later.appointment)
    later.referral.episode.refresh_from_db()
    assert later.referral.episode.first_contact_at is None
    assert list(Booking.objects.missed_and_not_booked_again().order_by("pk")) == [booking, later]


def test_where_the_post_has_ended_it_stays_with_the_link_workers(practice, volunteer, link_worker):
    booking = seen_now(practice, volunteer, link_worker, ago=8 * HOUR)
    day.mark(booking=booking, came=False, by=volunteer)
    volunteer.posts.update(end_date=timezone.localdate() - DAY, start_date=dt.date(2020, 1, 1))
    assert day.write_down_missed() == 0
    page = logged_in(link_worker).get(reverse("referral", args=[booking.referral.reference])).content.decode()
    assert "What came of it?" in page


def test_unwritten_ones_of_other_days_are_listed_until_written(practice, volunteer, link_worker):
    old = seen_now(practice, volunteer, link_worker, ago=20 * DAY, given_name="Arthur")
    client = logged_in(volunteer)
    assert "Still to write up" in client.get(reverse("volunteer_day")).content.decode()
    write(old, volunteer)
    assert "Still to write up" not in client.get(reverse("volunteer_day")).content.decode()


def test_the_form_asks_for_what_is_missing_and_keeps_what_was_typed(booking, volunteer):
    client, page = logged_in(volunteer), pages(booking)[1]
    answers = {"came": "yes", "note": "", "should_take_over": "on", "take_over": "", "next_step": "Ring the choir"}
    shown = client.post(page, answers).content.decode()
    for said in ("Write a line about what happened.", "Write in a few words why", "Ring the choir"):
        assert said in shown
    assert "Choose whether they came." in client.post(page, {"answered": "nothing"}).content.decode()
    key = str(uuid.uuid4())
    good = {"came": "yes", "note": "Nul\0 🌻 שלום", "submission_key": key}
    assert client.post(page, good).status_code == 200  # a NUL is refused in words
    good["note"] = "🌻 שלום"
    for _ in range(2):  # pressed twice
        assert client.post(page, good).status_code == 302
    assert CareContact.objects.get().note == "🌻 שלום"


@pytest.mark.parametrize("text", ["2026-02-30", "x", "0001-01-01", "9999-12-31", "2026-11-26T10:00"])
def test_a_day_that_is_none_is_not_found(text, volunteer):
    client = logged_in(volunteer)
    assert client.get(f"/volunteers/day/{text}/").status_code == 404
    assert client.get(f"/volunteers/day/{text}/sheet.pdf").status_code == 404


def test_there_is_no_sheet_for_whoever_is_not_on(booking, practice):
    other = make_user("Ines Prado", Role.VOLUNTEER, practice)
    assert logged_in(other).get(pages(booking)[3]).status_code == 404


def test_a_day_asks_the_same_with_one_person_and_ten(practice, volunteer, link_worker, django_assert_max_num_queries):
    client = logged_in(volunteer)
    session = free_session(practice, link_worker, starts_at=timezone.now() - 3 * HOUR, slot_minutes=10)
    shift = put_on(session, volunteer)
    on = reverse("volunteer_day_on", args=[session.on.isoformat()])
    client.get(on)

    def more(numbers: range) -> None:
        for number in numbers:
            booking = BookingFactory(session=session, shift=shift, starts_at=session.slots[number])
            if number % 2:
                write(booking, volunteer)
        seen_now(practice, volunteer, link_worker, ago=(20 + numbers.stop) * DAY)

    more(range(1, 3))
    with django_assert_max_num_queries(9) as one:
        client.get(on)
    more(range(3, 12))
    with django_assert_max_num_queries(len(one)):
        client.get(on)
