"""Sessions are made ahead: each once, at London's times, in a room that is free, and go on where a run was ended."""

import datetime as dt

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone

from linkworkers.outbox.models import Message
from members.factories import PostFactory, WorkplaceFactory
from members.models import Region, Role, User
from referrals.tests.race import elsewhere, race
from volunteers.actions.generation import generate
from volunteers.actions.sessions import cancel_session
from volunteers.factories import ClinicFactory, ClinicSessionFactory, RoomFactory
from volunteers.models import GENERATED_AHEAD, Clinic, ClinicSession, Room
from volunteers.pattern import Pattern, in_utc
from volunteers.tasks import generate_sessions

pytestmark = pytest.mark.django_db

MORNING = (dt.time(9), dt.time(12))


@pytest.fixture
def coordinator(coordinator: User) -> User:
    """The cast's, since long ago: time stands elsewhere here."""
    coordinator.posts.update(start_date=dt.date(2020, 1, 1))
    return coordinator


def at(clinic: Clinic) -> list[str]:
    return [f"{timezone.localtime(each.starts_at):%Y-%m-%d %H:%M}" for each in clinic.sessions.all()]


def pattern(**facts) -> Pattern:
    return Pattern(**{"week": {1: MORNING}, "starts_on": dt.date(2026, 1, 6), **facts})


def days(made: Pattern, first: dt.date, last: dt.date) -> list[str]:
    return [f"{each.on:%m-%d}" for each in made.between(first, last)]


@time_machine.travel(dt.datetime(2026, 3, 2, 8, tzinfo=dt.UTC), tick=False)
def test_twelve_weeks_are_made_and_a_second_run_makes_nothing():
    clinic = ClinicFactory(times=[(1, "09:00", "12:00"), (3, "13:00", "16:00")], places=3, at_least=2, at_once=2)
    assert generate_sessions() == 24  # two of these days in 12 weeks are no bank holidays
    assert generate_sessions() == 0
    session = clinic.sessions.first()
    assert (session.room, session.places, session.at_least, session.at_once) == (clinic.room, 3, 2, 2)
    clinic.refresh_from_db()
    assert clinic.generated_until == dt.date(2026, 5, 25)


@time_machine.travel(dt.datetime(2026, 3, 2, 8, tzinfo=dt.UTC), tick=False)
def test_nine_stays_nine_over_both_clock_changes():
    clinic = ClinicFactory(times=[(1, "09:00", "12:00")])
    generate(until=dt.date(2026, 11, 30))
    local = {f"{timezone.localtime(each.starts_at):%H:%M}" for each in clinic.sessions.all()}
    assert local == {"09:00"}
    assert {each.starts_at.hour for each in clinic.sessions.all()} == {8, 9}
    assert {each.ends_at - each.starts_at for each in clinic.sessions.all()} == {dt.timedelta(hours=3)}


@pytest.mark.parametrize(
    ("starts", "ends", "expected"),
    [
        ("00:30", "03:00", ("00:30", "03:00", 1.5)),  # ends when the clock says so
        ("01:30", "04:00", ("02:30", "04:00", 1.5)),  # there is no 01:30 that night
        ("01:30", "02:15", ("02:30", "03:15", 0.75)),  # it would end before it begins
    ],
)
def test_a_time_that_spring_leaves_out_comes_an_hour_later(starts, ends, expected):
    begin, end = in_utc(dt.date(2026, 3, 29), dt.time.fromisoformat(starts), dt.time.fromisoformat(ends))
    local = [f"{timezone.localtime(moment):%H:%M}" for moment in (begin, end)]
    assert (*local, (end - begin).total_seconds() / 3600) == expected


def test_in_autumn_the_night_is_an_hour_longer_and_no_session_longer_than_the_database_takes():
    begin, end = in_utc(dt.date(2026, 10, 25), dt.time(0, 30), dt.time(3))
    assert end - begin == dt.timedelta(hours=3.5)
    begin, end = in_utc(dt.date(2026, 10, 25), dt.time(0), dt.time(12))
    assert end - begin == dt.timedelta(hours=12)


def test_bank_holidays_are_those_of_the_practices_nation():
    thirtieth_of_november = (dt.date(2026, 11, 30), dt.date(2026, 11, 30))  # St Andrew's Day, a Monday
    easter_monday = (dt.date(2026, 4, 6), dt.date(2026, 4, 6))
    mondays = {"week": {0: MORNING}}
    for region, andrew, easter in [("", 1, 0), (Region.LONDON, 1, 0), (Region.SCOTLAND, 0, 1), (Region.WALES, 1, 0)]:
        made = pattern(**mondays, region=region)
        assert (len(made.between(*thirtieth_of_november)), len(made.between(*easter_monday))) == (andrew, easter)
    orangemen = (dt.date(2026, 7, 13), dt.date(2026, 7, 13))
    assert not pattern(**mondays, region=Region.NORTHERN_IRELAND).between(*orangemen)
    assert pattern(**mondays, region=Region.SCOTLAND, on_bank_holidays=True).between(*thirtieth_of_november)


def test_every_so_many_weeks_counts_on_over_new_year_and_a_year_of_53_weeks():
    made = pattern(starts_on=dt.date(2026, 12, 10), every_weeks=2)
    assert days(made, dt.date(2026, 12, 1), dt.date(2027, 2, 10)) == ["12-22", "01-05", "01-19", "02-02"]
    third = pattern(starts_on=dt.date(2026, 12, 8), every_weeks=3)
    assert days(third, dt.date(2026, 12, 1), dt.date(2027, 2, 10)) == ["12-08", "12-29", "01-19", "02-09"]


def test_the_last_day_is_the_last():
    made = pattern(ends_on=dt.date(2026, 1, 20))
    assert days(made, dt.date(2025, 1, 1), dt.date(2026, 12, 31)) == ["01-06", "01-13", "01-20"]


def test_a_pattern_is_said_in_words():
    assert pattern(every_weeks=2).in_words() == "Tuesdays 09:00 to 12:00, every 2 weeks"
    both = pattern(week={1: MORNING, 3: MORNING, 4: (dt.time(13), dt.time(16, 30))})
    assert both.in_words() == "Tuesdays and Thursdays 09:00 to 12:00 and Fridays 13:00 to 16:30"
    assert pattern(week={}).in_words() == "No times yet"


@time_machine.travel(dt.datetime(2026, 3, 2, 8, tzinfo=dt.UTC), tick=False)
def test_where_the_room_is_taken_a_session_has_none_and_the_coordinator_is_told_once(coordinator, practice):
    room = RoomFactory(practice=practice)
    first, second = (
        ClinicFactory(practice=practice, room=room, times=[(1, begin, "12:00")]) for begin in ("09:00", "11:00")
    )
    generate()
    assert first.sessions.filter(room=room).count() == second.sessions.filter(room=None).count() == 12
    generate()
    mail = Message.objects.get(kind="clinic-without-room")
    assert mail.to == coordinator.email
    assert "Tuesday 3 March, 11:00 to 12:00" in mail.text


@time_machine.travel(dt.datetime(2026, 3, 3, 10, tzinfo=dt.UTC), tick=False)
def test_what_has_begun_today_is_not_made_and_a_room_out_of_use_is_not_taken():
    clinic = ClinicFactory(times=[(1, "09:00", "12:00")], room__is_active=False)
    generate()
    assert at(clinic)[0] == "2026-03-10 09:00"
    assert not clinic.sessions.exclude(room=None).exists()


@time_machine.travel(dt.datetime(2026, 3, 2, 8, tzinfo=dt.UTC), tick=False)
def test_a_session_that_was_moved_or_cancelled_is_not_made_again(coordinator, practice):
    clinic = ClinicFactory(practice=practice, times=[(1, "09:00", "12:00")])
    generate()
    moved, cancelled = clinic.sessions.all()[:2]
    ClinicSession.objects.filter(pk=moved.pk).update(starts_at=moved.starts_at + dt.timedelta(minutes=30))
    cancel_session(cancelled, reason="Staff meeting", by=coordinator)
    assert generate(first_day=dt.date(2026, 3, 1)) == 0


@time_machine.travel(dt.datetime(2026, 3, 2, 8, tzinfo=dt.UTC), tick=False)
def test_the_past_is_made_too_when_it_is_asked_for():
    clinic = ClinicFactory(times=[(1, "09:00", "12:00")], starts_on=dt.date(2025, 1, 1))
    asked = Clinic.objects.filter(pk=clinic.pk)
    assert generate(asked, first_day=dt.date(2026, 2, 1), until=dt.date(2026, 3, 31)) == 9
    assert generate(asked, first_day=dt.date(2026, 2, 1), until=dt.date(2026, 3, 31)) == 0


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_make_each_session_once():
    practice = WorkplaceFactory()
    room = RoomFactory(practice=practice)
    for day in range(5):
        for hour in range(8, 16):
            ClinicFactory(practice=practice, room=room, times=[(day, f"{hour:02}:00", f"{hour + 1:02}:30")])
    late = ClinicFactory(practice=practice, room=room, times=[(2, "08:30", "10:00")])
    others = Clinic.objects.exclude(pk=late.pk)
    made = race(
        Room.objects.filter(pk=room.pk),
        lambda: generate(others),
        lambda: generate(Clinic.objects.filter(pk=late.pk)),
    )
    assert generate() == 0
    today, until = timezone.localdate(), timezone.localdate() + GENERATED_AHEAD
    wanted = [each for clinic in Clinic.objects.all() for each in Pattern.of(clinic).between(today, until)]
    assert ClinicSession.objects.count() == sum(made) == sum(each.starts_at > timezone.now() for each in wanted)
    assert not late.sessions.exclude(room=None).exists()


@pytest.mark.django_db(transaction=True)
def test_what_another_run_has_in_its_hands_is_left_to_it():
    ClinicFactory(times=[(1, "09:00", "12:00")])
    with transaction.atomic():
        list(Clinic.objects.select_for_update())
        assert elsewhere(generate) == 0
    assert generate() > 0


def test_a_run_that_was_ended_goes_on_where_it_was(monkeypatch):
    clinics = ClinicFactory.create_batch(3, times=[(1, "09:00", "12:00")])
    monkeypatch.setattr("volunteers.actions.generation.AT_ONCE", 1)
    made = []

    def die(*args, **kwargs):
        if made:
            raise KeyboardInterrupt
        made.append(args)
        return []

    monkeypatch.setattr("volunteers.actions.generation.hold_rooms", die)
    with pytest.raises(KeyboardInterrupt):
        generate()
    assert Clinic.objects.exclude(generated_until=None).count() == 1
    monkeypatch.setattr("volunteers.actions.generation.hold_rooms", lambda ids: None)
    generate()
    assert {each.sessions.count() for each in clinics} <= {11, 12, 13}


def test_managers_of_other_networks_hear_nothing_of_a_room(coordinator, practice, other_network):
    stranger = PostFactory(workplace=other_network, role=Role.COORDINATOR).user
    taken = ClinicSessionFactory(clinic__practice=practice)
    day = taken.on
    ClinicFactory(practice=practice, room=taken.room, times=[(day.weekday(), "10:00", "11:00")])
    generate()
    assert set(Message.objects.values_list("to", flat=True)) == {coordinator.email}
    assert stranger.email != coordinator.email
