"""Addresses that must not be found: whether words give one away, and how it is taken out of them."""

import re
from collections.abc import Iterable
from typing import Any

from directory.models import Address, Organization

WITHHELD = "[address withheld]"
SHORTEST = 4  # letters and digits of what gives an address away: "-", "12" and "n/a" do not


def traces(addresses: Iterable[Address]) -> re.Pattern[str] | None:
    """Finds the postcode or the first line of any of the addresses in a text, however spaced and in any case; of the
    first line each part with a number too: "7 Hidden Lane" of "7 Hidden Lane, Hatfield".

    None when they have neither.
    """
    texts = [text for address in addresses for text in (address.postal_code, address.address_1)]
    parts = [part for text in texts for part in text.split(",") if any(map(str.isdigit, part))]
    kept = [words for text in (*texts, *parts) if len("".join(words := re.findall(r"\w+", text))) >= SHORTEST]
    if not kept:
        return None
    return re.compile(r"(?<!\w)(?:" + "|".join(map(_loosely, kept)) + r")(?!\w)", re.IGNORECASE)


def traces_of(organization: Organization) -> re.Pattern[str] | None:
    """The same for every confidential place of an organisation: none of its listings may tell one of another."""
    theirs = Address.objects.filter(location__service_at_locations__service__organization=organization)
    return traces(theirs.filter(location__confidential=True))


def texts(document: Any) -> Iterable[str]:
    """Every text in a piece of JSON."""
    if isinstance(document, str):
        yield document
    elif isinstance(document, dict | list):
        for part in document.values() if isinstance(document, dict) else document:
            yield from texts(part)


def tells(pattern: re.Pattern[str] | None, document: Any, *, but: Any = ()) -> bool:
    """Whether a text of the JSON gives an address away; a text that `but` has too tells nothing new."""
    return pattern is not None and any(map(pattern.search, {*texts(document)} - {*texts(but)}))


def scrubbed(document: Any, pattern: re.Pattern[str]) -> Any:
    """The same piece of JSON with every trace withheld."""
    if isinstance(document, str):
        return pattern.sub(WITHHELD, document)
    if isinstance(document, dict):
        return {key: scrubbed(value, pattern) for key, value in document.items()}
    return [scrubbed(value, pattern) for value in document] if isinstance(document, list) else document


def spelt(address_1: str, postal_code: str) -> str:
    """The same for every spelling of an address; "" without a postcode, which says where it is."""
    street, code = ("".join(re.findall(r"\w+", text)).casefold() for text in (address_1, postal_code))
    return f"{code} {street}" if code else ""


def _loosely(words: list[str]) -> str:
    """A pattern of the words in order, with any spaces and punctuation between them.

    A postcode is matched with and without its space.
    """
    between = r"[\W_]*" if len("".join(words)) <= 8 else r"[\W_]+"
    return between.join(map(re.escape, words))
