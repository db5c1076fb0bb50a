import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from members import actions
from members.factories import PASSWORD
from members.models import Invitation, Role, User

TYPED = {"name": "Nia Evans", "password": PASSWORD}


@pytest.fixture
def invitation(manager, network) -> Invitation:
    return actions.invite(
        email="new@example.test", name="Nia Evans", workplace=network, role=Role.LINK_WORKER, by=manager
    )


def test_a_newcomer_joins_and_goes_on_to_the_second_factor(client, invitation):
    page = client.get(invitation.path).content.decode()
    assert "Helen Whitmore invites you to join" in page
    assert "Mid Herts Primary Care Network" in page
    assert client.post(invitation.path, TYPED).headers["Location"] == reverse("today")
    assert client.get(reverse("today")).headers["Location"] == reverse("mfa_index")
    # Just logged in, so the page that sets it up does not ask for the password once more.
    assert client.get(reverse("mfa_activate_totp")).status_code == 200


def test_a_member_joins_and_starts(client, admin, employer):
    invitation = actions.invite(
        email="new@example.test", name="Nia Evans", workplace=employer, role=Role.MEMBER, by=admin
    )
    client.post(invitation.path, TYPED)
    assert client.get(reverse("account")).status_code == 200


def test_looking_at_it_changes_nothing(client, invitation):
    before = Invitation.objects.values().get()
    client.get(invitation.path)
    assert Invitation.objects.values().get() == before
    assert not User.objects.filter(email="new@example.test").exists()


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("", "Choose a password."),
        ("short", "too short"),
        ("qwerty123456", "too common"),
        ("new@example.test", "too similar to the e-mail address"),
        ("202611232026112320", "entirely numeric"),
    ],
)
def test_a_weak_password_is_refused_with_the_reason(client, invitation, password, said):
    answer = client.post(invitation.path, TYPED | {"password": password})
    assert said in answer.content.decode()
    assert not User.objects.filter(email="new@example.test").exists()


def test_the_address_on_the_page_cannot_be_changed(client, invitation):
    client.post(invitation.path, TYPED | {"email": "thief@example.test"})
    assert User.objects.filter(email="new@example.test").exists()
    assert not User.objects.filter(email="thief@example.test").exists()


def test_a_click_too_many_leads_to_the_log_in(client, invitation):
    assert client.post(invitation.path, TYPED).status_code == 302
    again = Client().post(invitation.path, TYPED)
    assert again.status_code == 410
    assert "You have used this invitation" in again.content.decode()


def test_an_expired_link_says_so_and_whom_to_ask(client, invitation):
    Invitation.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    for answer in (client.get(invitation.path), client.post(invitation.path, TYPED)):
        assert answer.status_code == 410
        assert "no longer works" in answer.content.decode()
        assert "Ask Helen Whitmore" in answer.content.decode()
    assert not User.objects.filter(email="new@example.test").exists()


def test_a_withdrawn_link_says_so(client, invitation, manager):
    actions.withdraw_invitation(invitation, by=manager)
    answer = client.get(invitation.path)
    assert answer.status_code == 410
    assert "has been withdrawn" in answer.content.decode()


def test_a_link_that_was_replaced_is_not_found(client, invitation, manager):
    newer = actions.resend_invitation(invitation, by=manager)
    answer = client.get(invitation.path)
    assert answer.status_code == 404
    assert "latest mail" in answer.content.decode()
    assert client.get(newer.path).status_code == 200


class TestForSomebodyWithAnAccount:
    @pytest.fixture
    def invitation(self, manager, practice, link_worker) -> Invitation:
        return actions.invite(
            email=link_worker.email, name="Amara", workplace=practice, role=Role.VOLUNTEER, by=manager
        )

    def test_a_stranger_is_asked_to_log_in_and_comes_back(self, client, invitation):
        page = client.get(invitation.path).content.decode()
        assert f"{reverse('account_login')}?next={invitation.path}" in page
        assert "password" not in page.lower()
        client.post(invitation.path, TYPED)
        assert Invitation.objects.get().state == "Waiting"

    def test_the_owner_accepts(self, client, invitation, link_worker):
        client.force_login(link_worker)
        assert "The post is added to your account" in client.get(invitation.path).content.decode()
        assert client.post(invitation.path).headers["Location"] == reverse("today")
        assert link_worker.posts.filter(role=Role.VOLUNTEER).exists()

    def test_somebody_else_is_asked_to_log_out(self, client, invitation, practice_staff):
        client.force_login(practice_staff)
        answer = client.post(invitation.path)
        assert "you are logged in as janet@example.test" in answer.content.decode()
        assert Invitation.objects.get().state == "Waiting"
