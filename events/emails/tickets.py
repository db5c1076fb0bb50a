"""The mails about bookings, tickets and the waitlist. They always come: each answers something that was done."""

from collections.abc import Sequence
from decimal import Decimal

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from events.calendar import ticket_ics
from events.emails._news import news
from events.models import Event, Order, Ticket, TicketTransfer, WaitlistEntry
from events.wording import facts
from linkworkers.outbox.actions import Draft, queue_all
from linkworkers.templatetags import pounds


def booked(order: Order, tickets: Sequence[Ticket]) -> None:
    """To whoever booked, and to each attendee with the event for their calendar; one mail where that is one person."""
    queue_all([_booked(order, tickets), *(ticket_mail(each) for each in tickets if each.email != order.email)])


def _booked(order: Order, tickets: Sequence[Ticket]) -> Draft:
    event = order.event
    own = next((ticket for ticket in tickets if ticket.email == order.email), None)
    paying: dict[str, str] = {
        Order.Pays.INVOICE: f"The invoice, {order.invoice}, comes with a mail of its own.",
        Order.Pays.CARD: "Thank you for your payment. The receipt comes with a mail of its own.",
    }
    names = "\n".join(f"{ticket.name}, {ticket.type}: {pounds(ticket.total)}" for ticket in tickets)
    others = any(ticket.email != order.email for ticket in tickets)
    return news(
        key=f"event-booked:{order.pk}",
        kind="event-booked",
        to=order.email,
        name=order.name,
        subject=f"Booked: {event}",
        lines=["This is booked:", names, paying.get(order.pays, "")],
        about=[*facts(event), ("Booking", order.reference), ("Join online", event.online_link if own else "")],
        button="See the booking and its tickets",
        path=reverse("event_order", args=[order.key]),
        more=["Everybody else has their ticket by a mail of their own." if others else "", _needs_line(own)],
        calendar=ticket_ics(own) if own else "",
    )


def _needs_line(ticket: Ticket | None) -> str:
    return "Tell us on your ticket’s page what you need: access, food, a quiet room." if ticket else ""


def ticket_mail(ticket: Ticket) -> Draft:
    """To an attendee: their ticket, with the event for their calendar. Once for whoever has it."""
    event = ticket.event
    return news(
        key=f"event-ticket:{ticket.pk}:{ticket.key}",
        kind="event-ticket",
        to=ticket.email,
        name=ticket.name,
        subject=f"Your ticket: {event}",
        lines=[f"you have a ticket for {event}. Show its code at the door, on your telephone or on paper."],
        about=[*facts(event), ("Ticket", ticket.type.name), ("Join online", event.online_link)],
        button="Open your ticket",
        path=reverse("event_ticket", args=[ticket.key]),
        more=[_needs_line(ticket), "If you cannot come, give the ticket back or hand it on there."],
        calendar=ticket_ics(ticket),
    )


def waiting(event: Event, entries: Sequence[WaitlistEntry]) -> None:
    """To whoever asked: they are on the waitlist, and what happens next."""
    queue_all(
        news(
            key=f"waitlist-joined:{entry.pk}",
            kind="waitlist-joined",
            to=entry.buyer_email,
            name=entry.buyer_name,
            subject=f"On the waitlist: {event}",
            lines=[
                f"all places at {event} are taken. {entry.name} is on the waitlist for “{entry.type}”.",
                f"When a place is free and it is your turn, we hold it for you and write to you. You then have "
                f"{event.offer_hours} hours to take it, less when the event is near.",
            ],
            about=facts(event),
            button="See where you stand, or leave the list",
            path=reverse("event_wait", args=[entry.key]),
        )
        for entry in entries
    )


def offered(entry: WaitlistEntry, order: Order) -> None:
    """To whoever waited: a place is held for them, until when, and how to take it."""
    until = date_format(timezone.localtime(order.held_until), "l j F, H:i")
    queue_all(
        [
            news(
                key=f"waitlist-offer:{order.pk}",
                kind="waitlist-offer",
                to=entry.buyer_email,
                name=entry.buyer_name,
                subject=f"A place is free: {order.event}",
                lines=[
                    f"a place at {order.event} is held for {entry.name} until {until}. After that it goes to the next."
                ],
                about=facts(order.event),
                button="Take the place",
                path=reverse("event_order", args=[order.key]),
                more=["If you no longer want it, say so there, and somebody else need not wait."],
            )
        ]
    )


def offer_missed(entry: WaitlistEntry) -> None:
    """To whoever did not take an offer in time: it went to the next."""
    queue_all(
        [
            news(
                key=f"waitlist-missed:{entry.pk}",
                kind="waitlist-missed",
                to=entry.buyer_email,
                name=entry.buyer_name,
                subject=f"The place went to the next: {entry.event}",
                lines=[f"the place at {entry.event} that we held for {entry.name} was not taken in time."],
                button="Join the waitlist again",
                path=entry.event.get_absolute_url(),
            )
        ]
    )


def given_back(ticket: Ticket, amount: Decimal) -> None:
    """To the attendee, for their calendar, and to the buyer, about the money."""
    event, order = ticket.event, ticket.order
    money = f"{pounds(amount)} of the invoice is taken back. If it was paid, we pay that back." if amount else ""
    if ticket.total and not amount:
        money = "Nothing of what it cost is paid back, by the rules of this event."
    why = f"The reason: {ticket.end_reason}" if ticket.end_reason else ""
    people = {ticket.email: ticket.name, order.email: order.name}
    queue_all(
        news(
            key=f"ticket-back:{ticket.pk}:{to}",
            kind="ticket-back",
            to=to,
            name=name,
            subject=f"Ticket given back: {event}",
            lines=[f"the ticket of {ticket.name} for {event} is given back.", why, money if to == order.email else ""],
            about=facts(event),
            button="See the event",
            path=event.get_absolute_url(),
            calendar=ticket_ics(ticket, cancelled=True) if to == ticket.email else "",
        )
        for to, name in people.items()
    )


def handed_on(ticket: Ticket, transfer: TicketTransfer) -> None:
    """To whoever has the ticket now, and to whoever had it: their old code opens nothing."""
    mails = [ticket_mail(ticket)]
    if transfer.from_email != transfer.to_email:
        mails.append(
            news(
                key=f"ticket-handed-on:{transfer.pk}",
                kind="ticket-handed-on",
                to=transfer.from_email,
                name=transfer.from_name,
                subject=f"Ticket handed on: {ticket.event}",
                lines=[
                    f"your ticket for {ticket.event} is {transfer.to_name}’s now. Your old one opens no door any more."
                ],
                button="See the event",
                path=ticket.event.get_absolute_url(),
                calendar=ticket_ics(ticket, cancelled=True),
            )
        )
    queue_all(mails)
