"""What somebody searches for: the parameters of the page's address, read with forbearance."""

import re
from collections.abc import Callable, Container
from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode

from directory.models import Need

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
DAY_VALUES = ("mo", "tu", "we", "th", "fr", "sa", "su")
PARTS = {"morning": "Mornings", "afternoon": "Afternoons", "evening": "Evenings"}
DISTANCES = (1, 3, 5, 10, 25)  # miles
DEFAULT_DISTANCE = 5
LONGEST_QUERY = 200  # letters; whoever types more is heard up to here
LONGEST_NEAR = 60
LAST_PAGE = 50
OLDEST = 120  # years


# What people say in a sentence that is a filter or a place. "Coffee morning" is a name, "mornings" a time of day.
NEAR = re.compile(r"\b(?:near|around|close to|in)\s+([^,]{2,40})$", re.IGNORECASE)
DAY = re.compile(
    r"\b(?:on\s+(?:a\s+)?)?(mondays?|tuesdays?|wednesdays?|thursdays?|fridays?|saturdays?|sundays?)\b", re.IGNORECASE
)
PART = re.compile(r"\b(?:in\s+the\s+)?(mornings|afternoons|evenings)\b", re.IGNORECASE)
STEP_FREE = re.compile(r"\b(?:step[- ]free|wheelchairs?(?:\s+(?:user|access|accessible|friendly))?)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Search:
    """A search. Every field has a parameter of the same name; what is empty is not in the address.

    A value that makes no sense is as if it had not been given: an old link must not fail. `group` "area" lists only
    what serves the area; `literal` takes the words as typed.
    """

    q: str = ""
    near: str = ""
    within: int = DEFAULT_DISTANCE
    need: tuple[str, ...] = ()
    day: str = ""
    part: str = ""
    free: bool = False
    step_free: bool = False
    online: bool = False
    age: int | None = None
    language: str = ""
    group: str = ""
    literal: bool = False
    page: int = 1

    @classmethod
    def read(cls, query: QueryDict) -> "Search":
        within = _number(query.get("within"), DISTANCES[-1])
        return cls(
            q=_text(query.get("q"), LONGEST_QUERY),
            near=_text(query.get("near"), LONGEST_NEAR),
            within=within if within in DISTANCES else DEFAULT_DISTANCE,
            need=tuple(dict.fromkeys(need for need in query.getlist("need") if need in Need.values)),
            day=_one_of(query.get("day"), DAY_VALUES),
            part=_one_of(query.get("part"), PARTS),
            free=query.get("free") == "1",
            step_free=query.get("step_free") == "1",
            online=query.get("online") == "1",
            age=_number(query.get("age"), OLDEST),
            language=_text(query.get("language"), 60),
            group=_one_of(query.get("group"), ("area",)),
            literal=query.get("literal") == "1",
            page=max(1, _number(query.get("page"), LAST_PAGE) or 1),
        )

    @property
    def is_asked(self) -> bool:
        """Whether anything was asked for at all: the bare page shows no list of everything."""
        return self != Search(within=self.within, page=self.page)

    def heard(self, is_place: Callable[[str], bool]) -> "Search":
        """The same search with what people say in a sentence put where it belongs: "… on Sundays near Wells".

        Days, parts of the day and step-free access become filters, unless there are such already; what follows "near"
        becomes the place, when there is none and `is_place` knows it. What is left are the words.
        """
        if self.literal or not self.q:
            return self
        words = self.q
        changes: dict[str, Any] = {}
        if not self.near and (match := NEAR.search(words)) and is_place(match[1]):
            words, changes["near"] = words[: match.start()], match[1]
        for name, pattern in (("day", DAY), ("part", PART)):
            if not getattr(self, name) and (match := pattern.search(words)):
                words, changes[name] = words[: match.start()] + words[match.end() :], _meant(match[1])
        if match := STEP_FREE.search(words):
            words, changes["step_free"] = words[: match.start()] + words[match.end() :], True
        return replace(self, q=_text(words, LONGEST_QUERY), **changes) if changes else self

    def but(self, **changes: Any) -> "Search":
        """The same search with something changed, from its first page."""
        return replace(self, **{"page": 1, **changes})

    def parameters(self) -> list[tuple[str, str]]:
        """Name and value of all that differs from an empty search, in one order: one search has one address."""
        empty, pairs = Search(), []
        for name in self.__dataclass_fields__:
            value = getattr(self, name)
            if value == getattr(empty, name):
                continue
            values = value if isinstance(value, tuple) else (value,)
            pairs += [(name, "1" if each is True else str(each)) for each in values]
        return pairs

    @property
    def query_string(self) -> str:
        return urlencode(self.parameters())

    @property
    def url(self) -> str:
        path = reverse("directory_search")
        return f"{path}?{self.query_string}" if self.query_string else path


def _meant(word: str) -> str:
    """The value of a filter for a day's or a part of the day's name, in one or many."""
    name = word.lower().removesuffix("s")
    return name if name in PARTS else name[:2]


def _text(value: str | None, longest: int) -> str:
    return re.sub(r"[\s\x00]+", " ", value or "")[: longest + 1].strip()[:longest]


def _one_of(value: str | None, choices: Container[str]) -> str:
    return value if value and value in choices else ""


def _number(value: str | None, most: int) -> int | None:
    return int(value) if value and re.fullmatch(r"[0-9]{1,4}", value) and int(value) <= most else None
