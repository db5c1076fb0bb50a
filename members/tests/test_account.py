import datetime as dt

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse
from django.utils import timezone

from linkworkers.outbox.models import Message
from members import actions
from members.factories import PASSWORD, UserFactory
from members.models import Post, Role
from members.today import panel

CAST = ["link_worker", "practice_staff", "volunteer", "coordinator", "manager", "member", "provider", "admin"]


@pytest.mark.parametrize("somebody", CAST)
def test_everybody_sees_their_account(request, client, somebody, django_assert_max_num_queries):
    user = request.getfixturevalue(somebody)
    client.force_login(user)
    client.get(reverse("account"))
    with django_assert_max_num_queries(5):
        page = client.get(reverse("account")).content.decode()
    assert user.email in page
    assert user.current_posts[0].get_role_display() in page


def test_whoever_holds_no_post_is_told_what_to_do(client, db):
    client.force_login(UserFactory())
    assert "You hold no post today" in client.get(reverse("account")).content.decode()


def test_a_name_is_changed(client, link_worker):
    client.force_login(link_worker)
    client.post(reverse("account"), {"name": "Amara O’Kafor", "email": "thief@example.test", "is_active": ""})
    link_worker.refresh_from_db()
    assert (link_worker.name, link_worker.email, link_worker.is_active) == ("Amara O’Kafor", "amara@example.test", True)
    assert "Write your name." in client.post(reverse("account"), {"name": " "}).content.decode()


def test_a_changed_address_counts_once_it_is_verified(client, link_worker):
    client.force_login(link_worker)
    change = {"email": "Amara.New@example.test", "action_add": ""}
    asked = client.post(reverse("account_email"), change)
    assert asked.headers["Location"].startswith(reverse("account_reauthenticate"))
    client.post(asked.headers["Location"], {"password": PASSWORD})
    link_worker.refresh_from_db()
    assert link_worker.email == "amara@example.test"
    mail = Message.objects.get(to="amara.new@example.test")
    assert mail.secret
    link = next(word for word in mail.text.split() if "/accounts/confirm-email/" in word)
    client.post(link.removeprefix("http://testserver"))
    link_worker.refresh_from_db()
    assert link_worker.email == "amara.new@example.test"
    assert EmailAddress.objects.get(user=link_worker).verified
    assert Message.objects.filter(to="amara@example.test", kind="email-changed").exists()


class TestToday:
    def test_everybody_has_their_posts_and_managers_their_team(self, manager, link_worker):
        assert panel(link_worker).posts == link_worker.current_posts
        assert panel(link_worker).team is None
        assert panel(manager).team is not None

    def test_the_figures_are_those_of_the_own_team(
        self, manager, network, practice, link_worker, practice_staff, outsider, admin, django_assert_num_queries
    ):
        soon = timezone.localdate() + dt.timedelta(days=30)
        Post.objects.filter(user__in=[practice_staff, outsider]).update(end_date=soon)
        Post.objects.create(user=link_worker, workplace=practice, role=Role.VOLUNTEER)
        for email in ("one@example.test", "two@example.test"):
            actions.invite(email=email, name="Nia", workplace=network, role=Role.MANAGER, by=manager)
        assert manager.current_posts
        with django_assert_num_queries(1):
            team = panel(manager).team
        assert (team.people, team.posts_ending, team.invitations_waiting) == (3, 1, 2)
        assert panel(admin).team.people == 5
