"""On which days somebody is reminded that their membership ends."""

import datetime as dt
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members.models import FOREVER
from members.periods import DAY, stages, stages_due

END = dt.date(2027, 3, 31)
NAMES = ["60-days", "30-days", "7-days", "0-days", "grace", "grace-ends"]


def test_the_days_of_reminding():
    days = [(stage.name, (stage.day - END).days) for stage in stages(END, 30)]
    assert days == list(zip(NAMES, [-60, -30, -7, 0, 15, 27], strict=True))


@pytest.mark.parametrize(("grace", "after"), [(0, []), (1, []), (2, [1]), (6, [3]), (7, [3, 4]), (90, [45, 87])])
def test_a_short_grace_has_room_for_fewer(grace, after):
    assert [(stage.day - END).days for stage in stages(END, grace)][4:] == after


def test_nobody_is_reminded_of_a_membership_for_life():
    assert stages_due(FOREVER, 30, FOREVER - DAY) == []


@given(
    ends_on=st.dates(dt.date(2020, 1, 1), dt.date(2040, 12, 31)),
    grace=st.integers(0, 400),
    gaps=st.lists(st.integers(1, 40), min_size=1, max_size=30),
)
def test_each_stage_is_said_once_or_passed_over_whichever_days_are_skipped(ends_on, grace, gaps):
    said: list[str] = []
    ran = [ends_on + (days - 100) * DAY for days in accumulate(gaps)]
    for day in ran:
        due = stages_due(ends_on, grace, day)
        if due and due[-1].name not in said:
            said.append(due[-1].name)
    every = stages(ends_on, grace)
    bounds = [*(stage.day for stage in every[1:]), ends_on + (grace + 1) * DAY]
    expected = [
        stage.name for stage, until in zip(every, bounds, strict=True) if any(stage.day <= day < until for day in ran)
    ]
    assert said == expected
