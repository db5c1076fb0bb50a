"""What miles are worth: HMRC's rates by day and vehicle, and how the miles of a tax year use up the higher one.

All arithmetic is in Decimal; a line's amount is rounded once, to the penny, a half upwards.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.utils import timezone

from volunteers.models.expenses import MileageRate, Vehicle

PENNY = Decimal("0.01")
BEGINS = (4, 6)  # month and day of the first day of a tax year


def tax_year(day: dt.date) -> int:
    """The year in which the tax year of a day begins: 2025 for 5 April 2026, 2026 for the day after."""
    return day.year if (day.month, day.day) >= BEGINS else day.year - 1


def tax_year_label(year: int) -> str:
    return f"6 April {year} to 5 April {year + 1}"


def no_rate(day: dt.date, vehicle: str) -> str:
    """The sentence for a journey that cannot be paid yet."""
    name = Vehicle(vehicle).label.lower()
    return (
        f"There is no mileage rate for {name} on {day.day} {day:%B %Y} yet. The association’s office has to enter it. "
        "Leave this journey out for now; everything else can be sent."
    )


class Rates:
    """The rates there are, read once."""

    def __init__(self, rates: Iterable[MileageRate]) -> None:
        self._rates = list(rates)

    @classmethod
    def all(cls) -> "Rates":
        return cls(MileageRate.objects.all())

    def on(self, day: dt.date, vehicle: str) -> MileageRate | None:
        """The rate of a day: there is one at the most, for the database lets no two overlap."""
        for rate in self._rates:
            if rate.vehicle == vehicle and rate.from_date <= day and (not rate.until_date or day <= rate.until_date):
                return rate
        return None


def rates_missing() -> list[str]:
    """What has no rate today, and therefore cannot be claimed for today. One query."""
    rates, today = Rates.all(), timezone.localdate()
    return [vehicle.label for vehicle in Vehicle if rates.on(today, vehicle) is None]


@dataclass(frozen=True)
class Priced:
    """What a journey is worth. `first_rate_miles` are those of it that used up the higher rate of the tax year."""

    amount: Decimal  # pounds
    first_rate_miles: Decimal
    words: str


def price(
    *,
    miles: Decimal,
    rate: MileageRate,
    used: Decimal,
    passengers: int = 0,
    passenger_miles: Decimal = Decimal(0),
    passenger_rate: MileageRate | None = None,
) -> Priced:
    """What `miles` are worth when `used` miles of this tax year were paid at the first rate already.

    Each mile is at the first rate until the rate's `after_miles` are used up, and at the second from then on.
    """
    first, second = miles, Decimal(0)
    if rate.after_miles is not None and rate.pence_after is not None:
        first = min(miles, max(Decimal(0), rate.after_miles - used))
        second = miles - first
    pence = first * rate.pence_per_mile + second * (rate.pence_after or 0)
    parts = []
    if first or not second:
        parts.append(f"{_number(first)} miles at {_number(rate.pence_per_mile)}p")
    if second:
        parts.append(f"{_number(second)} miles at {_number(rate.pence_after or Decimal(0))}p")
    if passengers and passenger_rate:
        pence += passengers * passenger_miles * passenger_rate.pence_per_mile
        who = "1 passenger" if passengers == 1 else f"{passengers} passengers"
        each = _number(passenger_rate.pence_per_mile)
        parts.append(f"{who} for {_number(passenger_miles)} miles at {each}p")
    words = ", and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else parts[0]
    if second and rate.after_miles is not None:
        when = "goes past" if first else "is past"
        words += f". This {when} {rate.after_miles:,} miles in the tax year, from where each mile is paid less"
    return Priced((pence / 100).quantize(PENNY, ROUND_HALF_UP), first, words)


def _number(number: Decimal) -> str:
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
