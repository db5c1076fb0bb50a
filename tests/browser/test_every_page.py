"""Every page, in the states it can be in, as those who use it: accessible at both widths and never wider than a screen.

A page is its name in a failure and a screenshot, its address, and what is done on it before it is looked at.
"""

from collections.abc import Callable, Collection, Iterable

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from django.urls import reverse
from playwright.sync_api import Page

from members.models import User, Workplace
from tests.browser.conftest import Visit
from tests.browser.inspection import examine
from tests.browser.scene import Scene, build_scene

pytestmark = pytest.mark.django_db(transaction=True)

Step = Callable[[Page], None]
Look = tuple[str, str] | tuple[str, str, Step]


def at(name: str, *arguments: object) -> str:
    return reverse(name, args=arguments)


def send_empty(page: Page) -> None:
    """Presses the main button of a form in which nothing is answered, past the browser's own checks."""
    page.evaluate("document.querySelectorAll('form').forEach((form) => { form.noValidate = true; })")
    page.locator("main form :not([aria-hidden])[type=submit].btn-primary").first.click()
    page.get_by_role("heading", name="There is a problem").wait_for()


# What the admin's theme does not do, on every page it draws; the rest of axe's rules hold there too.
THEME = ("aria-input-field-name", "landmark-one-main", "landmark-unique", "list", "region", "target-size")


def look_at(page: Page, looks: Iterable[Look], *, forgiven: Collection[str] = ()) -> list[str]:
    """What is wrong with the pages, each opened and prepared in its turn."""
    problems = []
    for name, path, *steps in looks:
        response = page.goto(path)
        assert response is not None
        for step in steps:
            step(page)
        problems += examine(page, name, forgiven=forgiven)
    return problems


@pytest.fixture
def scene(practice: Workplace, link_worker: User, colleague: User, practice_staff: User, manager: User) -> Scene:
    return build_scene(
        practice=practice,
        link_worker=link_worker,
        colleague=colleague,
        practice_staff=practice_staff,
        manager=manager,
    )


def test_pages_of_the_practice(visit: Visit, scene: Scene, practice_staff: User) -> None:
    def know_the_person(page: Page) -> None:
        page.get_by_label("NHS number").fill("999 000 0026")
        page.keyboard.press("Tab")
        page.get_by_text("We know Jim Hartley").wait_for()

    def mistake_the_person(page: Page) -> None:
        page.get_by_label("First name").fill("Somebody")
        page.get_by_label("Last name").fill("Else")
        page.get_by_label("NHS number").fill("999 000 0026")
        page.keyboard.press("Tab")
        page.get_by_text("belongs to somebody with another name").wait_for()

    def be_refused(page: Page) -> None:
        page.get_by_role("button", name="Send the referral").click()
        page.get_by_role("heading", name="This was not sent").wait_for()

    world, referrals = scene.world, reverse("referrals")
    problems = look_at(
        visit(practice_staff),
        [
            ("practice today", at("today")),
            ("practice referrals", referrals),
            ("practice referrals page 2", f"{referrals}?page=2"),
            ("practice referrals ended", f"{referrals}?list=ended"),
            ("practice referrals nobody found", f"{referrals}?q=nobody"),
            ("referral form", at("referral_new")),
            ("referral form errors", at("referral_new"), send_empty),
            ("referral form person known", at("referral_new"), know_the_person),
            ("referral form another name", at("referral_new"), mistake_the_person),
            ("referral form resumed", at("referral_draft", scene.complete.pk)),
            ("referral check", at("referral_check", scene.complete.pk)),
            ("referral check somebody known", at("referral_check", scene.namesake.pk)),
            ("referral check somebody known errors", at("referral_check", scene.namesake.pk), send_empty),
            ("referral check refused", at("referral_check", scene.contradiction.pk), be_refused),
            ("referral draft delete", at("referral_draft_delete", scene.complete.pk)),
            ("practice referral waiting", at("referral", scene.crisis.reference)),
            ("practice referral question", at("referral", world.waiting.reference)),
            ("practice referral active", at("referral", scene.hard.referral.reference)),
            ("practice referral codes only", at("referral", scene.codes_only.referral.reference)),
            ("practice referral closed", at("referral", scene.closed.reference)),
            ("practice referral declined", at("referral", scene.declined.reference)),
            ("practice referral withdrawn", at("referral", scene.withdrawn.reference)),
            ("practice answer errors", at("referral_answer", world.waiting.reference), send_empty),
            ("practice withdraw", at("referral_withdraw", world.waiting.reference)),
            ("practice message", at("message", scene.hard.referral.reference, scene.hard.message.pk)),
        ],
    )
    assert not problems, "\n".join(["", *problems])


def test_lists_of_the_link_worker(visit: Visit, scene: Scene, link_worker: User, outsider: User) -> None:
    referrals = reverse("referrals")
    problems = look_at(
        visit(link_worker),
        [
            ("today", at("today")),
            ("inbox", at("inbox")),
            ("inbox page 2", f"{at('inbox')}?page=2"),
            ("caseload", referrals),
            ("caseload page 2", f"{referrals}?page=2"),
            ("caseload network", f"{referrals}?list=network"),
            ("caseload closed", f"{referrals}?list=closed"),
            ("caseload nobody found", f"{referrals}?q=nobody"),
            ("contact anyone", at("contact_anyone")),
        ],
    )
    problems += look_at(
        visit(outsider),
        [
            ("today nothing to do", at("today")),
            ("inbox empty", at("inbox")),
            ("caseload empty", referrals),
            ("referral form without a practice", at("referral_new")),
        ],
    )
    assert not problems, "\n".join(["", *problems])


def test_pages_of_a_case(visit: Visit, scene: Scene, link_worker: User) -> None:
    hard, reference = scene.hard, scene.hard.episode.reference
    waiting = scene.crisis.reference
    problems = look_at(
        visit(link_worker),
        [
            ("case waiting", at("referral", waiting)),
            ("case question asked", at("referral", scene.world.waiting.reference)),
            ("case active", at("referral", reference)),
            ("case codes only", at("referral", scene.codes_only.episode.reference)),
            ("case closed", at("referral", scene.closed.reference)),
            ("case declined", at("referral", scene.declined.reference)),
            ("ask errors", at("referral_ask", waiting), send_empty),
            ("decline", at("referral_decline", waiting)),
            ("contact", at("contact_new", reference)),
            ("contact errors", at("contact_new", reference), send_empty),
            ("contact amend", at("contact_amend", reference, hard.contact.pk)),
            ("appointment", at("appointment_new", reference)),
            ("appointment errors", at("appointment_new", reference), send_empty),
            ("appointment cancel", at("appointment_cancel", reference, hard.appointment.pk)),
            ("follow-up errors", at("follow_up_new", reference), send_empty),
            ("person", at("person_edit", reference)),
            ("identity", at("identity_edit", reference)),
            ("what matters", at("case_edit", reference)),
            ("consent", at("consent_edit", reference)),
            ("hand over errors", at("hand_over", reference), send_empty),
            ("close", at("case_close", reference)),
            ("close errors", at("case_close", reference), send_empty),
            ("message write errors", at("message_new", reference), send_empty),
            ("message", at("message", reference, hard.message.pk)),
        ],
    )
    assert not problems, "\n".join(["", *problems])


def test_pages_of_the_team(visit: Visit, scene: Scene, manager: User, colleague: User) -> None:
    problems = look_at(
        visit(manager),
        [
            ("manager today", at("today")),
            ("team", at("team")),
            ("team nobody found", f"{at('team')}?q=nobody"),
            ("team invite", at("invitation_new")),
            ("team invite errors", at("invitation_new"), send_empty),
            ("team end a post", at("post_end", scene.world.post.pk)),
            ("invitation for somebody else", scene.world.invitation.path),
        ],
    )
    problems += look_at(visit(colleague), [("invitation to another post", scene.second_post)])
    assert not problems, "\n".join(["", *problems])


def test_pages_of_ones_own_account(visit: Visit, volunteer: User, member: User) -> None:
    def make_codes(page: Page) -> None:
        page.get_by_role("button", name="Make new codes").click()
        page.get_by_role("heading", name="Your recovery codes").wait_for()

    problems = look_at(
        visit(volunteer),
        [
            ("today without work", at("today")),
            ("account", at("account")),
            ("account email", at("account_email")),
            ("account password", at("account_change_password")),
            ("account password errors", at("account_change_password"), send_empty),
            ("account log out", at("account_logout")),
            ("account reauthenticate", at("account_reauthenticate")),
            ("second factor reauthenticate", at("mfa_reauthenticate")),
            ("second factor", at("mfa_index")),
            ("second factor turn off", at("mfa_deactivate_totp")),
            ("second factor passkeys", at("mfa_list_webauthn")),
            ("second factor add a passkey", at("mfa_add_webauthn")),
            ("second factor recovery codes make", at("mfa_generate_recovery_codes")),
            ("second factor recovery codes", at("mfa_generate_recovery_codes"), make_codes),
        ],
    )
    member.authenticator_set.all().delete()
    member.set_unusable_password()
    member.save()
    problems += look_at(
        visit(member),
        [
            ("account password first", at("account_set_password")),
            ("second factor none", at("mfa_index")),
            ("second factor app", at("mfa_activate_totp")),
        ],
    )
    assert not problems, "\n".join(["", *problems])


def test_pages_without_logging_in(visit: Visit, scene: Scene, volunteer: User) -> None:
    def choose_password(page: Page) -> None:
        page.get_by_role("heading", name="Set a new password").wait_for()

    address = EmailAddress.objects.create(user=volunteer, email="elsewhere@example.test")
    token = default_token_generator.make_token(volunteer)
    new_password = at("account_reset_password_from_key", user_pk_to_url_str(volunteer), token)
    problems = look_at(
        visit(),
        [
            ("home", at("home")),
            ("log in", at("account_login")),
            ("log in errors", at("account_login"), send_empty),
            ("sign up closed", at("account_signup")),
            ("account inactive", at("account_inactive")),
            ("password reset", at("account_reset_password")),
            ("password reset errors", at("account_reset_password"), send_empty),
            ("password reset sent", at("account_reset_password_done")),
            ("password reset link old", at("account_reset_password_from_key", "1", "old")),
            ("password reset new password", new_password, choose_password),
            ("password reset done", at("account_reset_password_from_key_done")),
            ("verification sent", at("account_email_verification_sent")),
            ("verification link", at("account_confirm_email", EmailConfirmationHMAC(address).key)),
            ("verification link old", at("account_confirm_email", "old")),
            ("invitation", scene.world.invitation.path),
            ("invitation errors", scene.world.invitation.path, send_empty),
            ("invitation of somebody with an account", scene.second_post),
            ("invitation withdrawn", scene.withdrawn_invitation),
            ("invitation unknown", at("invitation", "unknown")),
        ],
    )
    assert not problems, "\n".join(["", *problems])


@pytest.mark.urls("tests.browser.faulty_urls")
def test_error_pages(visit: Visit, volunteer: User) -> None:
    def lose_the_token(page: Page) -> None:
        page.get_by_label("Email").fill("somebody@example.test")
        page.get_by_label("Password").fill("anything")
        page.context.clear_cookies(name="csrftoken")
        page.get_by_role("button", name="Log in", exact=True).click()
        page.get_by_role("heading", name="This page had been open too long").wait_for()

    faults = [(f"error {status}", f"/fails/{status}/") for status in ("400", "403", "500", "503")]
    nowhere = ("error 404", "/nowhere/")
    problems = look_at(visit(), [*faults, nowhere, ("error csrf", at("account_login"), lose_the_token)])
    problems += look_at(visit(volunteer), [("error 404 logged in", "/nowhere/")])
    assert not problems, "\n".join(["", *problems])


def test_pages_of_the_office(visit: Visit, scene: Scene, admin: User) -> None:
    problems = look_at(
        visit(admin),
        [
            ("office", at("admin:index")),
            ("office people", at("admin:members_user_changelist")),
            ("office person", at("admin:members_user_change", admin.pk)),
            ("office workplaces", at("admin:members_workplace_changelist")),
            ("office posts", at("admin:members_post_changelist")),
            ("office post new", at("admin:members_post_add")),
            ("office invitations", at("admin:members_invitation_changelist")),
            ("office invitation new", at("admin:members_invitation_add")),
            ("office messages", at("admin:outbox_message_changelist")),
            ("office audit trail", at("admin:audit_auditevent_changelist")),
        ],
        forgiven=THEME,
    )
    assert not problems, "\n".join(["", *problems])
