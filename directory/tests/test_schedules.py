"""When a service takes place."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from directory.models import Schedule
from directory.schedules import in_words, next_dates, slots

LONDON = ZoneInfo("Europe/London")
MONDAY = dt.datetime(2026, 11, 23, 9, 0, tzinfo=LONDON)


def at(hour: int, minute: int = 0) -> dt.time:
    return dt.time(hour, minute)


@pytest.mark.parametrize(
    ("words", "schedule"),
    [
        ("Mondays 14:00 to 16:00", Schedule(freq="WEEKLY", byday="MO", opens_at=at(14), closes_at=at(16))),
        (
            "Thursdays and Fridays 10:00 to 18:00",
            Schedule(freq="WEEKLY", byday="FR,TH", opens_at=at(10), closes_at=at(18)),
        ),
        (
            "Monday to Friday 09:00 to 17:00",
            Schedule(freq="WEEKLY", byday="MO,TU,WE,TH,FR", opens_at=at(9), closes_at=at(17)),
        ),
        ("Every day", Schedule(freq="WEEKLY", byday="MO,TU,WE,TH,FR,SA,SU")),
        ("Every other Tuesday 09:30", Schedule(freq="WEEKLY", byday="TU", interval=2, opens_at=at(9, 30))),
        ("First Saturday of the month, 10:30", Schedule(freq="MONTHLY", byday="1SA", opens_at=at(10, 30))),
        ("Last Friday of every other month", Schedule(freq="MONTHLY", byday="-1FR", interval=2)),
        ("The 1st, 22nd and last day of the month", Schedule(freq="MONTHLY", bymonthday="22,1,-1")),
        ("Friday 25 December 2026, 12:00", Schedule(dtstart=dt.date(2026, 12, 25), opens_at=at(12))),
        ("Sundays", Schedule(freq="WEEKLY", dtstart=dt.date(2026, 11, 1))),
        ("By appointment", Schedule(description="By appointment")),
        ("", Schedule(freq="WEEKLY", byday="XX,,9MO", interval=0)),
    ],
)
def test_a_rule_is_said_as_people_say_it(words: str, schedule: Schedule) -> None:
    assert in_words(schedule) == words


def days(*schedules: Schedule, count: int = 3) -> list[str]:
    return [f"{moment:%Y-%m-%d %H:%M}" for moment in next_dates(schedules, count, MONDAY)]


def test_the_next_three_dates_begin_today() -> None:
    weekly = Schedule(freq="WEEKLY", byday="MO", opens_at=at(14))
    assert days(weekly) == ["2026-11-23 14:00", "2026-11-30 14:00", "2026-12-07 14:00"]


def test_what_began_this_morning_is_over_for_today() -> None:
    assert days(Schedule(freq="WEEKLY", byday="MO", opens_at=at(8)))[0] == "2026-11-30 08:00"


def test_every_other_week_keeps_its_rhythm_from_where_it_began_however_long_ago() -> None:
    fortnightly = Schedule(freq="WEEKLY", byday="TU", interval=2, dtstart=dt.date(1950, 1, 3), opens_at=at(9))
    first = dt.date.fromisoformat(days(fortnightly)[0][:10])
    assert (first - dt.date(1950, 1, 3)).days % 14 == 0


def test_a_fifth_monday_comes_only_where_there_is_one() -> None:
    assert days(Schedule(freq="MONTHLY", byday="5MO"), count=2) == ["2026-11-30 00:00", "2027-03-29 00:00"]


def test_what_has_ended_has_no_dates_and_what_begins_later_none_before() -> None:
    ended = Schedule(freq="WEEKLY", byday="MO", valid_to=dt.date(2026, 11, 22))
    later = Schedule(freq="WEEKLY", byday="MO", valid_from=dt.date(2027, 1, 5))
    assert days(ended) == []
    assert days(later)[0] == "2027-01-11 00:00"


def test_the_hour_stays_when_the_clocks_change() -> None:
    weekly = Schedule(freq="WEEKLY", byday="SU", opens_at=at(14))
    before = dt.datetime(2027, 3, 20, 9, 0, tzinfo=LONDON)
    assert [f"{timezone.localtime(moment):%H:%M %Z}" for moment in next_dates([weekly], 2, before)] == [
        "14:00 GMT",
        "14:00 BST",
    ]


def test_several_rules_come_in_one_order_and_each_moment_once() -> None:
    monday, both = (
        Schedule(freq="WEEKLY", byday="MO", opens_at=at(10)),
        Schedule(freq="WEEKLY", byday="MO,WE", opens_at=at(10)),
    )
    assert days(monday, both) == ["2026-11-23 10:00", "2026-11-25 10:00", "2026-11-30 10:00"]


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        (Schedule(freq="WEEKLY", byday="MO", opens_at=at(14), closes_at=at(16)), {1}),
        (Schedule(freq="WEEKLY", byday="TU", opens_at=at(11), closes_at=at(13)), {3, 4}),
        (Schedule(freq="WEEKLY", byday="SU"), {18, 19, 20}),
        (Schedule(freq="MONTHLY", byday="1SA", opens_at=at(10, 30)), {15}),
        (Schedule(freq="WEEKLY", byday="FR", opens_at=at(22), closes_at=at(2)), {14}),
        (Schedule(description="By appointment"), set()),
    ],
)
def test_the_parts_of_the_week_that_a_search_asks_for(schedule: Schedule, expected: set[int]) -> None:
    assert slots(schedule) == expected


texts = st.text("MOTUWEFRSA,0123456789+- x", max_size=30)
dates = st.none() | st.dates(dt.date(1, 1, 1), dt.date(9999, 12, 31))


@given(
    freq=st.sampled_from(["", "WEEKLY", "MONTHLY"]),
    byday=texts,
    bymonthday=texts,
    interval=st.none() | st.integers(0, 2_000_000_000),
    dtstart=dates,
    valid_to=dates,
    opens_at=st.none() | st.times(),
    closes_at=st.none() | st.times(),
)
def test_no_rule_whatever_somebody_wrote_breaks_a_page(**rule: object) -> None:
    schedule = Schedule(**rule)
    assert isinstance(in_words(schedule), str)
    assert len(next_dates([schedule], 3, MONDAY)) <= 3
    assert slots(schedule) <= set(range(21))
