"""Reminders and digests: due and not yet sent, whenever the worker comes and however often."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from pytest_django import DjangoAssertNumQueries
from time_machine import TimeMachineFixture

from linkworkers.outbox.models import Message
from members.actions.mail import end_mails
from members.factories import PostFactory
from members.mail_kinds import kinds_for
from members.models import Role, User, Workplace
from referrals.tests.race import elsewhere
from volunteers.actions import reminders
from volunteers.factories import ClinicFactory, ClinicSessionFactory, ShiftFactory, VolunteerFactory
from volunteers.factories_training import TrainingFactory, TrainingPlaceFactory
from volunteers.models import ClinicSession, Shift, Volunteer

pytestmark = pytest.mark.django_db

LONDON = ZoneInfo("Europe/London")
TUESDAY = dt.datetime(2027, 3, 9, 14, 0, tzinfo=LONDON)  # when the shift begins
HOUR = dt.timedelta(hours=1)
Clock = TimeMachineFixture


@pytest.fixture
def clock(time_machine: Clock) -> Clock:
    time_machine.move_to(TUESDAY - 100 * HOUR, tick=False)
    return time_machine


@pytest.fixture
def shift(clock: Clock) -> Shift:
    return shift_at(TUESDAY)


def shift_at(starts: dt.datetime, **more: object) -> Shift:
    return ShiftFactory(session__starts_at=starts, **more)


def horizons(shift: Shift) -> list[str]:
    keys = Message.objects.filter(kind="shift-reminder", key__startswith=f"shift-reminder:{shift.pk}:")
    return [key.split(":")[2] for key in keys.order_by("created_at").values_list("key", flat=True)]


def run_every(minutes: int, clock: Clock, *, first: dt.datetime, last: dt.datetime) -> None:
    now = first
    while now <= last:
        clock.move_to(now, tick=False)
        reminders.remind_of_shifts()
        now += dt.timedelta(minutes=minutes)


def test_a_shift_is_told_of_two_days_and_three_hours_before(shift, clock):
    for hours, expected in ((49, []), (48, ["48"]), (24, ["48"]), (3.5, ["48"]), (3, ["48", "3"]), (0, ["48", "3"])):
        clock.move_to(TUESDAY - hours * HOUR, tick=False)
        reminders.remind_of_shifts()
        assert horizons(shift) == expected
    first, _ = Message.objects.filter(kind="shift-reminder").order_by("created_at")
    assert first.subject == f"Your shift Tuesday 14:00: {shift.session.clinic.name}"
    assert "Tuesday 9 March, 14:00 to 17:00" in first.text
    assert first.unsubscribe


def test_it_is_told_of_once_however_often_the_worker_runs(shift, clock):
    run_every(20, clock, first=TUESDAY - 50 * HOUR, last=TUESDAY + HOUR)
    assert horizons(shift) == ["48", "3"]


@pytest.mark.parametrize(
    ("back_at", "expected"), [(30, ["48"]), (4, ["48"]), (2, ["3"]), (0.1, ["3"]), (0, []), (-5, [])]
)
def test_a_worker_that_was_away_tells_what_is_still_of_use(shift, clock, back_at, expected):
    clock.move_to(TUESDAY - back_at * HOUR, tick=False)
    reminders.remind_of_shifts()
    assert horizons(shift) == expected


@pytest.mark.parametrize(("taken", "expected"), [(47, ["3"]), (20, ["3"]), (2, []), (48, ["48", "3"])])
def test_who_has_just_said_yes_is_not_reminded_of_it(clock, taken, expected):
    clock.move_to(TUESDAY - taken * HOUR, tick=False)
    shift = shift_at(TUESDAY)
    run_every(30, clock, first=TUESDAY - taken * HOUR, last=TUESDAY)
    assert horizons(shift) == expected


def test_who_gave_it_up_hears_nothing_and_who_took_it_instead_does(shift, clock):
    clock.move_to(TUESDAY - 40 * HOUR, tick=False)
    reminders.remind_of_shifts()
    Shift.objects.filter(pk=shift.pk).update(ended_at=TUESDAY - 39 * HOUR, end_reason="given_up")
    other = ShiftFactory(session=shift.session)
    clock.move_to(TUESDAY - 3 * HOUR, tick=False)
    assert reminders.remind_of_shifts() == 1
    assert (horizons(shift), horizons(other)) == (["48"], ["3"])


def test_a_session_that_is_moved_is_told_of_again(shift, clock):
    clock.move_to(TUESDAY - 40 * HOUR, tick=False)
    reminders.remind_of_shifts()
    later = TUESDAY + dt.timedelta(days=7)
    ClinicSession.objects.filter(pk=shift.session_id).update(starts_at=later, ends_at=later + HOUR)
    run_every(60, clock, first=later - 50 * HOUR, last=later)
    assert horizons(shift) == ["48", "48", "3"]


@pytest.mark.parametrize("day", [dt.date(2027, 3, 28), dt.date(2027, 10, 31)])
def test_hours_are_hours_when_the_clocks_change(clock, day):
    starts = dt.datetime.combine(day, dt.time(9), tzinfo=LONDON).astimezone(dt.UTC)
    clock.move_to(starts - 60 * HOUR, tick=False)
    shift = shift_at(starts)
    for hours, expected in ((48.1, []), (48, ["48"]), (3.1, ["48"]), (3, ["48", "3"])):
        clock.move_to(starts - hours * HOUR, tick=False)
        reminders.remind_of_shifts()
        assert horizons(shift) == expected
    assert all("09:00" in mail.text for mail in Message.objects.filter(kind="shift-reminder"))


def test_who_wants_none_or_cannot_log_in_gets_none(clock):
    off, closed = shift_at(TUESDAY), shift_at(TUESDAY)
    end_mails(off.user, "shift-reminder")
    User.objects.filter(pk=closed.user_id).update(is_active=False)
    clock.move_to(TUESDAY - 48 * HOUR, tick=False)
    assert reminders.remind_of_shifts() == 0


def test_each_is_asked_only_about_mails_that_concern_them(volunteer, coordinator, link_worker):
    def mine(user: User) -> set[str]:
        return {kind.key for kind in kinds_for(user)} & {"shift-reminder", "shift-week", "sessions-unfilled"}

    assert mine(volunteer) == {"shift-reminder", "shift-week"}
    assert mine(coordinator) == {"sessions-unfilled"}
    assert mine(link_worker) == set()


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_write_each_reminder_once(clock):
    shifts = [shift_at(TUESDAY) for _ in range(3)]
    clock.move_to(TUESDAY - 48 * HOUR, tick=False)
    first = reminders._shift_drafts(TUESDAY - 48 * HOUR)
    begun = next(first)  # one worker has looked at what is due, when the other does all of it
    assert elsewhere(reminders.remind_of_shifts) == 3
    assert reminders.queue_all([begun, *first]) == 0
    assert [horizons(shift) for shift in shifts] == [["48"]] * 3


def test_a_run_that_was_killed_goes_on_where_it_was(clock, monkeypatch):
    shifts = [shift_at(TUESDAY) for _ in range(5)]
    clock.move_to(TUESDAY - 48 * HOUR, tick=False)
    monkeypatch.setattr(reminders, "BATCH", 2)
    written = reminders.emails.shift_reminder
    calls = []

    def dies(shift: Shift, *, key: str) -> object:
        calls.append(key)
        if len(calls) == 4:
            raise SystemExit
        return written(shift, key=key)

    monkeypatch.setattr(reminders.emails, "shift_reminder", dies)
    with pytest.raises(SystemExit):
        reminders.remind_of_shifts()
    assert Message.objects.count() == 2
    monkeypatch.setattr(reminders.emails, "shift_reminder", written)
    assert reminders.remind_of_shifts() == 3
    assert [horizons(shift) for shift in shifts] == [["48"]] * 5


@pytest.mark.parametrize("number", [2, 40])
def test_many_are_reminded_with_as_many_queries_as_few(
    clock, number, django_assert_max_num_queries: DjangoAssertNumQueries
):
    clinic = ClinicFactory(places=number)
    session = ClinicSessionFactory(clinic=clinic, starts_at=TUESDAY)
    for _ in range(number):
        ShiftFactory(session=session)
    clock.move_to(TUESDAY - 48 * HOUR, tick=False)
    with django_assert_max_num_queries(11):
        assert reminders.remind_of_shifts() == number


def test_a_training_is_told_of_two_days_before_to_those_with_a_place(clock):
    training = TrainingFactory(starts_at=TUESDAY, title="Listening")
    place = TrainingPlaceFactory(training=training)
    TrainingPlaceFactory(training=training, state="waiting")
    TrainingPlaceFactory(training=TrainingFactory(starts_at=TUESDAY, cancelled_at=TUESDAY))
    for hours, count in ((49, 0), (48, 1), (30, 0), (0, 0)):
        clock.move_to(TUESDAY - hours * HOUR, tick=False)
        assert reminders.remind_of_trainings() == count
    assert Message.objects.get().to == place.volunteer.user.email


# Sessions that are short of volunteers


def session_at(practice: Workplace, days: int, **more: object) -> ClinicSession:
    clinic = ClinicFactory(practice=practice, **more)
    return ClinicSessionFactory(clinic=clinic, starts_at=TUESDAY + dt.timedelta(days=days))


def test_coordinators_hear_once_a_morning_of_all_sessions_that_are_short(clock, practice, coordinator, other_practice):
    PostFactory(role=Role.COORDINATOR)  # with nothing to hear
    clock.move_to(TUESDAY, tick=False)
    week = session_at(practice, 7, name="In seven days")
    session_at(practice, 3, name="Sooner")
    session_at(practice, 8, name="Later")
    session_at(other_practice, 3, name="Elsewhere")
    full = session_at(practice, 2, name="Full")
    ShiftFactory(session=full)
    early = TUESDAY.replace(hour=7)
    clock.move_to(early, tick=False)
    assert reminders.tell_unfilled() == 0
    clock.move_to(TUESDAY, tick=False)
    assert (reminders.tell_unfilled(), reminders.tell_unfilled()) == (1, 0)
    mail = Message.objects.get(kind="sessions-unfilled")
    assert mail.to == coordinator.email
    assert mail.subject == "2 sessions need volunteers in the next seven days"
    assert "Sooner" in mail.text
    assert week.clinic.name in mail.text
    assert not any(word in mail.text for word in ("Later", "Elsewhere", "Full"))
    clock.move_to(TUESDAY + dt.timedelta(days=2), tick=False)  # a day was skipped
    assert reminders.tell_unfilled() == 1
    end_mails(coordinator, "sessions-unfilled")
    clock.move_to(TUESDAY + dt.timedelta(days=3), tick=False)
    assert reminders.tell_unfilled() == 0


def test_a_hundred_sessions_are_one_mail_that_can_be_read(clock, practice, coordinator):
    clinic = ClinicFactory(practice=practice, room=None)
    for number in range(25):
        ClinicSessionFactory(clinic=clinic, room=None, starts_at=TUESDAY + number * HOUR + HOUR)
    clock.move_to(TUESDAY, tick=False)
    assert reminders.tell_unfilled() == 1
    mail = Message.objects.get()
    assert mail.subject.startswith("25 sessions")
    assert "and 5 more." in mail.text


# The week

SUNDAY = dt.datetime(2027, 3, 7, 17, 0, tzinfo=LONDON)


@pytest.mark.parametrize(
    ("moved", "count"),
    [
        (dt.timedelta(minutes=-1), 0),
        (dt.timedelta(0), 1),
        (dt.timedelta(hours=15), 1),
        (dt.timedelta(days=2), 1),
        (dt.timedelta(days=2, hours=8), 0),
    ],
)
def test_a_week_is_told_of_from_sunday_evening_until_tuesday(clock, moved, count):
    shift_at(TUESDAY + dt.timedelta(days=1))
    clock.move_to(SUNDAY + moved, tick=False)
    assert (reminders.send_weeks(), reminders.send_weeks()) == (count, 0)


def test_a_week_has_ones_shifts_and_what_one_could_be_of_use_for(clock, practice, other_practice):
    shift = shift_at(TUESDAY, session__clinic__practice=practice, session__clinic__name="Mine")
    role = shift.session.clinic.role
    free = session_at(practice, 1, role=role, name="Needs somebody")
    session_at(practice, 0, role=role, name="At the same time")
    session_at(practice, 1, name="Another role")
    session_at(other_practice, 1, role=role, name="Elsewhere")
    session_at(practice, 7, role=role, name="Next week")
    Volunteer.objects.filter(pk=shift.volunteer_id).update(availability=["wed-pm"])
    VolunteerFactory(workplace=practice)  # with no shift and no role: no mail
    clock.move_to(SUNDAY, tick=False)
    assert reminders.send_weeks() == 1
    mail = Message.objects.get(kind="shift-week", state="waiting")
    assert mail.subject == "Your week: 1 shift"
    assert "Tuesday 9 March, 14:00 to 17:00: Mine" in mail.text
    assert free.clinic.name in mail.text
    assert not any(word in mail.text for word in ("At the same time", "Another role", "Elsewhere", "Next week"))
    assert reminders.send_weeks() == 0
