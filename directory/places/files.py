"""The three postcode files that anybody may download, read row by row, and told apart by what is in them.

- ONS Postcode Directory, or the National Statistics Postcode Lookup: comma-separated, named in its first line. The
  names change with the years: `oslaua` became `lad25cd`, `pcd` and `pcd2` became `pcd7` and `pcd8`.
- OS Code-Point Open: ten comma-separated columns, no header. Postcode, quality, eastings, northings, then the codes of
  country, NHS region, NHS authority, county, district and ward.
- GeoNames postal codes: twelve tab-separated columns, no header. Country, code, place, then names and codes of three
  administrative levels in turn, latitude, longitude, accuracy.
"""

import csv
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from linkworkers.geo import fold, normalise_postcode, outward_of

Cells = list[str]

# Codes that a file may give without a table of their names. Districts and counties change; these do not.
NATIONS_AND_REGIONS = {
    "E92000001": "England",
    "N92000002": "Northern Ireland",
    "S92000003": "Scotland",
    "W92000004": "Wales",
    "E12000001": "North East",
    "E12000002": "North West",
    "E12000003": "Yorkshire and The Humber",
    "E12000004": "East Midlands",
    "E12000005": "West Midlands",
    "E12000006": "East of England",
    "E12000007": "London",
    "E12000008": "South East",
    "E12000009": "South West",
}
NO_AREA = "99999999"  # what the code of "no county", "no region" ends with


class BadRow(ValueError):
    """A row that is not what its file says. The message says why."""


class Row(NamedTuple):
    """One place. `code` is a postcode or an outward code; `x` and `y` are degrees, or metres of the National Grid."""

    code: str
    outward_code: str
    x: float
    y: float
    name: str
    areas: Collection[str]


@dataclass(frozen=True)
class Format:
    """How a file is read. `parse` takes the cells of a row and the names of codes; None for a row to pass over."""

    name: str
    delimiter: str
    has_header: bool
    on_national_grid: bool
    parse: Callable[[Cells, Mapping[str, str]], Row | None]


def split(line: str, delimiter: str) -> Cells:
    """The cells of a line, none for one that is no row.

    No format has a line break inside a cell: read line by line, a stray quote spoils one row only.
    """
    if delimiter == "\t":
        return line.rstrip("\r\n").split("\t")
    try:
        return next(csv.reader((line,)), [])
    except csv.Error:
        return []


def recognise(first_line: str) -> Format | None:
    """The format of the file that begins so; None for one that is none of the three."""
    cells = split(first_line, ",")
    return _ons(cells) or (_code_point(cells) or _geonames(split(first_line, "\t")))


def names_of_areas(lines: Iterator[str]) -> dict[str, str]:
    """What a table of the ONS calls districts, counties, regions or nations, by code; empty for any other table."""
    header = [cell.strip().lower() for cell in split(next(lines, ""), ",")]
    if not header or not re.fullmatch(r"(lad|cty|rgn|ctry)\d\dcd", header[0]):
        return {}
    called = header[0].removesuffix("cd") + "nm"
    if called not in header:
        return {}
    rows = (split(line, ",") for line in lines)
    return {cells[0].strip(): cells[header.index(called)].strip() for cells in rows if len(cells) == len(header)}


def _ons(header: Cells) -> Format | None:
    columns = {cell.strip().lower(): number for number, cell in enumerate(header)}
    code = next((columns[name] for name in ("pcds", "pcd8", "pcd7", "pcd2", "pcd") if name in columns), None)
    if code is None or not {"lat", "long"} <= columns.keys():
        return None
    latitude, longitude, ended = columns["lat"], columns["long"], columns.get("doterm")
    area = re.compile(r"(os)?(laua|lad|cty|rgn|gor|ctry)(\d\d)?(cd)?")
    wanted = [number for name, number in columns.items() if area.fullmatch(name)]

    def parse(cells: Cells, names: Mapping[str, str]) -> Row | None:
        if len(cells) != len(header):
            raise BadRow(f"It has {len(cells)} columns and its header {len(header)}.")
        if ended is not None and cells[ended].strip():
            return None
        if not cells[latitude].strip() or cells[latitude].startswith("99.9"):
            return None
        areas = _named([cells[number] for number in wanted], names)
        return _row(cells[code], cells[longitude], cells[latitude], "", areas)

    return Format("ONS Postcode Directory", ",", has_header=True, on_national_grid=False, parse=parse)


def _code_point(first: Cells) -> Format | None:
    if len(first) != 10 or not normalise_postcode(first[0]) or not all(cell.strip().isdigit() for cell in first[1:4]):
        return None
    return Format("OS Code-Point Open", ",", has_header=False, on_national_grid=True, parse=_code_point_row)


def _code_point_row(cells: Cells, names: Mapping[str, str]) -> Row | None:
    if len(cells) != 10:
        raise BadRow(f"It has {len(cells)} columns instead of 10.")
    country, county, district = cells[4], cells[7], cells[8]
    return _row(cells[0], cells[2], cells[3], "", _named([country, county, district], names))


def _geonames(first: Cells) -> Format | None:
    if len(first) != 12 or not re.fullmatch("[A-Z]{2}", first[0]):
        return None
    return Format("GeoNames", "\t", has_header=False, on_national_grid=False, parse=_geonames_row)


def _geonames_row(cells: Cells, names: Mapping[str, str]) -> Row | None:
    if len(cells) != 12:
        raise BadRow(f"It has {len(cells)} columns instead of 12.")
    if cells[0] not in ("GB", "GG", "IM", "JE") or not cells[9].strip():
        return None
    areas = {area for level in (2, 3, 5, 7) for area in spellings(cells[level])}
    areas.update(cells[level + 1].lower() for level in (3, 5, 7) if is_area_code(cells[level + 1].lower()))
    return _row(cells[1], cells[10], cells[9], cells[2].strip()[:200], areas)


def _row(code: str, x: str, y: str, name: str, areas: Collection[str]) -> Row | None:
    outward_code = outward_of(code)
    if outward_code is None:
        raise BadRow(f"“{code[:20]}” is no postcode.")
    try:
        east, north = float(x), float(y)
    except ValueError:
        raise BadRow(f"“{y[:20]}, {x[:20]}” is no position.") from None
    if not east and not north:
        return None
    return Row(normalise_postcode(code) or outward_code, outward_code, east, north, name, areas)


def _named(codes: list[str], names: Mapping[str, str]) -> set[str]:
    areas = set()
    for code in codes:
        if is_area_code(code.lower()) and not code.endswith(NO_AREA):
            areas.add(code.lower())
            areas.update(spellings(names.get(code, "")))
    return areas


def is_area_code(area: str) -> bool:
    """Whether an area, in lower case, is one of the nine-character codes of the ONS rather than a name."""
    return len(area) == 9 and area[0] in "ensw" and area[1:].isdigit()


@lru_cache(maxsize=20_000)  # the same few names stand in millions of rows
def spellings(name: str) -> frozenset[str]:
    """The name in lower case, and as `fold` has it: what it is looked up by."""
    return frozenset(spelling[:200] for spelling in (name.strip().lower(), fold(name)) if spelling)
