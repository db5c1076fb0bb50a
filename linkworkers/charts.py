"""Charts of the office's pages: what is drawn, and the same numbers as a table for whoever cannot see it."""

import json
from collections.abc import Sequence
from typing import Any

Chart = dict[str, Any]

# Three that are told apart by how light they are, too; then more, for what has many parts.
GREEN, MARIGOLD, BRICK = "#0b655f", "#f2b134", "#a8321f"
COLOURS = (GREEN, MARIGOLD, BRICK, "#3b6ea8", "#8a8f98", "#7d4f9e")


def chart(
    title: str,
    about: str,
    labels: Sequence[str],
    series: Sequence[tuple[str, str, Sequence[Any]]],
    *,
    money: bool = False,
    across: bool = False,
    line: bool = False,
    summed: bool = True,
) -> Chart:
    """What admin/chart.html draws: bars for each of `series` (name, colour, numbers), and a table of the same.

    Bars lie `across` where their names are long; a `line` is for what grows by the day. Numbers that are not to be
    `summed`, such as a running total, have no last row.
    """

    def said(number: Any) -> str:
        return f"£{number:,.2f}" if money else f"{number:,}"

    whole = {"ticks": {"precision": 0}, "beginAtZero": True, "stacked": across}
    names = {"grid": {"display": False}, "ticks": {"autoSkip": not across}, "stacked": across}
    options = {
        "indexAxis": "y" if across else "x",
        "animation": False,
        "maintainAspectRatio": False,
        "scales": {"x": whole, "y": names} if across else {"x": names, "y": whole},
        "plugins": {"legend": {"display": len(series) > 1, "position": "bottom"}},
    }
    datasets = [
        {
            "label": name,
            "backgroundColor": colour,
            "borderColor": colour,
            "data": [float(number) for number in numbers],
            **({"stepped": True, "pointRadius": 0} if line else {"maxBarThickness": 24}),
        }
        for name, colour, numbers in series
    ]
    columns = [numbers for _, _, numbers in series]
    return {
        "title": title,
        "about": about,
        "data": json.dumps({"labels": list(labels), "datasets": datasets}),
        "options": json.dumps(options),
        "headers": [name for name, _, _ in series],
        "rows": [(label, [said(column[at]) for column in columns]) for at, label in enumerate(labels)],
        "totals": [said(sum(column)) for column in columns] if summed else [],
        "line": line,
        "tall": across and len(labels) > 8,
    }
