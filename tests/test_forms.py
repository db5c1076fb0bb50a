"""Dates as people type them."""

import datetime as dt

import pytest
import time_machine
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from linkworkers.forms import MONTHS, PastDateField, TypedDateField

DAY = dt.date(1971, 5, 4)


@pytest.mark.parametrize(
    "typed",
    [
        "4 5 1971",
        "04/05/1971",
        "4.5.1971",
        "4-5-1971",
        " 4  May  1971 ",
        "4 may 1971",
        "4th May 1971",
        "4 May, 1971",
        "04051971",
        "1971-05-04",
        "4/May/1971",
    ],
)
def test_a_date_is_read_as_people_write_it(typed):
    assert TypedDateField().clean(typed) == DAY


@pytest.mark.parametrize(
    "typed",
    [
        *("31 2 1971", "29 2 1971", "0 5 1971", "4 0 1971", "4 13 1971", "32 1 1971"),
        *("4 5 71", "4 5", "May 1971", "1971", "4 5 01971", "4 5 0000", "4 Mab 1971", "4 5 1971 x"),
        *("5/14/1971", "1971-13-04", "yesterday", "4\x005 1971", "²4 5 1971", "4" * 500),
    ],
)
def test_what_is_no_date_is_refused_with_an_example(typed):
    with pytest.raises(ValidationError, match="for example 4 5 1971"):
        TypedDateField().clean(typed)


@given(
    day=st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31)),
    pattern=st.sampled_from(
        ["{0.day} {0.month} {0.year}", "{0:%d/%m/%Y}", "{0:%d%m%Y}", "{0:%Y-%m-%d}", "{0.day} {1} {0.year}"]
    ),
)
@settings(deadline=None)
def test_every_day_comes_back_however_it_is_written_and_as_the_field_shows_it(day, pattern):
    field = TypedDateField()
    assert field.clean(pattern.format(day, MONTHS[day.month - 1])) == day
    assert field.clean(field.widget.format_value(day)) == day


@given(typed=st.text())
@settings(deadline=None)
def test_any_text_is_a_date_or_refused(typed):
    try:
        day = TypedDateField(required=False).clean(typed)
    except ValidationError:
        return
    assert day is None or isinstance(day, dt.date)


@time_machine.travel("2026-11-22T12:00:00Z")
@pytest.mark.parametrize(
    ("typed", "refused"),
    [
        ("22 11 2026", None),
        ("23 11 2026", "in the future"),
        ("1 1 1901", None),
        ("31 12 1900", "too long ago"),
    ],
)
def test_a_day_in_the_past_is_past_and_not_too_long(typed, refused):
    if refused is None:
        assert PastDateField().clean(typed)
    else:
        with pytest.raises(ValidationError, match=refused):
            PastDateField().clean(typed)


@time_machine.travel("2026-07-05T23:30:00Z")
def test_today_is_the_day_in_london():
    assert PastDateField().clean("6 7 2026") == dt.date(2026, 7, 6)
