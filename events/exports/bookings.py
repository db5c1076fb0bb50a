"""What is kept of somebody's tickets, of what they booked for others, and of what they waited for."""

from collections.abc import Iterator

from events.models import EventDuty, Order, Ticket, TicketTransfer, WaitlistEntry
from linkworkers.export import Row, Section
from members.exports import Lazy
from members.models import User


def tickets(user: User) -> Section:
    return Section(
        key="event-tickets",
        title="Events you came to, or will come to",
        why="To let you in, to write to you before and after, and to have there what you need. What you need is "
        "deleted a month after the event.",
        rows=Lazy(_tickets, user),
        covers=frozenset({"events.ticket.user", "events.tickettransfer.from_user"}),
    )


def _tickets(user: User) -> Iterator[Row]:
    rows = (
        Ticket.objects.of(user).select_related("event", "type", "needs").prefetch_related("places__item", "check_ins")
    )
    for each in rows.order_by("pk").iterator(chunk_size=200):
        needs = getattr(each, "needs", None)
        yield {
            "event": each.event.title,
            "ticket": each.type.name,
            "state": each.get_state_display(),
            "name": each.name,
            "e-mail address": each.email,
            "organisation": each.organisation,
            "on the list of who comes": each.listed,
            "what you need": "; ".join(filter(None, needs.lines)) if needs else "",
            "sessions you chose": ", ".join(place.item.title for place in each.places.all()),
            "let in": ", ".join(f"{check_in.at:%Y-%m-%d %H:%M}" for check_in in each.check_ins.all()),
        }
    for handed in TicketTransfer.objects.filter(from_user=user).select_related("ticket__event").order_by("pk"):
        yield {"event": handed.ticket.event.title, "handed on": handed.at, "to": handed.to_name}


def bookings(user: User) -> Section:
    return Section(
        key="event-bookings",
        title="What you booked at events, and waited for",
        why="To give places, and for the books. Invoices stay for as long as the law wants them.",
        rows=Lazy(_bookings, user),
        covers=frozenset({"events.order.buyer", "events.waitlistentry.buyer"}),
    )


def _bookings(user: User) -> Iterator[Row]:
    orders = Order.objects.filter(buyer=user).select_related("event", "invoice").prefetch_related("tickets")
    for each in orders.order_by("pk").iterator(chunk_size=200):
        yield {
            "event": each.event.title,
            "booking": each.reference,
            "booked": each.confirmed_at,
            "state": each.get_state_display(),
            "invoice": str(each.invoice or ""),
            "for": ", ".join(ticket.name for ticket in each.tickets.all()),
        }
    for entry in WaitlistEntry.objects.filter(buyer=user).select_related("event", "type").order_by("pk"):
        yield {
            "event": entry.event.title,
            "waitlist for": entry.type.name,
            "since": entry.joined_at,
            "state": entry.get_state_display(),
            "for": entry.name,
        }


def duties(user: User) -> Section:
    return Section(
        key="event-duties",
        title="Events you help at",
        why="To open the pages of what you do there.",
        rows=Lazy(_duties, user),
        covers=frozenset({"events.eventduty.user"}),
    )


def _duties(user: User) -> Iterator[Row]:
    for each in EventDuty.objects.filter(user=user).select_related("event").order_by("pk"):
        yield {"event": each.event.title, "what you do": each.get_duty_display()}
