"""When a service takes place: rules of RFC 5545 in words, as dates, and as parts of the week."""

import datetime as dt
import re
from collections.abc import Iterable

from dateutil.relativedelta import relativedelta
from dateutil.rrule import MONTHLY, WEEKLY, rrule, weekday
from django.utils import timezone
from django.utils.formats import date_format

from directory.models import Schedule

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
ORDINALS = {1: "First", 2: "Second", 3: "Third", 4: "Fourth", 5: "Fifth", -1: "Last", -2: "Last but one"}
BYDAY = re.compile(r"([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)")
PARTS = ((0, 12), (12, 17), (17, 24))  # hours of morning, afternoon, evening
HORIZON = relativedelta(months=14)  # how far ahead a date is looked for


def in_words(schedule: Schedule) -> str:
    """ "Mondays 14:00 to 16:00", "First Saturday of the month, 10:30"; else its description; "" for nothing."""
    days, hours = _days_in_words(schedule), _hours_in_words(schedule)
    if not days:
        return schedule.description or (_once_in_words(schedule.dtstart, hours) if schedule.dtstart else hours)
    if not hours:
        return days
    return f"{days}, {hours}" if days.endswith("month") else f"{days} {hours}"


def next_dates(schedules: Iterable[Schedule], count: int = 3, start: dt.datetime | None = None) -> list[dt.datetime]:
    """The next times at which something begins, London's time, soonest first; from now unless told.

    A rule without an hour gives midnight. Rules that make no sense give nothing.
    """
    now = timezone.localtime(start)
    found = {moment for schedule in schedules for moment in _occurrences(schedule, now.replace(tzinfo=None), count)}
    return [timezone.make_aware(moment) for moment in sorted(found)[:count]]


def slots(schedule: Schedule) -> set[int]:
    """The parts of the week: day x 3 + 0, 1, 2 for morning, afternoon, evening. Without hours, the whole day."""
    days = {DAYS.index(day) for _, day in _byday(schedule)}
    if not days and schedule.dtstart and schedule.freq != Schedule.Frequency.MONTHLY:
        days = {schedule.dtstart.weekday()}
    opens = schedule.opens_at.hour + schedule.opens_at.minute / 60 if schedule.opens_at else 0.0
    closes = schedule.closes_at.hour + schedule.closes_at.minute / 60 if schedule.closes_at else 24.0
    if schedule.opens_at and not schedule.closes_at:
        closes = opens + 1
    if closes <= opens:  # past midnight
        closes = 24.0
    parts = [number for number, (begin, end) in enumerate(PARTS) if opens < end and closes > begin]
    return {day * 3 + part for day in days for part in parts}


def is_over(schedule: Schedule, on: dt.date | None = None) -> bool:
    return schedule.valid_to is not None and schedule.valid_to < (on or timezone.localdate())


def _byday(schedule: Schedule) -> list[tuple[int, str]]:
    """The days of a rule with their ordinals, 0 for every one; what is no day is passed over."""
    matches = (BYDAY.fullmatch(part.strip().upper()) for part in schedule.byday.split(","))
    found = {(int(match[1] or 0), match[2]) for match in matches if match}
    return sorted(found, key=lambda each: (each[0], DAYS.index(each[1])))


def _bymonthday(schedule: Schedule) -> list[int]:
    parts = (part.strip() for part in schedule.bymonthday.split(","))
    return sorted(int(part) for part in parts if re.fullmatch(r"[1-9]|[12][0-9]|3[01]|-1", part))


def _interval(schedule: Schedule) -> int:
    return min(max(schedule.interval or 1, 1), 52)


def _occurrences(schedule: Schedule, now: dt.datetime, count: int) -> list[dt.datetime]:
    """The next ones, without a time zone. `now` is London's."""
    days, month_days = _byday(schedule), _bymonthday(schedule)
    opens = schedule.opens_at or dt.time()
    begins = schedule.dtstart or schedule.valid_from
    if not (schedule.freq or days or month_days):
        once = dt.datetime.combine(schedule.dtstart, opens) if schedule.dtstart else None
        return [once] if once and once >= now else []
    monthly = schedule.freq == Schedule.Frequency.MONTHLY or (not schedule.freq and bool(month_days))
    if not (days or month_days or begins):
        return []
    first = dt.datetime.combine(_nearer(begins, now.date(), _interval(schedule), monthly=monthly), opens)
    last = now + HORIZON
    if schedule.valid_to:
        last = min(last, dt.datetime.combine(schedule.valid_to, dt.time.max))
    rule = rrule(
        MONTHLY if monthly else WEEKLY,
        dtstart=first,
        interval=_interval(schedule),
        byweekday=[weekday(DAYS.index(day), (ordinal or None) if monthly else None) for ordinal, day in days] or None,
        bymonthday=(month_days or None) if monthly else None,
        until=last,
    )
    after = max(now, dt.datetime.combine(begins, opens)) if begins else now
    found = []
    for moment in rule:
        if moment >= after:
            found.append(moment)
        if len(found) == count:
            break
    return found


def _nearer(begins: dt.date | None, today: dt.date, interval: int, *, monthly: bool) -> dt.date:
    """A day of the same rhythm not long before today: a rule that began in 1950 is not walked from there."""
    if begins is None:
        return today - dt.timedelta(days=1)
    if monthly:
        months = (today.year - begins.year) * 12 + today.month - begins.month - 1
        return begins + relativedelta(months=months // interval * interval) if months > interval else begins
    weeks = (today - begins).days // 7 - 1
    return begins + dt.timedelta(weeks=weeks // interval * interval) if weeks > interval else begins


def _days_in_words(schedule: Schedule) -> str:
    days, every = _byday(schedule), _interval(schedule)
    if schedule.freq == Schedule.Frequency.MONTHLY or (not days and schedule.bymonthday):
        return _month_in_words(days, _bymonthday(schedule), every)
    if not days and schedule.freq and schedule.dtstart:
        days = [(0, DAYS[schedule.dtstart.weekday()])]
    numbers = sorted({DAYS.index(day) for _, day in days})
    if not numbers:
        return ""
    if every > 1:
        rhythm = "Every other" if every == 2 else f"Every {every} weeks on"
        return f"{rhythm} {_listed([NAMES[number] for number in numbers])}"
    if len(numbers) == 7:
        return "Every day"
    if len(numbers) > 2 and numbers[-1] - numbers[0] == len(numbers) - 1:
        return f"{NAMES[numbers[0]]} to {NAMES[numbers[-1]]}"
    return _listed([f"{NAMES[number]}s" for number in numbers])


def _month_in_words(days: list[tuple[int, str]], month_days: list[int], every: int) -> str:
    month = "the month" if every == 1 else ("every other month" if every == 2 else f"every {every} months")
    if days:
        named = [f"{ORDINALS.get(ordinal, 'Every')} {NAMES[DAYS.index(day)]}" for ordinal, day in days]
        named = named[:1] + [each[0].lower() + each[1:] for each in named[1:]]
        return f"{_listed(named)} of {month}"
    if month_days:
        named = ["last day" if day == -1 else _ordinal(day) for day in sorted(month_days, key=lambda day: day % 32)]
        return f"The {_listed(named)} of {month}"
    return ""


def _once_in_words(on: dt.date, hours: str) -> str:
    day = date_format(on, "l j F Y")
    return f"{day}, {hours}" if hours else day


def _hours_in_words(schedule: Schedule) -> str:
    if not schedule.opens_at:
        return f"until {schedule.closes_at:%H:%M}" if schedule.closes_at else ""
    opens = f"{schedule.opens_at:%H:%M}"
    return f"{opens} to {schedule.closes_at:%H:%M}" if schedule.closes_at else opens


def _listed(words: list[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else words[0]


def _ordinal(day: int) -> str:
    suffix = "th" if 10 <= day % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{day}{suffix}"
