"""The door: passwords, limits, resets and the second factor, in real requests to allauth's pages."""

import datetime as dt
import re

import pytest
import time_machine
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from linkworkers.audit.models import AuditEvent
from linkworkers.outbox.models import Message
from members import actions
from members.factories import PASSWORD, TOTP_SECRET, PostFactory, UserFactory, code_shown
from members.models import Role, User

LOG_IN = "/accounts/login/"


def log_in(client: Client, user: str, password: str = PASSWORD, **extra: str) -> HttpResponse:
    return client.post(LOG_IN, {"login": user, "password": password}, **extra)


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def whole_minute() -> dt.datetime:
    """The last one that began: what an authenticator app shows changes at whole and half minutes."""
    return timezone.now().replace(second=0, microsecond=0)


@pytest.fixture
def newcomer(network) -> User:
    """A link worker who has no second factor yet."""
    user = UserFactory(email="nia@example.test", name="Nia Evans", second_factor=False)
    PostFactory(user=user, workplace=network, role=Role.LINK_WORKER)
    return user


class TestPassword:
    @pytest.mark.parametrize("typed", ["nia@example.test", " NIA@Example.TEST "])
    def test_opens_the_door_however_the_address_is_typed(self, client, newcomer, typed):
        assert log_in(client, typed).headers["Location"] == reverse("today")
        assert is_in(client)
        assert AuditEvent.objects.get().verb == "account.logged_in"

    def test_wrong_or_of_nobody_gets_one_and_the_same_answer(self, client, newcomer):
        said = [
            re.search(r'class="error-summary".*?</ul>', log_in(client, user, "wrong").content.decode(), re.S)[0]
            for user in ("nia@example.test", "nobody@example.test")
        ]
        assert said[0] == said[1]
        assert not is_in(client)

    def test_needs_a_form_of_ours(self, newcomer):
        client = Client(enforce_csrf_checks=True)
        assert log_in(client, newcomer.email).status_code == 403
        assert not is_in(client)

    def test_of_a_closed_account_opens_nothing_and_ends_what_was_open(self, client, newcomer, admin):
        log_in(client, newcomer.email)
        actions.close_account(newcomer, by=admin)
        assert client.get(reverse("account")).headers["Location"].startswith(LOG_IN)
        assert log_in(Client(), newcomer.email).headers["Location"] == reverse("account_inactive")

    def test_nobody_signs_up_unasked(self, client, db):
        client.post(
            reverse("account_signup"), {"email": "x@example.test", "password1": PASSWORD, "password2": PASSWORD}
        )
        assert not User.objects.exists()


class TestLimits:
    def test_five_wrong_passwords_close_one_account_for_a_while_and_nobody_elses(self, client, newcomer, member):
        for _ in range(5):
            log_in(client, newcomer.email, "wrong")
        refused = log_in(client, newcomer.email)
        assert "Too many failed login attempts" in refused.content.decode()
        assert not is_in(client)
        assert log_in(Client(), newcomer.email.upper()).status_code == 200  # from elsewhere, however typed
        assert log_in(client, member.email).status_code == 302  # from the same surgery

    def test_one_address_is_slowed_down_in_the_end(self, client, db):
        answers = [log_in(client, f"nobody-{number}@example.test", "wrong").status_code for number in range(61)]
        assert answers[-1] == 429


class TestForgottenPassword:
    def ask(self, client: Client, email: str) -> HttpResponse:
        return client.post(reverse("account_reset_password"), {"email": email}, follow=True)

    def test_is_set_anew_by_a_link_that_works_once(self, client, newcomer):
        self.ask(client, "NIA@example.test")
        mail = Message.objects.get()
        assert (mail.to, mail.secret) == (newcomer.email, True)
        link = next(word for word in mail.text.split() if "/accounts/password/reset/key/" in word)
        path = link.removeprefix("http://testserver")
        form = client.get(path, follow=True)
        new = {"password1": "four other herons fly", "password2": "four other herons fly"}
        assert client.post(form.redirect_chain[-1][0], new).status_code == 302
        newcomer.refresh_from_db()
        assert newcomer.check_password(new["password1"])
        assert not is_in(client)
        assert AuditEvent.objects.get().verb == "account.password_reset"
        assert "password1" not in Client().get(path, follow=True).content.decode()

    def test_tells_nobody_whose_addresses_are_known(self, client, newcomer):
        known, unknown = (self.ask(Client(), email) for email in (newcomer.email, "nobody@example.test"))
        assert known.redirect_chain == unknown.redirect_chain
        csrf = re.compile(r"[A-Za-z0-9]{64}")
        assert csrf.sub("", known.content.decode()) == csrf.sub("", unknown.content.decode())
        assert [message.to for message in Message.objects.all()] == [newcomer.email]


class TestSecondFactor:
    def test_is_set_up_before_anything_else_opens(self, client, newcomer):
        log_in(client, newcomer.email)
        for page in ("today", "account", "team", "invitation_new"):
            assert client.get(reverse(page)).headers["Location"] == reverse("mfa_index")
        for page in ("home", "mfa_index", "mfa_list_webauthn", "account_change_password"):
            assert client.get(reverse(page)).headers.get("Location") != reverse("mfa_index")

    def test_is_not_asked_of_whoever_sees_no_records(self, client, coordinator, employer):
        user = UserFactory(second_factor=False)
        PostFactory(user=user, workplace=employer, role=Role.MEMBER)
        log_in(client, user.email)
        assert client.get(reverse("account")).status_code == 200

    def test_is_asked_from_the_day_a_post_needs_it(self, client, network):
        user = UserFactory(second_factor=False)
        log_in(client, user.email)
        assert client.get(reverse("account")).status_code == 200
        PostFactory(user=user, workplace=network, role=Role.LINK_WORKER)
        assert client.get(reverse("account")).headers["Location"] == reverse("mfa_index")

    @pytest.mark.parametrize(
        ("demo", "email", "spared"),
        [
            (True, "x@demo.test", True),
            (True, "x@example.test", False),
            (True, "x@evil-demo.test", False),
            (False, "x@demo.test", False),
        ],
    )
    def test_spares_the_made_up_accounts_of_the_demo_alone(self, client, network, settings, demo, email, spared):
        settings.DEMO = demo
        user = UserFactory(email=email, second_factor=False)
        PostFactory(user=user, workplace=network, role=Role.LINK_WORKER)
        client.force_login(user)
        assert (client.get(reverse("account")).status_code == 200) is spared

    def test_by_app_is_set_up_then_asked_for_and_no_code_counts_twice(
        self, client, newcomer, django_capture_on_commit_callbacks
    ):
        log_in(client, newcomer.email)
        activate = reverse("mfa_activate_totp")
        asked = client.get(activate)
        client.post(asked.headers["Location"], {"password": PASSWORD})
        client.get(activate)
        secret = client.session[totp.SECRET_SESSION_KEY]
        assert client.post(activate, {"code": "000000"}).status_code == 200
        with django_capture_on_commit_callbacks(execute=True):
            shown = client.post(activate, {"code": code_shown(secret)}, follow=True).content.decode()
        codes = Authenticator.objects.get(user=newcomer, type=Authenticator.Type.RECOVERY_CODES)
        assert any(recovery in shown for recovery in codes.wrap().get_unused_codes())
        assert client.get(reverse("account")).status_code == 200
        assert Message.objects.filter(to=newcomer.email, kind="totp-activated").exists()
        assert "account.second_factor_added" in AuditEvent.objects.values_list("verb", flat=True)

        client.post(reverse("account_logout"))
        answers, code = [], code_shown(secret)
        for browser in (client, Client()):
            assert log_in(browser, newcomer.email).headers["Location"] == reverse("mfa_authenticate")
            assert not is_in(browser)
            browser.post(reverse("mfa_authenticate"), {"code": code})
            answers.append(is_in(browser))
        assert answers == [True, False]

    @pytest.mark.parametrize(("late", "opens"), [(0, True), (29, True), (59, True), (60, False), (3600, False)])
    def test_code_that_changed_while_it_was_typed_still_counts(self, client, link_worker, late, opens):
        with time_machine.travel(whole_minute(), tick=False) as clock:
            log_in(client, link_worker.email)
            code = code_shown()
            clock.shift(late)
            client.post(reverse("mfa_authenticate"), {"code": code})
            assert is_in(client) is opens

    @pytest.mark.parametrize("later", [1, 31, 59])
    def test_code_that_was_read_over_a_shoulder_opens_nothing_however_long_it_would_have_counted(
        self, client, link_worker, later
    ):
        with time_machine.travel(whole_minute(), tick=False) as clock:
            code, watcher = code_shown(), Client()
            log_in(client, link_worker.email)
            client.post(reverse("mfa_authenticate"), {"code": code})
            assert is_in(client)
            log_in(watcher, link_worker.email)
            clock.shift(later)
            assert "Incorrect code" in watcher.post(reverse("mfa_authenticate"), {"code": code}).content.decode()
            assert not is_in(watcher)
            clock.shift(30)
            asked = client.post(reverse("mfa_reauthenticate"), {"code": code})
            assert "Incorrect code" in asked.content.decode()

    def test_used_code_counts_against_the_limit_as_a_wrong_one_does(self, client, link_worker):
        with time_machine.travel(whole_minute(), tick=False) as clock:
            used, watcher = code_shown(), Client()
            log_in(client, link_worker.email)
            client.post(reverse("mfa_authenticate"), {"code": used})
            log_in(watcher, link_worker.email)
            clock.shift(31)
            for typed in (used, f"{used[:3]} {used[3:]}", used, "9" * 10_000, used):
                assert "Incorrect code" in watcher.post(reverse("mfa_authenticate"), {"code": typed}).content.decode()
            refused = watcher.post(reverse("mfa_authenticate"), {"code": code_shown()}).content.decode()
            assert "Too many failed login attempts" in refused
            assert not is_in(watcher)

    def test_secret_is_not_kept_in_the_open(self, link_worker):
        kept = Authenticator.objects.get(user=link_worker).data["secret"]
        assert TOTP_SECRET not in kept
        assert get_adapter().decrypt(kept) == TOTP_SECRET

    def test_recovery_codes_open_the_door_once_each(self, client, link_worker):
        client.force_login(link_worker)
        client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
        client.post(reverse("mfa_generate_recovery_codes"))
        recovery = Authenticator.objects.get(user=link_worker, type="recovery_codes").wrap().get_unused_codes()[0]
        answers = []
        for browser in (Client(), Client()):
            log_in(browser, link_worker.email)
            browser.post(reverse("mfa_authenticate"), {"code": recovery})
            answers.append(is_in(browser))
        assert answers == [True, False]

    def test_cannot_be_removed_while_it_is_needed(self, client, link_worker):
        client.force_login(link_worker)
        client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
        client.post(reverse("mfa_deactivate_totp"))
        assert Authenticator.objects.filter(user=link_worker, type="totp").exists()

    def test_can_be_removed_when_no_post_needs_it(self, client, member):
        client.force_login(member)
        client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
        client.post(reverse("mfa_deactivate_totp"))
        assert not Authenticator.objects.filter(user=member).exists()

    def test_may_be_a_passkey(self, client, newcomer):
        log_in(client, newcomer.email)
        client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
        for page in ("mfa_list_webauthn", "mfa_add_webauthn"):
            assert client.get(reverse(page), follow=True).status_code == 200
        assert (
            "request_options"
            in Client().get(reverse("mfa_login_webauthn"), HTTP_X_REQUESTED_WITH="XMLHttpRequest").json()
        )


def test_the_office_is_entered_by_the_same_door(client, admin):
    assert client.get("/admin/").status_code == 302
    assert client.get("/admin/login/").headers["Location"].startswith(LOG_IN)
    assert client.post("/admin/login/", {"username": admin.email, "password": PASSWORD}).status_code == 302
    assert not is_in(client)
