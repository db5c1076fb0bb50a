"""How many conversations community connectors have counted, by month and by need."""

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass

from dateutil.relativedelta import relativedelta
from django.db.models import Count, Q
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.formats import date_format

from directory.models import Connector, Need, Tap

MONTHS = 6  # shown, this one included


@dataclass(frozen=True)
class Bar:
    """One line of a chart: `count` conversations, out of the `most` that any line of it has."""

    label: str
    count: int
    most: int


@dataclass(frozen=True)
class Figures:
    """The last six months: every month, oldest first, and the needs that were named, most first."""

    months: list[Bar]
    needs: list[Bar]
    total: int


def figures(connectors: Iterable[Connector]) -> Figures:
    """What these connectors counted together. One query."""
    this_month = timezone.localdate().replace(day=1)
    months = [this_month - relativedelta(months=back) for back in reversed(range(MONTHS))]
    rows = (
        Tap.objects.filter(connector__in=connectors, on__gte=months[0])
        .annotate(month=TruncMonth("on"))
        .values_list("month", "need")
        .annotate(taps=Count("pk"))
        .order_by()
    )
    by_month = dict.fromkeys(months, 0)
    by_need: dict[str, int] = {}
    for month, need, taps in rows:
        by_month[month] += taps
        by_need[need] = by_need.get(need, 0) + taps
    unsaid = by_need.pop("", 0)
    named = sorted(by_need.items(), key=lambda each: -each[1])
    needs = [(Need(need).label, taps) for need, taps in named] + ([("Not said", unsaid)] if unsaid else [])
    return Figures(
        months=_bars([(date_format(month, "F Y"), taps) for month, taps in by_month.items()]),
        needs=_bars(needs),
        total=sum(by_month.values()),
    )


def _bars(lines: list[tuple[str, int]]) -> list[Bar]:
    most = max((count for _, count in lines), default=0)
    return [Bar(label, count, most) for label, count in lines]


@dataclass(frozen=True)
class SoFar:
    """What one counter shows: its counts of `day`, which is today in London, and of that day's month."""

    at: dt.datetime
    day: dt.date
    today: int
    month: int

    @property
    def facts(self) -> dict[str, str | int | float]:
        """For the phone, which believes the later of two: `at` is in seconds."""
        return {"at": self.at.timestamp(), "day": self.day.isoformat(), "today": self.today, "month": self.month}

    @property
    def as_json(self) -> str:
        return json.dumps(self.facts)


def so_far(connector: Connector) -> SoFar:
    """One query."""
    now = timezone.localtime()
    day = now.date()
    counts = connector.taps.filter(on__gte=day.replace(day=1)).aggregate(
        today=Count("pk", filter=Q(on=day)), month=Count("pk")
    )
    return SoFar(at=now, day=day, **counts)
