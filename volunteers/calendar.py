"""Shifts and trainings as iCalendar (RFC 5545), for mails, for downloads and for the feed that a phone reads.

Times are written in UTC. No event repeats, so each is one instant; a program shows it by the clock of its own place,
right on both sides of a change of the clocks, with no table of time zones that it might read otherwise. Nothing here
says anything about people referred: whoever has the address of a feed can read it.
"""

import datetime as dt
from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar, Event, vCalAddress

from linkworkers.feeds import readable
from volunteers.models import Shift

PRODUCT = "-//Link Workers//Volunteers//EN"


def shift_ics(shift: Shift, *, cancelled: bool = False) -> str:
    """A file of one shift, to go with a mail: into the calendar, moved there, or out of it when it is `cancelled`.

    The UID is the shift's for good, and each file that is written later outranks those before it.
    """
    event = shift_event(shift)
    return one_event(event, since=shift.created_at, cancelled=cancelled)


def shift_event(shift: Shift) -> Event:
    """What a shift is in a calendar. Says where and as what, and links to the rest, which is behind the log-in."""
    clinic, room = shift.session.clinic, shift.session.room
    place = f"{room.name}, {clinic.practice}" if room else str(clinic.practice)
    return event_of(
        uid=f"shift-{shift.pk}",
        summary=f"Volunteer shift: {clinic}",
        starts_at=shift.starts_at,
        ends_at=shift.ends_at,
        location=place,
        description=[f"As {clinic.role.name}.", room.directions if room else ""],
        path=reverse("my_shifts"),
        made_at=shift.created_at,
    )


def event_of(
    *,
    uid: str,
    summary: str,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    location: str,
    description: Iterable[str],
    path: str,
    made_at: dt.datetime,
) -> Event:
    """One event. `path` is its page here, `description` its lines; empty ones are left out."""
    url = settings.SITE_URL + path
    event = Event()
    event.add("uid", f"{uid}@{urlsplit(settings.SITE_URL).hostname}")
    event.add("dtstamp", made_at.astimezone(dt.UTC))
    event.add("dtstart", starts_at.astimezone(dt.UTC))
    event.add("dtend", ends_at.astimezone(dt.UTC))
    event.add("summary", readable(summary))
    event.add("location", readable(location))
    event.add("description", readable("\n".join(filter(None, [*description, url]))))
    event.add("url", url)
    event.add("status", "CONFIRMED")
    return event


def one_event(event: Event, *, since: dt.datetime, cancelled: bool) -> str:
    """A file that publishes one event, or takes it back (RFC 5546). `since` is when it was first made: what counts up
    from there is its revision.
    """
    now = timezone.now().replace(microsecond=0)
    calendar = new_calendar()
    calendar.add("method", "CANCEL" if cancelled else "PUBLISH")
    organizer = vCalAddress(f"mailto:{settings.DEFAULT_FROM_EMAIL.rpartition('<')[2].rstrip('>')}")
    organizer.params["CN"] = "Link Workers"
    event["organizer"] = organizer
    for name in ("dtstamp", "status"):
        del event[name]
    event.add("dtstamp", now.astimezone(dt.UTC))
    event.add("last-modified", now.astimezone(dt.UTC))
    event.add("sequence", max(0, int((now - since).total_seconds())) + cancelled)
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    calendar.add_component(event)
    return str(calendar.to_ical().decode())


def new_calendar() -> Calendar:
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODUCT)
    return calendar
