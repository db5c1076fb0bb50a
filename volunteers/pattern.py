"""When a clinic takes place: the days of its pattern, in London's time, without those on which nobody works."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import holidays
from django.utils import timezone

from members.models import Region
from volunteers.models import Clinic, ClinicTime

Half = tuple[dt.time, dt.time]  # from, until
LONGEST = dt.timedelta(hours=12)  # of a session, in the database too
# Bank holidays differ between the nations of the United Kingdom; every other region is English.
NATIONS = {Region.SCOTLAND: "SCT", Region.WALES: "WLS", Region.NORTHERN_IRELAND: "NIR"}


@dataclass(frozen=True)
class Occurrence:
    """A session that a pattern wants: for which day, and from when until when (UTC)."""

    on: dt.date
    starts_at: dt.datetime
    ends_at: dt.datetime


@dataclass(frozen=True)
class Pattern:
    """A week of half-days by weekday (0 is Monday), every so many weeks counted from the week of `starts_on`."""

    week: Mapping[int, Half]
    starts_on: dt.date
    ends_on: dt.date | None = None
    every_weeks: int = 1
    on_bank_holidays: bool = False
    region: str = ""
    _first_monday: dt.date = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_first_monday", monday(self.starts_on))

    @classmethod
    def of(cls, clinic: Clinic) -> "Pattern":
        """The clinic's, with its times, its practice and the network, whose nation is the practice's unless told."""
        week = {time.weekday: (time.starts, time.ends) for time in clinic.times.all()}
        return cls.made_of(clinic, week)

    @classmethod
    def made_of(cls, clinic: Clinic, week: Mapping[int, Half]) -> "Pattern":
        practice = clinic.practice
        return cls(
            week=week,
            starts_on=clinic.starts_on,
            ends_on=clinic.ends_on,
            every_weeks=clinic.every_weeks,
            on_bank_holidays=clinic.on_bank_holidays,
            region=practice.region or (practice.parent.region if practice.parent else ""),
        )

    def on(self, day: dt.date) -> Occurrence | None:
        """What it wants on a day; None when it takes no place then."""
        half = self.week.get(day.weekday())
        if half is None or day < self.starts_on or (self.ends_on and day > self.ends_on):
            return None
        if (monday(day) - self._first_monday).days // 7 % self.every_weeks:
            return None
        if not self.on_bank_holidays and is_bank_holiday(day, self.region):
            return None
        return Occurrence(day, *in_utc(day, *half))

    def between(self, first: dt.date, last: dt.date) -> list[Occurrence]:
        """What it wants on the days from `first` to `last`, in order."""
        first = max(first, self.starts_on)
        days = (first + dt.timedelta(days=number) for number in range((last - first).days + 1))
        return [found for found in map(self.on, days) if found]

    def in_words(self) -> str:
        """As people say it: "Tuesdays 09:00 to 12:00 and Thursdays 13:00 to 16:00, every 2 weeks"."""
        days: dict[Half, list[str]] = {}
        for weekday, half in sorted(self.week.items()):
            days.setdefault(half, []).append(f"{ClinicTime.Weekday(weekday).label}s")
        said = listed([f"{listed(names)} {starts:%H:%M} to {ends:%H:%M}" for (starts, ends), names in days.items()])
        return f"{said or 'No times yet'}{f', every {self.every_weeks} weeks' if self.every_weeks > 1 else ''}"


def monday(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())


def in_utc(day: dt.date, starts: dt.time, ends: dt.time) -> tuple[dt.datetime, dt.datetime]:
    """A half-day of London's clocks. Of a time that comes twice in autumn it is the first; one that spring leaves out
    is as long after the last hour (01:30 is 02:30), and what would end before it begins keeps its length.
    """
    zone = timezone.get_default_timezone()
    begin, end = (dt.datetime.combine(day, time, tzinfo=zone).astimezone(dt.UTC) for time in (starts, ends))
    if end <= begin:
        end = begin + (dt.datetime.combine(day, ends) - dt.datetime.combine(day, starts))
    return begin, min(end, begin + LONGEST)


def is_bank_holiday(day: dt.date, region: str) -> bool:
    return day in _bank_holidays(NATIONS.get(Region(region), "ENG") if region else "ENG", day.year)


@cache
def _bank_holidays(nation: str, year: int) -> Any:
    return frozenset(holidays.country_holidays("GB", subdiv=nation, years=year))


def listed(words: list[str]) -> str:
    """ "A", "A and B", "A, B and C"."""
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))
