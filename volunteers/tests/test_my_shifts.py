"""My shifts: where somebody is next, what is offered to them, what they are told, and signing up through the pages."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from members.factories import PostFactory
from members.models import Role, User, Workplace
from tests.world import logged_in
from volunteers.factories import (
    BookingFactory,
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
from volunteers.tests.test_foundation import WAYS, spoil

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


@pytest.mark.parametrize("how", WAYS)
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
