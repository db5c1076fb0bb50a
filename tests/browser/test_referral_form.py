"""The referral form under real fingers: a double click, a keyboard alone, a lost connection, a log-out halfway."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from members.models import User
from referrals.models import Referral, ReferralDraft
from tests.browser.conftest import Visit
from tests.browser.scene import ANSWERS
from tests.browser.test_every_page import send_empty
from tests.browser.test_walk import fill_in_the_referral

pytestmark = pytest.mark.django_db(transaction=True)

RADIOS = {"visit_risk", "urgency", "consent_method", "share_back"}
TICKS = {"contact_ways", "reasons"}
MOST_TABS = 80  # more than the form has stops
SHOWN_FOCUS = """() => {
  const element = document.activeElement;
  const style = getComputedStyle(element.closest(".tick") ?? element);
  return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== "none";
}"""


@pytest.mark.parametrize("javascript", [True, False], ids=["with-javascript", "without-javascript"])
def test_a_double_click_on_send_sends_one_referral(visit: Visit, practice_staff: User, javascript: bool) -> None:
    page = visit(practice_staff, javascript=javascript)
    page.goto(reverse("referral_new"))
    fill_in_the_referral(page)
    page.get_by_role("button", name="Check your answers").click()
    page.get_by_role("button", name="Send the referral").dblclick()
    # Without scripts the second click ends the first one's navigation, and wait_for_url takes that for a failure.
    expect(page).to_have_url(re.compile(r"/referrals/LW-[^/]+/$"))
    referral = Referral.objects.get()
    assert referral.reference in page.url
    page.goto(reverse("referrals"))
    expect(page.get_by_role("link", name="Joan Perry")).to_have_count(1)


def test_what_was_typed_is_there_after_logging_out_and_in(visit: Visit, practice_staff: User) -> None:
    page = visit(practice_staff)
    page.goto(reverse("referral_new"))
    fill_in_the_referral(page)
    expect(page.get_by_text(re.compile(r"^Saved \d\d:\d\d$"))).to_be_visible()
    page.context.clear_cookies()
    page.goto(reverse("referrals"))
    assert page.url.partition("?")[0].endswith(reverse("account_login"))

    again = visit(practice_staff)
    again.goto(reverse("referrals"))
    again.get_by_role("link", name="Joan Perry", exact=True).click()
    for label, value in {
        "NHS number": "999 000 0018",
        "First name": "Joan",
        "Last name": "Perry",
        "Date of birth": "4 5 1951",
        "Why now?": "Her husband died in the spring.",
    }.items():
        expect(again.get_by_label(label)).to_have_value(value)
    expect(again.get_by_role("textbox", name="Phone")).to_have_value("07700 900123")
    for role, name in (
        ("checkbox", "Phone call"),
        ("radio", "No risk that we know of"),
        ("checkbox", "Loneliness"),
        ("radio", "Struggling"),
        ("radio", "They agreed, face to face"),
        ("radio", "How it is going, and the codes"),
    ):
        expect(again.get_by_role(role, name=name)).to_be_checked()
    assert again.locator(":checked").count() == 6
    again.get_by_role("button", name="Check your answers").click()
    expect(again.get_by_role("heading", name="Check your answers")).to_be_visible()


def test_a_lost_connection_is_said_and_made_good(visit: Visit, practice_staff: User) -> None:
    page = visit(practice_staff)
    page.goto(reverse("referral_new"))
    page.context.set_offline(True)
    page.get_by_label("First name").press_sequentially("Joan")
    expect(page.get_by_text("Not saved: you are offline")).to_be_visible()
    assert not ReferralDraft.objects.exists()
    page.context.set_offline(False)
    expect(page.get_by_text(re.compile(r"^Saved"))).to_be_visible()
    assert ReferralDraft.objects.get().title == "Joan"


def test_what_is_known_of_a_person_is_filled_in_and_nothing_typed_is_lost(visit: Visit, practice_staff: User) -> None:
    page = visit(practice_staff)
    page.goto(reverse("referral_new"))
    fill_in_the_referral(page)
    page.get_by_role("button", name="Check your answers").click()
    page.get_by_role("button", name="Send the referral").click()
    expect(page.get_by_text("Sent. The reference is")).to_be_visible()
    page.goto(reverse("referral_new"))
    page.get_by_role("textbox", name="Phone").fill("07700 900999")
    page.get_by_label("NHS number").fill("9990000018")
    page.keyboard.press("Tab")
    expect(page.get_by_text("We know Joan Perry")).to_be_visible()
    expect(page.get_by_text("waits for an answer already")).to_be_visible()
    expect(page.get_by_label("Last name")).to_have_value("Perry")
    expect(page.get_by_role("textbox", name="Phone")).to_have_value("07700 900999")


def tab_to(page: Page, selector: str) -> None:
    """Presses Tab until what the selector names has the focus; every stop on the way shows where it is."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        assert page.evaluate(SHOWN_FOCUS), page.evaluate("document.activeElement.outerHTML")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"{selector} is not reached with the Tab key")


def test_a_keyboard_alone_fills_in_and_sends_it(visit: Visit, practice_staff: User) -> None:
    page = visit(practice_staff)
    page.goto(reverse("referral_new"))
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    for name, values in ANSWERS.items():
        for value in values:
            if name in RADIOS:  # one stop for the whole group; arrows choose within it
                tab_to(page, f"[name={name}]")
                choose(page, value)
            elif name in TICKS:
                tab_to(page, f"[name={name}][value={value}]")
                page.keyboard.press("Space")
            else:
                tab_to(page, f"[name={name}]")
                page.keyboard.type(value)
    tab_to(page, ".form-actions [type=submit]")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/check/$"))
    tab_to(page, ".form-actions [type=submit]")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Sent. The reference is")).to_be_visible()
    referral = Referral.objects.get()
    assert (referral.urgency, referral.reasons) == ("struggling", ["loneliness", "bereavement"])
    assert referral.episode.person.contact_ways == ["phone", "letter"]


def choose(page: Page, value: str) -> None:
    """Selects a radio of the focused group."""
    page.keyboard.press("Space")
    while page.evaluate("document.activeElement.value") != value:
        page.keyboard.press("ArrowDown")


def test_the_error_summary_takes_the_focus_and_leads_to_each_answer(visit: Visit, practice_staff: User) -> None:
    page = visit(practice_staff)
    page.goto(reverse("referral_new"))
    send_empty(page)
    expect(page.locator(".error-summary")).to_be_focused()
    assert page.title().startswith("Error: ")
    links = page.locator(".error-summary a")
    for link in links.all():
        link.click()
        target = page.locator(link.get_attribute("href"))
        expect(target).to_be_focused()
    assert links.count() == 10


def test_no_more_is_required_than_twelve_answers(visit: Visit, practice_staff: User, link_worker: User) -> None:
    """A minute's worth. A tick box by itself requires nothing, and the other optional questions say that they are."""
    for user in (practice_staff, link_worker):
        page = visit(user)
        page.goto(reverse("referral_new"))
        required = page.locator("main .field:not(:has(.optional)):not(:has(> .tick))").count()
        assert 0 < required <= 12
