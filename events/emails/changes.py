"""The mails about an event that was moved or called off, and what the office writes to those who come."""

from collections.abc import Iterable

from events.calendar import ticket_ics
from events.emails._news import news
from events.models import Event, Ticket, WaitlistEntry
from events.wording import facts
from linkworkers.outbox.actions import queue_all


def moved(event: Event, tickets: Iterable[Ticket], waiting: Iterable[WaitlistEntry], *, reason: str, key: str) -> None:
    """To everybody with a ticket, with the new time for their calendar, and to whoever waits."""
    said = f"{event} takes place at another time or place than we told you. The reason: {reason}"
    mails = [
        news(
            key=f"event-moved:{key}:{ticket.pk}",
            kind="event-moved",
            to=ticket.email,
            name=ticket.name,
            subject=f"Moved: {event}",
            lines=[said],
            about=facts(event),
            button="Open your ticket",
            path=f"/events/tickets/{ticket.key}/",
            more=["If you cannot come then, give the ticket back there: you get back all that it cost."],
            calendar=ticket_ics(ticket),
        )
        for ticket in tickets
    ]
    mails += [
        news(
            key=f"event-moved:{key}:wait-{entry.pk}",
            kind="event-moved",
            to=entry.buyer_email,
            name=entry.buyer_name,
            subject=f"Moved: {event}",
            lines=[said],
            about=facts(event),
            button="See where you stand, or leave the list",
            path=f"/events/waitlist/{entry.key}/",
        )
        for entry in waiting
    ]
    queue_all(mails)


def called_off(event: Event, waiting: Iterable[WaitlistEntry], *, reason: str) -> None:
    """To whoever waited. Whoever had a ticket is told by the mail about its return."""
    queue_all(
        news(
            key=f"event-cancelled:{event.pk}:wait-{entry.pk}",
            kind="event-cancelled",
            to=entry.buyer_email,
            name=entry.buyer_name,
            subject=f"Cancelled: {event}",
            lines=[f"{event} was cancelled. The reason: {reason}", "The waitlist is closed."],
            button="See the event",
            path=event.get_absolute_url(),
        )
        for entry in waiting
    )


def message(event: Event, tickets: Iterable[Ticket], *, subject: str, text: str, key: str) -> None:
    """The office's own words to attendees, once for each address."""
    people = {ticket.email: ticket for ticket in tickets}
    queue_all(
        news(
            key=f"event-message:{key}:{email}",
            kind="event-message",
            to=email,
            name=ticket.name,
            subject=subject,
            lines=text.splitlines(),
            about=facts(event),
            button="Open your ticket",
            path=f"/events/tickets/{ticket.key}/",
        )
        for email, ticket in people.items()
    )
