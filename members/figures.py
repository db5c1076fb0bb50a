"""The questions behind the charts on the office's front page, each one query, and what waits for it."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db import connection
from django.db.models import Case, Count, F, Q, Sum, Value, When
from django.db.models.functions import TruncMonth
from django.utils import timezone

from members.models import BankLine, Invoice, Membership, Payment, Region
from members.models.money import ZERO

MONTHS = 12


@dataclass(frozen=True)
class Movement:
    """What happened in a month, named by its first day."""

    month: dt.date
    joined: int
    renewed: int
    lapsed: int


@dataclass(frozen=True)
class Share:
    """How many people and how many employers belong under one heading today."""

    label: str
    people: int
    employers: int


@dataclass(frozen=True)
class Office:
    """What waits for the office."""

    applications: int = 0
    overdue: int = 0
    bank_lines: int = 0
    unplaced: int = 0
    ungranted: int = 0


def last_months(on: dt.date | None = None) -> list[dt.date]:
    """The first days of the last twelve months, this one included, as London counts them."""
    first = (on or timezone.localdate()).replace(day=1)
    return [first - relativedelta(months=back) for back in reversed(range(MONTHS))]


def movements(on: dt.date | None = None) -> list[Movement]:
    """By month: who joined (the first day that was ever covered), renewed or came back (the first day of that term),
    and lapsed (the first day after grace with nothing that follows, whatever followed later).

    Who cancelled has no grace. A month that is not over counts until today. One query.
    """
    today = on or timezone.localdate()
    months = last_months(today)
    found: dict[tuple[str, dt.date], int] = {}
    # Each term beside the one before and the one after it: the ORM cannot filter three ways on windows in one query.
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH days AS (
                SELECT term.membership_id, term.start_date, term.end_date, term.reason,
                       lag(term.end_date) OVER whose AS before,
                       lead(term.start_date) OVER whose AS after,
                       CASE WHEN membership.cancelled_on IS NULL THEN plan.grace_days ELSE 0 END AS grace
                FROM members_term AS term
                JOIN members_membership AS membership ON membership.id = term.membership_id
                JOIN members_plan AS plan ON plan.id = term.plan_id
                WINDOW whose AS (PARTITION BY term.membership_id ORDER BY term.start_date)
            ), events AS (
                SELECT 'joined' AS what, start_date AS day FROM days WHERE before IS NULL
                UNION ALL
                SELECT 'renewed', start_date FROM days WHERE before IS NOT NULL AND reason IN ('renewed', 'returned')
                UNION ALL
                SELECT 'lapsed', end_date + grace + 1 FROM days
                WHERE end_date < %(today)s AND (after IS NULL OR after > end_date + grace + 1)
            )
            SELECT what, date_trunc('month', day)::date, count(*) FROM events
            WHERE day BETWEEN %(first)s AND %(today)s GROUP BY 1, 2
            """,
            {"first": months[0], "today": today},
        )
        for what, month, number in cursor.fetchall():
            found[what, month] = number
    return [
        Movement(month, *(found.get((what, month), 0) for what in ("joined", "renewed", "lapsed"))) for month in months
    ]


def income(on: dt.date | None = None) -> list[tuple[dt.date, Decimal]]:
    """By month, what came in less what was paid back, by the day the bank says. One query."""
    today = on or timezone.localdate()
    months = last_months(today)
    sums = (
        Payment.objects.filter(received_on__range=(months[0], today))
        .order_by()
        .annotate(month=TruncMonth("received_on"))
        .values("month")
        .annotate(total=Sum("amount"))
    )
    by_month = {each["month"]: each["total"] for each in sums}
    return [(month, by_month.get(month, ZERO)) for month in months]


def by_region(on: dt.date | None = None) -> list[Share]:
    """Memberships in force today, by region; those without one last. One query."""
    found = {each["region"]: each for each in _in_force(on).values("region").annotate(**_PEOPLE_AND_EMPLOYERS)}
    labels = [*Region.choices, *([("", "No region")] if "" in found else [])]
    return [_share(label, found.get(region)) for region, label in labels]


def by_plan(on: dt.date | None = None) -> list[Share]:
    """Memberships in force today by what they are in force by, the most first: a plan of one's own or a seat that an
    employer lends. One query.
    """
    today = on or timezone.localdate()
    own = Q(ends_on__gte=today) | Q(sponsor=None)
    under = Case(When(own, then=F("plan__name")), default=Value("On an employer’s seat"))
    found = _in_force(today).annotate(under=under).values("under").annotate(**_PEOPLE_AND_EMPLOYERS)
    shares = [_share(each["under"], each) for each in found]
    return sorted(shares, key=lambda share: (-share.people - share.employers, share.label))


def office() -> Office:
    """What waits for the office. One query each."""
    return Office(
        applications=Membership.objects.waiting().count(),
        overdue=Invoice.objects.overdue().count(),
        bank_lines=BankLine.objects.waiting().count(),
        unplaced=Payment.objects.unplaced().count(),
        ungranted=Invoice.objects.ungranted().count(),
    )


_PEOPLE_AND_EMPLOYERS = {
    "people": Count("pk", filter=Q(user__isnull=False)),
    "employers": Count("pk", filter=Q(user=None)),
}


def _in_force(on: dt.date | None) -> Any:
    return Membership.objects.in_force(on).order_by()


def _share(label: str, found: dict[str, Any] | None) -> Share:
    return Share(label, found["people"], found["employers"]) if found else Share(label, 0, 0)
