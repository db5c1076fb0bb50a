"""A connector's counter on a phone: without a network, with an answer that got lost, and by keyboard."""

import re
import time

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from directory.factories import ConnectorFactory
from directory.models import Connector, Tap
from members.models import Workplace
from tests.browser.conftest import Visit
from tests.browser.inspection import examine

pytestmark = pytest.mark.django_db(transaction=True)

PRESS = "I pointed somebody to something"
UNDO = 10_000  # milliseconds


@pytest.fixture
def connector(network: Workplace) -> Connector:
    return ConnectorFactory(workplace=network, name="Verulam Talking Café")


def opened(page: Page, connector: Connector) -> Page:
    """The counter, ready to be opened without a network, with a clock that the test sets forward."""
    page.clock.install()
    page.goto(connector.get_absolute_url())
    page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    return page


def press(page: Page, name: str = PRESS) -> None:
    page.get_by_role("button", name=name).click()


def let_go(page: Page) -> None:
    """Lets the time pass in which the last press can be taken back."""
    page.clock.fast_forward(UNDO + 1000)
    expect(page.get_by_role("button", name="Undo")).to_be_hidden()


def expect_all_sent(page: Page) -> None:
    """Waits until the server has said that it has everything; the page's own policy forbids Playwright's way."""
    until = time.monotonic() + 10
    while page.evaluate("Object.keys(localStorage).some((key) => key.startsWith('tap '))"):
        assert time.monotonic() < until, "Something still waits on the phone."
        page.wait_for_timeout(50)


def expect_counts(page: Page, today: int, *, waiting: int = 0) -> None:
    expect(page.locator("[data-today]")).to_have_text(str(today))
    expect(page.locator("[data-month]")).to_have_text(str(today))
    kept = {0: "", 1: "1 waits on this phone"}.get(waiting, f"{waiting} wait on this phone")
    expect(page.locator("[data-waiting]")).to_have_text(re.compile(f"^{kept}" if kept else "^$"))


def test_a_press_is_counted_at_once_and_sent(visit: Visit, connector: Connector) -> None:
    page = opened(visit(width=390), connector)
    press(page)
    expect(page.get_by_role("status")).to_have_text("Counted.")
    press(page, "Debt or money")
    expect(page.get_by_role("status")).to_have_text("Counted: Debt or money.")
    let_go(page)
    expect_all_sent(page)
    expect_counts(page, 2)
    assert sorted(Tap.objects.values_list("need", flat=True)) == ["", "money"]
    page.reload()
    expect_counts(page, 2)


def test_a_press_can_be_taken_back_for_ten_seconds(visit: Visit, connector: Connector) -> None:
    page = opened(visit(width=390), connector)
    press(page)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status")).to_have_text("Taken back.")
    let_go(page)
    expect_counts(page, 0)
    press(page)
    let_go(page)
    expect_all_sent(page)
    expect_counts(page, 1)
    assert Tap.objects.count() == 1


def test_without_a_network_taking_back_leaves_the_number_that_waits(visit: Visit, connector: Connector) -> None:
    page = opened(visit(width=390), connector)
    page.context.set_offline(True)
    below = page.get_by_role("button", name="Housing")
    place = below.bounding_box()
    press(page)
    press(page)
    expect_counts(page, 2, waiting=2)
    page.get_by_role("button", name="Undo").click()
    expect_counts(page, 1, waiting=1)
    assert below.bounding_box() == place


def test_it_opens_and_counts_without_a_network_and_sends_later(visit: Visit, connector: Connector) -> None:
    page = opened(visit(width=390), connector)
    page.context.set_offline(True)
    page.reload()
    expect(page.get_by_role("heading", name="Verulam Talking Café")).to_be_visible()
    assert page.evaluate("getComputedStyle(document.querySelector('.counter-press')).minHeight") == "144px"
    for _ in range(3):
        press(page)
    let_go(page)
    expect_counts(page, 3, waiting=3)
    assert not Tap.objects.exists()
    page.reload()
    expect_counts(page, 3, waiting=3)
    page.context.set_offline(False)
    expect_all_sent(page)
    expect_counts(page, 3)
    assert Tap.objects.count() == 3


def test_an_answer_that_is_lost_counts_nothing_twice(visit: Visit, connector: Connector) -> None:
    page = opened(visit(width=390), connector)
    lost = []

    def lose(route: Route) -> None:
        route.fetch()  # the server has done its work
        lost.append(route.request.post_data)
        route.abort()

    page.route("**/taps/", lose)
    press(page)
    press(page, "Housing")
    let_go(page)
    expect_counts(page, 2, waiting=2)
    assert Tap.objects.count() == 2
    page.unroute("**/taps/")
    page.clock.fast_forward(60_000)
    expect_all_sent(page)
    expect_counts(page, 2)
    assert Tap.objects.count() == 2
    assert lost


def test_two_tabs_share_what_waits(visit: Visit, connector: Connector) -> None:
    page = opened(visit(width=390), connector)
    other = opened(page.context.new_page(), connector)
    page.context.set_offline(True)
    press(page)
    press(other)
    for tab in (page, other):
        let_go(tab)
        expect_counts(tab, 2, waiting=2)
    page.context.set_offline(False)
    for tab in (page, other):
        expect_all_sent(tab)
        expect_counts(tab, 2)
    assert Tap.objects.count() == 2


def test_a_counter_that_is_switched_off_keeps_what_the_phone_has(
    browser: Browser, live_server: LiveServer, connector: Connector
) -> None:
    context = browser.new_context(base_url=live_server.url, viewport={"width": 390, "height": 900})
    page = opened(context.new_page(), connector)
    press(page)
    Connector.objects.update(is_active=False)
    let_go(page)
    expect(page.get_by_role("status")).to_contain_text("switched off")
    expect_counts(page, 1, waiting=1)
    page.reload()
    expect(page.get_by_text("This counter is switched off")).to_be_visible()
    assert examine(page, "counter switched off") == []
    Connector.objects.update(is_active=True)
    page.get_by_role("link", name="Try again").click()
    expect_all_sent(page)
    expect_counts(page, 1)
    assert Tap.objects.count() == 1
    page.goto("about:blank")
    context.close()


def test_it_is_used_by_keyboard_alone(visit: Visit, connector: Connector) -> None:
    page = opened(visit(), connector)
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name=PRESS)).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Undo")).to_be_focused()
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name=PRESS)).to_be_focused()
    expect_counts(page, 0)


def test_without_javascript_each_press_counts_one(visit: Visit, connector: Connector) -> None:
    page = visit(javascript=False, width=390)
    page.goto(connector.get_absolute_url())
    press(page)
    press(page, "Housing")
    expect_counts(page, 2)
    assert sorted(Tap.objects.values_list("need", flat=True)) == ["", "housing"]


def test_the_counter_is_accessible(visit: Visit, connector: Connector) -> None:
    page = opened(visit(), connector)
    problems = examine(page, "counter")
    press(page, "Debt or money")
    problems += examine(page, "counter pressed")
    page.context.set_offline(True)
    let_go(page)
    problems += examine(page, "counter offline")
    page.context.set_offline(False)
    expect_counts(page, 1)
    assert not problems, "\n".join(["", *problems])


def test_it_leaves_no_cookie_and_leads_to_the_directory(visit: Visit, connector: Connector) -> None:
    page = opened(visit(width=390), connector)
    press(page)
    let_go(page)
    expect_all_sent(page)
    assert page.context.cookies() == []
    link = page.get_by_role("link", name="Find something near")
    assert link.get_attribute("href") == reverse("directory_search")
