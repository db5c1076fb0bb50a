"""iCalendar (RFC 5545): what goes with mails, what is downloaded, and what a program reads again and again.

Times are written in UTC. No event repeats, so each is one instant; a program shows it by the clock of its own place,
right on both sides of a change of the clocks, with no table of time zones that it might read otherwise.
"""

import datetime as dt
from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from icalendar import Calendar, Event, vCalAddress

from linkworkers.feeds import readable

PRODUCT = "-//Link Workers//Link Workers//EN"


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


def new_calendar(name: str = "") -> Calendar:
    """An empty one. With a `name` it is a feed, which programs ask for anew every hour."""
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODUCT)
    if name:
        calendar.add("x-wr-calname", readable(name))
        calendar.add("refresh-interval", dt.timedelta(hours=1), parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", "PT1H")
    return calendar
