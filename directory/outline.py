"""A listing in the standard's JSON as a reader sees it: a few headings, each with lines in plain words."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from directory.facts import price
from directory.listing import ages_in_words
from directory.models import CostOption, Location, Schedule, Service
from directory.schedules import in_words

Json = dict[str, Any]


@dataclass(frozen=True)
class Fact:
    """What is said under one heading; nothing when `lines` is empty."""

    label: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """One heading of two versions of a listing."""

    label: str
    before: tuple[str, ...]
    after: tuple[str, ...]

    @property
    def is_change(self) -> bool:
        return self.before != self.after


def outline(document: Json) -> list[Fact]:
    """Every heading, in one order."""
    return [Fact(label, tuple(dict.fromkeys(filter(None, read(document))))) for label, read in HEADINGS.items()]


def told(document: Json) -> list[Fact]:
    """The headings under which something is said."""
    return [fact for fact in outline(document) if fact.lines]


def compare(before: Json, after: Json) -> list[Change]:
    """Both versions side by side, without headings that are empty in both."""
    pairs = zip(outline(before), outline(after), strict=True)
    return [Change(old.label, old.lines, new.lines) for old, new in pairs if old.lines or new.lines]


def schedule_of(entry: Json) -> Schedule:
    """The standard's schedule as a row that is not saved."""
    dates = {name: _date(entry.get(name)) for name in ("valid_from", "valid_to", "dtstart")}
    times = {name: _time(entry.get(name)) for name in ("opens_at", "closes_at")}
    texts = {name: entry.get(name, "") for name in ("freq", "byday", "bymonthday", "description")}
    return Schedule(**dates, **times, **texts, interval=entry.get("interval"))


def schedules(document: Json) -> Iterator[Json]:
    """Those of the service itself, then those of its places."""
    yield from document.get("schedules", [])
    for place in document.get("service_at_locations", []):
        yield from place.get("schedules", [])


def locations(document: Json) -> Iterator[Json]:
    return (place["location"] for place in document.get("service_at_locations", []) if "location" in place)


def _date(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _time(text: str | None) -> dt.time | None:
    return dt.time.fromisoformat(text) if text else None


def _field(name: str) -> Any:
    return lambda document: [document.get(name, "")]


def _named(entries: str, *names: str) -> Any:
    """Of each entry of a list the first of these fields that says something."""
    return lambda document: [
        next((entry[name] for name in names if entry.get(name)), "") for entry in document.get(entries, [])
    ]


def _status(document: Json) -> list[str]:
    return [str(Service.Status(document["status"]).label)] if document.get("status") else []


def _ages(document: Json) -> list[str]:
    return [ages_in_words(document.get("minimum_age"), document.get("maximum_age"))]


def _costs(document: Json) -> list[str]:
    options = [
        CostOption(
            option=each.get("option", ""),
            amount=None if each.get("amount") is None else Decimal(str(each["amount"])),
            amount_description=each.get("amount_description", ""),
        )
        for each in document.get("cost_options", [])
    ]
    return [*map(price, options), document.get("fees", "")]


def _places(document: Json) -> list[str]:
    return [
        ", ".join(filter(None, (location.get("name"), *_address(address))))
        for location in locations(document)
        for address in location.get("addresses") or [{}]
        if location.get("location_type") != Location.Type.VIRTUAL
    ]


def _address(address: Json) -> list[str]:
    return [address.get(name, "") for name in ("attention", "address_1", "city", "state_province", "postal_code")]


def _online(document: Json) -> list[str]:
    return ["Yes"] if any(each.get("location_type") == Location.Type.VIRTUAL for each in locations(document)) else []


def _access(document: Json) -> list[str]:
    rows = (row for location in locations(document) for row in location.get("accessibility", []))
    return [row.get("description") or row.get("accessibility") or row.get("details", "") for row in rows]


def _contacts(document: Json) -> list[str]:
    return [
        ", ".join(
            filter(
                None,
                (
                    each.get("name"),
                    each.get("title"),
                    each.get("email"),
                    *(phone.get("number") for phone in each.get("phones", [])),
                ),
            )
        )
        for each in document.get("contacts", [])
    ]


def _terms(document: Json) -> list[str]:
    return [each.get("taxonomy_term", {}).get("name", "") for each in document.get("attributes", [])]


HEADINGS = {
    "Name": _field("name"),
    "What it is": _field("description"),
    "State": _status,
    "Just now": _field("alert"),
    "When": lambda document: [in_words(schedule_of(each)) for each in schedules(document)],
    "Where": _places,
    "Online": _online,
    "Getting in": _access,
    "For people in": _named("service_areas", "name", "service_area"),
    "Who it is for": _field("eligibility_description"),
    "Ages": _ages,
    "Languages": _named("languages", "name", "code"),
    "How to come": _field("application_process"),
    "Cost": _costs,
    "Telephone": _named("phones", "number"),
    "E-mail": _field("email"),
    "Web page": _field("url"),
    "Contact": _contacts,
    "About": _terms,
}
