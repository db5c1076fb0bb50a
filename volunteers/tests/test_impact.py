"""What clinics achieved: counted once, told once, and nobody can be found in it by taking one number from another."""

import datetime as dt
import itertools
import re
from collections.abc import Iterator
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from linkworkers.outbox.models import Message
from members.actions.mail import choose_mails
from members.models import Role, User, Workplace
from referrals.factories import ReferralFactory
from referrals.tests.race import race
from tests.cast import make_user
from tests.world import logged_in
from volunteers.actions import impact as actions
from volunteers.factories import (
    BookingFactory,
    ClinicFactory,
    ClinicSessionFactory,
    ShiftFactory,
    VolunteerFactory,
    volunteer_of,
)
from volunteers.factories_thanks import ClinicMonthFactory
from volunteers.impact import Achieved, achieved, count
from volunteers.models import Booking, Clinic, ClinicMonth, Volunteer

pytestmark = pytest.mark.django_db
LONDON = timezone.get_default_timezone()
NOVEMBER = dt.date(2026, 11, 1)


@pytest.fixture(autouse=True)
def december() -> Iterator[None]:
    """The fourth of December, on which November is counted."""
    with time_machine.travel(dt.datetime(2026, 12, 4, 9, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def tom(volunteer: User) -> Volunteer:
    return volunteer_of(volunteer)


@pytest.fixture
def clinic(practice: Workplace) -> Clinic:
    return ClinicFactory(practice=practice, name="Tuesday clinic", at_once=10, slot_minutes=10)


def hold(clinic: Clinic, day: int, tom: Volunteer | None, *, came: int = 0, missed: int = 0) -> list[Booking]:
    """A session in November of three hours, with so many people."""
    starts = dt.datetime(2026, 11, day, 9, tzinfo=LONDON)
    session = ClinicSessionFactory(clinic=clinic, starts_at=starts)
    shift = ShiftFactory(session=session, volunteer=tom) if tom else None
    states = [Booking.State.ATTENDED] * came + [Booking.State.MISSED] * missed
    return [
        BookingFactory(
            session=session,
            shift=shift,
            state=state,
            starts_at=starts + dt.timedelta(minutes=10 * (place // 10)),
            lane=place % 10 + 1,
        )
        for place, state in enumerate(states)
    ]


def counted(clinic: Clinic) -> ClinicMonth:
    [row] = count(NOVEMBER, [clinic.pk])
    return row


def test_a_month_has_its_sessions_hours_people_and_reasons(clinic: Clinic, tom: Volunteer) -> None:
    first = hold(clinic, 3, tom, came=5, missed=2)
    hold(clinic, 10, tom)
    hold(clinic, 17, None)  # nobody was there
    later = dt.datetime(2026, 11, 24, 9, tzinfo=LONDON)
    ClinicSessionFactory(clinic=clinic, starts_at=later, cancelled_at=timezone.now())
    ClinicSessionFactory(clinic=clinic, starts_at=dt.datetime(2026, 12, 1, 9, tzinfo=LONDON))
    for booking in first[:5]:
        booking.referral.reasons = ["money", "loneliness"] if booking != first[0] else ["money"]
        booking.referral.save()
    row = counted(clinic)
    assert (row.sessions, row.cancelled, row.hours) == (2, 1, Decimal("6.00"))
    assert (row.came, row.missed, row.reasons) == (5, 2, ["money"])


def test_somebody_who_comes_three_times_is_one_person_and_never_in_both_parts(clinic: Clinic, tom: Volunteer) -> None:
    [booking] = hold(clinic, 3, tom, came=1)
    for day, state in ((10, "attended"), (17, "missed")):
        starts = dt.datetime(2026, 11, day, 9, tzinfo=LONDON)
        again = ReferralFactory(episode=booking.referral.episode) if day == 17 else booking.referral
        session = ClinicSessionFactory(clinic=clinic, starts_at=starts)
        BookingFactory(session=session, referral=again, state=state)
    row = counted(clinic)
    assert (row.came, row.missed) == (1, 0)


def month_of(**counts: int) -> Achieved:
    return achieved(ClinicMonth(month=NOVEMBER, **{"sessions": 1, "cancelled": 0, "hours": Decimal(3), **counts}))


def shown(came: int, missed: int) -> tuple[str, str, str]:
    month = month_of(came=came, missed=missed)
    return month.came, month.missed, month.booked


def test_no_small_count_can_be_worked_out_from_what_is_shown() -> None:
    """Whatever is shown for two parts of which one is small, five other months would show the same."""
    seen: dict[tuple[str, str, str], set[tuple[int, int]]] = {}
    for came, missed in itertools.product(range(30), repeat=2):
        seen.setdefault(shown(came, missed), set()).add((came, missed))
    for pairs in seen.values():
        if min(min(pair) for pair in pairs) < 5:
            assert len(pairs) >= 5
            for part in range(2):
                possible = {pair[part] for pair in pairs}
                assert (len(possible) == 1 and possible.pop() >= 5) or possible == {0, 1, 2, 3, 4}


def test_the_sum_is_shown_where_both_parts_are() -> None:
    assert shown(31, 6) == ("31", "6", "37")
    assert shown(31, 4) == ("31", "fewer than 5", "31 or more")
    assert shown(0, 9) == ("fewer than 5", "9", "9 or more")
    assert shown(4, 4) == ("fewer than 5", "fewer than 5", "fewer than 10")


def test_page_and_mail_show_no_small_count_nor_a_bar_of_it(
    clinic: Clinic, practice: Workplace, coordinator: User
) -> None:
    practice.email = "desk@example.test"
    practice.save()
    pages = []
    for came, missed in ((3, 2), (1, 4)):
        ClinicMonth.objects.all().delete()
        Message.objects.all().delete()
        ClinicMonthFactory(clinic=clinic, month=NOVEMBER, came=came, missed=missed, reasons=[])
        page = logged_in(coordinator).get(reverse("volunteer_impact")).content.decode()
        actions.send_digests()
        mail = Message.objects.get(to="desk@example.test")
        assert "fewer than 5" in mail.text
        pages.append((re.sub(r"(csrf|nonce|X-CSRFToken)[^>]*>", "", page), mail.text, mail.html))
    assert pages[0] == pages[1]


def test_a_month_is_counted_from_the_fourth_and_stays_as_it_was(clinic: Clinic, tom: Volunteer) -> None:
    [booking, *_] = hold(clinic, 3, tom, came=6, missed=6)
    with time_machine.travel(dt.datetime(2026, 12, 3, 23, tzinfo=dt.UTC)):
        assert actions.count_months() == 0
    assert actions.count_months() == 1
    Booking.objects.filter(pk=booking.pk).update(state=Booking.State.MISSED)
    assert actions.count_months() == 0
    assert ClinicMonth.objects.get().came == 6


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_count_a_month_once() -> None:
    clinic = ClinicFactory()
    hold(clinic, 3, VolunteerFactory(workplace=clinic.practice))
    results = race(Clinic.objects.filter(pk=clinic.pk), actions.count_months, actions.count_months)
    assert not [each for each in results if isinstance(each, Exception)]
    assert ClinicMonth.objects.get().sessions == 1


def test_the_digest_goes_once_to_each_concerned(
    clinic: Clinic, tom: Volunteer, practice: Workplace, coordinator: User, practice_staff: User, manager: User
) -> None:
    practice.email = "desk@example.test"
    practice.save()
    idle = VolunteerFactory(workplace=practice)
    hold(clinic, 3, tom, came=12)
    actions.count_months()
    assert actions.send_digests() == 3
    assert actions.send_digests() == 0
    told = set(Message.objects.filter(kind="volunteer-impact").values_list("to", flat=True))
    assert told == {tom.user.email, coordinator.email, "desk@example.test"}
    assert idle.user.email not in told
    mail = Message.objects.get(to=tom.user.email)
    assert "People who came: 12" in mail.text
    assert mail.unsubscribe


def test_it_comes_by_choice(clinic: Clinic, tom: Volunteer, coordinator: User, practice_staff: User) -> None:
    choose_mails({"volunteer-impact": "off"}, by=tom.user)
    choose_mails({"volunteer-impact-practice": "monthly"}, by=practice_staff)
    hold(clinic, 3, tom)
    actions.count_months()
    actions.send_digests()
    told = set(Message.objects.values_list("to", flat=True))
    assert told == {coordinator.email, practice_staff.email}


def test_nothing_is_told_of_a_clinic_in_which_nothing_was(clinic: Clinic, coordinator: User) -> None:
    hold(clinic, 3, None)
    actions.count_months()
    assert actions.send_digests() == 0


def test_one_mail_has_all_of_ones_clinics(
    clinic: Clinic, tom: Volunteer, practice: Workplace, coordinator: User
) -> None:
    other = ClinicFactory(practice=practice, name="Friday clinic")
    hold(clinic, 3, tom)
    hold(other, 6, tom)
    actions.count_months()
    actions.send_digests()
    mail = Message.objects.get(to=coordinator.email)
    assert "Tuesday clinic" in mail.text
    assert "Friday clinic" in mail.text


def test_nobody_sees_the_clinics_of_another_network(
    clinic: Clinic, outsider: User, other_network: Workplace, link_worker: User
) -> None:
    ClinicMonthFactory(clinic=clinic)
    path = reverse("volunteer_impact")
    for user in (outsider, make_user("Petra Quill", Role.COORDINATOR, other_network)):
        for query in ("", f"?practice={clinic.practice_id}", "?practice=x&page=99"):
            assert "Tuesday clinic" not in logged_in(user).get(path + query).content.decode()
    assert "Tuesday clinic" in logged_in(link_worker).get(path).content.decode()


def test_the_page_asks_as_often_with_thirty_clinics_as_with_one(
    clinic: Clinic, practice: Workplace, coordinator: User, django_assert_max_num_queries: object
) -> None:
    ClinicMonthFactory(clinic=clinic)
    client = logged_in(coordinator)
    client.get(reverse("volunteer_impact"))
    for _ in range(2):
        with django_assert_max_num_queries(9):  # type: ignore[operator]
            assert client.get(reverse("volunteer_impact")).status_code == 200
        for _ in range(30):
            ClinicMonthFactory(clinic__practice=practice)


def test_a_month_in_which_everything_was_cancelled_is_empty() -> None:
    assert month_of(sessions=0, cancelled=4, hours=0, came=0, missed=0).is_empty
