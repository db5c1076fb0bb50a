"""What came in, for the office's figures."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import CharField, Sum, Value
from django.db.models.functions import Coalesce, TruncMonth

from members.models import Payment


@dataclass(frozen=True)
class Income:
    """Payments of a month less what was paid back in it, for a plan and a region; either empty when there is none."""

    month: dt.date  # its first day
    plan: str
    region: str
    amount: Decimal


def income_by_month(since: dt.date) -> list[Income]:
    """Everything received from a day on, the oldest month first. One query."""
    nothing = Value("", output_field=CharField())
    rows = (
        Payment.objects.filter(received_on__gte=since)
        .annotate(
            month=TruncMonth("received_on"),
            plan=Coalesce("invoice__plan__name", "invoice__membership__plan__name", nothing),
            region=Coalesce("invoice__membership__region", nothing),
        )
        .values("month", "plan", "region")
        .annotate(sum=Sum("amount"))
        .order_by("month", "plan", "region")
    )
    return [Income(row["month"], row["plan"], row["region"], row["sum"]) for row in rows]
