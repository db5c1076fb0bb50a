"""What waits for a coordinator: each thing once, nobody else's, and nothing of their own."""

import pytest
from django.utils import timezone

from members.factories import PostFactory
from members.models import Role, User, Workplace
from tests.world import logged_in
from volunteers.factories import (
    ApplicantFactory,
    ClinicSessionFactory,
    VolunteerFactory,
    VolunteerRoleFactory,
    in_london,
)
from volunteers.factories_cover import CoverRequestFactory
from volunteers.factories_expenses import ExpenseClaimFactory
from volunteers.factories_thanks import MilestoneFactory
from volunteers.factories_training import TrainingFactory, TrainingPlaceFactory
from volunteers.models import Requirement
from volunteers.waiting import waiting_for

pytestmark = pytest.mark.django_db


def make_wait(place: Workplace) -> None:
    """One of everything that waits for whoever coordinates a place."""
    role = VolunteerRoleFactory(needs=[Requirement.objects.create(kind="dbs", name="DBS check here")])
    lacking = VolunteerFactory(workplace=place, roles=[role])
    ApplicantFactory(workplace=place)
    ExpenseClaimFactory(volunteer=lacking, state="sent")
    MilestoneFactory(volunteer=lacking)
    TrainingPlaceFactory(training=TrainingFactory(workplace=place, starts_at=in_london(days=-2)), volunteer=lacking)
    session = ClinicSessionFactory(clinic__practice=place)
    asker = VolunteerFactory(workplace=place).user
    CoverRequestFactory(session=session, shift=None, place=1, asked_by=asker, exhausted_at=timezone.now())


def test_what_waits_is_counted_for_its_coordinator_and_for_nobody_else(
    coordinator: User, practice: Workplace, other_practice: Workplace, link_worker: User
) -> None:
    make_wait(other_practice)
    assert waiting_for(coordinator) == []
    make_wait(practice)
    found = waiting_for(coordinator)
    assert [each.tag for each in found] == ["Cover", "Checks", "Applied", "Expenses", "Training", "Thanks"]
    assert [each.is_urgent for each in found] == [True, True, False, False, False, False]
    assert found[0].text == "1 shift that nobody can cover"
    ApplicantFactory(workplace=practice)
    assert "2 people to answer" in [each.text for each in waiting_for(coordinator)]
    assert waiting_for(link_worker) == []


def test_it_is_one_query_and_stands_on_both_pages(
    coordinator: User, practice: Workplace, django_assert_num_queries: object
) -> None:
    make_wait(practice)
    assert coordinator.current_posts
    with django_assert_num_queries(1):  # type: ignore[operator]
        waiting_for(coordinator)
    client = logged_in(coordinator)
    for path in ("/volunteers/", "/today/"):
        assert "1 claim to approve" in client.get(path).content.decode()


def test_what_is_ones_own_waits_for_somebody_else(coordinator: User, practice: Workplace) -> None:
    post = PostFactory(user=coordinator, workplace=practice, role=Role.VOLUNTEER)
    own = VolunteerFactory(user=coordinator, workplace=post.workplace)
    ExpenseClaimFactory(volunteer=own, state="sent")
    MilestoneFactory(volunteer=own)
    coordinator = User.objects.get(pk=coordinator.pk)
    assert waiting_for(coordinator) == []
