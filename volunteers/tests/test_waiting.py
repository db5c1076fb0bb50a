"""What waits for a coordinator and for the front desk, and the ways between the pages of volunteering."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from members.factories import WorkplaceFactory
from members.models import User, Workplace
from tests.world import logged_in
from volunteers.factories import (
    ApplicantFactory,
    ClinicSessionFactory,
    ShiftFactory,
    VolunteerFactory,
    VolunteerRoleFactory,
    clear,
    volunteer_of,
)
from volunteers.factories_cover import CoverRequestFactory
from volunteers.factories_expenses import ExpenseClaimFactory
from volunteers.factories_thanks import ExtraHoursFactory, MilestoneFactory
from volunteers.models import ClinicSession, Requirement, Stage, Volunteer
from volunteers.tabs import tabs
from volunteers.waiting import waiting_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(practice: Workplace) -> ClinicSession:
    return ClinicSessionFactory(clinic__practice=practice, clinic__role__meets_people=True, places=2)


@pytest.fixture
def tom(volunteer: User, session: ClinicSession) -> Volunteer:
    """The cast's volunteer, cleared for the session."""
    found = volunteer_of(volunteer)
    clear(found, session.clinic.role)
    return found


def page(user: User, name: str, *arguments: object) -> str:
    response = logged_in(user).get(reverse(name, args=arguments))
    assert response.status_code == 200
    return response.content.decode()


def everything_waits(practice: Workplace) -> None:
    role = VolunteerRoleFactory(needs=[Requirement.objects.create(kind="dbs", name=f"DBS check at {practice}")])
    rose = VolunteerFactory(workplace=practice, roles=[role])
    for _ in range(2):
        ApplicantFactory(workplace=practice, stage=Stage.APPLIED)
    ExpenseClaimFactory(volunteer=rose, state="sent", sent_at=timezone.now())
    ExtraHoursFactory(volunteer=rose)
    MilestoneFactory(volunteer=rose)
    session = ClinicSessionFactory(clinic__practice=practice, places=2)
    CoverRequestFactory(shift=ShiftFactory(session=session), exhausted_at=timezone.now())


def test_what_waits_for_a_coordinator_is_counted_with_one_query(practice, coordinator, django_assert_num_queries):
    everything_waits(practice)
    everything_waits(WorkplaceFactory())  # of others
    assert coordinator.current_posts
    with django_assert_num_queries(1):
        found = waiting_for(coordinator)
    assert [each.text for each in found] == [
        "1 shift that nobody can cover",
        "1 active volunteer with something not in order",
        "2 people to answer",
        "1 claim to approve",
        "1 note of hours to confirm",
        "1 volunteer to thank",
    ]
    client = logged_in(coordinator)
    for url in ("/today/", reverse("my_shifts")):
        text = client.get(url).content.decode()
        assert all(each.text in text and escape(each.url) in text for each in found)
    assert all(client.get(each.url).status_code == 200 for each in found)


def test_nothing_waits_for_whoever_coordinates_nothing(practice, manager, volunteer, coordinator):
    everything_waits(practice)
    assert not waiting_for(manager)
    assert not waiting_for(volunteer)


def test_the_first_tab_is_called_by_what_it_shows(volunteer, coordinator, practice_staff, manager):
    assert [tabs(each)[0].label for each in (volunteer, coordinator, practice_staff)] == [
        "My shifts",
        "Needs you",
        "Bookings",
    ]
    assert "Impact" in [each.label for each in tabs(manager)]
    assert "Impact" not in [each.label for each in tabs(volunteer)]


def test_every_tab_opens(volunteer, coordinator, practice_staff, manager, link_worker, tom):
    for user in (volunteer, coordinator, practice_staff, manager, link_worker):
        client = logged_in(user)
        assert {each.label: client.get(each.url, follow=True).status_code for each in tabs(user)} == {
            each.label: 200 for each in tabs(user)
        }


def test_a_shift_leads_to_its_session_cover_swap_and_calendar(volunteer, tom, session):
    first = ShiftFactory(session=session, volunteer=tom)
    later = ShiftFactory(
        session=ClinicSessionFactory(clinic=session.clinic, starts_at=session.starts_at + dt.timedelta(days=7)),
        volunteer=tom,
    )
    text = page(volunteer, "my_shifts")
    for shift in (first, later):
        for name in ("cover_ask", "swap_offer", "shift_give_up"):
            assert reverse(name, args=[shift.pk]) in text
        assert reverse("session", args=[shift.session_id]) in text
    assert reverse("calendar_feed") in text
    assert reverse("volunteer_day_on", args=[session.on.isoformat()]) in text
    text = page(volunteer, "session", session.pk)
    assert reverse("shift_ics", args=[first.pk]) in text
    assert reverse("swap_offer", args=[first.pk]) in text


def test_one_signs_up_on_the_page_of_a_session_only_where_one_may(volunteer, tom, session, coordinator):
    take = reverse("shift_take", args=[session.pk])
    assert take in page(volunteer, "session", session.pk)
    assert take not in page(coordinator, "session", session.pk)
    tom.roles.clear()
    assert take not in page(volunteer, "session", session.pk)


def test_a_coordinator_finds_somebody_from_the_session(session, coordinator, practice_staff):
    text = page(coordinator, "session", session.pk)
    assert reverse("session_assign", args=[session.pk]) in text
    assert reverse("cover_ask_session", args=[session.pk]) in text
    text = page(practice_staff, "session", session.pk)
    assert reverse("session_assign", args=[session.pk]) not in text
    assert reverse("referrals") in text
