"""The calendar address: what a phone reads there, and what nobody else does."""

import datetime as dt

import pytest
from django.conf import LazySettings
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar
from pytest_django import DjangoAssertNumQueries

from linkworkers.audit.models import AuditEvent
from members.actions.leaving import leave
from members.models import User
from tests.world import logged_in
from volunteers.actions import feeds as actions
from volunteers.calendar import feed_ics
from volunteers.factories import BookingFactory, ClinicFactory, ClinicSessionFactory, ShiftFactory, volunteer_of
from volunteers.factories_training import TrainingFactory, TrainingPlaceFactory
from volunteers.models import CalendarFeed, Shift, Volunteer

pytestmark = pytest.mark.django_db


@pytest.fixture
def helper(volunteer: User) -> Volunteer:
    return volunteer_of(volunteer)


@pytest.fixture
def feed(volunteer: User) -> CalendarFeed:
    return actions.make_address(by=volunteer)


def path(feed: CalendarFeed) -> str:
    return reverse("calendar_feed_ics", args=[feed.token])


def put_on(helper: Volunteer, days: int, **more: object) -> Shift:
    clinic = ClinicFactory(practice=helper.workplace, name=f"Day {days}", places=2)
    starts = timezone.now().replace(microsecond=0) + dt.timedelta(days=days)
    return ShiftFactory(session=ClinicSessionFactory(clinic=clinic, starts_at=starts), volunteer=helper, **more)


def summaries(feed: CalendarFeed) -> list[str]:
    response = Client().get(path(feed))
    assert response.status_code == 200
    return [str(event["summary"]) for event in Calendar.from_ical(response.content).walk("VEVENT")]


def test_it_has_three_months_back_and_all_ahead_and_the_trainings(helper, feed, practice):
    for days in (-100, -80, 3, 400):
        put_on(helper, days)
    put_on(helper, 5, ended_at=timezone.now(), end_reason="given_up")
    ShiftFactory(session__clinic__practice=practice)
    TrainingPlaceFactory(training=TrainingFactory(workplace=practice, title="Listening"), volunteer=helper)
    TrainingPlaceFactory(training__workplace=practice, volunteer=helper, state="waiting")
    TrainingPlaceFactory(training__workplace=practice, volunteer=helper, training__cancelled_at=timezone.now())
    at = practice.name
    assert summaries(feed) == [
        f"Volunteer shift: Day -80, {at}",
        f"Volunteer shift: Day 3, {at}",
        f"Volunteer shift: Day 400, {at}",
        "Training: Listening",
    ]


def test_nothing_of_the_people_who_come_is_in_it(helper, feed):
    shift = put_on(helper, 3)
    booking = BookingFactory(session=shift.session, shift=shift)
    body = Client().get(path(feed)).content.decode()
    person = booking.referral.episode.person
    assert shift.session.clinic.name in body
    assert not any(word in body for word in (person.family_name, person.given_name, booking.referral.reference))


def test_a_program_that_has_it_is_told_that_nothing_changed(helper, feed):
    put_on(helper, 3)
    first = Client().get(path(feed))
    assert first["Content-Type"] == "text/calendar; charset=utf-8"
    assert "private" in first["Cache-Control"]
    assert not first.cookies
    again = Client().get(path(feed), headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert Client().head(path(feed)).status_code == 200
    put_on(helper, 4)
    assert Client().get(path(feed), headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_a_guessed_an_altered_and_an_old_address_are_one_and_the_same_to_whoever_asks(feed, volunteer):
    old = path(feed)
    new = actions.make_address(by=volunteer)
    assert path(new) != old
    letter = "a" if new.token[0] != "a" else "b"
    closed = [
        old,
        old.replace(feed.token, letter + new.token[1:]),
        old.replace(feed.token, new.token.swapcase()),
        old.replace(feed.token, "%00"),
        old.replace(feed.token, "é" * 200),
    ]
    answers = [Client().get(each) for each in closed]
    assert {(answer.status_code, answer.content) for answer in answers} == {(404, answers[0].content)}
    assert Client().get(path(new)).status_code == 200
    actions.switch_off(by=volunteer)
    assert Client().get(path(new)).status_code == 404


def test_when_the_post_ends_it_is_empty_and_when_the_account_closes_it_is_gone(helper, feed, volunteer):
    put_on(helper, 3)
    assert len(summaries(feed)) == 1
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    volunteer.posts.update(start_date=yesterday, end_date=yesterday)
    assert summaries(feed) == []
    User.objects.filter(pk=volunteer.pk).update(is_active=False)
    assert Client().get(path(feed)).status_code == 404
    actions.erase(volunteer)
    assert not CalendarFeed.objects.exists()


def test_leaving_for_good_takes_the_address_along(feed, volunteer):
    volunteer.posts.all().delete()
    leave(volunteer, take_texts=False, by=volunteer)
    assert not CalendarFeed.objects.exists()


def test_the_token_is_long_random_and_in_no_trail(feed, volunteer):
    actions.make_address(by=volunteer)
    actions.switch_off(by=volunteer)
    assert len(feed.token) >= 32
    trail = " ".join(f"{each.summary}{each.facts}{each.subject_id}" for each in AuditEvent.objects.all())
    assert feed.token not in trail
    assert AuditEvent.objects.filter(verb="calendar.address_made").count() == 2


def test_that_it_was_read_is_written_down_once_an_hour(feed, time_machine):
    time_machine.move_to(dt.datetime(2027, 3, 1, 9, tzinfo=dt.UTC))
    seen = []
    for _ in range(4):
        Client().get(path(feed))
        feed.refresh_from_db()
        seen.append(feed.last_read_at)
        time_machine.shift(dt.timedelta(minutes=31))
    assert len(set(seen)) == 2


def test_who_guesses_too_often_has_to_wait(settings: LazySettings, feed):
    settings.ACCOUNT_RATE_LIMITS = {"calendar_feed": "3/m/ip"}
    client = Client(REMOTE_ADDR="127.0.9.9")
    statuses = [client.get(reverse("calendar_feed_ics", args=[f"guess-{n}"])).status_code for n in range(4)]
    assert statuses == [404, 404, 404, 429]


@pytest.mark.parametrize("number", [1, 30])
def test_it_asks_as_much_for_one_as_for_thirty(number, helper, django_assert_num_queries: DjangoAssertNumQueries):
    for days in range(number):
        put_on(helper, days + 1)
        TrainingPlaceFactory(training__workplace=helper.workplace, volunteer=helper)
    user = User.objects.get(pk=helper.user_id)
    with django_assert_num_queries(3):
        assert feed_ics(user).count(b"BEGIN:VEVENT") == 2 * number


def test_only_a_volunteer_has_an_address(coordinator):
    with pytest.raises(PermissionDenied):
        actions.make_address(by=coordinator)


def test_the_page_makes_shows_renews_and_stops_it(volunteer):
    client = logged_in(volunteer)
    page = reverse("calendar_feed")
    assert "Make my calendar address" in client.get(page).content.decode()
    client.post(reverse("calendar_feed_make"))
    first = CalendarFeed.objects.get()
    assert path(first) in client.get(page).content.decode()
    assert client.get(page)["Referrer-Policy"] == "same-origin"
    client.post(reverse("calendar_feed_make"))
    assert CalendarFeed.objects.get().token != first.token
    client.post(reverse("calendar_feed_off"))
    assert not CalendarFeed.objects.exists()


def test_a_shift_is_downloaded_by_whoever_is_on_it_and_taken_out_when_given_up(helper, volunteer, practice):
    own, others = put_on(helper, 3), ShiftFactory(session__clinic__practice=practice)
    client = logged_in(volunteer)
    assert b"METHOD:PUBLISH" in client.get(reverse("shift_ics", args=[own.pk])).content
    assert client.get(reverse("shift_ics", args=[others.pk])).status_code == 404
    Shift.objects.filter(pk=own.pk).update(ended_at=timezone.now(), end_reason="given_up")
    assert b"METHOD:CANCEL" in client.get(reverse("shift_ics", args=[own.pk])).content
