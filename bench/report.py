"""The table, the budgets, and the same as JSON."""

import dataclasses
import datetime as dt
import json
import os
import platform
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.aims import Aim
from bench.generation import Generation
from bench.measure import House, Sample
from bench.renewals import Renewals
from bench.sale import BUYERS, Sales
from bench.scenarios import FLOOR, Scenario
from bench.transfer import Transfer

MOST_GROWTH = 1.2  # from a hundredth of the data to all of it
HEADINGS = (
    "",
    "median ms",
    "p95 ms",
    "CPU ms",
    "queries",
    "kB",
    "× floor",
    "CPU × floor",
    "budget",
    "growth",
    "CPU growth",
    "SQL ms",
)


def rows(
    house: House, small: House, scenarios: list[Scenario], samples: dict[tuple[float, str], Sample]
) -> list[dict[str, Any]]:
    """One row a scenario: times in ms, ratios to the floor of the same run, growth from the small house to the large.

    `misses` says which budgets it exceeds.
    """
    return [_row(scenario, house, small, samples) for scenario in [FLOOR, *scenarios]]


def _row(scenario: Scenario, house: House, small: House, samples: dict[tuple[float, str], Sample]) -> dict[str, Any]:
    here, there = samples[house.share, scenario.name], samples[small.share, scenario.name]
    floor = samples[house.share, FLOOR.name]
    row = {
        "name": scenario.name,
        "median_ms": here.median * 1000,
        "p95_ms": here.p95 * 1000,
        "cpu_ms": here.cpu * 1000,
        "queries": here.queries,
        "kilobytes": here.size / 1000,
        "ratio": here.median / floor.median,
        "cpu_ratio": here.cpu / floor.cpu,
        "budget": scenario.budget,
        "growth": here.median / there.median,
        "cpu_growth": here.cpu / there.cpu,
        "sql_ms": here.median_sql and here.median_sql * 1000,
    }
    row["misses"] = _misses(row, scenario)
    return row


def _misses(row: dict[str, Any], scenario: Scenario) -> list[str]:
    limits: dict[str, float] = {}
    if scenario.budget or scenario.stays:
        limits = {"growth": MOST_GROWTH, "cpu_growth": MOST_GROWTH}
    if budget := scenario.budget:
        limits |= {"ratio": budget, "cpu_ratio": budget}
    if not scenario.posts:
        limits["queries"] = scenario.most_queries
    return [name for name, limit in limits.items() if round(row[name], 2) > limit]


def table(report: list[dict[str, Any]]) -> str:
    """The rows as a Markdown table, which reads in a terminal and in a document; what exceeds its budget is starred."""

    def cell(row: dict[str, Any], name: str, figures: str) -> str:
        return f"{row[name]:{figures}}" + ("*" if name in row["misses"] else "")

    lines = [
        (
            row["name"],
            f"{row['median_ms']:.1f}",
            f"{row['p95_ms']:.1f}",
            f"{row['cpu_ms']:.1f}",
            cell(row, "queries", "d"),
            f"{row['kilobytes']:.0f}",
            cell(row, "ratio", ".2f"),
            cell(row, "cpu_ratio", ".2f"),
            f"{row['budget']:g}" if row["budget"] else "",
            cell(row, "growth", ".2f"),
            cell(row, "cpu_growth", ".2f"),
            f"{row['sql_ms']:.1f}" if row["sql_ms"] else "",
        )
        for row in report
    ]
    return _ruled(HEADINGS, lines)


def aims_table(aims: list[Aim]) -> str:
    """The aims in the same form; what is missed is starred."""
    lines = [(aim.says, f"{aim.reached:.2f}{'*' * aim.is_missed}", f"{aim.most:g}") for aim in aims]
    return _ruled(("aim", "reached", "at most"), lines)


def transfers_table(transfers: list[Transfer]) -> str:
    headings = ("", "services", "seconds", "MB", "peak memory, MB")
    lines = [
        (each.name, f"{each.services:,}", f"{each.seconds:.1f}", f"{each.size / 1e6:.1f}", f"{each.peak / 1e6:.0f}")
        for each in transfers
    ]
    return _ruled(headings, lines)


def renewals_table(runs: list[Renewals]) -> str:
    headings = ("", "seconds", "messages", "queries", "queries a batch", "peak memory, MB")
    lines = [
        (
            f"{each.members:,} members",
            f"{each.seconds:.1f}",
            f"{each.messages:,}",
            f"{each.queries:,}",
            f"{each.queries_a_batch:.1f}",
            f"{each.peak / 1e6:.0f}",
        )
        for each in runs
    ]
    return _ruled(headings, lines)


def generation_table(runs: list[Generation]) -> str:
    headings = ("", "done when killed", "seconds", "sessions", "without room", "missing", "twice", "peak memory, MB")
    lines = [
        (
            f"{each.clinics:,} clinics",
            f"{each.kept:,}",
            f"{each.seconds:.1f}",
            f"{each.sessions:,}",
            f"{each.without_room:,}",
            f"{each.missing:,}",
            f"{each.twice:,}",
            f"{each.peak / 1e6:.0f}",
        )
        for each in runs
    ]
    return _ruled(headings, lines)


def sales_table(run: Sales) -> str:
    asked = run.sales * BUYERS
    headings = ("", "sold, each", "on waitlists", "seconds", "ms a buyer", "CPU ms a buyer", "slowest, ms")
    line = (
        f"{run.sales:,} sales of {run.places} places to {BUYERS}",
        f"{run.least}" if run.least == run.most else f"{run.least} to {run.most}",
        f"{run.waiting:,}",
        f"{run.seconds:.0f}",
        f"{run.seconds / asked * 1000:.1f}",
        f"{run.processor / asked * 1000:.1f}",
        f"{run.slowest * 1000:.0f}",
    )
    return _ruled(headings, [line])


def _ruled(headings: tuple[str, ...], lines: Sequence[tuple[str, ...]]) -> str:
    widths = [max(map(len, column)) for column in zip(headings, *lines, strict=True)]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    ruled = [headings, rule, *lines]
    return "\n".join(
        "| " + " | ".join([line[0].ljust(widths[0]), *map(str.rjust, line[1:], widths[1:])]) + " |" for line in ruled
    )


def title(house: House, small: House) -> str:
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}"
    day = f"{dt.datetime.now().astimezone():%-d %B %Y}"
    return f"{day}, {machine}, {house.share:g} of England; growth is from {small.share:g} of England."


def save(path: Path, title: str, report: list[dict[str, Any]], aims: list[Aim]) -> None:
    document = {"title": title, "rows": report, "aims": [dataclasses.asdict(aim) for aim in aims]}
    path.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
