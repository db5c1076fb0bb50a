"""The parameters: what each means, and which values it takes. Both descriptions of the API are made of them."""

import datetime as dt
import re
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.dateparse import parse_date, parse_datetime

from directory.api.problems import wrong
from linkworkers import geo

Json = dict[str, Any]

PER_PAGE = 50
MOST_PER_PAGE = 500
LAST_PAGE = 1_000_000
LONGEST_SEARCH = 500  # characters
OLDEST = 150  # years
FURTHEST = 200_000  # metres
DAYS = {
    name[:2].upper(): name for name in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
}


@dataclass(frozen=True)
class Parameter:
    """`read` turns what was sent into a value, or raises ValueError with a sentence that says what would be right."""

    name: str
    says: str
    schema: Json
    example: str
    read: Callable[[str], Any]


@dataclass(frozen=True)
class Asked:
    """What a request asks for. `narrowing` holds the values of the parameters that leave something out, by name."""

    page: int = 1
    per_page: int = PER_PAGE
    full: bool = False
    minimal: bool = False
    format: str = "json"
    narrowing: Json = field(default_factory=dict)

    @property
    def is_stream(self) -> bool:
        return self.format == "ndjson"


def _whole(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if re.fullmatch(r"[0-9]{1,9}", text) and least <= int(text) <= most:
            return int(text)
        raise ValueError(f"A whole number from {least} to {most}.")

    return read


def _search(text: str) -> str:
    if not text.strip() or len(text) > LONGEST_SEARCH or "\0" in text:
        raise ValueError(f"Words to look for, at most {LONGEST_SEARCH} characters.")
    return text


def read_id(text: str) -> uuid.UUID:
    if not re.fullmatch(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", text):
        raise ValueError("A UUID, as in ac148810-d857-441c-9679-408f346de14b.")
    return uuid.UUID(text)


def _age(text: str) -> float:
    if re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,3})?", text) and float(text) <= OLDEST:
        return float(text)
    raise ValueError(f"An age in years, from 0 to {OLDEST}.")


def _time(text: str) -> dt.time:
    if re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?Z?", text):
        return dt.time.fromisoformat(text.removesuffix("Z"))
    raise ValueError("A time of the day, as in 14:00 or 14:00:00.")


def _day(text: str) -> str:
    for code, name in DAYS.items():
        if text.upper() in {code, name.upper()}:
            return code
    raise ValueError(f"A day of the week: {', '.join(DAYS)}, or its English name.")


def _moment(text: str) -> dt.datetime:
    try:
        moment = parse_datetime(text)
        if moment is None and (day := parse_date(text)):
            moment = dt.datetime.combine(day, dt.time())
    except ValueError:
        moment = None
    if moment is None or moment.year < 1900:
        raise ValueError(
            "A moment in ISO 8601, as in 2026-03-15T10:30:45Z, or a date. Write the + of an offset as %2B."
        )
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def _truth(text: str) -> bool:
    if text not in {"true", "false"}:
        raise ValueError("true or false.")
    return text == "true"


def _postcode(text: str) -> str:
    if outward := geo.outward_of(text):
        return geo.normalise_postcode(text) or outward
    raise ValueError("A postcode of the United Kingdom, or the first half of one: AL1 3JQ or AL1.")


def _format(text: str) -> str:
    if text not in {"json", "ndjson"}:
        raise ValueError("json or ndjson.")
    return text


UUID = {"type": "string", "format": "uuid"}
TIME = {"type": "string", "pattern": r"^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?Z?$"}
BOOLEAN = {"type": "boolean", "default": False}

PAGING = (
    Parameter(
        "page",
        "Number of the page, from 1. A page beyond the last is an empty one.",
        {"type": "integer", "minimum": 1, "maximum": LAST_PAGE, "default": 1},
        "2",
        _whole(1, LAST_PAGE),
    ),
    Parameter(
        "per_page",
        "How many on a page.",
        {"type": "integer", "minimum": 1, "maximum": MOST_PER_PAGE, "default": PER_PAGE},
        "100",
        _whole(1, MOST_PER_PAGE),
    ),
)

NARROWING = (
    Parameter(
        "search",
        "Full text search: all of these words, in any form of them; “in quotes” a phrase; -word leaves out; or between "
        "two words. Finds services that are running or temporarily closed.",
        {"type": "string", "maxLength": LONGEST_SEARCH},
        "lunch club",
        _search,
    ),
    Parameter("taxonomy_term_id", "Services that have this taxonomy term.", UUID, "", read_id),
    Parameter("taxonomy_id", "Services that have any term of this taxonomy.", UUID, "", read_id),
    Parameter("organization_id", "Services that this organisation provides.", UUID, "", read_id),
    Parameter(
        "minimum_age",
        "Services with a minimum age, and one of at least so many years.",
        {"type": "number", "minimum": 0, "maximum": OLDEST},
        "18",
        _age,
    ),
    Parameter(
        "maximum_age",
        "Services with a maximum age, and one of at most so many years.",
        {"type": "number", "minimum": 0, "maximum": OLDEST},
        "25",
        _age,
    ),
    Parameter(
        "start_time",
        "Services with a schedule that opens at this time or later. With end_time and day: the same schedule.",
        TIME,
        "13:00",
        _time,
    ),
    Parameter(
        "end_time",
        "Services with a schedule that closes at this time or earlier. With start_time and day: the same schedule.",
        TIME,
        "17:00",
        _time,
    ),
    Parameter(
        "day",
        "Services with a schedule on this day of the week. With start_time and end_time: the same schedule.",
        {"type": "string", "enum": [*DAYS, *DAYS.values()]},
        "MO",
        _day,
    ),
    Parameter(
        "postcode",
        "Services whose area covers this postcode, or that are at a place in its outward code. With proximity: only "
        "those at a place within that distance of its centre.",
        {"type": "string"},
        "AL1 3JQ",
        _postcode,
    ),
    Parameter(
        "proximity",
        "Metres from the centre of the postcode, for places whose position we hold. Needs postcode.",
        {"type": "integer", "minimum": 1, "maximum": FURTHEST},
        "5000",
        _whole(1, FURTHEST),
    ),
    Parameter(
        "modified_after",
        "Services that changed, or anything of which changed, at this moment or later.",
        {"type": "string", "format": "date-time"},
        "2026-03-15T10:30:45Z",
        _moment,
    ),
)

MANNER = (
    Parameter("full", "Whole records, with all that lies within them.", BOOLEAN, "true", _truth),
    Parameter(
        "minimal",
        "Of each service only id, name, status and last_modified: the standard’s “modified_date” under the name, and "
        "with the fields, that its schema requires. With format=ndjson all of them come in one call.",
        BOOLEAN,
        "true",
        _truth,
    ),
    Parameter(
        "format",
        "json: pages. ndjson: everything that was asked for in one stream without pages, a record a line.",
        {"type": "string", "enum": ["json", "ndjson"], "default": "json"},
        "ndjson",
        _format,
    ),
)

LISTS = (*NARROWING, *MANNER, *PAGING)


def read(query: QueryDict, known: Iterable[Parameter]) -> Asked:
    """What the query asks for. Raises Problem 400 for a parameter that is not known, comes twice, or makes no sense."""
    by_name = {parameter.name: parameter for parameter in known}
    values: Json = {}
    for name, sent in query.lists():
        if name not in by_name:
            right = ", ".join(by_name) if by_name else "none"
            raise wrong(name, f"There is no such parameter here. Those that there are: {right}.")
        if len(sent) > 1:
            raise wrong(name, "Given more than once. Give it once.")
        try:
            values[name] = by_name[name].read(sent[0])
        except ValueError as error:
            raise wrong(name, str(error)) from error
    narrows = {parameter.name for parameter in NARROWING}
    asked = Asked(
        **{name: value for name, value in values.items() if name not in narrows},
        narrowing={name: value for name, value in values.items() if name in narrows},
    )
    _fit_together(asked, query)
    return asked


def _fit_together(asked: Asked, query: QueryDict) -> None:
    if asked.full and asked.minimal:
        raise wrong("minimal", "Not together with full=true.")
    if "proximity" in asked.narrowing and "postcode" not in asked.narrowing:
        raise wrong("proximity", "Needs a postcode to measure from.")
    if asked.is_stream:
        for name in ("page", "per_page"):
            if name in query:
                raise wrong(name, "A stream has no pages: leave it out, or leave out format=ndjson.")
