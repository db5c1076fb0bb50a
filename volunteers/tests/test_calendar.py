"""Shifts in the calendars of phones and computers: read back with a reader of iCalendar."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar, Event

from volunteers.calendar import shift_ics
from volunteers.factories import RoomFactory, ShiftFactory
from volunteers.models import Shift

pytestmark = pytest.mark.django_db

LONDON = ZoneInfo("Europe/London")
SYDNEY = ZoneInfo("Australia/Sydney")


def read(ics: str) -> tuple[Calendar, Event]:
    calendar = Calendar.from_ical(ics)
    (event,) = calendar.walk("VEVENT")
    return calendar, event


def shift_from(starts: dt.datetime, hours: float = 3) -> Shift:
    return ShiftFactory(session__starts_at=starts, session__ends_at=starts + dt.timedelta(hours=hours))


@pytest.mark.parametrize("day", [26, 27, 28, 29, 30])
@pytest.mark.parametrize("month", [(2027, 3), (2027, 10)], ids=["spring", "autumn"])
def test_a_shift_is_at_its_time_in_london_on_both_sides_of_a_change_of_the_clocks(month, day):
    starts = dt.datetime(*month, day + (month[1] == 10), 9, 30, tzinfo=LONDON)
    _, event = read(shift_ics(shift_from(starts)))
    assert event["dtstart"].to_ical().endswith(b"Z")  # an instant, which no table of time zones can shift
    assert event.decoded("dtstart").astimezone(LONDON).replace(tzinfo=None) == starts.replace(tzinfo=None)
    assert event.decoded("dtend").astimezone(SYDNEY) == (starts.astimezone(dt.UTC) + dt.timedelta(hours=3))


@pytest.mark.parametrize(("month", "day", "ends"), [(3, 28, "04:30"), (10, 31, "02:30")])
def test_a_shift_over_the_change_lasts_as_long_as_it_lasts(month, day, ends):
    starts = dt.datetime(2027, month, day, 0, 30, tzinfo=LONDON).astimezone(dt.UTC)
    _, event = read(shift_ics(shift_from(starts)))
    assert event.decoded("dtend") - event.decoded("dtstart") == dt.timedelta(hours=3)
    assert f"{event.decoded('dtend').astimezone(LONDON):%H:%M}" == ends


def test_a_shift_says_where_and_as_what_in_any_script_and_length():
    room = RoomFactory(name="Room 4, upstairs; left", directions="First floor\nلیفٹ کے پاس" + "é" * 150)
    shift = ShiftFactory(
        session__clinic__name="Tuesday clinic",
        session__clinic__practice__name="The Maltings Surgery \N{TEACUP WITHOUT HANDLE}",
        session__clinic__role__name="Tea maker",
        session__room=room,
    )
    ics = shift_ics(shift)
    assert max(len(line) for line in ics.encode().split(b"\r\n")) <= 75
    calendar, event = read(ics)
    assert calendar["method"] == "PUBLISH"
    assert str(event["summary"]) == "Volunteer shift: Tuesday clinic, The Maltings Surgery \N{TEACUP WITHOUT HANDLE}"
    assert str(event["location"]) == f"{room.name}, The Maltings Surgery \N{TEACUP WITHOUT HANDLE}"
    assert str(event["description"]).startswith(f"As Tea maker.\n{room.directions}\nhttp")


def test_a_name_with_line_breaks_and_controls_stays_one_summary():
    shift = ShiftFactory(session__clinic__name="A\r\nATTENDEE:mailto:x@y.test\x0b\x07", session__room=None)
    _, event = read(shift_ics(shift))
    assert "attendee" not in event
    assert "\x07" not in str(event["summary"])


def test_what_is_cancelled_takes_the_same_event_back(time_machine):
    time_machine.move_to(dt.datetime(2027, 3, 1, 9, tzinfo=LONDON))
    shift = ShiftFactory()
    _, made = read(shift_ics(shift))
    time_machine.shift(60)
    _, changed = read(shift_ics(shift))
    calendar, gone = read(shift_ics(shift, cancelled=True))
    assert made["uid"] == changed["uid"] == gone["uid"]
    assert made["sequence"] < changed["sequence"] < gone["sequence"]
    assert (calendar["method"], gone["status"]) == ("CANCEL", "CANCELLED")
