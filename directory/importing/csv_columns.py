"""A spreadsheet of the common columns: each row a listing, as a document of the standard."""

import csv
import io
import re
import uuid
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO, TextIO

from directory.importing.records import Record, Unreadable
from directory.models import Location, Need, Schedule, need_id
from linkworkers.geo import normalise_postcode

Json = dict[str, Any]

# Our columns with what else people call them.
COLUMNS: dict[str, tuple[str, ...]] = {
    "name": ("service", "service name", "title", "listing", "group"),
    "organization": ("organisation", "organization name", "organisation name", "provider", "run by"),
    "description": ("details", "about", "what it is"),
    "url": ("website", "web site", "web page", "web", "link"),
    "email": ("e-mail", "email address", "contact email"),
    "phone": ("telephone", "tel", "phone number", "contact number"),
    "venue": ("location", "place", "location name", "venue name"),
    "address": ("address 1", "address_1", "street", "address line 1"),
    "town": ("city", "town or city", "post town"),
    "county": ("state_province",),
    "postcode": ("post code", "postal code", "postal_code"),
    "latitude": ("lat",),
    "longitude": ("lon", "lng", "long"),
    "day": ("days", "byday"),
    "opens": ("from", "start", "start time", "opens_at", "opens at"),
    "closes": ("to", "until", "end", "end time", "closes_at", "closes at"),
    "frequency": ("how often", "freq"),
    "cost": ("costs", "fees", "price"),
    "amount": ("pounds",),
    "minimum_age": ("minimum age", "min age", "youngest"),
    "maximum_age": ("maximum age", "max age", "oldest"),
    "languages": ("language",),
    "accessibility": ("access",),
    "needs": ("need", "categories", "category"),
    "areas": ("area", "area served", "service area", "covers"),
    "online": ("virtual", "remote"),
    "status": (),
    "assured_date": ("assured date", "last checked", "checked", "checked on"),
}
KNOWN = {alias: column for column, aliases in COLUMNS.items() for alias in (column, *aliases)}
# Where a column's value goes, for telling what is wrong with it.
PATHS = {
    "organization.name": "organization",
    "phones[0].number": "phone",
    "service_at_locations[0].location.latitude": "latitude",
    "service_at_locations[0].location.longitude": "longitude",
    "service_at_locations[0].location.name": "venue",
    **{
        f"service_at_locations[0].location.addresses[0].{theirs}": ours
        for theirs, ours in {
            "address_1": "address",
            "city": "town",
            "state_province": "county",
            "postal_code": "postcode",
        }.items()
    },
    **{f"{where}[0].opens_at": "opens" for where in ("schedules", "service_at_locations[0].schedules")},
    **{f"{where}[0].closes_at": "closes" for where in ("schedules", "service_at_locations[0].schedules")},
    "cost_options[0].amount": "amount",
    "cost_options[0].option": "cost",
}
PLAIN = ("description", "email", "status", "minimum_age", "maximum_age", "assured_date")
PLACE = {"venue", "address", "town", "county", "postcode", "latitude", "longitude", "accessibility", "online"}
POSITION = {"venue": "name", "latitude": "latitude", "longitude": "longitude"}
WHEN = {"day", "opens", "closes", "frequency"}
DAYS = {"mon": "MO", "tue": "TU", "wed": "WE", "thu": "TH", "fri": "FR", "sat": "SA", "sun": "SU"}
# How often: rule and interval, and the ordinal that goes before each day.
FREQUENCIES: dict[str, tuple[str, int, str]] = {
    **dict.fromkeys(("", "weekly", "every week"), (Schedule.Frequency.WEEKLY, 1, "")),
    **dict.fromkeys(("fortnightly", "every other week", "every two weeks"), (Schedule.Frequency.WEEKLY, 2, "")),
    "monthly": (Schedule.Frequency.MONTHLY, 1, ""),
    **{
        f"{word} of the month": (Schedule.Frequency.MONTHLY, 1, ordinal)
        for word, ordinal in {"first": "1", "second": "2", "third": "3", "fourth": "4", "last": "-1"}.items()
    },
}
YES = {"yes", "y", "true", "1", "online"}
NO = {"", "no", "n", "false", "0"}
# Ids follow from what a row is, so that a file that comes again is the same listings.
NAMESPACE = uuid.UUID("0c1cb7a6-50a3-5ac6-a6ad-1d4dbf1b9bd1")
LARGEST_CELL = 131_072  # characters, as the reader of CSV allows


def is_spreadsheet(head: str) -> bool:
    """Whether the first line is a header that names a column for names."""
    first, *_ = head.splitlines() or [""]
    return "name" in _header(next(csv.reader([first], delimiter=_delimiter(first)), []))


def records(file: BinaryIO, encoding: str, notes: list[str]) -> Iterator[Record]:
    """The rows with the numbers that a spreadsheet shows. `notes` hears of columns that are not known."""
    text = io.TextIOWrapper(file, encoding=encoding, newline="")
    try:
        first = text.readline(LARGEST_CELL)
        text.seek(0)
        yield from _records(_rows(text, _delimiter(first)), notes)
    finally:
        text.detach()  # the file is its opener's to close


def _records(rows: Iterator[tuple[int, list[str]]], notes: list[str]) -> Iterator[Record]:
    _, cells = next(rows)
    header = _header(cells)
    if twice := sorted({column for column in header if column and header.count(column) > 1}):
        raise Unreadable(f"More than one column means {', '.join(twice)}. Keep one of each.")
    if unknown := [cell.strip() for cell, column in zip(cells, header, strict=True) if not column and cell.strip()]:
        notes.append(f"Columns that we do not know, and left out: {', '.join(each[:60] for each in unknown)}.")
    for number, cells in rows:
        if any(cell.strip() for cell in cells):
            row = {column: _plain(cell) for column, cell in zip(header, cells, strict=False) if column}
            faults: list[str] = []
            document = _document(row, faults)
            if len(cells) > len(header) and any(cells[len(header) :]):
                faults.append("there are more cells than columns: is a cell with a comma without its quotes?")
            yield Record(number, document, "part", tuple(faults), PATHS)


def _rows(text: TextIO, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    number = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise Unreadable(f"Row {number} cannot be read: {error}.", number) from None
        except UnicodeDecodeError as error:
            raise Unreadable(f"Row {number} holds a character that is not {error.encoding}.", number) from None
        except (EOFError, zlib.error):
            raise Unreadable(f"The file ends in the middle of row {number}. Was it sent whole?", number) from None
        yield number, cells
        number += 1


def _delimiter(line: str) -> str:
    return max(",;\t", key=line.count)


def _header(cells: list[str]) -> list[str]:
    return [KNOWN.get(" ".join(cell.strip("\ufeff \t").casefold().split()), "") for cell in cells]


def _plain(cell: str) -> str:
    """The cell without the apostrophe that keeps a spreadsheet from taking it for a formula."""
    text = cell.strip()
    return text[1:] if text[:1] == "'" and text[1:2] in ("=", "+", "-", "@") else text


# --- A row


def _document(row: dict[str, str], faults: list[str]) -> Json:
    name, code = row.get("name", ""), row.get("postcode", "")
    code = normalise_postcode(code) or code
    provider = row.get("organization") or name
    key = "|".join(" ".join(each.casefold().split()) for each in (name, code, provider))

    def made(what: str) -> str:
        return str(uuid.uuid5(NAMESPACE, f"{what}|{key}"))

    # A provider that is not named is the listing's own, and gives way to the one that we know.
    own = f"organization|{' '.join(provider.casefold().split())}" if row.get("organization") else f"own|{key}"
    organization = {"id": str(uuid.uuid5(NAMESPACE, own)), "name": provider}
    document: Json = {"id": made("service"), "name": name, "organization": organization}
    document |= {column: row[column] for column in PLAIN if column in row}
    if "url" in row:
        document["url"] = _web_address(row["url"])
    if "phone" in row:
        document["phones"] = [{"id": made("phone"), "number": row["phone"]}] if row["phone"] else []
    if row.keys() & {"cost", "amount"}:
        document["cost_options"] = _costs(row, made)
    if "needs" in row:
        document["attributes"] = _needs(row, made, faults)
    for column, entity in {"languages": "languages", "areas": "service_areas"}.items():
        if column in row:
            document[entity] = [{"id": made(f"{column} {each}"), "name": each} for each in _several(row, column)]
    places = _places(row, code, made, faults)
    if row.keys() & PLACE:
        document["service_at_locations"] = places
    if row.keys() & WHEN:
        when = [{"id": made("schedule"), **rule}] if (rule := _schedule(row, faults)) else []
        at_place = bool(places) and places[0]["location"]["location_type"] == Location.Type.PHYSICAL
        document["schedules"] = [] if at_place else when
        if at_place:
            places[0]["schedules"] = when
    return document


def _places(row: dict[str, str], code: str, made: Any, faults: list[str]) -> list[Json]:
    places: list[Json] = []
    where = [row.get(column, "") for column in ("venue", "address", "town", "county")]
    if code or any(where) or row.get("latitude"):
        _, street, town, county = where
        address = {"address_1": street, "city": town, "state_province": county, "postal_code": code}
        location: Json = {"id": made("location"), "location_type": Location.Type.PHYSICAL.value}
        location["addresses"] = [{"id": made("address"), **address}]
        location |= {name: row[column] for column, name in POSITION.items() if column in row}
        if "accessibility" in row:
            location["accessibility"] = [
                {"id": made(f"access {each}"), "description": each} for each in _several(row, "accessibility")
            ]
        places.append({"id": made("place"), "location": location})
    online = row.get("online", "").casefold()
    if online in YES:
        virtual = {"id": made("online location"), "location_type": Location.Type.VIRTUAL.value, "name": "Online"}
        places.append({"id": made("online place"), "location": virtual})
    elif online not in NO:
        faults.append(f"online: “{row['online'][:40]}” is neither yes nor no")
    return places


def _schedule(row: dict[str, str], faults: list[str]) -> Json:
    opens, closes = _clock(row.get("opens", "")), _clock(row.get("closes", ""))
    days = [DAYS.get(each[:3].casefold(), "") for each in _several(row, "day")]
    if not (days or opens or closes):
        return {}
    if "" in days:
        faults.append(f"day: “{row['day'][:40]}” is not a day, or days with commas between them")
    how_often = FREQUENCIES.get(" ".join(row.get("frequency", "").casefold().split()))
    if how_often is None:
        faults.append(f"frequency: “{row['frequency'][:40]}” is none of {', '.join(filter(None, FREQUENCIES))}")
        return {}
    rule, interval, ordinal = how_often
    repeats = (
        {"freq": str(rule), "interval": interval, "byday": ",".join(ordinal + day for day in days)} if days else {}
    )
    return {**repeats, "opens_at": opens, "closes_at": closes}


def _clock(text: str) -> str:
    """2pm, 2.30 pm and 14.30 as the standard writes times; what is none of them stays as it is, to be refused."""
    match = re.fullmatch(r"(\d{1,2})(?:[.:](\d{2}))?(?::\d{2})?\s*([ap])?\.?m?\.?", text.casefold())
    if match is None:
        return text
    hour, minute, half = int(match[1]), match[2] or "00", match[3]
    if hour > 23 or (half and not 1 <= hour <= 12):
        return text
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    return f"{hour:02}:{minute}"


def _costs(row: dict[str, str], made: Any) -> list[Json]:
    cost, amount = row.get("cost", ""), row.get("amount", "").lstrip("£ ")
    if not amount:
        if cost.casefold() in ("free", "no charge"):
            amount = "0"
        elif re.fullmatch(r"£?\s*\d+(\.\d{1,2})?", cost):
            amount, cost = cost.lstrip("£ "), ""
    return [{"id": made("cost"), "option": cost, "amount": amount}] if cost or amount else []


def _needs(row: dict[str, str], made: Any, faults: list[str]) -> list[Json]:
    """Our needs, by their name or as we call them."""
    known = {word.casefold(): need for need in Need for word in (need.value, need.label)}
    found = []
    for each in _several(row, "needs"):
        need = known.get(each.casefold())
        if need is None:
            faults.append(f"needs: “{each[:40]}” is none of {', '.join(sorted(Need.values))}")
        else:
            term = {"id": str(need_id(need)), "name": need.label, "term": need.value}
            found.append({"id": made(f"need {need.value}"), "taxonomy_term": term})
    return found


def _several(row: dict[str, str], column: str) -> list[str]:
    parts = re.split(r"[,;|\n]" if column != "accessibility" else r"[;|\n]", row.get(column, ""))
    return list(dict.fromkeys(filter(None, map(str.strip, parts))))


def _web_address(text: str) -> str:
    return f"https://{text}" if text and "://" not in text and ":" not in text.partition("/")[0] else text
