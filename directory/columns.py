"""A service as lines of a table: the columns that people who keep a spreadsheet have."""

import re
from collections.abc import Iterator
from typing import Any

from directory.models import Location, Need

Json = dict[str, Any]

COLUMNS = (
    *("id", "name", "organization", "description", "url", "email", "phone"),
    *("address", "town", "county", "postcode", "latitude", "longitude"),
    *("day", "opens", "closes", "frequency", "cost", "amount"),
    *("minimum_age", "maximum_age", "languages", "accessibility", "needs", "areas", "online", "status", "assured_date"),
)
BETWEEN = "; "  # several things in one cell


def rows_of(service: Json) -> Iterator[list[str]]:
    """A line for each place of a whole service in the standard's JSON; one for a service without a place."""
    places = service.get("service_at_locations", [])
    virtual = [place for place in places if place["location"]["location_type"] == Location.Type.VIRTUAL]
    common = _common(service) | {"online": "yes" if virtual else "no"}
    for place in [place for place in places if place not in virtual] or [{}]:
        cells = common | _place(place.get("location", {}))
        cells |= _when([*place.get("schedules", []), *service.get("schedules", []), *_of(virtual, "schedules")])
        yield [_text(cells.get(column)) for column in COLUMNS]


def _common(service: Json) -> Json:
    contacts = service.get("contacts", [])
    phones = [*service.get("phones", []), *_of(contacts, "phones")]
    costs = service.get("cost_options", [])
    amounts = [cost["amount"] for cost in costs if "amount" in cost]
    terms = [each["taxonomy_term"] for each in service.get("attributes", []) if "taxonomy_term" in each]
    copied = ("id", "name", "description", "url", "email", "minimum_age", "maximum_age", "status", "assured_date")
    return {name: service.get(name) for name in copied} | {
        "organization": service["organization"]["name"],
        "email": service.get("email") or next((each["email"] for each in contacts if "email" in each), ""),
        "phone": next((phone["number"] for phone in phones), ""),
        "cost": service.get("fees") or _listed(cost.get("option") or cost.get("amount_description") for cost in costs),
        "amount": min(amounts, default=None),
        "languages": _listed(each.get("name") or each.get("code") for each in service.get("languages", [])),
        "needs": _listed(term["term"] for term in terms if term.get("term") in Need.values),
        "areas": _listed(each.get("name") or each.get("service_area") for each in service.get("service_areas", [])),
    }


def _place(location: Json) -> Json:
    address: Json = next(iter(location.get("addresses", [])), {})
    lines = [location.get("name"), address.get("address_1")]
    helps = [each.get("description") or each.get("accessibility") for each in location.get("accessibility", [])]
    return {
        "address": ", ".join(dict.fromkeys(filter(None, lines))),
        "town": address.get("city"),
        "county": address.get("state_province"),
        "postcode": address.get("postal_code"),
        "latitude": location.get("latitude"),
        "longitude": location.get("longitude"),
        "accessibility": _listed(helps),
    }


def _when(schedules: list[Json]) -> Json:
    """The first schedule: a spreadsheet has room for one."""
    schedule: Json = next(iter(schedules), {})
    return {
        "day": re.sub(r"\s*,\s*", BETWEEN, schedule.get("byday", "")),
        "opens": schedule.get("opens_at", "")[:5],
        "closes": schedule.get("closes_at", "")[:5],
        "frequency": schedule.get("freq", "").lower(),
    }


def _of(rows: list[Json], name: str) -> list[Json]:
    return [each for row in rows for each in row.get(name, [])]


def _listed(texts: Any) -> str:
    return BETWEEN.join(dict.fromkeys(filter(None, texts)))


def _text(value: Any) -> str:
    return "" if value is None else str(value)
