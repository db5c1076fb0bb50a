"""Long lists out, in constant memory."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from directory.models import Service
from directory.standard.shapes import SERVICE
from directory.standard.write import Json, nested, prefetched

PIECE = 200  # rows with all that lies within them


def pieces(rows: QuerySet[Any], size: int = PIECE) -> Iterator[list[Any]]:
    """The rows by id, so many at a time: each query goes on behind the last row, and no cursor is held open."""
    rows = rows.order_by("pk")
    piece = list(rows[:size])
    while piece:
        yield piece
        piece = list(rows.filter(pk__gt=piece[-1].pk)[:size]) if len(piece) == size else []


def whole_services() -> Iterator[Json]:
    """Every service with all that lies within it."""
    for piece in pieces(prefetched(Service.objects.all(), SERVICE)):
        yield from (nested(service, SERVICE) for service in piece)
