"""Hours as they went by, milestones noted once, and letters that are sent once."""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine
from dateutil.relativedelta import relativedelta
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from linkworkers.actions import Refused
from linkworkers.audit.models import AuditEvent
from linkworkers.outbox.models import Message
from members.models import Role, User, Workplace
from referrals.tests.race import race
from tests.cast import make_user
from tests.world import logged_in
from volunteers.actions import thanks as actions
from volunteers.exports.thanks import steps
from volunteers.factories import ClinicFactory, ClinicSessionFactory, ShiftFactory, VolunteerFactory, volunteer_of
from volunteers.factories_thanks import ExtraHoursFactory, MilestoneFactory
from volunteers.hours import days_reached, hours_of
from volunteers.models import ExtraHours, Stage, StageChange, ThankYouLetter, Volunteer

pytestmark = pytest.mark.django_db
LONDON = timezone.get_default_timezone()


@pytest.fixture
def rose(volunteer: User) -> Volunteer:
    return volunteer_of(volunteer)


def work(volunteer: Volunteer, starts: dt.datetime, ends: dt.datetime, **facts: object) -> None:
    """A shift, in a clinic of its own."""
    session = ClinicSessionFactory(clinic=ClinicFactory(practice=volunteer.workplace), starts_at=starts, ends_at=ends)
    ShiftFactory(session=session, volunteer=volunteer, **facts)


def work_hours(volunteer: Volunteer, *numbers: int, last: dt.date | None = None) -> None:
    """So many hours on each of the days up to the last, yesterday unless told."""
    last = last or timezone.localdate() - dt.timedelta(days=1)
    for place, number in enumerate(reversed(numbers)):
        starts = dt.datetime.combine(last - dt.timedelta(days=place), dt.time(8), tzinfo=LONDON)
        work(volunteer, starts, starts + dt.timedelta(hours=number))


def given(volunteer: Volunteer) -> Decimal:
    return hours_of([volunteer.pk])[volunteer.pk].total


def test_a_night_on_which_the_clocks_change_counts_the_hours_that_went_by(rose: Volunteer) -> None:
    for day, hours in ((dt.date(2026, 3, 29), 7), (dt.date(2026, 10, 25), 9), (dt.date(2026, 6, 7), 8)):
        starts = dt.datetime.combine(day, dt.time(0, 0), tzinfo=LONDON).astimezone(dt.UTC)
        ends = dt.datetime.combine(day, dt.time(8, 0), tzinfo=LONDON).astimezone(dt.UTC)
        before = given(rose)
        work(rose, starts, ends)
        assert given(rose) - before == hours


def test_a_month_is_londons(rose: Volunteer) -> None:
    starts = dt.datetime(2026, 5, 31, 23, 30, tzinfo=dt.UTC)  # half past midnight on 1 June
    work(rose, starts, starts + dt.timedelta(minutes=90))
    assert hours_of([rose.pk])[rose.pk].by_month == {dt.date(2026, 6, 1): Decimal("1.50")}


def test_only_what_was_worked_or_confirmed_counts(rose: Volunteer) -> None:
    now = timezone.now()
    work(rose, now - dt.timedelta(days=2, hours=3), now - dt.timedelta(days=2))
    work(rose, now - dt.timedelta(days=3, hours=3), now - dt.timedelta(days=3), attended=False)
    work(rose, now - dt.timedelta(days=4, hours=3), now - dt.timedelta(days=4), ended_at=now, end_reason="given_up")
    work(rose, now - dt.timedelta(hours=1), now + dt.timedelta(hours=1))
    ExtraHoursFactory(volunteer=rose)
    ExtraHoursFactory(volunteer=rose, confirmed=True)
    assert given(rose) == Decimal("4.50")


def test_a_milestone_is_reached_on_the_day_of_the_hour_that_makes_it(rose: Volunteer) -> None:
    work_hours(rose, 6, 4, 5, last=dt.date(2026, 5, 20))
    assert days_reached([rose.pk], [10, 50]) == {rose.pk: {10: dt.date(2026, 5, 19)}}


def test_milestones_are_noted_once_and_the_coordinator_hears_of_what_is_news(
    rose: Volunteer, coordinator: User
) -> None:
    work_hours(rose, 6, 5)
    Volunteer.objects.filter(pk=rose.pk).update(started_on=timezone.localdate() - relativedelta(years=2, days=5))
    assert actions.note_milestones() == 3
    assert actions.note_milestones() == 0
    assert {str(each) for each in rose.milestones.all()} == {"10 hours", "1 year", "2 years"}
    mail = Message.objects.get(kind="milestones-reached")
    assert mail.to == coordinator.email
    assert "10 hours" in mail.text
    assert "2 years" in mail.text
    assert "1 year," not in mail.text


def test_what_was_reached_long_ago_is_noted_without_a_mail(rose: Volunteer, coordinator: User) -> None:
    Volunteer.objects.filter(pk=rose.pk).update(started_on=timezone.localdate() - relativedelta(years=6))
    work_hours(rose, *[11] * 5, last=timezone.localdate() - dt.timedelta(days=60))
    assert actions.note_milestones() == 6
    assert not Message.objects.filter(kind="milestones-reached").exists()


def test_who_left_gets_no_more_years(rose: Volunteer) -> None:
    today = timezone.localdate()
    rose.stage, rose.left_on = Stage.LEFT, today - relativedelta(years=1)
    rose.started_on = today - relativedelta(years=2, days=3)
    rose.save()
    actions.note_milestones()
    assert [str(each) for each in rose.milestones.all()] == ["1 year"]


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_note_each_milestone_once() -> None:
    rose = VolunteerFactory(started_on=timezone.localdate() - relativedelta(years=1))
    work_hours(rose, 12)
    one, other = race(Volunteer.objects.filter(pk=rose.pk), actions.note_milestones, actions.note_milestones)
    assert sorted([one, other]) == [0, 2]
    assert rose.milestones.count() == 2


def test_a_letter_thanks_for_everything_that_waits_and_is_mailed(rose: Volunteer, coordinator: User) -> None:
    MilestoneFactory(volunteer=rose)
    MilestoneFactory(volunteer=rose, kind="years", number=1)
    letter = actions.thank(rose, text="Dear Tom", seen=None, by=coordinator)
    assert set(letter.milestones.all()) == set(rose.milestones.all())
    assert letter.signed_as == "Volunteer coordinator, Mid Herts Primary Care Network"
    mail = Message.objects.get(kind="thanked")
    assert mail.to == rose.user.email
    assert "Dear Tom" not in mail.text
    assert AuditEvent.objects.filter(verb="volunteer.thanked").count() == 1


def test_whoever_writes_while_somebody_else_has_written_is_told(rose: Volunteer, coordinator: User) -> None:
    actions.thank(rose, text="Dear Tom", seen=None, by=coordinator)
    with pytest.raises(Refused, match="Grace Adeyemi has just written"):
        actions.thank(rose, text="Dear Tom", seen=None, by=coordinator)
    assert ThankYouLetter.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_letters_at_the_same_moment_become_one() -> None:
    rose = VolunteerFactory()
    grace = make_user("Grace Adeyemi", Role.COORDINATOR, rose.workplace)
    results = race(
        Volunteer.objects.filter(pk=rose.pk),
        lambda: actions.thank(rose, text="One", seen=None, by=grace),
        lambda: actions.thank(rose, text="Two", seen=None, by=User.objects.get(pk=grace.pk)),
    )
    assert [type(each) for each in results] == [ThankYouLetter, Refused]


def test_another_networks_coordinator_neither_thanks_nor_confirms(rose: Volunteer, other_network: Workplace) -> None:
    stranger = make_user("Petra Quill", Role.COORDINATOR, other_network)
    noted = ExtraHoursFactory(volunteer=rose)
    for deed in (
        lambda: actions.thank(rose, text="Dear Tom", seen=None, by=stranger),
        lambda: actions.answer_hours(noted, confirm=True, by=stranger),
        lambda: actions.answer_hours(noted, confirm=True, by=rose.user),
        lambda: actions.take_back_hours(noted, by=stranger),
    ):
        with pytest.raises(PermissionDenied):
            deed()
    client = logged_in(stranger)
    for name in ("thank_you", "thanks_certificate"):
        assert client.get(reverse(name, args=[rose.key])).status_code == 404
    assert client.post(reverse("extra_hours_answer", args=[noted.pk]), {"answer": "confirm"}).status_code == 404


def test_a_coordinator_does_not_confirm_their_own_hours(network: Workplace, coordinator: User) -> None:
    own = VolunteerFactory(workplace=network, user=coordinator)
    noted = ExtraHoursFactory(volunteer=own)
    with pytest.raises(PermissionDenied):
        actions.answer_hours(noted, confirm=True, by=coordinator)
    assert noted.what not in logged_in(coordinator).get(reverse("thanks")).content.decode()


def test_a_coordinator_writes_and_signs_nothing_for_themselves(network: Workplace, coordinator: User) -> None:
    own = VolunteerFactory(workplace=network, user=coordinator)
    with pytest.raises(PermissionDenied):
        actions.thank(own, text="Dear me", seen=None, by=coordinator)
    client = logged_in(coordinator)
    letter = reverse("thank_you", args=[own.key])
    assert client.get(letter).status_code == 404
    assert letter not in client.get(reverse("thanks")).content.decode()


def test_what_coordinators_note_is_not_in_the_volunteers_own_data(rose: Volunteer) -> None:
    StageChange.objects.create(volunteer=rose, stage=Stage.ACTIVE, note="Her referee hesitated")
    rows = list(steps(rose.user).rows)
    assert rows
    assert "hesitated" not in str(rows)


def test_hours_that_were_answered_stay_answered(rose: Volunteer, coordinator: User) -> None:
    noted = ExtraHoursFactory(volunteer=rose)
    actions.answer_hours(noted, confirm=True, by=coordinator)
    for deed in (
        lambda: actions.answer_hours(noted, confirm=False, by=coordinator),
        lambda: actions.take_back_hours(noted, by=rose.user),
    ):
        with pytest.raises(Refused):
            deed()
    assert ExtraHours.objects.get().state == ExtraHours.State.CONFIRMED


@pytest.mark.parametrize(
    ("hours", "says"),
    [
        ("", "Write how many hours"),
        ("an hour", "Write a number"),
        ("0", "Write between"),
        ("-3", "Write between"),
        ("12.25", "Write between"),
        ("1.3", "Round it to a quarter"),
        ("NaN", "Write a number"),
        ("Infinity", "Write a number"),
        ("1e400", "Write"),
    ],
)
def test_hours_that_cannot_be_are_explained(rose: Volunteer, hours: str, says: str) -> None:
    answers = {"on": "1 5 2026", "hours": hours, "kind": "training", "what": "Safeguarding"}
    page = logged_in(rose.user).post(reverse("extra_hours"), answers)
    assert says in page.content.decode()
    assert not ExtraHours.objects.exists()


def test_half_hours_are_typed_with_a_comma_and_sent_twice_they_count_once(rose: Volunteer) -> None:
    client, answers = (
        logged_in(rose.user),
        {"on": "1 5 2026", "hours": "1,5", "kind": "training", "what": "Safeguarding"},
    )
    assert client.post(reverse("extra_hours"), answers).status_code == 302
    assert "noted this already" in client.post(reverse("extra_hours"), answers).content.decode()
    assert ExtraHours.objects.get().hours == Decimal("1.5")


def test_somebody_elses_noted_hours_cannot_be_taken_back(rose: Volunteer) -> None:
    noted = ExtraHoursFactory(volunteer=VolunteerFactory(workplace=rose.workplace))
    assert logged_in(rose.user).post(reverse("extra_hours_take_back", args=[noted.pk])).status_code == 404


def test_letter_and_certificate_print_whatever_a_name_is(rose: Volunteer, coordinator: User) -> None:
    Volunteer.objects.filter(pk=rose.pk).update(name="قاسم " + "Đặng " * 25)
    letter = actions.thank(rose, text="Dear 王\x07,\n\n" + "word " * 790, seen=None, by=coordinator)
    client = logged_in(rose.user)
    for path in (reverse("thank_you_letter", args=[letter.pk]), reverse("thanks_certificate", args=[rose.key])):
        response = client.get(path)
        assert response["Content-Type"] == "application/pdf"
        assert response.content.startswith(b"%PDF")


def test_who_left_still_prints_the_certificate(rose: Volunteer) -> None:
    rose.stage, rose.left_on = Stage.LEFT, timezone.localdate()
    rose.save()
    rose.user.posts.update(end_date=timezone.localdate())
    with time_machine.travel(timezone.now() + dt.timedelta(days=3)):
        client = logged_in(rose.user)
        assert client.get(reverse("thanks_certificate", args=[rose.key])).status_code == 200
        assert client.get(reverse("thanks")).status_code == 404


def test_the_letter_is_looked_at_before_it_is_sent(rose: Volunteer, coordinator: User) -> None:
    page = logged_in(coordinator).post(reverse("thank_you", args=[rose.key]), {"text": "Dear Tom", "look": "1"})
    assert page["Content-Type"] == "application/pdf"
    assert not ThankYouLetter.objects.exists()


def test_the_pages_ask_as_often_with_thirty_as_with_one(
    rose: Volunteer, coordinator: User, django_assert_max_num_queries: object
) -> None:
    MilestoneFactory(volunteer=rose)
    clients = [logged_in(coordinator), logged_in(rose.user)]
    for client in clients:
        client.get(reverse("thanks"))  # the first look also notes who has shown a second factor

    def ask() -> None:
        for client in clients:
            with django_assert_max_num_queries(9):  # type: ignore[operator]
                assert client.get(reverse("thanks")).status_code == 200

    ask()
    for number in range(30):
        other = VolunteerFactory(workplace=rose.workplace, name=f"Volunteer {number}")
        MilestoneFactory(volunteer=other)
        ExtraHoursFactory(volunteer=other)
        ExtraHoursFactory(volunteer=rose)
    work_hours(rose, *[1] * 10)
    ask()
