"""The main job in a browser: the practice refers, the link worker works, the practice files what comes back."""

from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Page, expect

from linkworkers.outbox.models import Message
from members.models import User
from referrals.models import Referral
from referrals.models.referral import State
from tests.browser.conftest import Visit
from tests.browser.inspection import examine

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass
class Walker:
    """Somebody at a browser, who looks at each page on the way where `looks` is set."""

    page: Page
    looks: bool
    problems: list[str] = field(default_factory=list)

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name).click()

    def follow(self, name: str) -> None:
        self.page.get_by_role("link", name=name).first.click()

    def choose_from_menu(self, name: str) -> None:
        """On a small screen the menu is opened first, which works without JavaScript too."""
        menu = self.page.get_by_role("button", name="Menu")
        if menu.is_visible():
            menu.click()
        self.page.get_by_role("navigation", name="Main").get_by_role("link", name=name).click()

    def sees(self, text: str) -> None:
        expect(self.page.get_by_text(text).first).to_be_visible()
        if self.looks:
            self.problems += examine(self.page, f"walk {text}")

    def sees_nothing_of(self, text: str) -> None:
        expect(self.page.get_by_text(text)).to_have_count(0)


def fill_in_the_referral(page: Page) -> None:
    page.get_by_label("NHS number").fill("999 000 0018")
    page.get_by_label("First name").fill("Joan")
    page.get_by_label("Last name").fill("Perry")
    page.get_by_label("Date of birth").fill("4 5 1951")
    page.get_by_role("textbox", name="Phone").fill("07700 900123")
    page.get_by_role("checkbox", name="Phone call").check()
    page.get_by_role("radio", name="No risk that we know of").check()
    page.get_by_role("checkbox", name="Loneliness").check()
    page.get_by_role("radio", name="Struggling").check()
    page.get_by_label("Why now?").fill("Her husband died in the spring.")
    page.get_by_role("radio", name="They agreed, face to face").check()
    page.get_by_role("radio", name="How it is going, and the codes").check()


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("javascript", [True, False], ids=["with-javascript", "without-javascript"])
def test_a_referral_goes_to_the_link_worker_and_back(
    visit: Visit, practice_staff: User, link_worker: User, width: int, javascript: bool
) -> None:
    looks = javascript and width == 390  # a look is at every width; once a walk is enough
    practice = Walker(visit(practice_staff, javascript=javascript, width=width), looks)
    worker = Walker(visit(link_worker, javascript=javascript, width=width), looks)

    practice.page.goto("/today/")
    practice.choose_from_menu("New referral")
    fill_in_the_referral(practice.page)
    practice.press("Check your answers")
    practice.sees("Her husband died in the spring.")
    practice.press("Send the referral")
    practice.sees("Sent. The reference is LW-")
    referral = Referral.objects.get()
    assert referral.reference in practice.page.url

    worker.page.goto("/today/")
    worker.choose_from_menu("Inbox")
    worker.sees("Joan Perry")
    worker.follow("Joan Perry")
    worker.follow("Ask for more")
    worker.page.get_by_label("What do you need to know?").fill("Does she hear well on the phone?")
    worker.press("Send the question")
    worker.sees("has been asked")

    practice.page.goto("/today/")
    practice.follow("A link worker asks about Joan P.")
    practice.sees("Does she hear well on the phone?")
    practice.page.get_by_label("Your answer").fill("Yes, with her aid in.")
    practice.press("Send the answer")
    practice.sees("has your answer")

    worker.page.goto(f"/referrals/{referral.reference}/")
    worker.sees("Yes, with her aid in.")
    worker.press("Accept")
    worker.sees("You hold this case now.")
    worker.follow("Log a contact")
    worker.page.get_by_label("How?").select_option("Phone call")
    worker.page.get_by_role("radio", name="We were in touch").check()
    worker.page.get_by_label("What happened?").fill("A long talk about Peter.")
    worker.page.get_by_label("Next follow-up").fill("2099-01-05")
    worker.page.get_by_label("What to do then").fill("Ring about the choir")
    worker.press("Save")
    worker.sees("Ring about the choir")
    worker.follow("Write to the practice")
    worker.page.get_by_label("What should the practice know?").fill("She would like her tablets in a tray.")
    worker.press("Send to the practice")
    worker.sees("has been told that there is a message.")
    worker.follow("Close this case")
    worker.page.get_by_role("radio", name="Settled with a group or service").check()
    worker.page.get_by_label("Note for the case").fill("Goes on Tuesdays.")
    worker.page.get_by_label("What the practice should know").fill("Joan walks with a group.")
    worker.press("Close the case")
    worker.sees("The case is closed.")

    practice.page.goto("/today/")
    practice.follow("Support has ended: Joan P.")
    practice.sees("Joan walks with a group.")
    practice.sees_nothing_of("Goes on Tuesdays.")
    practice.press("Mark as filed")
    practice.sees("Marked as filed.")
    practice.sees_nothing_of("A long talk about Peter.")

    referral.refresh_from_db()
    assert referral.state == State.CLOSED
    assert not Message.objects.filter(text__contains="Perry").exists()
    problems = practice.problems + worker.problems
    assert not problems, "\n".join(["", *problems])
