"""The standard's pages. Beneath their numbers lies a key, so that the last page costs what the first does."""

import uuid
from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet, Sum

from directory.api.parameters import Asked
from directory.models import PageTally

Json = dict[str, Any]


def page(rows: QuerySet[Any], asked: Asked, write: Callable[[Any], Json], tally: str = "") -> Json:
    """The page of `rows`, by id, that was asked for. `tally` is the kind of `PageTally` that counts exactly these rows.

    A page beyond the last is an empty one, as the standard's `empty` provides for: whoever reads page after page
    while the last one goes away has read everything, and made no mistake.
    """
    skip = (asked.page - 1) * asked.per_page
    rows = rows.order_by("pk")
    found, left = rows, skip
    if tally:
        total, byte, left = _place(tally, skip)
        found = rows.filter(pk__gte=uuid.UUID(int=byte << 120))
    else:
        total = rows.count()
    if left:  # skipped by their ids alone, without all that belongs to a row
        found = rows.filter(pk__gte=found.values("pk")[left : left + 1])
    items = [write(row) for row in found[: asked.per_page]] if skip < total else []
    pages = -(-total // asked.per_page)
    return {
        "total_items": total,
        "total_pages": pages,
        "page_number": asked.page,
        "size": len(items),
        "first_page": asked.page == 1,
        "last_page": asked.page >= pages,
        "empty": not items,
        "contents": items,
    }


def _place(tally: str, skip: int) -> tuple[int, int, int]:
    """How many rows there are; with which byte the id of the row after `skip` others begins, and how many with the
    same byte come before it.
    """
    counts = PageTally.objects.filter(kind=tally).values_list("prefix").annotate(Sum("change")).order_by("prefix")
    before, byte, left = 0, 0, 0
    for prefix, count in counts:
        if before <= skip < before + count:
            byte, left = prefix, skip - before
        before += count
    return before, byte, left
