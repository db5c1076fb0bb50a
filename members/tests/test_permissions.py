import pytest

from members.factories import PostFactory, WorkplaceFactory
from members.models import ROLES_AT, Invitation, Role
from members.permissions import (
    can_change_account,
    can_change_invitation,
    can_change_name,
    can_end_post,
    can_invite,
    can_see_team,
)

CAST = ["link_worker", "colleague", "practice_staff", "volunteer", "member", "provider"]


@pytest.mark.parametrize("somebody", CAST)
def test_nobody_else_invites(request, somebody, network, practice):
    user = request.getfixturevalue(somebody)
    assert not any(can_invite(user, place, role) for place in (network, practice) for role in Role)


def test_a_manager_invites_into_the_network_and_its_practices(manager, network, practice, other_practice):
    assert all(can_invite(manager, network, role) for role in ROLES_AT["network"])
    assert all(can_invite(manager, practice, role) for role in ROLES_AT["practice"])
    assert not any(can_invite(manager, other_practice, role) for role in Role)


def test_a_coordinator_invites_volunteers_of_their_own_workplace_and_its_practices_and_nobody_else(
    coordinator, network, practice, other_network, other_practice, community
):
    for place in (network, practice):
        assert [role for role in Role if can_invite(coordinator, place, role)] == [Role.VOLUNTEER]
    for place in (other_network, other_practice, community):
        assert not any(can_invite(coordinator, place, role) for role in Role)


def test_a_coordinator_ends_posts_of_volunteers_and_no_others_and_never_sees_the_team(
    coordinator, volunteer, manager, link_worker, practice_staff, outsider
):
    assert can_end_post(coordinator, volunteer.posts.get())
    for person in (manager, link_worker, practice_staff, outsider, coordinator):
        assert not can_end_post(coordinator, person.posts.get())
    assert not can_see_team(coordinator)


def test_a_coordinator_changes_invitations_of_volunteers_only(coordinator, network):
    asked = [Invitation(workplace=network, role=role) for role in (Role.VOLUNTEER, Role.LINK_WORKER, Role.MANAGER)]
    assert [can_change_invitation(coordinator, each) for each in asked] == [True, False, False]


def test_a_volunteer_may_leave_by_themselves(volunteer, colleague, link_worker):
    assert can_end_post(volunteer, volunteer.posts.get())
    assert not can_end_post(volunteer, link_worker.posts.get())
    assert not can_end_post(colleague, volunteer.posts.get())


def test_a_manager_makes_no_administrator(manager, network):
    assert not can_invite(manager, network, Role.ADMINISTRATOR)


def test_a_practice_without_network_is_in_no_managers_team(manager):
    assert not can_invite(manager, WorkplaceFactory(parent=None), Role.PRACTICE_STAFF)


def test_an_administrator_invites_anywhere(admin, other_network, association):
    assert can_invite(admin, other_network, Role.MANAGER)
    assert can_invite(admin, association, Role.ADMINISTRATOR)


def test_a_manager_ends_posts_of_the_team_but_not_the_own(manager, network, link_worker, outsider):
    second = PostFactory(workplace=network, role=Role.MANAGER)
    assert can_end_post(manager, link_worker.posts.get())
    assert can_end_post(manager, second)
    assert not can_end_post(manager, manager.posts.get())
    assert not can_end_post(manager, outsider.posts.get())
    assert not can_end_post(link_worker, link_worker.posts.get())


def test_accounts_are_the_business_of_administrators_and_never_their_own(admin, manager, link_worker):
    assert can_change_account(admin, link_worker)
    assert not can_change_account(admin, admin)
    assert not can_change_account(manager, link_worker)


def test_a_name_is_changed_by_its_owner_or_an_administrator(admin, manager, link_worker):
    assert can_change_name(link_worker, link_worker)
    assert can_change_name(admin, link_worker)
    assert not can_change_name(manager, link_worker)
