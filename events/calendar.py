"""Events as iCalendar, for mails, for downloads and for the public feed."""

from collections.abc import Iterable

from django.urls import reverse
from icalendar import Event as CalendarEvent

from events.models import Event, Ticket
from linkworkers.calendars import event_of, new_calendar, one_event


def ticket_ics(ticket: Ticket, *, cancelled: bool = False) -> str:
    """A file of the event as one attendee has it, with the link for joining online: into the calendar, moved there, or
    out of it when it is `cancelled`; then it leads to the event, for the ticket may be somebody else's by now. The UID
    is the ticket's for good, whoever has it. Needs `event`.
    """
    event = ticket.event
    link = "" if cancelled else event.online_link
    entry = _entry(
        event,
        uid=f"ticket-{ticket.pk}",
        description=[event.summary, f"Join online: {link}" if link else ""],
        path=event.get_absolute_url() if cancelled else reverse("event_ticket", args=[ticket.key]),
    )
    return one_event(entry, since=ticket.created_at, cancelled=cancelled)


def event_ics(event: Event) -> str:
    """A file of an announced event, as anybody may have it: without the link for joining."""
    return one_event(_public(event), since=event.created_at, cancelled=event.is_cancelled)


def feed_ics(events: Iterable[Event]) -> bytes:
    """Announced events for a program that asks again and again; the same until something changes."""
    calendar = new_calendar("Link Workers events")
    for event in events:
        entry = _public(event)
        if event.is_cancelled:
            del entry["status"]
            entry.add("status", "CANCELLED")
        calendar.add_component(entry)
    return bytes(calendar.to_ical())


def _public(event: Event) -> CalendarEvent:
    return _entry(event, uid=f"event-{event.pk}", description=[event.summary], path=event.get_absolute_url())


def _entry(event: Event, *, uid: str, description: Iterable[str], path: str) -> CalendarEvent:
    return event_of(
        uid=uid,
        summary=event.title,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        location=event.where,
        description=description,
        path=path,
        made_at=event.created_at,
    )
