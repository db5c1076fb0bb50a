"""Runs a search."""

import datetime as dt
import json
import math
import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.db import connection
from django.urls import reverse
from django.utils import timezone

from directory import places
from directory.facts import WHOLE
from directory.models import ASK_AFTER, STALE_AFTER, Need
from directory.places import Spot
from directory.search import sql
from directory.search.query import DAY_VALUES, DAYS, PARTS, Search
from directory.search.results import Facet, Group, Option, Result, Results
from directory.search.words import Words, understand
from linkworkers import geo

PAGE_SIZE = 10
BESIDE = 5  # of what serves the area, beside the first page of what is near

Row = tuple[str, Any, float | None, float | None, float | None, dt.date, str, float]


def run(search: Search) -> Results:
    """The page of results that a search asks for; its last page when it asks for one beyond. At most six queries.

    `Results.search` is the search as it was heard: filters and a place that were said in words are where they belong.
    """
    search = search.heard(lambda text: places.locate(text) is not None)
    spot = places.locate(search.near) if search.near else None
    if search.near and spot is None:
        return Results(
            search=search,
            problem=f"We do not know where “{search.near}” is. Type a postcode like AL1 3JQ, or a town.",
        )
    words = understand(search.q, literal=search.literal) if search.q else Words()
    results = _answer(search, spot, words)
    asked = results.area if search.group == "area" else results.near
    if search.page > asked.pages:
        results = _answer(replace(search, page=asked.pages), spot, words)
    return results


def _answer(search: Search, spot: Spot | None, words: Words) -> Results:
    statement, parameters = compose(search, spot, words)
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        rows: list[Row] = cursor.fetchall()
    facts = json.loads(rows[-1][6])
    stale = timezone.localdate() - STALE_AFTER
    only_area = search.group == "area"
    most = sql.CANDIDATES if spot else sql.ANYWHERE
    near = _group(rows, "near", facts["near"], 1 if only_area else search.page, most, stale)
    area = _group(rows, "area", facts["area"], search.page if only_area else 1, sql.SERVING + sql.NATIONAL, stale)
    return Results(
        search=search,
        spot=spot,
        near=near,
        area=area,
        facets=_facets(search, facts),
        chosen=_chosen(search),
        corrected=words.corrected,
        literal_url=search.but(literal=True).url if words.corrected else "",
    )


def compose(search: Search, spot: Spot | None, words: Words) -> tuple[str, dict[str, Any]]:
    """The statement and its parameters."""
    today = timezone.localdate()
    filters, parameters = _filters(search)
    only_area = search.group == "area"
    parameters |= {
        "any": words.any,
        "all": words.all,
        "named": " | ".join(words.named),
        **{f"word{number}": group for number, group in enumerate(words.groups)},
        **{f"named{number}": group for number, group in enumerate(words.named)},
        **{f"said{number}": stem for number, stem in enumerate(words.said)},
        "ask": today - ASK_AFTER,
        "stale": today - STALE_AFTER,
        "day": DAY_VALUES.index(search.day) if search.day else None,
        "near_size": 0 if only_area else PAGE_SIZE,
        "near_offset": 0 if only_area else (search.page - 1) * PAGE_SIZE,
        "area_size": PAGE_SIZE if only_area else (BESIDE if search.page == 1 else 0),
        "area_offset": (search.page - 1) * PAGE_SIZE if only_area else 0,
    }
    if spot is None:
        return sql.anywhere(filters, words=len(words.groups)), parameters
    south, west, north, east = geo.box(spot.latitude, spot.longitude, search.within)
    parameters |= {
        "latitude": spot.latitude,
        "longitude": spot.longitude,
        "longitude_miles": 69.17 * math.cos(math.radians(spot.latitude)),
        "south": south,
        "west": west,
        "north": north,
        "east": east,
        "within": search.within,
        "areas": [*spot.areas, WHOLE],
    }
    return sql.near(filters, words=len(words.groups)), parameters


def _filters(search: Search) -> tuple[str, dict[str, Any]]:
    conditions: list[str] = []
    parameters: dict[str, Any] = {}
    if search.need:
        conditions.append("e.needs @> %(need)s::varchar[]")
        parameters["need"] = list(search.need)
    if search.day or search.part:
        days = [DAY_VALUES.index(search.day)] if search.day else range(7)
        parts = [list(PARTS).index(search.part)] if search.part else range(3)
        conditions.append("e.slots && %(slots)s::smallint[]")
        parameters["slots"] = [day * 3 + part for day in days for part in parts]
    conditions += [f"e.{name}" for name in ("free", "online") if getattr(search, name)]
    if search.step_free:
        conditions.append(sql.STEP_FREE.format("e."))
    if search.age is not None:
        conditions.append("coalesce(e.minimum_age, 0) <= %(age)s AND coalesce(e.maximum_age, 999) >= %(age)s")
        parameters["age"] = search.age
    if search.language:
        conditions.append("e.languages @> %(language)s::varchar[]")
        parameters["language"] = [search.language.casefold()]
    return "".join(f" AND {condition}" for condition in conditions), parameters


def _group(rows: Iterable[Row], part: str, total: int, page: int, most: int, stale: dt.date) -> Group:
    mine = [row for row in rows if row[0] == part]
    capped = total > most
    total = min(total, most)
    first = (page - 1) * PAGE_SIZE + 1
    listings = reverse("directory_search")  # asked once: each look through the addresses costs as much as a card
    return Group(
        results=tuple(_result(row, listings, first + number, stale) for number, row in enumerate(mine)),
        total=total,
        capped=capped,
        page=page,
        pages=max(1, math.ceil(total / PAGE_SIZE)),
    )


def _result(row: Row, listings: str, number: int, stale: dt.date) -> Result:
    _, service_id, latitude, longitude, miles, fresh_on, card_text, _ = row
    card = json.loads(card_text)
    checked = card["checked_on"]
    return Result(
        service_id=service_id,
        number=number,
        title=card["title"],
        url=f"{listings}{card['slug']}/",
        summary=card["summary"],
        place=card["place"],
        when=tuple(card["when"]),
        cost=card["cost"],
        step_free=card["step_free"],
        online=card["online"],
        is_full=card["full"],
        is_closed=card["closed"],
        is_stale=fresh_on < stale,
        checked_on=dt.date.fromisoformat(checked) if checked else None,
        miles=miles,
        latitude=latitude,
        longitude=longitude,
    )


def _facets(search: Search, facts: dict[str, Any]) -> tuple[Facet, ...]:
    counts = {name: facts[name] or {} for name in ("need", "day", "part", "language")}

    def option(name: str, label: str, value: str, count: int, *, selected: bool, change: object) -> Option:
        return Option(label, value, count, search.but(**{name: change}), selected)

    def toggled(name: str, label: str) -> Option:
        on = getattr(search, name)
        return option(name, label, "1", facts[name], selected=on, change=not on)

    def one_of(name: str, label: str, value: str, count: int) -> Option:
        on = getattr(search, name) == value
        return option(name, label, value, count, selected=on, change="" if on else value)

    needs = [
        option(
            "need",
            Need(value).label,
            value,
            counts["need"].get(value, 0),
            selected=value in search.need,
            change=tuple(need for need in search.need if need != value)
            if value in search.need
            else (*search.need, value),
        )
        for value in Need.values
    ]
    days = [
        one_of("day", DAYS[number], value, counts["day"].get(str(number), 0)) for number, value in enumerate(DAY_VALUES)
    ]
    parts = [
        one_of("part", label, value, counts["part"].get(str(number), 0))
        for number, (value, label) in enumerate(PARTS.items())
    ]
    spoken = sorted({*counts["language"], *([search.language.casefold()] if search.language else [])})
    languages = [one_of("language", language_label(value), value, counts["language"].get(value, 0)) for value in spoken]
    switches = [
        toggled("free", "Free"),
        toggled("step_free", "Step-free"),
        toggled("online", "Online"),
    ]
    facets = (
        Facet("need", "What it helps with", tuple(needs)),
        Facet("day", "Day", tuple(days)),
        Facet("part", "Time of day", tuple(parts)),
        Facet("", "Cost and access", tuple(switches)),
        Facet("language", "Language", tuple(languages)),
    )
    useful = (replace(each, options=tuple(o for o in each.options if o.count or o.selected)) for each in facets)
    return tuple(each for each in useful if each.options)


def _chosen(search: Search) -> tuple[Option, ...]:
    def chip(label: str, **without: object) -> Option:
        return Option(label, "", 0, search.but(**without), selected=True)

    chips = [
        chip(Need(need).label, need=tuple(other for other in search.need if other != need)) for need in search.need
    ]
    if search.day:
        chips.append(chip(f"{DAYS[DAY_VALUES.index(search.day)]}s", day=""))
    if search.part:
        chips.append(chip(PARTS[search.part], part=""))
    chips += [
        chip(label, **{name: False})
        for name, label in (("free", "Free"), ("step_free", "Step-free"), ("online", "Online"))
        if getattr(search, name)
    ]
    if search.age is not None:
        chips.append(chip(f"Aged {search.age}", age=None))
    if search.language:
        chips.append(chip(language_label(search.language), language=""))
    return tuple(chips)


def language_label(name: str) -> str:
    """A language as it is written: BSL is an abbreviation, the others are names."""
    return re.sub(r"\bBsl\b", "BSL", name.upper() if len(name) <= 3 else name.title())
