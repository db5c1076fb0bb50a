import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from linkworkers.outbox.models import Message
from members import actions
from members.factories import PostFactory, WorkplaceFactory
from members.models import Invitation, Role

ALLOWED = ["manager", "admin"]
OTHERS = ["link_worker", "colleague", "outsider", "practice_staff", "volunteer", "coordinator", "member", "provider"]


def invite(by, workplace, role=Role.LINK_WORKER, email="new@example.test", name="Nia Evans") -> Invitation:
    return actions.invite(email=email, name=name, workplace=workplace, role=role, by=by)


@pytest.mark.parametrize("somebody", OTHERS)
@pytest.mark.parametrize("page", ["team", "invitation_new"])
def test_pages_of_the_team_are_not_there_for_others(request, client, somebody, page):
    client.force_login(request.getfixturevalue(somebody))
    assert client.get(reverse(page)).status_code == 404


@pytest.mark.parametrize("page", ["team", "invitation_new"])
def test_pages_of_the_team_ask_a_stranger_to_log_in(client, db, page):
    assert client.get(reverse(page)).headers["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("somebody", ALLOWED)
def test_the_team_page_shows_people_and_who_is_invited(request, client, somebody, network, link_worker, manager):
    invite(manager, network)
    client.force_login(request.getfixturevalue(somebody))
    page = client.get(reverse("team")).content.decode()
    assert "Amara Okafor" in page
    assert "Nia Evans" in page


def test_a_manager_sees_the_own_team_only(client, manager, admin, link_worker, outsider, other_network, practice_staff):
    invite(admin, other_network, name="Somebody Else")
    client.force_login(manager)
    page = client.get(reverse("team")).content.decode()
    assert "Janet Moss" in page
    assert "Rhiannon Davies" not in page
    assert "Somebody Else" not in page


def test_somebody_is_found_by_name_address_or_workplace(client, admin, link_worker, outsider):
    client.force_login(admin)
    for typed in ("amara ok", "AMARA@EXAMPLE", "mid herts"):
        page = client.get(reverse("team"), {"q": typed}).content.decode()
        assert "Amara Okafor" in page
        assert "Rhiannon Davies" not in page
    assert "has “&lt;b&gt;” in it" in client.get(reverse("team"), {"q": "<b>"}).content.decode()


@pytest.mark.parametrize("rows", [1, 30])
def test_the_team_page_asks_no_more_for_more_rows(
    client, manager, network, practice, link_worker, rows, django_assert_max_num_queries
):
    for number in range(rows):
        PostFactory(workplace=practice)
        PostFactory(workplace=WorkplaceFactory(parent=network))
        invite(manager, network, email=f"new-{number}@example.test")
    client.force_login(manager)
    client.get(reverse("team"))  # the session takes note of the second factor
    with django_assert_max_num_queries(6):
        client.get(reverse("team"))


def test_a_long_team_has_pages(client, manager, practice):
    for _ in range(55):
        PostFactory(workplace=practice)
    client.force_login(manager)
    first, second = (client.get(reverse("team"), {"page": page, "q": "surgery"}) for page in (1, 2))
    assert "1 to 50 of 55" in first.content.decode()
    assert "?page=2&amp;q=surgery" in first.content.decode()
    assert "51 to 55 of 55" in second.content.decode()


class TestInvitingSomebody:
    TYPED = {"name": "Nia Evans", "email": "New@Example.test", "role": "link_worker", "wte": "0.8"}

    def test_sends_the_invitation(self, client, manager, network):
        client.force_login(manager)
        answer = client.post(reverse("invitation_new"), self.TYPED | {"workplace": network.pk}, follow=True)
        assert "on its way to new@example.test" in answer.content.decode()
        assert Invitation.objects.get().invited_by == manager
        assert Message.objects.get().to == "new@example.test"

    def test_offers_the_own_workplaces_and_roles_only(self, client, manager, network, practice, other_network):
        client.force_login(manager)
        page = client.get(reverse("invitation_new")).content.decode()
        assert "The Maltings Surgery" in page
        assert "Hartlepool" not in page
        assert "Administrator" not in page
        for wrong in ({"workplace": other_network.pk}, {"workplace": network.pk, "role": "administrator"}):
            assert client.post(reverse("invitation_new"), self.TYPED | wrong).status_code == 200
        assert not Invitation.objects.exists()

    def test_keeps_what_was_typed_and_says_what_is_wrong(self, client, manager, practice, link_worker, network):
        client.force_login(manager)
        page = client.post(reverse("invitation_new"), self.TYPED | {"workplace": practice.pk}).content.decode()
        assert "At The Maltings Surgery the roles are: practice staff, volunteer link worker" in page
        assert "New@Example.test" in page
        held = {"workplace": network.pk, "email": link_worker.email}
        page = client.post(reverse("invitation_new"), self.TYPED | held).content.decode()
        assert "This person holds this post already." in page

    def test_twice_makes_one_invitation(self, client, manager, network):
        client.force_login(manager)
        for _ in range(2):
            answer = client.post(reverse("invitation_new"), self.TYPED | {"workplace": network.pk})
        assert "has been invited to this post already" in answer.content.decode()
        assert Invitation.objects.count() == 1

    def test_is_done_in_the_office_by_administrators(self, client, admin):
        client.force_login(admin)
        assert client.get(reverse("invitation_new")).headers["Location"] == reverse("admin:members_invitation_add")


class TestAnsweringLate:
    @pytest.mark.parametrize("page", ["invitation_resend", "invitation_withdraw"])
    def test_is_for_whoever_manages_that_team(self, client, manager, network, outsider, link_worker, page):
        url = reverse(page, args=[invite(manager, network).pk])
        for somebody in (outsider, link_worker):
            client.force_login(somebody)
            assert client.post(url).status_code == 404
        client.force_login(manager)
        assert client.get(url).status_code == 405
        assert client.post(url).status_code == 302

    def test_a_new_link_is_sent(self, client, manager, network):
        invitation = invite(manager, network)
        client.force_login(manager)
        page = client.post(reverse("invitation_resend", args=[invitation.pk]), follow=True).content.decode()
        assert "A new link is on its way" in page
        assert Message.objects.count() == 2

    def test_a_withdrawn_one_is_withdrawn_once(self, client, manager, network):
        url = reverse("invitation_withdraw", args=[invite(manager, network).pk])
        client.force_login(manager)
        assert "is withdrawn" in client.post(url, follow=True).content.decode()
        assert "has been withdrawn" in client.post(url, follow=True).content.decode()


class TestEndingAPost:
    def url(self, user) -> str:
        return reverse("post_end", args=[user.posts.get().pk])

    def test_sets_the_last_day(self, client, manager, link_worker):
        client.force_login(manager)
        assert "Amara Okafor" in client.get(self.url(link_worker)).content.decode()
        day = timezone.localdate() + dt.timedelta(days=7)
        assert client.post(self.url(link_worker), {"last_day": day.isoformat()}).status_code == 302
        assert link_worker.posts.get().end_date == day

    @pytest.mark.parametrize(
        ("typed", "said"), [("", "Choose the last day."), ("1999-01-01", "This post began on"), ("soon", "valid date")]
    )
    def test_says_what_is_wrong(self, client, manager, link_worker, typed, said):
        client.force_login(manager)
        answer = client.post(self.url(link_worker), {"last_day": typed})
        assert said in answer.content.decode()
        assert link_worker.posts.get().end_date is None

    def test_is_not_there_for_others_nor_for_the_own_post(self, client, manager, link_worker, outsider, colleague):
        for somebody, whose in ((outsider, link_worker), (colleague, link_worker), (manager, manager)):
            client.force_login(somebody)
            assert client.get(self.url(whose)).status_code == 404
