"""Giving tickets back: what is paid back, and who gets the place."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from events import permissions
from events.actions import waitlist
from events.actions._places import end_order, end_tickets, lock_event, lock_order
from events.actions._tickets import lock_seen
from events.emails import tickets as emails
from events.models import Event, Order, Ticket, TicketNeeds
from linkworkers.actions import Refused
from linkworkers.audit.actions import record
from members.actions.invoices import lock as lock_invoices
from members.actions.invoices import take_back
from members.models import User
from members.models.money import ZERO, to_pence


@dataclass(frozen=True)
class Return:
    """What giving a ticket back now brings: `amount` pounds of what it cost, because of `why`."""

    amount: Decimal
    why: str


def return_of(ticket: Ticket, *, now: dt.datetime | None = None) -> Return:
    """What the event's rules give for a ticket today; nothing is changed. Needs `event`."""
    now = now or timezone.now()
    event = ticket.event
    left = ticket.total - ticket.credited
    if not ticket.total:
        return Return(ZERO, "It cost nothing.")
    if event.is_cancelled:
        return Return(left, "The event was cancelled.")
    if event.free_return_until and now <= event.free_return_until:
        return Return(left, "The event was moved.")
    if now <= (event.refund_until or event.starts_at):
        return Return(left, "In time for all of it.")
    percent = event.late_refund_percent
    return Return(min(left, to_pence(ticket.total * percent / 100)), f"Late: {percent} per cent.")


def why_not_back(ticket: Ticket, *, by_office: bool = False) -> str:
    """Why this ticket cannot be given back, in a sentence; empty when it can. Needs `event`."""
    if not ticket.is_valid:
        return "This ticket is not valid any more."
    if ticket.arrived_at is not None:
        return "Somebody was let in with this ticket, so it cannot be given back."
    if ticket.event.has_begun and not by_office:
        return f"{ticket.event} has begun. Write to the office."
    return ""


@transaction.atomic
def give_back(
    ticket: Ticket, *, by: User | None, reason: str = "", amount: Decimal | None = None, moves_on: bool = True
) -> Ticket:
    """Ends a valid ticket. Its place goes to the next who waits; what the rules give for it is taken off its invoice,
    and if that was paid, the office pays it back. Holder and buyer are told.

    `amount` is the office's own, in pounds. Whoever calls has its link or may change it. Given back already, nothing is
    done. Raises Refused when somebody was let in with it, it was handed on meanwhile, or the event has begun.
    """
    office = by is not None and permissions.can_run_events(by)
    event = lock_event(ticket.event_id)
    order = lock_order(ticket.order_id)
    locked = lock_seen(ticket)
    if locked.state == Ticket.State.CANCELLED:
        return locked
    if why := why_not_back(locked, by_office=office):
        raise Refused(why)
    back = return_of(locked)
    if amount is not None and office:
        if not 0 <= amount <= locked.total - locked.credited:
            raise Refused(f"It cost £{locked.total}. Write an amount up to that.")
        back = Return(amount, "As the office said.")
    needed = TicketNeeds.objects.filter(ticket=locked).exists()
    amount = _credit(order, locked, back.amount, by)
    locked.credited += amount
    end_tickets([locked], state=Ticket.State.CANCELLED, by=by, reason=reason)
    if not order.tickets.standing().exists():
        end_order(order, Order.State.CANCELLED)
    facts = {"event": event.slug, "booking": order.reference, "back": str(amount), "why": back.why}
    record("ticket.given_back", by=by, subject=locked, summary=order.reference, facts=facts | {"had_needs": needed})
    emails.given_back(locked, amount)
    if moves_on:
        waitlist.move_on(event)
    return locked


def _credit(order: Order, ticket: Ticket, amount: Decimal, by: User | None) -> Decimal:
    """Takes the amount off the invoice, as far as the office has not taken more of it back by itself; returns what was
    taken off.
    """
    if not amount or order.invoice is None:
        return ZERO
    [invoice] = lock_invoices(order.invoice)
    taken = invoice.credit_notes.aggregate(sum=Sum("total"))["sum"] or ZERO
    amount = min(amount, invoice.total - taken)
    if amount > 0:
        take_back(invoice, amount=amount, reason=f"Ticket of {ticket.name} given back.", by=by)
    return amount


@transaction.atomic
def return_all(event: Event, *, reason: str, by: User) -> int:
    """Ends every valid ticket of a locked event that was called off, with all that they cost. Returns how many."""
    tickets = Ticket.objects.valid().filter(event=event, arrived_at=None).order_by("order", "pk")
    for ticket in list(tickets):
        give_back(ticket, by=by, reason=reason, moves_on=False)
    return len(tickets)
