"""Addresses that must not be found: whether words give one away, and how it is taken out of them."""

import re
from collections.abc import Iterable
from typing import Any

from directory.models import Address, Service

WITHHELD = "[address withheld]"


def traces(addresses: Iterable[Address]) -> re.Pattern[str] | None:
    """Finds the postcode or the first line of any of the addresses in a text, however spaced and in any case.

    None when they have neither.
    """
    kept = [text for address in addresses for text in (address.postal_code, address.address_1) if text.strip()]
    if not kept:
        return None
    return re.compile(r"(?<!\w)(?:" + "|".join(map(_loosely, kept)) + r")(?!\w)", re.IGNORECASE)


def traces_of(service: Service) -> re.Pattern[str] | None:
    """The same for all confidential places of a service."""
    places = service.service_at_locations.filter(location__confidential=True)
    return traces(Address.objects.filter(location__in=places.values("location")))


def texts(document: Any) -> Iterable[str]:
    """Every text in a piece of JSON."""
    if isinstance(document, str):
        yield document
    elif isinstance(document, dict | list):
        for part in document.values() if isinstance(document, dict) else document:
            yield from texts(part)


def scrubbed(document: Any, pattern: re.Pattern[str]) -> Any:
    """The same piece of JSON with every trace withheld."""
    if isinstance(document, str):
        return pattern.sub(WITHHELD, document)
    if isinstance(document, dict):
        return {key: scrubbed(value, pattern) for key, value in document.items()}
    return [scrubbed(value, pattern) for value in document] if isinstance(document, list) else document


def _loosely(text: str) -> str:
    """A pattern of the text's letters and digits, in order, with any spaces and punctuation between its words.

    A postcode is matched with and without its space.
    """
    words = re.findall(r"\w+", text)
    between = r"[\W_]*" if len("".join(words)) <= 8 else r"[\W_]+"
    return between.join(map(re.escape, words))
