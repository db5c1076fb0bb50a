"""What a search gives back, ready for a page to show."""

import datetime as dt
import uuid
from dataclasses import dataclass, field

from directory.places import Spot
from directory.search.query import Search


@dataclass(frozen=True)
class Result:
    """One listing in a list. `number` is its place in the list and on the map; `miles` is None without a place."""

    service_id: uuid.UUID
    number: int
    title: str
    url: str
    summary: str
    place: str  # "Verulam Hall, St Albans"; "Online"; "St Albans, Hertfordshire" for what serves an area
    when: tuple[str, ...]  # "Mondays 14:00 to 16:00"
    cost: str  # "Free", "£2 a session"; "" when nobody said
    step_free: bool
    online: bool
    is_full: bool
    is_closed: bool
    is_stale: bool
    checked_on: dt.date | None
    miles: float | None
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True)
class Option:
    """One choice of a filter: how many of these results have it, and the search with it changed."""

    label: str
    value: str
    count: int
    changed: Search
    selected: bool

    @property
    def url(self) -> str:
        """Put together when a page draws it: a search has some forty choices, and most pages link few of them."""
        return self.changed.url


@dataclass(frozen=True)
class Facet:
    """A filter with its choices. `name` is its parameter. Choices nobody would find anything by are left out."""

    name: str
    label: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Group:
    """A list of results and how many there are in all; with `capped` there are more than `total`."""

    results: tuple[Result, ...] = ()
    total: int = 0
    capped: bool = False
    page: int = 1
    pages: int = 1

    @property
    def count(self) -> str:
        return f"over {self.total}" if self.capped else str(self.total)


@dataclass(frozen=True)
class Results:
    """`near` are those at a place (all of them when no place was given), `area` those that serve the place's area,
    whole nations last. `problem` says what is wrong with the place that was typed. `corrected` is the words that were
    searched for instead of misspelt ones, with `literal_url` for those who meant what they typed.
    """

    search: Search
    spot: Spot | None = None
    problem: str = ""
    near: Group = field(default_factory=Group)
    area: Group = field(default_factory=Group)
    facets: tuple[Facet, ...] = ()
    chosen: tuple[Option, ...] = ()  # the filters in force; each `changed` is without it
    corrected: str = ""
    literal_url: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.near.total or self.area.total)
