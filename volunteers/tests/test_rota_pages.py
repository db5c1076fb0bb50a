"""The rota and its poster as people with different posts see them."""

import datetime as dt
import io

import pypdf
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from members.factories import WorkplaceFactory
from members.models import User, Workplace
from tests.world import logged_in
from volunteers.factories import (
    BookingFactory,
    ClinicFactory,
    ClinicSessionFactory,
    ShiftFactory,
    VolunteerFactory,
    VolunteerRoleFactory,
    clear,
    in_london,
    volunteer_of,
)
from volunteers.models import ClinicSession, Volunteer
from volunteers.rota import Period, clinics_of, read

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(practice: Workplace) -> ClinicSession:
    return ClinicSessionFactory(
        clinic__practice=practice, clinic__name="Tuesday clinic", clinic__role__name="Volunteer at the desk", places=2
    )


@pytest.fixture
def tom(volunteer: User, session: ClinicSession) -> Volunteer:
    """The cast's volunteer, cleared for the session."""
    found = volunteer_of(volunteer)
    clear(found, session.clinic.role)
    return found


def page(user: User, name: str, *arguments: object, **query: object) -> str:
    response = logged_in(user).get(reverse(name, args=arguments), query)
    assert response.status_code == 200
    return response.content.decode()


# The rota.


def test_names_are_for_those_who_need_them(tom, session, coordinator, link_worker, practice_staff, manager, outsider):
    ShiftFactory(session=session, volunteer=tom)
    other = VolunteerFactory(workplace=session.clinic.practice, name="Beatrice Marlow", called="Bea")
    ShiftFactory(session=session, volunteer=other)
    on = session.on.isoformat()
    for user in (coordinator, link_worker, practice_staff):
        assert "Beatrice Marlow" in page(user, "rota", on=on)
        assert "Beatrice Marlow" in page(user, "rota", on=on, by="person")
    text = page(tom.user, "rota", on=on)
    assert "Bea" in text
    assert "Beatrice Marlow" not in text
    for by in ("clinic", "person"):
        text = page(manager, "rota", on=on, by=by)
        assert "Tuesday clinic" in text
        assert "2 of 2 volunteers" in text
        assert "Bea" not in text
        assert "Ashby" not in text
    assert "Tuesday clinic" not in page(outsider, "rota", on=on)


def test_no_name_of_anybody_referred_is_on_the_rota_or_where_one_assigns(session, tom, coordinator):
    shift = ShiftFactory(session=session, volunteer=tom)
    booking = BookingFactory(session=session, shift=shift)
    person = booking.referral.episode.person
    for text in (
        page(coordinator, "rota", on=session.on.isoformat()),
        page(coordinator, "session_assign", session.pk),
        page(coordinator, "my_shifts"),
        page(tom.user, "my_shifts"),
    ):
        assert person.family_name not in text
        assert booking.referral.reference not in text


def test_how_a_session_stands_is_said_in_words(practice, coordinator):
    role = VolunteerRoleFactory()
    for name, facts in {
        "Alpha": {"places": 2, "at_least": 2},
        "Beta": {"places": 2},
        "Gamma": {},
        "Delta": {"cancelled_at": timezone.now()},
    }.items():
        clinic = ClinicFactory(practice=practice, name=name, role=role)
        session = ClinicSessionFactory(clinic=clinic, starts_at=in_london(days=1), **facts)
        if name != "Delta":
            ShiftFactory(session=session)
    text = page(coordinator, "rota", on=(timezone.localdate() + dt.timedelta(days=1)).isoformat())
    for words in ("short of 1", "1 free place", ">full<", ">cancelled<"):
        assert words in text
    assert text.count("Find somebody") == 2


@pytest.mark.parametrize(
    "query",
    [
        {"on": "2026-13-45", "view": "century", "by": "moon"},
        {"on": "9999-12-31", "view": "month"},
        {"on": "0001-01-01"},
        {"on": "x" * 5000, "practice": "'; drop table", "role": "-1"},
        {"practice": str(2**70)},
    ],
)
def test_an_address_that_makes_no_sense_shows_this_week(query, coordinator, session):
    assert "Rota" in page(coordinator, "rota", **query)


def test_a_rota_is_narrowed_to_a_practice_and_a_role_of_ones_own(network, practice, coordinator, other_practice):
    elsewhere = WorkplaceFactory(name="Grange Street", parent=network)
    for place, name in ((practice, "Alpha"), (elsewhere, "Beta"), (other_practice, "Gamma")):
        ClinicSessionFactory(clinic__practice=place, clinic__name=name, starts_at=in_london(days=0, hour=20))
    assert "Alpha" in page(coordinator, "rota", practice=practice.pk)
    assert "Beta" not in page(coordinator, "rota", practice=practice.pk)
    text = page(coordinator, "rota", practice=other_practice.pk)
    assert "Beta" in text
    assert "Gamma" not in text


def test_what_people_typed_is_escaped(practice, coordinator):
    session = ClinicSessionFactory(clinic__practice=practice, clinic__name="<b>Café</b>", places=2)
    rose = VolunteerFactory(workplace=practice, name="<script>x</script>", roles=[session.clinic.role])
    ShiftFactory(session=session, volunteer=rose)
    for by in ("clinic", "person"):
        text = page(coordinator, "rota", on=session.on.isoformat(), by=by)
        assert "<script>x" not in text
        assert "&lt;b&gt;Café" in text


@pytest.mark.parametrize("count", [1, 30])
def test_a_rota_needs_as_many_queries_for_thirty_sessions_as_for_one(
    count, practice, coordinator, django_assert_num_queries
):
    role = VolunteerRoleFactory()
    for number in range(count):
        clinic = ClinicFactory(practice=practice, name=f"Clinic {number}", role=role)
        ShiftFactory(session=ClinicSessionFactory(clinic=clinic, starts_at=in_london(days=0, hour=20)))
    client = logged_in(coordinator)
    client.get(reverse("account"))
    with django_assert_num_queries(6):  # three of which are the page's own
        client.get(reverse("rota"), {"view": "month"})


@pytest.mark.parametrize("day", ["2026-10-25", "2027-03-28"])  # when the clocks change
def test_a_week_has_its_sessions_on_the_days_and_at_the_hours_of_london(day, practice, coordinator):
    on = dt.date.fromisoformat(day)
    zone = timezone.get_default_timezone()
    starts = dt.datetime.combine(on, dt.time(9), tzinfo=zone)
    ClinicSessionFactory(clinic__practice=practice, starts_at=starts)
    late = dt.datetime.combine(on, dt.time(23, 30), tzinfo=zone)
    ClinicSessionFactory(clinic__practice=practice, starts_at=late, ends_at=late + dt.timedelta(minutes=20))
    found = read(coordinator, Period.of("week", on), clinics_of(coordinator))
    assert {entry.starts for entry in found.days[on]} == {"09:00", "23:30"}
    assert found.weekdays == [0, 1, 2, 3, 4, 6]


def test_a_month_has_its_own_days_and_names_those_before_and_after():
    month = Period.of("month", dt.date(2026, 2, 14))
    assert (month.first, month.last, month.before, month.after) == (
        dt.date(2026, 2, 1),
        dt.date(2026, 2, 28),
        dt.date(2026, 1, 31),
        dt.date(2026, 3, 1),
    )
    assert len(list(month.weeks)) == 5
    assert Period.of("week", dt.date(2026, 12, 31)).label == "28 December 2026 to 3 January 2027"


# The poster.


def poster(user: User, practice: Workplace, month: str = "") -> pypdf.PdfReader:
    answer = logged_in(user).get(reverse("rota_poster"), {"practice": practice.pk, "month": month})
    assert answer.status_code == 200
    return pypdf.PdfReader(io.BytesIO(answer.content))


def test_the_poster_is_one_sheet_across_with_what_people_are_called(session, tom, coordinator):
    other = VolunteerFactory(workplace=session.clinic.practice, name="Beatrice Marlow", called="بيا")
    ShiftFactory(session=session, volunteer=tom)
    ShiftFactory(session=session, volunteer=other)
    (sheet,) = poster(coordinator, session.clinic.practice, f"{session.on:%Y-%m}").pages
    assert sheet.mediabox.width > sheet.mediabox.height
    text = sheet.extract_text()
    assert "Tom" in text
    assert "Ashby" not in text
    assert "Marlow" not in text


def test_a_full_month_with_long_words_stays_on_one_sheet(practice, coordinator):
    role = VolunteerRoleFactory()
    for number in range(12):
        clinic = ClinicFactory(practice=practice, role=role, name=f"{number} {'Donaudampfschiff' * 5}"[:100])
        session = ClinicSessionFactory(clinic=clinic, starts_at=in_london(days=0, hour=20), places=2)
        ShiftFactory(session=session, volunteer=VolunteerFactory(workplace=practice, called="W" * 60, roles=[role]))
    reader = poster(coordinator, practice)
    assert len(reader.pages) == 1
    assert "and more" in reader.pages[0].extract_text()


def test_the_poster_is_for_those_who_are_told_names(session, manager, outsider, practice_staff, link_worker, tom):
    query = {"practice": session.clinic.practice_id}
    for user, status in ((manager, 404), (outsider, 404), (practice_staff, 200), (link_worker, 200), (tom.user, 200)):
        assert logged_in(user).get(reverse("rota_poster"), query).status_code == status
    assert Client().get(reverse("rota_poster"), query).status_code == 302
