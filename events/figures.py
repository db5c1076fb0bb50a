"""The questions behind the office's charts of events, each one query, and what waits for it."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, DecimalField, F, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce, TruncDate, TruncWeek
from django.utils import timezone

from events.models import DiscountCode, Event, Order, ProgrammeItem, Reflection, Ticket, TicketType, WaitlistEntry
from members.models import LedgerEntry
from members.models.money import ZERO

WEEKS = 12
Money = DecimalField(max_digits=12, decimal_places=2)


@dataclass(frozen=True)
class Office:
    """What the office's front page counts."""

    this_month: int = 0
    offers: int = 0
    reflections: int = 0


@dataclass(frozen=True)
class Revenue:
    """Of one event, in pounds with VAT: what was asked for, what of it was taken back, and what has been paid."""

    asked: Decimal
    credited: Decimal
    paid: Decimal

    @property
    def still_to_pay(self) -> Decimal:
        return self.asked - self.credited - self.paid


@dataclass(frozen=True)
class Sold:
    """Tickets of one type."""

    name: str
    taken: int
    quota: int | None
    valid: int
    arrived: int


def ends_of_month(on: dt.date | None = None) -> dt.date:
    """The first day of the next month, as London counts."""
    today = on or timezone.localdate()
    return (today.replace(day=1) + dt.timedelta(days=32)).replace(day=1)


def to_come_this_month() -> QuerySet[Event]:
    """Announced, taking place, not over, and beginning before the month is out."""
    return Event.objects.to_come().filter(starts_at__date__lt=ends_of_month())


def office() -> Office:
    """Three queries."""
    return Office(
        this_month=to_come_this_month().count(),
        offers=WaitlistEntry.objects.filter(state=WaitlistEntry.State.OFFERED).count(),
        reflections=Reflection.objects.waiting().count(),
    )


def booked_by_week(on: dt.date | None = None) -> list[tuple[dt.date, int]]:
    """Tickets of all events that were booked, by the Monday of the week, for twelve weeks with this one. One query."""
    today = on or timezone.localdate()
    monday = today - dt.timedelta(days=today.weekday())
    weeks = [monday - dt.timedelta(weeks=back) for back in reversed(range(WEEKS))]
    orders = Order.objects.filter(confirmed_at__date__gte=weeks[0]).order_by()
    found = orders.annotate(week=TruncWeek("confirmed_at")).values("week").annotate(number=Count("tickets"))
    by_week = {timezone.localdate(each["week"]): each["number"] for each in found}
    return [(week, by_week.get(week, 0)) for week in weeks]


def by_type(event: Event) -> list[Sold]:
    """One query."""
    valid = Q(tickets__state=Ticket.State.VALID)
    rows = TicketType.objects.filter(event=event).annotate(
        valid=Count("tickets", filter=valid),
        arrived=Count("tickets", filter=valid & Q(tickets__arrived_at__isnull=False)),
    )
    return [Sold(each.name, each.taken, each.quota, each.valid, each.arrived) for each in rows]


def by_day(event: Event) -> tuple[list[dt.date], dict[str, list[int]]]:
    """The days from the first booking to the last, and for each type how many valid tickets there were by the end of
    each: what was given back since does not count. One query.
    """
    valid = Ticket.objects.valid().filter(event=event).order_by()
    rows = valid.annotate(day=TruncDate("order__confirmed_at")).values("day", "type__name", "type__order", "type")
    found = list(rows.annotate(number=Count("pk")).order_by("type__order", "type", "day"))
    days_seen = sorted(row["day"] for row in found if row["day"])
    if not days_seen:
        return [], {}
    days = [days_seen[0] + dt.timedelta(days=n) for n in range((days_seen[-1] - days_seen[0]).days + 1)]
    booked: dict[str, dict[dt.date, int]] = defaultdict(dict)
    for row in found:
        booked[row["type__name"]][row["day"]] = row["number"]
    lines = {}
    for name, by in booked.items():
        total, line = 0, []
        for day in days:
            total += by.get(day, 0)
            line.append(total)
        lines[name] = line
    return days, lines


def revenue(event: Event) -> Revenue:
    """Two queries."""
    billed = Ticket.objects.filter(event=event, order__invoice__isnull=False).exclude(state=Ticket.State.EXPIRED)
    zero = Value(ZERO, output_field=Money)
    sums = billed.aggregate(
        asked=Coalesce(Sum(F("price") + F("vat"), output_field=Money), zero),
        credited=Coalesce(Sum("credited", output_field=Money), zero),
    )
    kinds = [LedgerEntry.Kind.PAYMENT, LedgerEntry.Kind.REFUND, LedgerEntry.Kind.MOVED]
    entries = LedgerEntry.objects.filter(invoice__event_order__event=event, kind__in=kinds)
    paid = entries.aggregate(sum=Coalesce(Sum("amount", output_field=Money), zero))["sum"]
    return Revenue(asked=sums["asked"], credited=sums["credited"], paid=-paid)


def codes(event: Event) -> list[tuple[str, int, int | None]]:
    """Each discount code: how many tickets have it, and for how many it is. One query."""
    return list(DiscountCode.objects.filter(event=event).values_list("code", "used", "limit"))


def sessions(event: Event) -> list[tuple[str, int, int, int]]:
    """Each session that people choose or were let in to: its title, chosen, places, let in. One query."""
    rows = ProgrammeItem.objects.filter(event=event).annotate(came=Count("check_ins"))
    return [(each.title, each.taken, each.capacity or 0, each.came) for each in rows if each.books or each.came]
