"""Events as people use them: booking, the door with a camera and without a network, and the office's week."""

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from events.factories import EventFactory, PaidTypeFactory, TicketFactory, TicketTypeFactory
from events.models import CheckIn, Event, EventDuty, Order, Ticket
from linkworkers.qr import modules
from members.models import User
from tests.browser.conftest import ARGUMENTS, CANDIDATES, Visit
from tests.browser.test_every_page import at
from tests.world import logged_in

pytestmark = pytest.mark.django_db(transaction=True)

CODE = "CAMERA23456789AB"
SIDE, DOT = 480, 8  # pixels of the film, and of a module of the code in it


def test_somebody_without_an_account_and_without_scripts_books_a_place(visit: Visit) -> None:
    type_ = TicketTypeFactory(event__title="Link Worker Day", name="Everybody")
    page = visit(javascript=False, width=390)
    page.goto(at("events"))
    page.get_by_role("link", name="Link Worker Day").click()
    page.get_by_role("link", name="Book").click()
    page.get_by_label("Your name").fill("Nora Finch")
    page.get_by_label("Your e-mail address").fill("nora@example.test")
    page.get_by_role("button", name="Add another person").click()
    expect(page.get_by_label("Your name")).to_have_value("Nora Finch")
    page.locator("[name=name_1]").fill("Ben Cole")
    page.locator("[name=email_1]").fill("ben@example.test")
    page.get_by_role("button", name="Hold the places").click()
    expect(page.get_by_role("heading", name="Finish your booking")).to_be_visible()
    page.get_by_role("button", name="Book", exact=True).click()
    page.get_by_role("link", name="Your ticket").click()
    expect(page.get_by_role("heading", name="Your ticket")).to_be_visible()
    assert Ticket.objects.valid().filter(type=type_).count() == 2
    assert Order.objects.get().is_confirmed


def test_a_practice_manager_books_for_five_by_keyboard_and_gets_one_invoice(visit: Visit, manager: User) -> None:
    type_ = PaidTypeFactory(event__capacity=20)
    page = visit(manager)
    page.goto(at("event_book", type_.event.slug))
    for number in range(1, 5):
        page.get_by_role("button", name="Add another person").press("Enter")
        expect(page.locator(f"[name=name_{number}]")).to_be_visible()
    for number in range(5):
        page.locator(f"[name=name_{number}]").fill(f"Colleague {number}")
        page.locator(f"[name=email_{number}]").fill(f"c{number}@example.test")
    page.get_by_role("button", name="Remove ticket 5").press("Enter")
    expect(page.locator("[name=name_4]")).to_have_count(0)
    expect(page.locator("[name=name_3]")).to_have_value("Colleague 3")
    page.get_by_role("button", name="Hold the places").press("Enter")
    page.get_by_label("Invoice to").fill("Harbour Surgery")
    page.get_by_role("button", name="Book", exact=True).press("Enter")
    expect(page.get_by_role("link", name="Invoice INV-")).to_be_visible()
    order = Order.objects.get()
    assert order.tickets.valid().count() == 4
    assert order.invoice is not None
    assert order.invoice.bill_to == "Harbour Surgery"


def test_the_office_announces_an_event_and_copies_it(visit: Visit, admin: User) -> None:
    draft = TicketTypeFactory(event__draft=True, event__title="Regional day").event
    page = visit(admin)
    page.goto(at("admin:events_event_announce", draft.pk))
    page.locator("main form [type=submit], #content form [type=submit]").first.click()
    page.wait_for_load_state()
    assert Event.objects.get(pk=draft.pk).is_public
    page.goto(at("admin:events_event_copy", draft.pk))
    page.get_by_role("button", name="Make the copy").click()
    page.wait_for_load_state()
    copied = Event.objects.exclude(pk=draft.pk).get()
    assert not copied.is_public
    assert copied.ticket_types.count() == 1
    page.goto(at("admin:events_event_sales", draft.pk))
    expect(page.locator("canvas").first).to_be_visible()


# The door


@pytest.fixture
def event(coordinator: User) -> Event:
    begin = timezone.now() - dt.timedelta(minutes=10)
    event = EventFactory(title="Link Worker Day", starts_at=begin, ends_at=begin + dt.timedelta(hours=6), capacity=50)
    EventDuty.objects.create(event=event, user=coordinator, duty=EventDuty.Duty.DOOR)
    TicketFactory(type=TicketTypeFactory(event=event), name="Zadie Brown", code=CODE)
    return event


def film(path: Path, text: str) -> None:
    """A film of one frame (YUV4MPEG2) in which a QR code is held before a camera."""
    rows = modules(text)
    grey = bytearray(b"\xff" * SIDE * SIDE)
    margin = (SIDE - len(rows) * DOT) // 2
    for y, row in enumerate(rows):
        for x, dark in enumerate(row):
            if dark:
                for line in range(DOT):
                    start = (margin + y * DOT + line) * SIDE + margin + x * DOT
                    grey[start : start + DOT] = bytes(DOT)
    colour = b"\x80" * (SIDE * SIDE // 2)
    path.write_bytes(f"YUV4MPEG2 W{SIDE} H{SIDE} F10:1 Ip A1:1 C420jpeg\nFRAME\n".encode() + bytes(grey) + colour)


@pytest.fixture
def phone(browser: Browser, live_server: LiveServer, coordinator: User, tmp_path: Path) -> Iterator[Page]:
    """A phone of whoever has the door, whose camera sees a ticket."""
    film(tmp_path / "ticket.y4m", f"{live_server.url}/events/scan/{CODE}/")
    executable = next(filter(None, map(shutil.which, CANDIDATES)))
    camera = [
        "--no-sandbox",
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={tmp_path / 'ticket.y4m'}",
    ]
    own = browser.browser_type.launch(executable_path=executable, headless=True, args=[*ARGUMENTS, *camera])
    context = own.new_context(base_url=live_server.url, viewport={"width": 390, "height": 844}, locale="en-GB")
    context.grant_permissions(["camera"])
    context.set_default_timeout(20_000)
    cookie = logged_in(coordinator).cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    yield context.new_page()
    own.close()


def open_door(phone: Page, event: Event) -> None:
    phone.goto(at("event_check_in", event.slug))
    phone.locator("html[data-door=ready]").wait_for()


def test_the_camera_lets_somebody_in(phone: Page, event: Event) -> None:
    open_door(phone, event)
    phone.get_by_role("button", name="Scan with the camera").click()
    expect(phone.get_by_text("Welcome, Zadie Brown")).to_be_visible()
    assert CheckIn.objects.get().ticket.code == CODE


def test_without_a_network_it_goes_on_and_nobody_is_lost_or_counted_twice(phone: Page, event: Event) -> None:
    open_door(phone, event)
    phone.context.set_offline(True)
    phone.get_by_role("button", name="Scan with the camera").click()
    expect(phone.get_by_text("Looks right")).to_be_visible()
    expect(phone.get_by_text("1 scan is kept on this phone")).to_be_visible()
    assert not CheckIn.objects.exists()
    heard = 0

    def lose_the_first_answer(route: Route) -> None:
        nonlocal heard
        heard += 1
        if heard == 1:
            route.fetch()  # the server hears it, and the phone does not hear the server
            route.abort()
        else:
            route.continue_()

    phone.route("**" + reverse("event_scans", args=[event.slug]), lose_the_first_answer)
    phone.context.set_offline(False)
    expect(phone.get_by_text("Welcome, Zadie Brown")).to_be_visible()
    expect(phone.get_by_text("kept on this phone")).to_have_count(0)
    assert heard >= 2
    assert CheckIn.objects.count() == 1


def test_the_camera_page_opens_without_a_network_and_names_nobody(phone: Page, event: Event) -> None:
    open_door(phone, event)
    phone.evaluate("navigator.serviceWorker.ready")
    kept = phone.evaluate(
        """async () => {
            const names = await caches.keys();
            const pages = await Promise.all(names.map(async (name) => (await (await caches.open(name)).keys())
                .map((request) => new URL(request.url).pathname)));
            return pages.flat();
        }"""
    )
    shell = reverse("event_check_in_shell", args=[event.slug])
    assert shell in kept
    assert reverse("event_check_in", args=[event.slug]) not in kept
    phone.context.set_offline(True)
    phone.goto(at("event_check_in", event.slug))
    expect(phone.get_by_role("button", name="Scan with the camera")).to_be_visible()
    assert "Zadie" not in phone.content()


def test_somebody_is_let_in_by_name_with_the_keyboard_alone(visit: Visit, coordinator: User, event: Event) -> None:
    page = visit(coordinator, javascript=False)
    page.goto(at("event_check_in", event.slug))
    page.get_by_role("searchbox").press_sequentially("zadie")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Let in Zadie Brown").press("Enter")
    expect(page.get_by_text("Welcome, Zadie Brown")).to_be_visible()
    assert CheckIn.objects.count() == 1
