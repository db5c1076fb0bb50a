"""Postcodes, places' names and distances, as everybody here writes and measures them."""

import math
import re
import unicodedata
from typing import NamedTuple

METRES_PER_MILE = 1609.344
EARTH_RADIUS = 3958.7613  # miles

_OUTWARD = r"[A-PR-UWYZ](?:[A-HK-Y]?[0-9][0-9]?|[0-9][A-HJKMNPR-Y]|[A-HK-Y][0-9][A-HJKMNPR-Y])|GIR"
# ASCII, for otherwise "ſ" is an S to a pattern that ignores capitals.
_CODE = re.compile(f"({_OUTWARD})([0-9][ABD-HJLNP-UW-Z]{{2}})?", re.ASCII | re.IGNORECASE)


class Box(NamedTuple):
    """Bounds in degrees."""

    south: float
    west: float
    north: float
    east: float


# The United Kingdom with the Channel Islands, Shetland and Northern Ireland.
UNITED_KINGDOM = Box(south=49.0, west=-8.7, north=61.0, east=2.0)


def normalise_postcode(text: str) -> str | None:
    """A full postcode in capitals with its one space; None for what has not the form of one. It may not exist."""
    halves = _halves(text)
    return " ".join(halves) if halves and halves[1] else None


def outward_of(text: str) -> str | None:
    """The outward code, in capitals, of a full postcode or of one that is an outward code only; None for all else."""
    halves = _halves(text)
    return halves[0] if halves else None


def _halves(text: str) -> tuple[str, str] | None:
    if len(text) > 50:  # nobody puts that many spaces into a postcode
        return None
    match = _CODE.fullmatch("".join(text.split()))
    return (match[1].upper(), (match[2] or "").upper()) if match else None


def fold(name: str) -> str:
    """A place's name in small letters without accents and punctuation, so that however it is typed it is the same."""
    letters = (letter for letter in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[^a-z0-9]+", " ", re.sub(r"['’.]", "", "".join(letters))).split())


def in_the_united_kingdom(latitude: float, longitude: float) -> bool:
    """Whether a position, in degrees, can be meant: 0, 0 and other marks of "not known" are not."""
    box = UNITED_KINGDOM
    return box.south <= latitude <= box.north and box.west <= longitude <= box.east


def miles_between(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Miles as the crow flies between two positions in degrees."""
    here, there = math.radians(latitude), math.radians(other_latitude)
    east = math.radians(other_longitude - longitude)
    chord = math.sin((there - here) / 2) ** 2 + math.cos(here) * math.cos(there) * math.sin(east / 2) ** 2
    return 2 * EARTH_RADIUS * math.asin(min(1.0, math.sqrt(chord)))


def box(latitude: float, longitude: float, miles: float) -> Box:
    """The smallest bounds that hold everything within so many miles of a position, which is not near a pole."""
    angle = miles / EARTH_RADIUS
    north = math.degrees(angle)
    east = math.degrees(math.asin(min(1.0, math.sin(angle) / math.cos(math.radians(latitude)))))
    return Box(latitude - north, longitude - east, latitude + north, longitude + east)


def to_metres(miles: float) -> float:
    return miles * METRES_PER_MILE


def to_miles(metres: float) -> float:
    return metres / METRES_PER_MILE
