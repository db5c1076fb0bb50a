"""The page of the search, as somebody reads it who looks for something."""

import html
import json
import re

import pytest
from dateutil.relativedelta import relativedelta
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from directory.factories import OutwardCodeFactory, PostcodeFactory, make_listing
from directory.models import SearchTally
from directory.search import Search
from directory.tests.queries import same_for_many
from directory.tests.reading import page_of, read, text
from members.models import User

pytestmark = pytest.mark.django_db

SEARCH = "/directory/"
NEAR = f"{SEARCH}?near=AL1+3JQ"
AWAY = (51.815, -0.351)  # Harpenden, four miles off


@pytest.fixture
def st_albans(db: None) -> None:
    OutwardCodeFactory()
    PostcodeFactory()


def test_the_bare_page_asks_and_lists_nothing(client: Client, st_albans: None) -> None:
    make_listing("Verulam Talking Café")
    with CaptureQueriesContext(connection) as asked:
        response = client.get(SEARCH)
    assert not asked.captured_queries
    assert "?need=bereavement" in response.content.decode()
    assert "Verulam" not in text(response.content)
    assert "For you" not in text(response.content)


def test_a_search_says_how_many_and_how_far(client: Client, st_albans: None) -> None:
    make_listing("Verulam Talking Café", byday="MO", hours=(14, 16), amount=0, step_free=True, needs=("loneliness",))
    make_listing("Harpenden Talking Café", at=AWAY, full_since=timezone.localdate())
    page = read(client, f"{NEAR}&q=talking+cafe")
    assert "2 results within 5 miles of AL1 3JQ" in page
    assert "Mondays 14:00 to 16:00 Free Step-free Checked 10 days ago" in page
    assert "4.4 miles" in page
    assert "Full just now" in page
    assert page.index("Verulam Talking Café") < page.index("Harpenden Talking Café")


def test_what_serves_the_area_stands_apart(client: Client, st_albans: None) -> None:
    make_listing("Verulam Talking Café")
    for number in range(7):
        make_listing(f"Telephone friends {number}", at=None, covers=("St Albans",))
    page = read(client, NEAR)
    assert page.index("1 result within 5 miles") < page.index("Covers your area 7 results")
    assert page.count("Telephone friends") == 5
    whole = client.get(f"{NEAR}&group=area")
    assert text(whole.content).count("Telephone friends") == 7
    assert "Back to what is near you" in text(whole.content)
    assert "Verulam Talking Café" not in text(whole.content)


def test_nothing_found_says_what_to_do(client: Client, st_albans: None) -> None:
    make_listing("Harpenden Talking Café", at=AWAY)
    page = read(client, f"{NEAR}&q=talking&within=1&free=1")
    assert "Nothing found for “talking” within 1 mile of AL1 3JQ" in page
    assert "Look within 3 miles" in page
    assert "Take all the filters away" in page
    assert "link worker" in page


def test_a_misspelt_word_is_mended_and_can_be_insisted_on(client: Client) -> None:
    make_listing("Bereavement walk")
    response = client.get(f"{SEARCH}?q=berevement")
    assert "Showing results for bereavement . Search instead for berevement" in text(response.content)
    assert "Bereavement walk" in text(response.content)
    assert "?q=berevement&amp;literal=1" in response.content.decode()


def test_a_place_nobody_knows_is_told_at_its_field_and_all_is_kept(client: Client) -> None:
    response = client.get(f"{SEARCH}?q=walk&near=Atlantis&need=loneliness&free=1")
    page = response.content.decode()
    assert "There is a problem" in page
    assert '<a href="#near">' in page
    assert 'value="Atlantis"' in page
    assert 'aria-invalid="true"' in page
    assert 'value="walk"' in page
    assert '<input type="hidden" form="search" name="need" value="loneliness">' in page
    assert '<input type="hidden" form="search" name="free" value="1">' in page
    assert "Error: walk" in page


def test_an_unknown_postcode_is_searched_around_its_outward_code(client: Client, st_albans: None) -> None:
    make_listing("Verulam Talking Café")
    page = read(client, f"{SEARCH}?near=AL1+9ZZ")
    assert "We do not know exactly where AL1 9ZZ is" in page
    assert "1 result within 5 miles of AL1" in page


def test_filters_show_what_is_chosen_and_each_can_be_taken_away(client: Client, st_albans: None) -> None:
    make_listing(byday="MO", hours=(10, 12), amount=0, step_free=True, needs=("loneliness",), languages=("Polish",))
    asked = Search(near="AL1 3JQ", need=("loneliness",), free=True, step_free=True, day="mo", language="polish", age=40)
    page = client.get(asked.url).content.decode()
    for box in ("need-loneliness", "free-1", "step_free-1"):
        assert re.search(rf'id="{box}"[^>]* checked', page)
    assert '<option value="mo" selected>Monday (1)</option>' in page
    assert '<option value="polish" selected>' in page
    assert 'value="40"' in page
    chips = re.findall(r'<a class="tag tag-new" href="([^"]+)">', page)
    assert html.unescape(chips[0]) == asked.but(need=()).url
    assert len(chips) == 6


def test_pages_keep_the_search(client: Client, st_albans: None) -> None:
    for number in range(12):
        make_listing(f"Café {number}")
    first = client.get(f"{NEAR}&q=cafe").content.decode()
    assert "1 to 10 of 12" in first
    onward = html.unescape(re.findall(r'rel="next" href="([^"]+)"', first)[0])
    second = client.get(f"{SEARCH}{onward}")
    assert "11 to 12 of 12" in text(second.content)
    assert 'data-number="11"' in second.content.decode()
    assert 'value="cafe"' in second.content.decode()


def test_htmx_gets_the_results_alone(client: Client, st_albans: None) -> None:
    make_listing("Verulam Talking Café")
    response = client.get(f"{NEAR}&q=&free=", headers={"HX-Request": "true"})
    page = response.content.decode()
    assert "<html" not in page
    assert "masthead" not in page
    assert "<title>Groups and services near AL1 3JQ" in " ".join(page.split())
    assert re.search(r'id="announcement"[^>]*>1 found near AL1 3JQ', page)
    assert response["HX-Push-Url"] == Search(near="AL1 3JQ").url
    assert "HX-Request" in response["Vary"]


def test_htmx_is_sent_to_the_whole_page_with_a_place_nobody_knows(client: Client) -> None:
    response = client.get(f"{SEARCH}?near=Atlantis", headers={"HX-Request": "true"})
    assert response["HX-Redirect"] == Search(near="Atlantis").url


def test_a_search_is_counted_on_its_first_page_alone(client: Client, st_albans: None) -> None:
    make_listing("Verulam Talking Café")
    client.get(SEARCH)
    client.get(f"{NEAR}&q=talking&page=2")
    client.head(f"{NEAR}&q=talking")
    client.get(f"{SEARCH}?near=Atlantis")
    assert not SearchTally.objects.exists()
    client.get(f"{NEAR}&q=talking")
    [tally] = SearchTally.objects.all()
    assert (tally.outward_code, tally.words, tally.searches, tally.without_result) == ("AL1", "talking", 1, 0)


def test_a_search_asks_the_same_of_thirty_listings_as_of_one(client: Client, st_albans: None) -> None:
    same_for_many(client, f"{NEAR}&q=talking+cafe", lambda: make_listing("Talking Café"), most=6)


@pytest.mark.parametrize(
    "query",
    [
        "q=<script>alert(1)</script>&near=<script>",
        "q=" + "word+" * 1000,
        "near=" + "x" * 5000,
        "q=%00&near=%00",
        "page=-1&within=two&age=old&day=xx&need=none",
        "near=AL1+3JQ&page=50",
        "near=1e999,nan",
    ],
)
def test_whatever_is_typed_the_page_opens(client: Client, st_albans: None, query: str) -> None:
    response = client.get(f"{SEARCH}?{query}")
    assert response.status_code == 200
    assert b"<script>alert" not in response.content


def test_those_with_a_post_find_their_doors(client: Client, link_worker: User, manager: User, provider: User) -> None:
    client.force_login(link_worker)
    page = read(client, SEARCH)
    assert "My favourites and collections Community connectors and their counters" in page
    assert "What is looked for and missing" not in page
    client.force_login(manager)
    assert "What is looked for and missing" in read(client, SEARCH)
    client.force_login(provider)
    assert "The listings that I look after" in read(client, SEARCH)


def test_everybody_finds_the_directory_in_the_menu(client: Client, practice_staff: User) -> None:
    assert '<a href="/directory/">Directory</a>' in client.get("/").content.decode()
    client.force_login(practice_staff)
    assert '<a href="/directory/">Directory</a>' in client.get("/today/").content.decode()
    assert '<a href="/directory/" aria-current="page">' in client.get(SEARCH).content.decode()


def test_the_front_page_has_the_search(client: Client) -> None:
    page = client.get("/").content.decode()
    assert '<form method="get" action="/directory/" role="search">' in page
    assert 'name="q"' in page
    assert 'name="near"' in page


def test_a_map_has_the_names_around(client: Client) -> None:
    OutwardCodeFactory()
    OutwardCodeFactory(code="AL3", latitude=51.78)
    OutwardCodeFactory(code="BA1", latitude=51.38, longitude=-2.36)
    response = client.get("/directory/map/names.json?at=51.75,-0.34&miles=5")
    assert [name["code"] for name in json.loads(response.content)["names"]] == ["AL1", "AL3"]
    assert response["Cache-Control"] == "public, max-age=86400"


@pytest.mark.parametrize(
    "asked", ["", "at=51.75&miles=5", "at=51.75,-0.34&miles=900", "at=0,0&miles=5", "at=x,y&miles=5"]
)
def test_a_map_of_nowhere_is_refused(client: Client, asked: str) -> None:
    assert client.get(f"/directory/map/names.json?{asked}").status_code == 400


def test_a_map_shows_no_more_names_than_can_be_read(client: Client) -> None:
    for number in range(45):
        OutwardCodeFactory(code=f"ZE{number}", latitude=51.75 + number / 1000)
    names = json.loads(client.get("/directory/map/names.json?at=51.75,-0.339&miles=30").content)["names"]
    assert [name["code"] for name in names] == [f"ZE{number}" for number in range(40)]


@override_settings(MAP_TILES_URL="https://tiles.example/{z}/{x}/{y}.png", MAP_TILES_ATTRIBUTION="© Somebody")
def test_an_installation_may_have_maps_of_its_own(client: Client, st_albans: None) -> None:
    service = make_listing()
    for path in (NEAR, page_of(service)):
        page = client.get(path).content.decode()
        assert 'data-tiles="https://tiles.example/{z}/{x}/{y}.png" data-attribution="© Somebody"' in page


@pytest.mark.parametrize(("months", "tag"), [(5, "tag-new"), (6, "tag-due"), (8, "tag-due")])
def test_what_was_checked_half_a_year_ago_is_marked(client: Client, months: int, tag: str) -> None:
    make_listing("Café", assured_date=timezone.localdate() - relativedelta(months=months, days=1))
    words = "Checked" if tag == "tag-new" else "Last checked"
    assert f'<span class="tag {tag}">{words} {months} months ago' in client.get("/directory/?q=cafe").content.decode()


def test_a_leaflet_is_offered_in_large_print_too_and_not_of_nothing(client: Client) -> None:
    OutwardCodeFactory()
    make_listing("Café", at=None, covers=("St Albans", "AL1"))
    assert "leaflet.pdf" not in client.get("/directory/?q=cafe&near=AL1").content.decode()
    make_listing("Café")
    assert "large=1" in client.get("/directory/?q=cafe&near=AL1").content.decode()
