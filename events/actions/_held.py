"""What is held and not booked: whether it is paid by now, and its end."""

from django.utils import timezone

from events.actions._places import end_order, end_tickets
from events.emails import tickets as emails
from events.models import Order, Ticket, WaitlistEntry
from members.actions.invoices import lock as lock_invoices
from members.actions.invoices import take_back
from members.models import User

Offer = WaitlistEntry.State


def is_paid(order: Order) -> bool:
    """Whether the money for a locked booking is there. Its invoice is locked from here on: none comes in between."""
    if order.invoice is None:
        return False
    [order.invoice] = lock_invoices(order.invoice)
    return order.invoice.granted_at is not None


def expire(order: Order, *, by: User | None, offer: str) -> None:
    """Ends a held booking, and the wait that it was offered to, as `offer` says. The booking and its event are locked;
    whoever calls moves the waitlist on. An invoice that was to be paid by card is taken back.
    """
    end_tickets(list(order.tickets.standing().select_for_update()), state=Ticket.State.EXPIRED, by=by)
    end_order(order, Order.State.EXPIRED)
    for entry in WaitlistEntry.objects.filter(order=order, state=Offer.OFFERED).select_for_update():
        end_entry(entry, offer)
        if offer == Offer.MISSED:
            emails.offer_missed(entry)
    if order.invoice is not None:
        take_back(order.invoice, reason="The booking was not paid for in time.", by=by, mailed=False)


def end_entry(entry: WaitlistEntry, state: str) -> None:
    entry.state, entry.ended_at = state, timezone.now()
    entry.save(update_fields=["state", "ended_at"])
