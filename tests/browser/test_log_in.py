"""The front door in a browser: password and second factor, a passkey, and what is left to see after logging out."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from members.factories import PASSWORD, code_shown
from members.models import User, Workplace
from tests.browser.conftest import Visit
from tests.browser.inspection import examine
from tests.world import World, build_world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(practice: Workplace, link_worker: User, practice_staff: User, manager: User) -> World:
    return build_world(practice=practice, link_worker=link_worker, practice_staff=practice_staff, manager=manager)


def log_in(page: Page, user: User) -> None:
    """Through the pages, with password and authenticator app."""
    page.get_by_label("Email").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()
    page.get_by_role("heading", name="One more step").wait_for()
    page.get_by_label("Code").fill(code_shown())
    page.get_by_role("button", name="Log in").first.click()


@pytest.mark.parametrize("javascript", [True, False], ids=["with-javascript", "without-javascript"])
def test_password_and_app_lead_to_the_page_that_was_asked_for(
    visit: Visit, world: World, link_worker: User, javascript: bool
) -> None:
    page = visit(javascript=javascript)
    page.goto(reverse("inbox"))
    log_in(page, link_worker)
    expect(page.get_by_role("heading", name="Inbox")).to_be_visible()


def test_back_shows_nothing_after_logging_out(visit: Visit, world: World, link_worker: User) -> None:
    page = visit(link_worker)
    case = reverse("referral", args=[world.case.episode.reference])
    page.goto(reverse("referrals"))
    page.goto(case)
    expect(page.get_by_role("heading", name="Joan Perry")).to_be_visible()
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_text("You are logged out")).to_be_visible()
    for _ in range(2):
        page.go_back()
        expect(page.get_by_label("Password")).to_be_visible()
        assert "Perry" not in page.content()


def test_a_passkey_is_added_and_logs_in_by_itself(visit: Visit, link_worker: User) -> None:
    page = visit(link_worker)
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    page.goto(reverse("mfa_add_webauthn"))
    page.get_by_label("A name you know it by").fill("This laptop")
    page.get_by_label("Log in with it alone").check()
    page.get_by_role("button", name="Add it").click()
    problems = []
    expect(page).not_to_have_url(re.compile(reverse("mfa_add_webauthn")))
    for name, path in {
        "passkeys": reverse("mfa_list_webauthn"),
        "passkey rename": reverse("mfa_edit_webauthn", args=[link_worker.authenticator_set.latest("pk").pk]),
        "passkey remove": reverse("mfa_remove_webauthn", args=[link_worker.authenticator_set.latest("pk").pk]),
    }.items():
        page.goto(path)
        problems += examine(page, name)
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("link", name="Log in").first).to_be_visible()
    page.goto(reverse("account_login"))
    page.get_by_role("button", name="Log in with a passkey").click()
    expect(page.get_by_role("link", name="Caseload")).to_be_visible()
    assert not problems, "\n".join(["", *problems])


def test_the_second_step_is_accessible(visit: Visit, link_worker: User) -> None:
    page = visit()
    page.goto(reverse("account_login"))
    page.get_by_label("Email").fill(link_worker.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()
    page.get_by_role("heading", name="One more step").wait_for()
    problems = examine(page, "second factor asked")
    assert not problems, "\n".join(["", *problems])
