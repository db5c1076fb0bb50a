import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone

from linkworkers.actions import Refused
from linkworkers.audit.models import AuditEvent
from linkworkers.outbox.models import Message
from members import actions
from members.factories import PASSWORD, PostFactory, UserFactory
from members.models import Invitation, Post, Role, User


def days(number: int) -> dt.date:
    return timezone.localdate() + dt.timedelta(days=number)


def invite(by, workplace, role=Role.LINK_WORKER, email="new@example.test", **extra) -> Invitation:
    return actions.invite(email=email, name="Nia Evans", workplace=workplace, role=role, by=by, **extra)


def expire(invitation: Invitation) -> None:
    Invitation.objects.filter(pk=invitation.pk).update(expires_at=timezone.now() - dt.timedelta(seconds=1))


def verbs() -> list[str]:
    return list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True))


class TestInviting:
    def test_mails_a_link_whose_secret_is_not_kept(self, manager, network):
        invitation = invite(manager, network, email=" New@Example.TEST", wte=Decimal("0.80"))
        token = invitation.path.rstrip("/").rsplit("/", 1)[-1]
        message = Message.objects.get()
        assert (message.to, message.secret) == ("new@example.test", True)
        assert message.subject == "Your invitation to join Mid Herts Primary Care Network"
        assert f"http://testserver{invitation.path}" in message.text
        assert invitation.path in message.html
        kept = Invitation.objects.values_list().get()
        assert not any(token in str(value) for value in kept)
        assert Invitation.objects.get().path == ""
        assert verbs() == ["invitation.sent"]
        assert token not in str(AuditEvent.objects.values_list().get())

    def test_is_refused_to_whoever_may_not(self, link_worker, network):
        with pytest.raises(PermissionDenied):
            invite(link_worker, network)
        assert not Invitation.objects.exists()

    def test_refuses_a_role_that_is_not_held_there(self, admin, practice):
        with pytest.raises(Refused, match="At The Maltings Surgery the roles are: practice staff, volunteer"):
            invite(admin, practice, role=Role.MANAGER)

    def test_refuses_a_post_that_is_held(self, manager, network, link_worker):
        with pytest.raises(Refused, match="holds this post already"):
            invite(manager, network, email=link_worker.email.upper())

    def test_refuses_a_second_invitation_to_one_post(self, manager, network, practice):
        invite(manager, network)
        with pytest.raises(Refused, match="invited to this post already"):
            invite(manager, network, email="NEW@example.test")
        assert invite(manager, practice, role=Role.VOLUNTEER).pk
        assert Message.objects.count() == 2

    def test_takes_the_place_of_one_that_has_expired(self, manager, network):
        old = invite(manager, network)
        expire(old)
        assert invite(manager, network).is_open
        old.refresh_from_db()
        assert old.state == "Withdrawn"

    def test_again_makes_a_new_link_and_kills_the_old(self, manager, network):
        invitation = invite(manager, network)
        before = invitation.token_hash
        expire(invitation)
        again = actions.resend_invitation(invitation, by=manager)
        assert again.is_open
        assert not Invitation.objects.filter(token_hash=before).exists()
        assert Message.objects.count() == 2
        assert verbs() == ["invitation.sent", "invitation.sent_again"]

    def test_can_be_taken_back_until_it_is_answered(self, manager, network, outsider):
        invitation = invite(manager, network)
        with pytest.raises(PermissionDenied):
            actions.withdraw_invitation(invitation, by=outsider)
        assert actions.withdraw_invitation(invitation, by=manager).state == "Withdrawn"
        with pytest.raises(Refused, match="withdrawn"):
            actions.resend_invitation(invitation, by=manager)
        other = invite(manager, network, email="other@example.test")
        actions.accept_invitation(other, name="Nia", password=PASSWORD)
        with pytest.raises(Refused, match="accepted"):
            actions.withdraw_invitation(other, by=manager)


class TestAccepting:
    def test_makes_a_verified_account_with_the_post_from_today(self, manager, network):
        invitation = invite(manager, network, wte=Decimal("0.80"))
        user = actions.accept_invitation(invitation, name="Nia O’Hara", password=PASSWORD)
        assert (user.email, user.name, user.check_password(PASSWORD)) == ("new@example.test", "Nia O’Hara", True)
        address = EmailAddress.objects.get(user=user)
        assert (address.email, address.verified, address.primary) == (user.email, True, True)
        post = user.posts.get()
        assert (post.workplace, post.role, post.wte) == (network, Role.LINK_WORKER, Decimal("0.80"))
        assert (post.start_date, post.end_date) == (days(0), None)
        assert user.has_role(Role.LINK_WORKER)
        invitation.refresh_from_db()
        assert (invitation.state, invitation.post) == ("Accepted", post)
        assert verbs()[1:] == ["account.opened", "invitation.accepted", "post.opened"]

    def test_twice_makes_one_post(self, manager, network):
        invitation = invite(manager, network)
        actions.accept_invitation(invitation, name="Nia", password=PASSWORD)
        with pytest.raises(Refused, match="has been used"):
            actions.accept_invitation(invitation, name="Nia", password=PASSWORD)
        assert Post.objects.filter(workplace=network, role=Role.LINK_WORKER).count() == 1

    @pytest.mark.parametrize("spoil", [expire, lambda invitation: invitation.delete()])
    def test_too_late_changes_nothing(self, manager, network, spoil):
        invitation = invite(manager, network)
        spoil(Invitation.objects.get())
        with pytest.raises((Refused, Invitation.DoesNotExist)):
            actions.accept_invitation(invitation, name="Nia", password=PASSWORD)
        assert not User.objects.filter(email="new@example.test").exists()

    def test_an_account_that_exists_accepts_when_it_is_logged_in(self, manager, network, link_worker, practice_staff):
        invitation = invite(manager, network, role=Role.VOLUNTEER, email=link_worker.email)
        for by in (None, practice_staff):
            with pytest.raises(Refused, match=f"for {link_worker.email}"):
                actions.accept_invitation(invitation, by=by, name="Thief", password="a password of theirs")
        link_worker.refresh_from_db()
        assert link_worker.check_password(PASSWORD)
        assert actions.accept_invitation(invitation, by=link_worker) == link_worker
        assert {post.role for post in link_worker.posts.all()} == {Role.LINK_WORKER, Role.VOLUNTEER}
        assert link_worker.name == "Amara Okafor"

    def test_somebody_logged_in_does_not_accept_for_a_new_address(self, manager, network):
        invitation = invite(manager, network)
        with pytest.raises(Refused, match=r"for new@example\.test"):
            actions.accept_invitation(invitation, by=manager)

    def test_a_post_given_meanwhile_is_not_given_twice(self, manager, network):
        user = UserFactory(email="new@example.test")
        invitation = invite(manager, network)
        PostFactory(user=user, workplace=network, role=Role.LINK_WORKER)
        with pytest.raises(Refused, match="already holds this role"):
            actions.accept_invitation(invitation, by=user)


@pytest.mark.django_db(transaction=True)
def test_two_who_open_links_to_one_address_at_once_make_one_account(manager, network, practice):
    first = invite(manager, network)
    second = invite(manager, practice, role=Role.VOLUNTEER)

    def accept(invitation: Invitation) -> str:
        try:
            actions.accept_invitation(invitation, name="Nia", password=PASSWORD)
        except Refused as refusal:
            return str(refusal)
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(4) as threads:
        answers = sorted(threads.map(accept, [first, first, second, second]))
    assert answers.count("done") == 1
    user = User.objects.get(email="new@example.test")
    assert user.posts.count() == 1
    assert EmailAddress.objects.filter(user=user).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_administrators_cannot_end_each_other(admin, association):
    other = UserFactory()
    PostFactory(user=other, workplace=association, role=Role.ADMINISTRATOR)
    posts = {user: user.posts.get() for user in (admin, other)}

    def end(pair: tuple[User, User]) -> str:
        by, whose = pair
        try:
            actions.end_post(posts[whose], last_day=days(0), by=by)
        except Refused as refusal:
            return str(refusal)
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(2) as threads:
        answers = sorted(threads.map(end, [(admin, other), (other, admin)]))
    assert answers == ["Nobody else is an administrator without an end date. Invite another one first.", "done"]


class TestEndingAPost:
    def test_sets_the_last_day_and_may_move_it(self, manager, link_worker):
        post = link_worker.posts.get()
        actions.end_post(post, last_day=days(30), by=manager)
        ended = actions.end_post(post, last_day=days(14), by=manager)
        assert ended.end_date == days(14)
        assert AuditEvent.objects.filter(verb="post.ended").last().facts["before"] == days(30).isoformat()

    def test_in_the_past_ends_access_now(self, manager, link_worker):
        Post.objects.filter(user=link_worker).update(start_date=days(-60))
        actions.end_post(link_worker.posts.get(), last_day=days(-1), by=manager)
        assert not User.objects.get(pk=link_worker.pk).has_role(Role.LINK_WORKER)
        with pytest.raises(Refused, match="ended already"):
            actions.end_post(link_worker.posts.get(), last_day=days(5), by=manager)

    def test_refuses_a_day_before_the_first(self, manager, link_worker):
        with pytest.raises(Refused, match="before the first"):
            actions.end_post(link_worker.posts.get(), last_day=days(-1), by=manager)

    def test_is_refused_to_whoever_may_not(self, outsider, colleague, link_worker):
        for somebody in (outsider, colleague):
            with pytest.raises(PermissionDenied):
                actions.end_post(link_worker.posts.get(), last_day=days(0), by=somebody)

    def test_leaves_an_administrator(self, admin, association):
        with pytest.raises(Refused, match="Nobody else is an administrator"):
            actions.end_post(admin.posts.get(), last_day=days(0), by=admin)
        PostFactory(workplace=association, role=Role.ADMINISTRATOR)
        assert actions.end_post(admin.posts.get(), last_day=days(0), by=admin).end_date == days(0)


class TestAccounts:
    def test_a_closed_account_is_opened_again(self, admin, link_worker):
        actions.close_account(link_worker, by=admin)
        assert not User.objects.get(pk=link_worker.pk).is_active
        actions.open_account(link_worker, by=admin)
        assert User.objects.get(pk=link_worker.pk).is_active
        assert verbs() == ["account.closed", "account.reopened"]

    def test_only_an_administrator_closes_and_never_the_own(self, admin, manager, link_worker):
        for by, whose in ((manager, link_worker), (admin, admin)):
            with pytest.raises(PermissionDenied):
                actions.close_account(whose, by=by)

    def test_a_lost_second_factor_is_removed_and_its_owner_told(self, admin, link_worker):
        actions.remove_second_factor(link_worker, by=admin)
        assert not Authenticator.objects.filter(user=link_worker).exists()
        assert Message.objects.get().to == link_worker.email
        with pytest.raises(Refused, match="no second factor"):
            actions.remove_second_factor(link_worker, by=admin)

    def test_a_name_keeps_any_script_and_is_recorded_once(self, link_worker):
        for _ in range(2):
            actions.change_name(link_worker, name="أمارا O’Kafor 🌱", by=link_worker)
        link_worker.refresh_from_db()
        assert link_worker.name == "أمارا O’Kafor 🌱"
        assert AuditEvent.objects.get().facts == {"before": "Amara Okafor", "after": "أمارا O’Kafor 🌱"}
