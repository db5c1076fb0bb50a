"""What clinics achieved: counted a month at a time when it is over, and shown without pointing at anybody.

A count of people under five is never shown, nor to be worked out from what is shown:
- people are split into those who came and those who never did, and nobody is in both;
- their sum is shown only where both parts are;
- there are no sums of people over months or over clinics, which would give a part away by subtraction;
- of reasons there are names, not numbers: "eleven of twelve" says what the twelfth did not come for;
- a month is counted once, so that a look today and one tomorrow show no difference.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from dateutil.relativedelta import relativedelta
from django.db.models import Count, Exists, F, OuterRef, Q, Sum
from django.utils import timezone

from linkworkers.templatetags import plain_number
from referrals.models.referral import Reason
from referrals.today import SMALLEST_SHOWN
from volunteers.charts import Bar, Value, bars
from volunteers.hours import as_hours
from volunteers.models import Booking, Clinic, ClinicMonth, ClinicSession, Shift

COUNTED_FROM = 4  # the day of the next month: time to write down what came of the last bookings
FEW = f"fewer than {SMALLEST_SHOWN}"
MOST_REASONS = 3
MONTHS = 12  # shown, and counted when nobody has


def last_day(month: dt.date) -> dt.date:
    return month + relativedelta(months=1) - dt.timedelta(days=1)


def months_to_count() -> list[dt.date]:
    """The months that are over and can be counted, the last one first."""
    today = timezone.localdate()
    first = 1 if today.day >= COUNTED_FROM else 2
    return [today.replace(day=1) - relativedelta(months=ago) for ago in range(first, first + MONTHS)]


def count(month: dt.date, clinics: Collection[int]) -> list[ClinicMonth]:
    """What each of these clinics achieved in a month, not saved; those without a session in it are left out.

    A session was held when a volunteer was there. Four queries.
    """
    sessions = ClinicSession.objects.between(month, last_day(month)).filter(clinic__in=clinics)
    worked = Shift.objects.worked().filter(session=OuterRef("pk"))
    held = dict(
        sessions.values("clinic")
        .annotate(held=Count("pk", filter=Q(Exists(worked), cancelled_at=None)))
        .order_by()
        .values_list("clinic", "held")
    )
    cancelled = dict(
        sessions.exclude(cancelled_at=None)
        .values("clinic")
        .annotate(number=Count("pk"))
        .order_by()
        .values_list("clinic", "number")
    )
    hours = dict(
        Shift.objects.worked()
        .filter(session__in=sessions)
        .values("session__clinic")
        .annotate(time=Sum(F("ends_at") - F("starts_at")))
        .order_by()
        .values_list("session__clinic", "time")
    )
    came: dict[int, set[int]] = defaultdict(set)
    booked: dict[int, set[int]] = defaultdict(set)
    for_reason: dict[int, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    bookings = Booking.objects.filter(
        session__in=sessions, state__in=[Booking.State.ATTENDED, Booking.State.MISSED]
    ).values_list("session__clinic", "referral__episode__person", "state", "referral__reasons")
    for clinic, person, state, reasons in bookings.order_by().iterator():
        booked[clinic].add(person)
        if state == Booking.State.ATTENDED:
            came[clinic].add(person)
            for reason in reasons:
                for_reason[clinic][reason].add(person)
    return [
        ClinicMonth(
            clinic_id=clinic,
            month=month,
            sessions=number,
            cancelled=cancelled.get(clinic, 0),
            hours=as_hours(hours.get(clinic, dt.timedelta())),
            came=len(came[clinic]),
            missed=len(booked[clinic] - came[clinic]),
            reasons=_most_common(for_reason[clinic]),
        )
        for clinic, number in held.items()
    ]


def _most_common(people: dict[str, set[int]]) -> list[str]:
    common = [reason for reason, who in people.items() if len(who) >= SMALLEST_SHOWN]
    return sorted(common, key=lambda reason: (-len(people[reason]), reason))[:MOST_REASONS]


@dataclass(frozen=True)
class Achieved:
    """A clinic's month in words that may be read by whoever sees the clinic."""

    month: dt.date
    sessions: int
    cancelled: int
    hours: Decimal
    came: str
    missed: str
    booked: str
    reasons: list[str]
    came_shown: int | None  # None where the number is not shown

    @property
    def is_empty(self) -> bool:
        return not (self.sessions or self.hours)

    @property
    def hours_text(self) -> str:
        return plain_number(self.hours)


def achieved(row: ClinicMonth) -> Achieved:
    """The month as it is shown. Nothing else reads `came` and `missed`."""
    parts = [number for number in (row.came, row.missed) if number >= SMALLEST_SHOWN]
    if len(parts) == 2:
        booked = str(sum(parts))
    else:
        booked = f"{parts[0]} or more" if parts else f"fewer than {2 * SMALLEST_SHOWN}"
    return Achieved(
        month=row.month,
        sessions=row.sessions,
        cancelled=row.cancelled,
        hours=row.hours,
        came=_shown(row.came),
        missed=_shown(row.missed),
        booked=booked,
        reasons=[str(Reason(reason).label) for reason in row.reasons],
        came_shown=row.came if row.came >= SMALLEST_SHOWN else None,
    )


def _shown(number: int) -> str:
    return str(number) if number >= SMALLEST_SHOWN else FEW


@dataclass(frozen=True)
class Story:
    """A clinic and its months, the last one first."""

    clinic: Clinic
    months: list[Achieved]

    @property
    def latest(self) -> Achieved | None:
        return self.months[0] if self.months else None

    @property
    def came_bars(self) -> list[Bar]:
        return bars(
            [
                Value(
                    month.month,
                    month.came_shown or 0,
                    str(month.came_shown) if month.came_shown else f"<{SMALLEST_SHOWN}",
                    is_few=month.came_shown is None,
                )
                for month in reversed(self.months)
            ]
        )

    @property
    def hours_bars(self) -> list[Bar]:
        return bars([Value(each.month, each.hours, str(round(each.hours))) for each in reversed(self.months)])


def stories(clinics: Sequence[Clinic], *, months: int = MONTHS) -> list[Story]:
    """The clinics with what they achieved in the last months, those with something to tell. One query."""
    since = timezone.localdate().replace(day=1) - relativedelta(months=months)
    found: dict[int, list[Achieved]] = defaultdict(list)
    for row in ClinicMonth.objects.filter(clinic__in=clinics, month__gte=since).order_by("-month"):
        found[row.clinic_id].append(achieved(row))
    return [Story(clinic, found[clinic.pk]) for clinic in clinics if found[clinic.pk]]
