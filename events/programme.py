"""The programme of an event as a table: a column for each room, a row for each time at which something begins."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.db.models import QuerySet

from events.models import Event, Hall, ProgrammeItem

NO_ROOM = "Elsewhere"


@dataclass(frozen=True)
class Cell:
    """What takes place in one room from one time on: sessions, several only where no room is given. It spans the rows
    until it is over, and all rooms when nothing else takes place meanwhile. Without sessions it is empty.
    """

    items: Sequence[ProgrammeItem] = ()
    columns: int = 1
    rows: int = 1


@dataclass(frozen=True)
class Row:
    starts_at: dt.datetime
    cells: Sequence[Cell]


@dataclass(frozen=True)
class Day:
    """One day in London, with the rooms that it uses."""

    on: dt.date
    rooms: Sequence[str]
    rows: Sequence[Row]
    items: Sequence[ProgrammeItem]


def items_of(event: Event) -> QuerySet[ProgrammeItem]:
    """The sessions of an event in their order, with rooms, tracks and speakers: two queries."""
    return event.items.select_related("hall", "track").prefetch_related("speakers")


def days_of(items: Iterable[ProgrammeItem]) -> list[Day]:
    """Sessions with their rooms, day by day; makes no queries where rooms are fetched."""
    ordered = sorted(items, key=lambda item: (item.starts_at, item.ends_at, item.pk))
    return [_day(on, list(those)) for on, those in groupby(ordered, key=lambda item: item.on)]


def _day(on: dt.date, items: list[ProgrammeItem]) -> Day:
    alone = {item.pk for item in items if not any(item.overlaps(other) for other in items if other.pk != item.pk)}
    beside = [item for item in items if item.pk not in alone]
    named = {item.hall for item in beside if item.hall}
    halls: list[Hall | None] = [*sorted(named, key=lambda hall: (hall.order, hall.pk))]
    if any(item.hall is None for item in beside):
        halls.append(None)
    clusters = {
        hall and hall.pk: _clusters([item for item in beside if item.hall_id == (hall and hall.pk)]) for hall in halls
    }
    begins = {item.starts_at for item in items if item.pk in alone}
    begins |= {cluster[0].starts_at for those in clusters.values() for cluster in those}
    times = sorted(begins)
    rows: list[Row] = []
    taken_until: dict[int | None, dt.datetime] = {}
    for at in times:
        whole = [item for item in items if item.pk in alone and item.starts_at == at]
        if whole:
            rows.append(Row(at, [Cell(whole, columns=max(1, len(halls)))]))
            continue
        cells = []
        for hall in halls:
            key = hall.pk if hall else None
            if key in taken_until and taken_until[key] > at:
                continue
            here = next((cluster for cluster in clusters[key] if cluster[0].starts_at == at), None)
            if here is None:
                cells.append(Cell())
                continue
            ends = max(item.ends_at for item in here)
            taken_until[key] = ends
            cells.append(Cell(here, rows=sum(at <= time < ends for time in times)))
        rows.append(Row(at, cells))
    return Day(on, [hall.name if hall else NO_ROOM for hall in halls], rows, items)


def _clusters(items: Iterable[ProgrammeItem]) -> list[list[ProgrammeItem]]:
    """Sessions that overlap each other, put together; they are in the order of their beginnings."""
    clusters: list[list[ProgrammeItem]] = []
    for item in items:
        if clusters and item.starts_at < max(other.ends_at for other in clusters[-1]):
            clusters[-1].append(item)
        else:
            clusters.append([item])
    return clusters
