"""One value of the standard's JSON as ours, each kind with what can be wrong with it."""

import datetime as dt
import math
import re
import uuid
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.encoding import iri_to_uri

_CHARACTERS = r"[\w\-.~!$&'()*+,;=:@/?%]"
_WEB_ADDRESS = re.compile(
    rf"https?://(?:[\w\-.~%!$&'()*+,;=]+|\[[0-9a-f:.]+\])(?::\d*)?(?:[/?]{_CHARACTERS}*)?(?:#{_CHARACTERS}*)?",
    re.ASCII | re.IGNORECASE,
)
_LONE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.\d+)?)?(?:Z|[+-]00:?00)?")
_UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")
LARGEST_INTEGER = 2**31 - 1
LARGEST_MONEY = Decimal(10**10)  # pounds


class Wrong(ValueError):
    """What is wrong with one value, as the end of a sentence that begins with its path."""


def short_enough(text: str, longest: int) -> str:
    if len(text) > longest:
        raise Wrong(f"this has {len(text):,} characters, and {longest:,} is the most")
    return text


def _text(value: Any) -> str:
    if isinstance(value, int) and not isinstance(value, bool):  # a UPRN or a house number, as some write them
        return str(value)
    if not isinstance(value, str):
        raise Wrong(f"this is {called(value)}, not text")
    if bad := _UNKEEPABLE.search(value):
        raise Wrong(f"this holds a character that no text has (U+{ord(bad[0]):04X})")
    return value


def _email(value: Any) -> str:
    text = _text(value).strip()
    try:
        validate_email(text)
    except ValidationError:
        raise Wrong(f"{quoted(text)} is not an e-mail address") from None
    return text


def _uri(value: Any) -> str:
    text = iri_to_uri(_text(value).strip())
    if not _WEB_ADDRESS.fullmatch(text) or _LONE_PERCENT.search(text):
        raise Wrong(f"{quoted(value)} is not a web address that begins with http:// or https://")
    return text


def _number(value: Any) -> float:
    try:
        number = float(value) if not isinstance(value, bool) else math.nan
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number):
        raise Wrong(f"{quoted(value)} is not a number")
    return number


def _integer(value: Any) -> int:
    number = _number(value)
    if not number.is_integer() or not 0 <= number <= LARGEST_INTEGER:
        raise Wrong(f"{quoted(value)} is not a whole number from 0")
    return int(number)


def _money(value: Any) -> Decimal:
    _number(value)
    try:
        pounds = Decimal(str(value).strip())
    except InvalidOperation:
        raise Wrong(f"{quoted(value)} is not a number") from None
    if abs(pounds) >= LARGEST_MONEY or pounds != round(pounds, 4):
        raise Wrong(f"{quoted(value)} is no sum of money: ten digits of pounds at most, and four after the point")
    return pounds


def _date(value: Any) -> dt.date:
    """A date, or the date of a moment."""
    try:
        date = parse_date(value[:10]) if len(value) == 10 or value[10:11] in ("T", " ") else None
    except (TypeError, ValueError):
        date = None
    if date is None:
        raise Wrong(f"{quoted(value)} is not a date (as in 2026-11-23)")
    return date


def _time(value: Any) -> dt.time:
    match = _TIME.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise Wrong(f"{quoted(value)} is not a time (as in 14:30)")
    return dt.time(int(match[1]), int(match[2]), int(match[3] or 0))


def _datetime(value: Any) -> dt.datetime:
    """A moment; one without a zone is taken to be in UTC, as the standard writes them."""
    try:
        moment = parse_datetime(value if len(value) > 10 else f"{value}T00:00:00")
        if moment is None:
            raise ValueError
        return (moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)
    except (TypeError, ValueError, OverflowError):
        raise Wrong(f"{quoted(value)} is not a moment (as in 2026-11-23T09:30:00Z)") from None


def choice(value: Any, choices: dict[str, Any]) -> str:
    found = choices.get(value.strip().casefold()) if isinstance(value, str) else None
    if found is None:
        raise Wrong(f"{quoted(value)} is none of {', '.join(map(str, choices.values()))}")
    return str(found)


def identity(value: Any) -> uuid.UUID:
    try:
        if not isinstance(value, str):
            raise ValueError
        return uuid.UUID(value)
    except ValueError:
        raise Wrong(f"{quoted(value)} is not a UUID") from None


READERS: dict[str, Callable[[Any], Any]] = {
    "text": _text,
    "email": _email,
    "uri": _uri,
    "number": _number,
    "integer": _integer,
    "money": _money,
    "date": _date,
    "time": _time,
    "datetime": _datetime,
    "choice": _text,
}


def quoted(value: Any) -> str:
    if isinstance(value, dict | list):
        return called(value)
    text = str(value)
    return f"“{text[:40]}…”" if len(text) > 40 else f"“{text}”"


def called(value: object) -> str:
    match value:
        case dict():
            return "a record"
        case list():
            return "a list"
        case str():
            return "text"
        case None:
            return "nothing"
    return "a number" if isinstance(value, int | float | Decimal) and not isinstance(value, bool) else "true or false"
