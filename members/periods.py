"""The arithmetic of membership: which days a term covers, and what days are worth. Both ends of a period count."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from members.models import FOREVER

DAY = dt.timedelta(days=1)
REMINDED_BEFORE_END = (60, 30, 7, 0)  # days
REMINDED_BEFORE_GRACE_ENDS = 3  # days


@dataclass(frozen=True)
class Stage:
    """A day on which somebody is reminded that their membership ends or has ended."""

    name: str
    day: dt.date


def term_end(start: dt.date, months: int | None) -> dt.date:
    """The last day of a term of so many months that begins on `start`; FOREVER without a number of months.

    It is the day before the same day comes round. Where that month has no such day (29 February, 31 June) it is the
    month's last day, so that nobody loses one by when they joined.
    """
    if months is None:
        return FOREVER
    comes_round = start + relativedelta(months=months)
    return comes_round - DAY if comes_round.day == start.day else comes_round


def next_start(*, ends_on: dt.date | None, grace_days: int, paid_on: dt.date, today: dt.date) -> dt.date:
    """The first day of the term that is bought next.

    It follows on from the last one when it was paid for before the end of grace, so that neither renewing early nor
    being late costs or gives a day. Otherwise it begins today: nobody pays for days on which they were not a member.
    """
    if ends_on is None:
        return today
    in_time = ends_on >= today or paid_on <= ends_on + dt.timedelta(days=grace_days)
    return ends_on + DAY if in_time else today


def share(price: Decimal, *, days: int, end: dt.date, months: int) -> Decimal:
    """What so many days of a term are worth that ends on `end` and costs `price` whole; not rounded."""
    whole = (end + DAY - (end + DAY - relativedelta(months=months))).days
    return price * days / whole


def stages(ends_on: dt.date, grace_days: int) -> list[Stage]:
    """The days of reminding about one end, in their order; none for life.

    In grace that is half way and shortly before its end, as far as a short grace has room for both.
    """
    if ends_on == FOREVER:
        return []
    found = [Stage(f"{days}-days", ends_on - days * DAY) for days in REMINDED_BEFORE_END]
    half, last = grace_days // 2, grace_days - REMINDED_BEFORE_GRACE_ENDS
    if half > 0:
        found.append(Stage("grace", ends_on + half * DAY))
    if last > half:
        found.append(Stage("grace-ends", ends_on + last * DAY))
    return found


def stages_due(ends_on: dt.date, grace_days: int, today: dt.date) -> list[Stage]:
    """Those that have come by today, while there is still something to renew: none once grace is over."""
    if ends_on == FOREVER or today > ends_on + grace_days * DAY:
        return []
    return [stage for stage in stages(ends_on, grace_days) if stage.day <= today]
