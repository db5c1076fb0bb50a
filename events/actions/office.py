"""What the office does for people: books for them, sends things again, gives more time, takes somebody off a list."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from events import permissions
from events.actions import booking, waitlist
from events.actions._places import accounts_of, lock_event, lock_order
from events.actions.wishes import Buyer, Wish
from events.emails import office as emails
from events.models import Event, Order, Ticket, WaitlistEntry
from linkworkers.actions import Refused
from linkworkers.audit.actions import record
from members.models import User

LONGEST_HOLD = dt.timedelta(days=7)


def _refuse_others(by: User) -> None:
    if not permissions.can_run_events(by):
        raise PermissionDenied


@transaction.atomic
def book_for(
    event: Event,
    wishes: Sequence[Wish],
    *,
    complimentary: bool,
    bill_to: str = "",
    address: str = "",
    purchase_order: str = "",
    by: User,
) -> Order:
    """Books for people who asked the office; whoever comes first in `wishes` gets the booking and its mails.

    `complimentary` makes the tickets cost nothing; else what they cost goes on an invoice. Sale windows and who a
    ticket is for are the office's to say; places are not: raises SoldOut when none is left, however many wait.
    """
    _refuse_others(by)
    order = booking.hold(event, wishes, buyer=Buyer(wishes[0].name, wishes[0].email, by), how=Order.How.OFFICE)
    order.buyer = accounts_of([order.email]).get(order.email)
    order.save(update_fields=["buyer"])
    if complimentary:
        order.tickets.update(off=F("off") + F("price"), price=Decimal(0), vat=Decimal(0))
    facts = {"event": event.slug, "tickets": len(wishes), "complimentary": complimentary}
    record("booking.made_by_office", by=by, subject=order, summary=order.reference, facts=facts)
    return booking.confirm(
        order,
        pays=Order.Pays.INVOICE,
        bill_to=bill_to,
        address=address,
        purchase_order=purchase_order,
        by=by,
    )


@transaction.atomic
def send_again(order: Order, *, by: User) -> int:
    """Mails the booking to its buyer and each valid ticket to whoever has it, once more. Returns how many mails.

    Raises Refused when it is not booked.
    """
    _refuse_others(by)
    locked = lock_order(order.pk)
    if not locked.is_confirmed:
        raise Refused("Only what is booked has tickets to send.")
    tickets = list(locked.tickets.valid().select_related("event", "type", "user"))
    written = record("booking.sent_again", by=by, subject=locked, summary=locked.reference)
    return emails.again(locked, tickets, key=str(written.pk))


@transaction.atomic
def extend_hold(order: Order, *, until: dt.datetime, by: User) -> Order:
    """Keeps the places of a held booking, or of an offer, until then. Raises Refused when it is not held any more, or
    the time is not between what it has and a week from now.
    """
    _refuse_others(by)
    locked = lock_order(order.pk)
    if not locked.is_held:
        raise Refused("This booking is not held any more.")
    now = timezone.now()
    if until <= max(now, locked.held_until or now) or until > now + LONGEST_HOLD:
        raise Refused("Write a time later than it has now, within a week.")
    before, locked.held_until = locked.held_until, until
    locked.save(update_fields=["held_until"])
    facts = {"until": [before.isoformat() if before else "", until.isoformat()]}
    record("booking.hold_extended", by=by, subject=locked, summary=locked.reference, facts=facts)
    return locked


@transaction.atomic
def take_off_list(entry: WaitlistEntry, *, reason: str, by: User) -> WaitlistEntry:
    """Ends somebody's wait and tells them why. Raises Refused when they have the place; done twice, it is done once."""
    _refuse_others(by)
    was_open = entry.state in WaitlistEntry.OPEN
    left = waitlist.leave(entry, by=by)
    if was_open and left.state == WaitlistEntry.State.LEFT:
        record("waitlist.taken_off", by=by, subject=left, facts={"reason": reason})
        emails.taken_off(left, reason=reason)
    return left


@transaction.atomic
def delete_draft(event: Event, *, by: User) -> None:
    """Deletes a draft with its programme. Raises Refused where anything hangs on it that somebody may ask about."""
    _refuse_others(by)
    locked = lock_event(event)
    if locked.is_public:
        raise Refused("It was announced. Cancel it instead: its page stays and says why.")
    if locked.orders.exists() or locked.waitlist.exists() or Ticket.objects.filter(event=locked).exists():
        raise Refused("Somebody has booked or waited for it, so it stays.")
    if locked.copies.exists():
        raise Refused("Another event was copied from it, so it stays.")
    record("event.deleted", by=by, subject=locked, summary=str(locked))
    locked.delete()
