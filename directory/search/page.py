"""What the search page shows, ready to be written out.

The many small things of it, forty choices and sixty tags, are written here: through the template language they would
take longer than the search.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from directory.models import ASK_AFTER
from directory.search.engine import PAGE_SIZE
from directory.search.results import Facet, Group, Option, Result
from linkworkers.templatetags import wait

# The parameters of the choices that are on or off: `Facet.name` is empty for them.
SWITCHES = {"Free": "free", "Step-free": "step_free", "Online": "online"}
TICKED = ("need", "")  # facets of which more than one choice may be ticked
NOTHING, CHECKED, SELECTED = mark_safe(""), mark_safe(" checked"), mark_safe(" selected")


@dataclass(frozen=True)
class Pages:
    """A group's pages as `_components/page_links.html` reads them."""

    group: Group

    @property
    def paginator(self) -> Group:
        return self.group

    @property
    def has_other_pages(self) -> bool:
        return self.group.pages > 1

    @property
    def start_index(self) -> int:
        return (self.group.page - 1) * PAGE_SIZE + 1

    @property
    def end_index(self) -> int:
        return self.start_index + len(self.group.results) - 1

    @property
    def has_previous(self) -> bool:
        return self.group.page > 1

    @property
    def has_next(self) -> bool:
        return self.group.page < self.group.pages

    @property
    def previous_page_number(self) -> int:
        return self.group.page - 1

    @property
    def next_page_number(self) -> int:
        return self.group.page + 1


@dataclass(frozen=True)
class Filter:
    """A filter of the form. `choices` are boxes to tick, or the options of the list called `name`."""

    label: str
    name: str
    ticked: bool
    choices: SafeString


def filter_of(facet: Facet) -> Filter:
    if facet.name in TICKED:
        return Filter(facet.label, facet.name, ticked=True, choices=_boxes(facet))
    return Filter(facet.label, facet.name, ticked=False, choices=_options(facet.options))


def _boxes(facet: Facet) -> SafeString:
    return format_html_join(
        "",
        '<div class="tick"><input class="form-check-input" type="checkbox" form="search" id="{0}-{1}" name="{0}" '
        'value="{1}"{2}><label for="{0}-{1}">{3} <span class="meta">{4}<span class="visually-hidden"> of these</span>'
        "</span></label></div>",
        (
            (
                facet.name or SWITCHES[option.label],
                option.value,
                CHECKED if option.selected else NOTHING,
                option.label,
                option.count,
            )
            for option in facet.options
        ),
    )


def _options(options: Iterable[Option]) -> SafeString:
    return format_html_join(
        "",
        '<option value="{}"{}>{} ({})</option>',
        ((each.value, SELECTED if each.selected else NOTHING, each.label, each.count) for each in options),
    )


@dataclass(frozen=True)
class Card:
    """A result as the list shows it: `distance` in words, and its tags."""

    result: Result
    distance: str
    tags: SafeString


def card_of(result: Result) -> Card:
    return Card(
        result,
        distance=_distance(result.miles),
        tags=format_html_join(" ", '<span class="tag{}">{}</span>', _tags(result, timezone.localdate())),
    )


def _distance(miles: float | None) -> str:
    if miles is None:
        return ""
    return "very near" if miles < 0.1 else f"{miles:.1f} miles"


def _tags(result: Result, today: dt.date) -> Iterator[tuple[str, str]]:
    """What kind of tag, and its words: whether one can come, when, at what cost, how, and how sure that is."""
    if result.is_closed:
        yield " tag-alert", "Closed for now"
    elif result.is_full:
        yield " tag-due", "Full just now"
    for words in (*result.when, result.cost, "Step-free" if result.step_free else ""):
        if words:
            yield "", words
    if result.checked_on is None:
        if result.is_stale:
            yield " tag-due", "Not checked yet"
    elif result.is_stale or result.checked_on <= today - ASK_AFTER:
        yield " tag-due", f"Last checked {wait(result.checked_on)} ago"
    else:
        yield " tag-new", "Checked today" if result.checked_on == today else f"Checked {wait(result.checked_on)} ago"
