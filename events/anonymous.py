"""Texts of contributions without the names of those who offer them, for readers who must not know."""

import re
import unicodedata
from collections.abc import Iterable

from events.models import Contribution

LEFT_OUT = "[left out]"
SHORTEST = 3  # letters of a single name that is looked for by itself
# Titles and words of names that are everyday words too say nothing by themselves.
EVERYDAY = frozenset("and der des dr mr mrs ms mx prof professor sir the van von".split())
_ADDRESSES = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+|(?:https?://|www\.)\S+", re.IGNORECASE)


def names_of(contribution: Contribution) -> list[str]:
    """What would give away who offers it: names and organisations, the longest first."""
    people = [contribution.name, *(name for name, _ in contribution.presenters)]
    organisations = [contribution.organisation, *(organisation for _, organisation in contribution.presenters)]
    found = {_plain(each) for each in (*people, *organisations)}
    for person in map(_plain, people):
        found |= {word for word in re.split(r"[\s,]+", person) if len(word) >= SHORTEST and _tells(word)}
    return sorted(filter(None, found), key=lambda each: (-len(each), each))


def mask(text: str, names: Iterable[str]) -> str:
    """The text with each of the names, and every mail or web address, left out.

    A whole name is found however it is written; a single word of it only with a capital where it has one, so that
    Rose loses no rose and May no may.
    """
    text = _ADDRESSES.sub(LEFT_OUT, unicodedata.normalize("NFC", text))
    for name in names:
        text = _pattern(name).sub(LEFT_OUT, text)
    return text


def gives_away(contribution: Contribution) -> bool:
    """Whether title or text say who offers it."""
    text = unicodedata.normalize("NFC", f"{contribution.title}\n{contribution.abstract}")
    return any(_pattern(name).search(text) for name in names_of(contribution))


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _tells(word: str) -> bool:
    return word.rstrip(".").casefold() not in EVERYDAY


def _pattern(name: str) -> re.Pattern[str]:
    words = r"\s+".join(re.escape(word) for word in name.split())
    # Scripts that put no spaces between words have no edges of words either.
    spaced = not any(unicodedata.east_asian_width(letter) in "WF" for letter in name)
    edged = rf"(?<!\w){words}(?!\w)" if spaced else words
    single = " " not in name and name[:1] != name[:1].lower()
    if single:  # as it is, or all in capitals
        edged = rf"(?<!\w)(?:{re.escape(name)}|{re.escape(name.upper())})(?!\w)"
    return re.compile(edged, re.NOFLAG if single else re.IGNORECASE)
