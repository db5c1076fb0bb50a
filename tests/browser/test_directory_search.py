"""The directory in a browser: found by typing, by keyboard alone, without JavaScript, and on the map."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import FloatRect, Locator, Page, expect

from directory.factories import ST_ALBANS, OutwardCodeFactory, PostcodeFactory, make_listing
from directory.index import refresh
from directory.models import Accessibility, Location, Schedule, Service, ServiceAtLocation
from members.models import User
from tests.browser.conftest import Visit
from tests.browser.inspection import examine
from tests.browser.scene import UNBROKEN
from tests.browser.test_every_page import Look, look_at

pytestmark = pytest.mark.django_db(transaction=True)

SEARCH = "/directory/"
FOUND = f"{SEARCH}?q=cafe&near=AL1+3JQ"
PHONE = 390  # pixels
SCREEN = 844  # pixels: how high a phone of that width is


def page_of(service: Service) -> str:
    return reverse("service", args=[service.slug])


def box_of(element: Locator) -> FloatRect:
    """Where it is on the screen, in pixels."""
    box = element.bounding_box()
    assert box is not None
    return box


@pytest.fixture
def cafes() -> list[Service]:
    """Twelve cafés around St Albans, the first two of them in one building, and one that comes to people's homes."""
    OutwardCodeFactory()
    OutwardCodeFactory(code="AL3", latitude=51.775, longitude=-0.35)
    PostcodeFactory()
    north, east = ST_ALBANS
    made = [
        make_listing(
            f"Café number {number}",
            slug=f"cafe-{number}",
            at=(north + 0.005 * (number // 2), east + 0.004 * (number // 2)),
            needs=("loneliness",) if number % 2 else ("bereavement",),
            byday="MO",
            hours=(14, 16),
            amount=number % 2,
            step_free=True,
            phone="01632 960123",
        )
        for number in range(12)
    ]
    make_listing("Café at home", slug="cafe-at-home", at=None, covers=("St Albans",))
    return made


def test_pages_of_the_directory_search(visit: Visit, cafes: list[Service], link_worker: User) -> None:
    def narrow(page: Page) -> None:
        page.locator("#narrow summary").click()

    def show_the_map(page: Page) -> None:
        page.locator(".pin").first.wait_for()

    looks: list[Look] = [
        ("directory", SEARCH),
        ("directory found", FOUND, show_the_map),
        ("directory narrowed", f"{FOUND}&need=loneliness&free=1&day=mo", narrow),
        ("directory page 2", f"{FOUND}&page=2"),
        ("directory for the area", f"{FOUND}&group=area"),
        ("directory nothing found", f"{SEARCH}?q=zebra&near=AL1+3JQ&within=1&free=1"),
        ("directory place unknown", f"{SEARCH}?q=cafe&near=Atlantis&free=1"),
        ("directory misspelt", f"{SEARCH}?q=numbre&near=AL1+3JQ"),
        ("directory near AL1 9ZZ", f"{SEARCH}?near=AL1+9ZZ"),
        ("directory everywhere", f"{SEARCH}?q=cafe"),
        ("home with the search", "/"),
    ]
    problems = look_at(visit(), looks)
    problems += look_at(visit(link_worker), [("directory of a link worker", SEARCH)])
    assert not problems, "\n".join(["", *problems])


def test_pages_of_the_directory_listing(visit: Visit, cafes: list[Service], link_worker: User) -> None:
    everything = make_listing(
        f"Advice {UNBROKEN} for everybody in the town and the villages around it",
        slug="everything",
        needs=("money", "benefits", "housing"),
        covers=("St Albans", "Hertfordshire"),
        byday="MO,TU,WE",
        hours=(9, 17),
        amount=3.5,
        step_free=True,
        online=True,
        languages=("Bengali", "Polish"),
        phone="01632 960123",
        email=f"{UNBROKEN[:50].lower()}@example.org",
        url=f"https://example.org/{UNBROKEN}/{UNBROKEN}",
        description="Advice.\n\n" + "We sort your letters with you. " * 30,
        eligibility_description="Whoever owes money.",
        application_process="Ring first.",
        minimum_age=18,
    )
    library = Location.objects.create(name="Harpenden Library", latitude=51.815, longitude=-0.351)
    Accessibility.objects.create(location=library, description="Hearing loop", details="In the reading room only.")
    place = ServiceAtLocation.objects.create(service=everything, location=library)
    Schedule.objects.create(service_at_location=place, freq="MONTHLY", byday="1SA", notes="Not in August.")
    refresh([everything.pk])
    today = timezone.localdate()
    make_listing("Full café", slug="full", full_since=today)
    make_listing("Closed café", slug="closed", status="temporarily closed", alert="The hall is being painted.")
    make_listing("Old café", slug="old", assured_date=today.replace(year=today.year - 2))
    make_listing("Ended café", slug="ended", status="defunct", needs=("loneliness",))
    make_listing("A safe house", slug="private", confidential=True, phone="01632 960999", covers=("Hertfordshire",))
    make_listing("Helpline", slug="helpline", at=None, online=True, covers=("England",))

    def show_the_map(page: Page) -> None:
        page.locator(".map-north").wait_for()

    looks: list[Look] = [
        ("listing", page_of(cafes[0]), show_the_map),
        ("listing with everything", page_of(everything), show_the_map),
        *(
            (f"listing {state}", f"{SEARCH}{state}/")
            for state in ("full", "closed", "old", "ended", "private", "helpline")
        ),
    ]
    problems = look_at(visit(), looks)
    problems += look_at(visit(link_worker), [("listing of a link worker", page_of(cafes[0]))])
    assert not problems, "\n".join(["", *problems])


def test_typing_finds_without_a_new_page(visit: Visit, cafes: list[Service]) -> None:
    page = visit()
    page.goto(SEARCH)
    page.evaluate("window.same = true")
    page.get_by_label("What would help?").fill("cafe")
    page.get_by_role("textbox", name="Near").fill("AL1 3JQ")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("heading", name="12 results within 5 miles of AL1 3JQ")).to_be_visible()
    expect(page.locator("#announcement")).to_have_text("12 found near AL1 3JQ, 1 more for the area.")
    expect(page).to_have_url(re.compile(re.escape("/directory/?q=cafe&near=AL1+3JQ") + "$"))
    expect(page).to_have_title(re.compile("cafe near AL1 3JQ – Directory"))

    page.locator("#narrow summary").click()
    page.locator("#free-1").check()
    expect(page.get_by_role("heading", name="6 results")).to_be_visible()
    expect(page.locator("#free-1")).to_be_focused()
    expect(page).to_have_url(re.compile("free=1$"))
    page.get_by_label("How far").select_option("1")
    expect(page.get_by_role("heading", name="within 1 mile of AL1 3JQ")).to_be_visible()
    assert page.evaluate("window.same")

    page.get_by_role("link", name="Take away: Free").click()
    expect(page.locator("#free-1")).not_to_be_checked()
    page.go_back()
    expect(page.get_by_role("link", name="Take away: Free")).to_be_visible()


def test_a_place_nobody_knows_is_told_and_mended(visit: Visit, cafes: list[Service]) -> None:
    page = visit()
    page.goto(SEARCH)
    page.get_by_label("What would help?").fill("cafe")
    page.get_by_role("textbox", name="Near").fill("Atlantis")
    page.get_by_role("button", name="Search").click()
    expect(page.locator(".error-summary")).to_be_focused()
    page.get_by_role("link", name="We do not know where “Atlantis” is").click()
    expect(page.get_by_role("textbox", name="Near")).to_be_focused()
    page.get_by_role("textbox", name="Near").fill("AL1 3JQ")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="12 results")).to_be_visible()
    expect(page.locator(".error-summary")).to_have_count(0)


def test_by_keyboard_alone(visit: Visit, cafes: list[Service]) -> None:
    page = visit()
    page.goto(SEARCH)

    def tab_to(target: Locator) -> None:
        for _ in range(60):
            page.keyboard.press("Tab")
            if target.evaluate("(element) => element === document.activeElement"):
                return
        pytest.fail(f"Nobody gets to {target} by keyboard.")

    tab_to(page.get_by_role("searchbox", name="What would help?"))
    page.keyboard.type("cafe")
    tab_to(page.get_by_role("textbox", name="Near"))
    page.keyboard.type("AL1 3JQ")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="12 results")).to_be_visible()
    page.locator(".pin").first.wait_for()
    tab_to(page.locator("#narrow summary"))
    page.keyboard.press("Enter")
    tab_to(page.get_by_role("checkbox", name="Loneliness"))
    page.keyboard.press("Space")
    expect(page.get_by_role("heading", name="6 results")).to_be_visible()
    expect(page.locator("#need-loneliness")).to_be_focused()
    page.locator(".pin").first.wait_for()
    tab_to(page.get_by_role("button", name="1: Café number 1", exact=True))
    expect(page.locator("#result-1")).to_have_class(re.compile("result-marked"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Café number 1", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Café number 1")


def test_map_and_list_know_each_other(visit: Visit, cafes: list[Service]) -> None:
    page = visit()
    page.goto(FOUND)
    shared = page.locator(".pin", has_text="1, 2")
    expect(shared).to_have_attribute("title", re.compile("1: Café number [01]; 2: Café number [01]"))
    page.locator("#result-2").hover()
    expect(shared).to_have_class(re.compile("pin-marked"))
    page.mouse.move(0, 0)
    page.locator("#result-3 a").focus()
    expect(page.locator(".pin", has_text="3")).to_have_class(re.compile("pin-marked"))
    expect(shared).not_to_have_class(re.compile("pin-marked"))
    shared.hover()
    for number in (1, 2):
        expect(page.locator(f"#result-{number}")).to_have_class(re.compile("result-marked"))
    shared.click()
    expect(page.locator("#result-1 a")).to_be_focused()
    shared.click()
    expect(page.locator("#result-2 a")).to_be_focused()
    expect(page.locator(".map-distance span").filter(has_text="1 mile", visible=True)).to_have_count(1)
    expect(page.locator(".map-name", has_text="AL3")).to_be_attached()

    page.get_by_role("button", name="Hide the map").click()
    expect(page.locator(".map")).to_be_hidden()
    page.get_by_role("link", name="Next").click()
    expect(page.get_by_role("button", name="Show the map")).to_be_visible()
    expect(page.locator(".map")).to_be_hidden()


def test_the_place_is_in_the_middle_of_the_map_and_no_pin_beneath_its_buttons(
    visit: Visit, cafes: list[Service]
) -> None:
    for width in (PHONE, 1280):
        page = visit(width=width)
        page.goto(FOUND)
        if width == PHONE:
            page.get_by_role("button", name="Show the map").click()
        page.locator(".pin").first.wait_for()
        ground, middle = box_of(page.locator(".map")), box_of(page.locator(".map-middle"))
        buttons = box_of(page.locator(".leaflet-control-zoom"))
        assert middle["x"] == pytest.approx(ground["x"] + ground["width"] / 2, abs=3)
        assert middle["y"] == pytest.approx(ground["y"] + ground["height"] / 2, abs=3)
        for pin in page.locator(".pin").all():
            assert box_of(pin)["x"] >= buttons["x"] + buttons["width"]


def test_on_a_phone_what_was_found_begins_on_the_first_screen(visit: Visit, cafes: list[Service]) -> None:
    page = visit(width=PHONE)
    page.goto(f"{FOUND}&need=loneliness")
    first = box_of(page.locator("#result-1"))
    assert first["y"] + first["height"] < SCREEN
    page.locator("#narrow summary").click()
    assert len({box_of(tick)["x"] for tick in page.locator(".filters .tick").all()}) == 1


def test_in_large_letters_on_a_narrow_phone_nothing_leaves_the_screen(visit: Visit, cafes: list[Service]) -> None:
    page = visit(width=320)
    page.goto(FOUND)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    menu = box_of(page.get_by_role("button", name="Menu"))
    assert menu["x"] + menu["width"] <= 320
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_a_listing_is_printed_by_its_button(visit: Visit, cafes: list[Service]) -> None:
    page = visit()
    page.goto(page_of(cafes[0]))
    page.evaluate("window.print = () => { window.printed = true; }")
    page.get_by_role("button", name="Print this page").click()
    assert page.evaluate("window.printed")
    page.emulate_media(media="print")
    expect(page.get_by_text("Ring before you go.")).to_be_visible()
    expect(page.get_by_role("button", name="Print this page")).to_be_hidden()


def test_on_a_phone_the_list_comes_first_and_the_map_when_asked(visit: Visit, cafes: list[Service]) -> None:
    page = visit(width=PHONE)
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    page.goto(FOUND)
    expect(page.get_by_role("link", name="Café number 0")).to_be_visible()
    expect(page.locator(".map")).to_be_hidden()
    assert not [url for url in fetched if "leaflet/" in url]
    page.get_by_role("button", name="Show the map").click()
    expect(page.locator(".pin").first).to_be_visible()
    assert [url for url in fetched if "leaflet/" in url]


@pytest.mark.parametrize("width", [PHONE, 1280])
def test_all_of_it_works_without_javascript(visit: Visit, cafes: list[Service], width: int) -> None:
    page = visit(javascript=False, width=width)
    page.goto("/")
    page.get_by_label("What would help?").fill("cafe")
    page.get_by_role("textbox", name="Near").fill("AL1 3JQ")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("heading", name="12 results within 5 miles of AL1 3JQ")).to_be_visible()
    expect(page.locator(".map-side")).to_be_hidden()
    expect(page.get_by_role("button", name="Use my location")).to_be_hidden()
    expect(page.get_by_role("button", name="Copy the link")).to_be_hidden()
    page.get_by_role("link", name="Next").click()
    expect(page.get_by_text("11 to 12 of 12")).to_be_visible()
    page.locator("#narrow summary").click()
    page.locator("#free-1").check()
    page.get_by_label("Day", exact=True).select_option("mo")
    page.get_by_role("button", name="Show what fits").click()
    expect(page.get_by_role("heading", name="6 results")).to_be_visible()
    expect(page.get_by_role("link", name="Take away: Mondays")).to_be_visible()
    page.locator("#result-1 a").click()
    expect(page.get_by_role("link", name="Ring 01632 960123")).to_be_visible()
    page.get_by_role("link", name="Find something like it nearby").click()
    expect(page.get_by_role("heading", name=re.compile("result"))).not_to_have_count(0)


def test_my_location_is_searched_around(visit: Visit, cafes: list[Service]) -> None:
    page = visit()
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"latitude": ST_ALBANS[0] + 0.00012, "longitude": ST_ALBANS[1]})
    page.goto(SEARCH)
    page.get_by_label("What would help?").fill("cafe")
    page.get_by_role("button", name="Use my location").click()
    expect(page.get_by_role("heading", name="12 results within 5 miles of where you are")).to_be_visible()
    expect(page.get_by_role("textbox", name="Near")).to_have_value("51.752,-0.339")


def test_a_refused_location_is_told_in_words(visit: Visit, cafes: list[Service]) -> None:
    page = visit()
    page.context.clear_permissions()
    page.goto(SEARCH)
    page.evaluate("() => { navigator.geolocation.getCurrentPosition = (found, refused) => refused({ code: 1 }); }")
    page.get_by_role("button", name="Use my location").click()
    expect(page.get_by_role("status").filter(has_text="Type a postcode or a town instead.")).to_be_visible()
    assert not examine(page, "directory location refused")
