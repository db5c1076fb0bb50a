"""The charts of an event's sales, as the office sees them."""

from typing import Any

from django.utils.formats import date_format

from events import figures
from events.models import Event
from linkworkers.charts import BRICK, COLOURS, GREEN, MARIGOLD, chart
from linkworkers.templatetags import pounds


def sales_charts(event: Event) -> dict[str, Any]:
    """`tiles`, numbers with what they count, and `charts`. Eight queries."""
    sold, money, codes = figures.by_type(event), figures.revenue(event), figures.codes(event)
    days, lines = figures.by_day(event)
    sessions = figures.sessions(event)
    valid, arrived = sum(each.valid for each in sold), sum(each.arrived for each in sold)
    charts = [
        chart(
            "Tickets by type",
            "Valid ones, those who were let in, and what is left of a quota.",
            [each.name for each in sold],
            [
                ("Valid", GREEN, [each.valid for each in sold]),
                ("Came", MARIGOLD, [each.arrived for each in sold]),
                ("Left", BRICK, [max(0, (each.quota or each.taken) - each.taken) for each in sold]),
            ],
        )
    ]
    if days:
        charts.append(
            chart(
                "Tickets by day",
                "How many were valid by the end of each day; what was given back since does not count.",
                [date_format(day, "j M") for day in days],
                [(name, COLOURS[number % len(COLOURS)], line) for number, (name, line) in enumerate(lines.items())],
                line=True,
                summed=False,
            )
        )
    charts.append(
        chart(
            "Money",
            "In pounds with VAT: asked for by invoice, taken back of it, and paid.",
            ["Asked for", "Taken back", "Paid", "Still to pay"],
            [("Pounds", GREEN, [money.asked, money.credited, money.paid, money.still_to_pay])],
            money=True,
            summed=False,
        )
    )
    if codes:
        charts.append(
            chart(
                "Discount codes",
                "Tickets that were booked with each.",
                [code for code, _, _ in codes],
                [("Tickets", GREEN, [used for _, used, _ in codes])],
                across=True,
            )
        )
    if sessions:
        charts.append(
            chart(
                "Sessions",
                "Who chose them, and who was let in.",
                [title for title, *_ in sessions],
                [
                    ("Chose it", GREEN, [taken for _, taken, _, _ in sessions]),
                    ("Came", MARIGOLD, [came for *_, came in sessions]),
                ],
                across=True,
                summed=False,
            )
        )
    tiles = [
        (f"{event.taken} of {event.capacity}", "held or sold"),
        (str(valid), "valid tickets"),
        (str(arrived), "were let in"),
        (pounds(money.asked - money.credited), "asked for"),
        (pounds(money.still_to_pay), "still to pay"),
    ]
    return {"charts": charts, "tiles": tiles}
