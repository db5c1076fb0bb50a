"""What is measured of the directory: searches that nobody made a moment before, listings, and the open data."""

import random
from urllib.parse import urlencode

from bench.cast import Cast
from bench.client import Request
from bench.listing_words import MISSPELT, PAIRS
from bench.scenarios import Scenario

MILES = 10  # 16 km
FILTERS: tuple[dict[str, str], ...] = (
    {"free": "1"},
    {"step_free": "1"},
    {"part": "morning"},
    {"part": "afternoon"},
    {"day": "tu"},
    {"day": "th"},
    {"age": "60"},
    {"need": "loneliness"},
)
SEARCH = "/directory/"
API = "/api/oruk/v3/services"
PER_PAGE = 50
WHOLE = 25  # queries: one for each kind of part that a record has, however many records


def _search(**parameters: str) -> str:
    return f"?{urlencode(parameters)}"


def _near(q: str, cast: Cast) -> dict[str, str]:
    return {"q": q, "near": random.choice(cast.towns), "within": str(MILES)}


def _words_near_a_place(cast: Cast) -> str:
    """One of eight thousand times the filters, so that next to none comes twice."""
    return _search(**_near(random.choice(PAIRS), cast), **random.choice(FILTERS))


def _bare_view(cast: Cast) -> list[Request]:
    """The view is told beforehand what it will be asked: it looks up no place and no word then."""
    path = f"/bench/search/{_words_near_a_place(cast)}"
    return [Request(f"{path}&prepare=1"), Request(path)]


def _api_page(number: int, **more: str) -> list[Request]:
    return [Request(API + _search(page=str(number), per_page=str(PER_PAGE), **more))]


def _last(cast: Cast) -> int:
    return -(-cast.services // PER_PAGE)


def _middle(cast: Cast) -> int:
    """Any page of the middle third."""
    third = _last(cast) // 3
    return random.randrange(third + 1, 2 * third + 2)


def _api_words_near_a_place(cast: Cast) -> list[Request]:
    word = random.choice(PAIRS).split()[0]
    codes = [town for town in cast.towns if any(map(str.isdigit, town))]
    return [Request(API + _search(search=word, postcode=random.choice(codes), proximity="15000"))]


LOCAL, NATIONWIDE, MISSPELLING = "search: words near a place", "search: nationwide", "search: misspelt"
BARE, API_FIRST, API_LAST = "bare view of that search", "API: first page", "API: last page"
DIRECTORY = [
    Scenario(BARE, None, _bare_view),
    Scenario(LOCAL, None, lambda cast: [Request(SEARCH + _words_near_a_place(cast))]),
    Scenario(NATIONWIDE, None, lambda cast: [Request(SEARCH + _search(q=random.choice(PAIRS)))]),
    Scenario(MISSPELLING, None, lambda cast: [Request(SEARCH + _search(**_near(random.choice(MISSPELT), cast)))]),
    Scenario("search: a place", None, lambda cast: [Request(SEARCH + _search(near=random.choice(cast.towns)))]),
    Scenario("search: bare page", None, lambda cast: [Request(SEARCH)]),
    Scenario("listing", None, lambda cast: [Request(f"/directory/{random.choice(cast.slugs)}/")]),
    Scenario(API_FIRST, None, lambda cast: _api_page(1)),
    Scenario("API: middle page", None, lambda cast: _api_page(_middle(cast))),
    Scenario(API_LAST, None, lambda cast: _api_page(_last(cast))),
    Scenario("API: words near a place", None, _api_words_near_a_place),
    Scenario("API: whole records", None, lambda cast: _api_page(_middle(cast), full="true"), WHOLE),
    Scenario("API: a service", None, lambda cast: [Request(f"{API}/{random.choice(cast.service_ids)}")], WHOLE),
]
