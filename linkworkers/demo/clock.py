"""Working days and hours in London, counted from the moment the demo is built."""

import datetime as dt
from random import Random

from django.utils import timezone

SATURDAY = 5


def is_working_day(day: dt.date) -> bool:
    return day.weekday() < SATURDAY


class Clock:
    """Moments of a working life: Monday to Friday, nine to five. `rng` chooses them."""

    def __init__(self, now: dt.datetime, rng: Random) -> None:
        self.now = now
        self.today = timezone.localdate(now)
        self.rng = rng

    def at(self, day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
        return timezone.make_aware(dt.datetime.combine(day, dt.time(hour, minute)))

    def some_time(self, day: dt.date) -> dt.datetime:
        return self.at(day, self.rng.randint(9, 16), self.rng.choice(range(0, 60, 5)))

    def day_before(self, days: int) -> dt.date:
        """The day so many days ago, or the Friday before it at a weekend."""
        day = self.today - dt.timedelta(days=days)
        while not is_working_day(day):
            day -= dt.timedelta(days=1)
        return day

    def ago(self, days: int, hour: int | None = None, minute: int = 0) -> dt.datetime:
        """A working moment about so many days ago, at least one."""
        day = self.day_before(days)
        return self.some_time(day) if hour is None else self.at(day, hour, minute)

    def after(self, moment: dt.datetime, least: int, most: int) -> dt.datetime | None:
        """A working moment so many days after another; None when that is not before today."""
        day = timezone.localdate(moment) + dt.timedelta(days=self.rng.randint(least, most))
        while not is_working_day(day):
            day += dt.timedelta(days=1)
        return self.some_time(day) if day < self.today else None

    def spread(self, start: dt.datetime, end: dt.date, count: int) -> list[dt.datetime]:
        """At most `count` working moments after the day of `start` and up to `end`, at about even distances."""
        first = timezone.localdate(start) + dt.timedelta(days=1)
        span = range(max((min(end, self.today - dt.timedelta(days=1)) - first).days + 1, 0))
        days = [day for offset in span if is_working_day(day := first + dt.timedelta(days=offset))]
        count = min(count, len(days))
        step = len(days) / max(count, 1)
        return [self.some_time(days[int((number + self.rng.uniform(0.5, 0.99)) * step)]) for number in range(count)]

    def next_working_days(self, count: int) -> list[dt.date]:
        """The working days after today, the nearest first."""
        coming = (self.today + dt.timedelta(days=offset) for offset in range(1, 2 * count + 4))
        return [day for day in coming if is_working_day(day)][:count]

    def in_days(self, days: int) -> dt.date:
        """A day to do something on, gone by or to come: never at a weekend, unless that is today."""
        if days < 0:
            return self.day_before(-days)
        day = self.today + dt.timedelta(days=days)
        while day > self.today and not is_working_day(day):
            day += dt.timedelta(days=1)
        return day
