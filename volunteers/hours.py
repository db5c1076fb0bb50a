"""The hours that volunteers gave: on shifts that they worked, and extra ones that a coordinator confirmed."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from decimal import Decimal

from dateutil.relativedelta import relativedelta
from django.db.models import DateField, F, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone

from volunteers.models import ExtraHours, Shift

NONE = Decimal(0)
MONTHS = 12  # shown


@dataclass(frozen=True)
class Hours:
    """Somebody's hours. `by_month` has the first day of each month in which they gave some, in London."""

    by_month: dict[dt.date, Decimal] = field(default_factory=dict)

    @property
    def total(self) -> Decimal:
        return sum(self.by_month.values(), NONE)

    @property
    def this_year(self) -> Decimal:
        return self.of_year(timezone.localdate().year)

    @property
    def this_month(self) -> Decimal:
        return self.by_month.get(timezone.localdate().replace(day=1), NONE)

    def of_year(self, year: int) -> Decimal:
        return sum((hours for month, hours in self.by_month.items() if month.year == year), NONE)

    @property
    def years(self) -> list[tuple[int, Decimal]]:
        """Each year with hours in it, the last one first."""
        return [(year, self.of_year(year)) for year in sorted({month.year for month in self.by_month}, reverse=True)]

    @property
    def last_months(self) -> list[tuple[dt.date, Decimal]]:
        """The last twelve months, this one last, those without hours too."""
        this = timezone.localdate().replace(day=1)
        months = [this - relativedelta(months=ago) for ago in reversed(range(MONTHS))]
        return [(month, self.by_month.get(month, NONE)) for month in months]


def as_hours(time: dt.timedelta) -> Decimal:
    """Hours with two places: those that went by, whatever the clocks did."""
    return (Decimal(round(time.total_seconds())) / 3600).quantize(Decimal("0.01"))


def hours_of(volunteers: Collection[int]) -> dict[int, Hours]:
    """The hours of each of these volunteers, by their ids. Two queries, however many there are.

    A time in the database is a moment, so a night on which the clocks go back is an hour longer.
    """
    shifts = (
        Shift.objects.worked()
        .filter(volunteer__in=volunteers)
        .annotate(month=TruncMonth("starts_at", output_field=DateField()))
        .values("volunteer", "month")
        .annotate(time=Sum(F("ends_at") - F("starts_at")))
        .order_by()
        .values_list("volunteer", "month", "time")
    )
    extra = (
        ExtraHours.objects.confirmed()
        .filter(volunteer__in=volunteers)
        .annotate(month=TruncMonth("on"))
        .values("volunteer", "month")
        .annotate(given=Sum("hours"))
        .order_by()
        .values_list("volunteer", "month", "given")
    )
    found: dict[int, Hours] = {volunteer: Hours() for volunteer in volunteers}
    for volunteer, month, time in shifts:
        found[volunteer].by_month[month] = as_hours(time)
    for volunteer, month, given in extra:
        found[volunteer].by_month[month] = found[volunteer].by_month.get(month, NONE) + given
    return found


def days_reached(volunteers: Collection[int], numbers: Collection[int]) -> dict[int, dict[int, dt.date]]:
    """On which day each of these volunteers reached which of the numbers of hours, those that they have not left out.

    Two queries. Reads every shift of theirs, so ask only about those who have just reached something.
    """
    given: dict[int, list[tuple[dt.date, Decimal]]] = defaultdict(list)
    worked = Shift.objects.worked().filter(volunteer__in=volunteers)
    for volunteer, starts_at, ends_at in worked.order_by().values_list("volunteer", "starts_at", "ends_at"):
        given[volunteer].append((timezone.localdate(ends_at), as_hours(ends_at - starts_at)))
    extra = ExtraHours.objects.confirmed().filter(volunteer__in=volunteers).order_by()
    for volunteer, on, hours in extra.values_list("volunteer", "on", "hours"):
        given[volunteer].append((on, hours))
    reached: dict[int, dict[int, dt.date]] = {}
    for volunteer, parts in given.items():
        total, found, left = NONE, {}, sorted(numbers)
        for day, hours in sorted(parts):
            total += hours
            while left and total >= left[0]:
                found[left.pop(0)] = day
        reached[volunteer] = found
    return reached
