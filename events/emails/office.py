"""The mails that the office sends by hand: a booking once more, and that a wait has ended."""

import dataclasses
from collections.abc import Sequence

from django.urls import reverse

from events.emails._news import news
from events.emails.tickets import ticket_mail
from events.models import Order, Ticket, WaitlistEntry
from events.wording import facts
from linkworkers.outbox.actions import queue_all


def again(order: Order, tickets: Sequence[Ticket], *, key: str) -> int:
    """The booking to its buyer, each ticket to whoever has it. Returns how many mails."""
    mails = [
        news(
            key=f"event-booked-again:{key}",
            kind="event-booked",
            to=order.email,
            name=order.name,
            subject=f"Your booking: {order.event}",
            lines=["here is your booking once more."],
            about=[*facts(order.event), ("Booking", order.reference)],
            button="See the booking and its tickets",
            path=reverse("event_order", args=[order.key]),
        )
    ]
    mails += [dataclasses.replace(ticket_mail(each), key=f"event-ticket-again:{key}:{each.pk}") for each in tickets]
    queue_all(mails)
    return len(mails)


def taken_off(entry: WaitlistEntry, *, reason: str) -> None:
    """To whoever asked: they do not wait any more, and why."""
    queue_all(
        [
            news(
                key=f"waitlist-taken-off:{entry.pk}",
                kind="waitlist-taken-off",
                to=entry.buyer_email,
                name=entry.buyer_name,
                subject=f"Off the waitlist: {entry.event}",
                lines=[f"{entry.name} does not wait for a place at {entry.event} any more.", f"The reason: {reason}"],
                about=facts(entry.event),
                button="See the event",
                path=entry.event.get_absolute_url(),
            )
        ]
    )
