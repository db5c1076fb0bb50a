"""The arithmetic of membership: which days a term covers, and what days are worth. Both ends of a period count."""

import datetime as dt
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from members.models import FOREVER

DAY = dt.timedelta(days=1)


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
