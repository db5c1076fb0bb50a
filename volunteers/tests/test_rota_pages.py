"""My shifts and the rota as people with different posts see them."""

import datetime as dt
import io

import pypdf
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from members.factories import PostFactory, WorkplaceFactory
from members.models import Role, User, Workplace
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
from volunteers.models import Absence, ClinicSession, Requirement, Shift, Volunteer, availability_of
from volunteers.openings import open_to, short_for
from volunteers.permissions import why_not_on
from volunteers.rota import Period, read
from volunteers.tests.test_foundation import spoil

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


# The shifts that somebody could take.


@pytest.mark.parametrize(
    "how", ["", "paused", "no post", "no role", "DBS ended the day before", "DBS not in order", "away"]
)
def test_what_somebody_may_take_is_the_same_asked_of_all_sessions_and_of_one(how):
    dbs, induction = (Requirement.objects.create(kind=kind, name=kind) for kind in ("dbs", "induction"))
    role = VolunteerRoleFactory(needs=[dbs, induction])
    rose = VolunteerFactory()
    clear(rose, role)
    session = ClinicSessionFactory(clinic__practice=rose.workplace, clinic__role=role, starts_at=in_london(days=5))
    spoil(rose, how)
    rose.refresh_from_db()
    assert bool(why_not_on(rose, session)) == bool(how)
    assert open_to(rose.user).exists() == (not how)


def test_shifts_are_offered_where_one_is_needed_first_and_then_when_one_is_free(tom, practice):
    def one(days: int, **facts: object) -> ClinicSession:
        return ClinicSessionFactory(
            clinic__practice=practice, clinic__role=tom.roles.get(), starts_at=in_london(days=days), **facts
        )

    ClinicSession.objects.all().delete()
    enough = one(6, places=3)
    fits = one(9, places=3)
    short = one(12)
    for session in (enough, fits):
        ShiftFactory(session=session)
    found = list(open_to(tom.user, free_on=[availability_of(fits.starts_at)]))
    assert found == [short, fits, enough]
    assert [each.fits for each in found][1:] == [True, False]


def test_nothing_is_offered_that_is_full_over_cancelled_or_when_one_is_elsewhere(tom, practice, other_practice):
    facts = {"clinic__practice": practice, "clinic__role": tom.roles.get()}
    ClinicSession.objects.all().delete()
    mine = ClinicSessionFactory(**facts, starts_at=in_london(days=3))
    ShiftFactory(session=mine, volunteer=tom)
    ClinicSessionFactory(**facts, starts_at=in_london(days=3, hour=11))
    ShiftFactory(session=ClinicSessionFactory(**facts, starts_at=in_london(days=4)))
    ClinicSessionFactory(**facts, starts_at=in_london(days=5), cancelled_at=timezone.now())
    ClinicSessionFactory(**facts, starts_at=in_london(days=-1))
    ClinicSessionFactory(**facts | {"clinic__practice": other_practice}, starts_at=in_london(days=6))
    assert list(open_to(tom.user)) == []


@pytest.mark.parametrize("count", [1, 30])
@pytest.mark.parametrize("somebody", ["volunteer", "coordinator"])
def test_my_shifts_needs_as_many_queries_for_thirty_as_for_one(
    somebody, count, request, tom, practice, django_assert_max_num_queries
):
    user = request.getfixturevalue(somebody)
    facts = {"clinic__practice": practice, "clinic__role": tom.roles.get()}
    for number in range(count):
        session = ClinicSessionFactory(**facts, starts_at=in_london(days=number + 4), places=2)
        ShiftFactory(session=session, volunteer=tom)
        ShiftFactory(session=session)
        ClinicSessionFactory(**facts, starts_at=in_london(days=number + 4, hour=14))
    client = logged_in(user)
    client.get(reverse("account"))  # the first page of a session writes it
    for name in ("my_shifts", "today"):
        with django_assert_max_num_queries(9):
            assert client.get(reverse(name)).status_code == 200


# My shifts.


def test_a_volunteer_sees_where_they_are_next_and_who_else_is_on(tom, session):
    session.clinic.need_to_know = "Report to Janet."
    session.clinic.save()
    shift = ShiftFactory(session=session, volunteer=tom)
    bea = VolunteerFactory(workplace=session.clinic.practice, called="Bea", roles=[session.clinic.role])
    ShiftFactory(session=session, volunteer=bea)
    BookingFactory(session=session, shift=shift)
    text = page(tom.user, "my_shifts")
    assert "Tuesday clinic, The Maltings Surgery" in text
    assert "Report to Janet." in text
    assert "1 person" in text
    assert "Bea" in text


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("paused", "is paused. Tell your coordinator"),
        ("no role", "You have no role at The Maltings Surgery yet"),
        ("joining", "You are joining The Maltings Surgery as a volunteer; the step now is: induction"),
        ("DBS", "namely Enhanced DBS check. Ask your coordinator"),
        ("no post", "Your post as a volunteer at The Maltings Surgery has ended"),
    ],
)
def test_what_is_not_in_order_is_said_with_what_to_do(how, said, tom):
    if how == "DBS":
        dbs = Requirement.objects.create(kind="dbs", name="Enhanced DBS check")
        tom.roles.get().needs.add(dbs)
        yesterday = timezone.localdate() - dt.timedelta(days=1)
        tom.checks.create(requirement=dbs, passed=True, done_on=yesterday - dt.timedelta(days=9), ends_on=yesterday)
    elif how == "joining":
        Volunteer.objects.update(stage="induction")
    elif how == "no post":
        tom.user.posts.update(start_date=timezone.localdate() - dt.timedelta(days=9))
        tom.user.posts.update(end_date=timezone.localdate() - dt.timedelta(days=1))
    else:
        spoil(tom, how)
    assert said in page(tom.user, "my_shifts")


def test_who_does_not_volunteer_reads_what_it_is(link_worker):
    assert "An hour of somebody’s time" in page(link_worker, "my_shifts")


def test_signing_up_and_giving_up_through_the_pages(tom, session):
    client = logged_in(tom.user)
    answer = client.post(reverse("shift_take", args=[session.pk]), follow=True)
    assert "You are on:" in answer.content.decode()
    again = client.post(reverse("shift_take", args=[session.pk]), follow=True)
    assert "You are on this shift already." in again.content.decode()
    shift = Shift.objects.get()
    path = reverse("shift_give_up", args=[shift.pk])
    assert "Choose why you cannot come" in client.post(path, {"answered": "nothing"}).content.decode()
    assert "Select a valid choice" in client.post(path, {"why": "because"}).content.decode()
    assert "It begins in" not in client.get(path).content.decode()
    client.post(path, {"why": "unsaid"})
    shift.refresh_from_db()
    assert shift.end_reason == Shift.Ended.GIVEN_UP
    assert "You are not on this shift any more" in client.get(path).content.decode()


def test_hostile_ids_lead_nowhere(tom, session, practice_staff, coordinator, other_network):
    other = ShiftFactory()  # another practice, of no network of theirs
    staff = PostFactory(workplace=other_network, role=Role.COORDINATOR).user
    mine = ShiftFactory(session=session, volunteer=tom)
    tries = [
        (tom.user, "shift_take", other.session_id),
        (tom.user, "shift_give_up", other.pk),
        (tom.user, "session_assign", session.pk),
        (tom.user, "shift_end", mine.pk),
        (coordinator, "session_assign", other.session_id),
        (coordinator, "shift_end", other.pk),
        (coordinator, "shift_attended", other.pk),
        (coordinator, "shift_give_up", mine.pk),
        (staff, "session_assign", session.pk),
        (staff, "shift_end", mine.pk),
        (coordinator, "session_assign", 2**62),
    ]
    for user, name, pk in tries:
        assert logged_in(user).post(reverse(name, args=[pk])).status_code == 404, (user, name)
    assert Shift.objects.standing().count() == 2


def test_a_coordinator_cannot_put_on_a_volunteer_of_another_network_or_a_key_that_is_none(
    session, coordinator, other_practice
):
    stranger = VolunteerFactory(workplace=other_practice, roles=[session.clinic.role])
    client, path = logged_in(coordinator), reverse("session_assign", args=[session.pk])
    assert client.post(path, {"volunteer": stranger.key}).status_code == 404
    assert "Choose somebody from the list." in client.post(path, {"volunteer": "x"}).content.decode()
    assert not Shift.objects.exists()


def test_a_coordinator_says_who_came(session, tom, coordinator):
    shift = ShiftFactory(session=session, volunteer=tom)
    now = timezone.now()
    ClinicSession.objects.update(starts_at=now - dt.timedelta(hours=3), ends_at=now - dt.timedelta(hours=1))
    client, path = logged_in(coordinator), reverse("shift_attended", args=[shift.pk])
    for said, kept in (("no", False), ("yes", True), ("perhaps", True)):
        client.post(path, {"came": said})
        shift.refresh_from_db()
        assert shift.attended is kept


@pytest.mark.parametrize("count", [1, 30])
def test_assigning_needs_as_many_queries_for_thirty_as_for_one(
    count, session, coordinator, django_assert_max_num_queries
):
    for number in range(count):
        VolunteerFactory(workplace=session.clinic.practice, name=f"Volunteer {number}", roles=[session.clinic.role])
    client = logged_in(coordinator)
    client.get(reverse("account"))
    with django_assert_max_num_queries(9):
        client.get(reverse("session_assign", args=[session.pk]))


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
    with django_assert_num_queries(7):  # three of which are the page's own
        client.get(reverse("rota"), {"view": "month"})


@pytest.mark.parametrize("day", ["2026-10-25", "2027-03-28"])  # when the clocks change
def test_a_week_has_its_sessions_on_the_days_and_at_the_hours_of_london(day, practice, coordinator):
    on = dt.date.fromisoformat(day)
    zone = timezone.get_default_timezone()
    starts = dt.datetime.combine(on, dt.time(9), tzinfo=zone)
    ClinicSessionFactory(clinic__practice=practice, starts_at=starts)
    late = dt.datetime.combine(on, dt.time(23, 30), tzinfo=zone)
    ClinicSessionFactory(clinic__practice=practice, starts_at=late, ends_at=late + dt.timedelta(minutes=20))
    found = read(coordinator, Period.of("week", on))
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


def test_who_is_away_is_not_offered_a_shift_on_that_day(tom, session):
    assert open_to(tom.user).count() == 1
    Absence.objects.create(volunteer=tom, first_day=session.on, last_day=session.on)
    assert open_to(tom.user).count() == 0


def test_sessions_of_this_week_and_the_next_that_are_short_need_their_coordinator(practice, coordinator, outsider):
    today = timezone.localdate()
    left = 13 - today.weekday()  # days until the end of next week
    soon = ClinicSessionFactory(clinic__practice=practice, starts_at=in_london(days=left, hour=20))
    ClinicSessionFactory(clinic__practice=practice, starts_at=in_london(days=left + 1, hour=9))
    assert list(short_for(coordinator)) == [soon]
    assert list(short_for(outsider)) == []
    assert "Short of 1" in page(coordinator, "today")


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
