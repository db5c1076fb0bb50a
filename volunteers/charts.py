"""Bars of months, as the numbers of an SVG: the page's policy allows no style, and a picture needs no script."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

WIDTH, HEIGHT = 384, 168  # units of the picture
FLOOR, TALLEST = 142, 112
GAP = 10
YEAR = 12  # bars that fill the picture
STUB = 5  # what stands for a number that is not shown


@dataclass(frozen=True)
class Value:
    """A month's number. `text` is what is written above the bar; `is_few` says that the number itself is not shown."""

    month: dt.date
    number: Decimal | int
    text: str
    is_few: bool = False


@dataclass(frozen=True)
class Bar:
    label: str
    text: str
    is_few: bool
    x: float
    y: float
    width: float
    height: float
    middle: float

    @property
    def above(self) -> float:
        return self.y - 6


def bars(values: Sequence[Value]) -> list[Bar]:
    """A bar for each value, the tallest as tall as the picture; one that is not shown is a stub, whatever it is."""
    most = max((value.number for value in values if not value.is_few), default=0) or 1
    step = WIDTH / max(len(values), YEAR)  # few months are not wider bars
    found = []
    for place, value in enumerate(values):
        height = STUB if value.is_few else round(TALLEST * float(value.number) / float(most), 1)
        found.append(
            Bar(
                label=f"{value.month:%b}",
                text=value.text,
                is_few=value.is_few,
                x=round(place * step + GAP / 2, 1),
                y=FLOOR - height,
                width=round(step - GAP, 1),
                height=height,
                middle=round((place + 0.5) * step, 1),
            )
        )
    return found
