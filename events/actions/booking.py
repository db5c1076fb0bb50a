"""Booking: places are held, then somebody says how they are paid for. What is left half way is freed."""

from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from events import permissions
from events.actions import waitlist
from events.actions._held import end_entry, expire, is_paid
from events.actions._places import give, left_for, lock_event, lock_order
from events.actions.wishes import Buyer, SoldOut, Wish
from events.emails import tickets as emails
from events.models import (
    HELD_FOR,
    HELD_FOR_CARD,
    MOST_AT_ONCE,
    MOST_OF_A_BLOCK,
    DiscountCode,
    Event,
    Order,
    Ticket,
    WaitlistEntry,
)
from linkworkers.actions import Refused
from linkworkers.audit.actions import record
from members.actions.invoices import Line, raise_invoice
from members.emails.money import invoice_raised
from members.models import User

TOO_LATE = "The time for this booking was over, and its places have gone to others. Begin again to see what is left."
State = Order.State
TRIES = 5  # at a place that comes and goes while we ask for it


@transaction.atomic
def hold(event: Event, wishes: Sequence[Wish], *, buyer: Buyer, code: str = "", how: str = Order.How.BOOKED) -> Order:
    """Takes the places for fifteen minutes, all of them or none; returns the booking.

    Raises SoldOut when there are not as many left, and Refused when a ticket is not on sale, not for whom it is wished,
    or the code is not good. What others left half way is freed first when nothing else is left.
    """
    _refuse_unfit(event, wishes, buyer, at_door=how == Order.How.WALK_IN)
    discount = _discount(event, wishes, code)
    types = {wish.type.pk for wish in wishes}
    if left_for(event.pk, types) < len(wishes):
        expire_lapsed(event)
        if (left := left_for(event.pk, types)) < len(wishes):
            raise SoldOut(left)
    order = Order(
        event=event,
        how=how,
        buyer=buyer.user,
        name=buyer.name,
        email=buyer.email,
        held_until=timezone.now() + HELD_FOR,
    )
    give(order, wishes, discount=discount)
    _refuse_second(event, wishes)
    return order


@transaction.atomic
def hold_or_wait(
    event: Event, wishes: Sequence[Wish], *, buyer: Buyer, code: str = ""
) -> tuple[Order | None, list[WaitlistEntry]]:
    """The booking or, where all places are taken, places on the waitlist. Raises as `hold` and `waitlist.join` do.

    A place that is given back after we looked, or goes while we ask, is asked for again rather than refused.
    """
    for _ in range(TRIES):
        try:
            return hold(event, wishes, buyer=buyer, code=code), []
        except SoldOut as sold_out:
            if 0 < sold_out.left < len(wishes):
                raise
        try:
            return None, waitlist.join(event, wishes, buyer=buyer)
        except SoldOut as free:
            if free.left < len(wishes):
                raise
    raise Refused("Many people are booking just now. Try again in a minute.")


def _refuse_unfit(event: Event, wishes: Sequence[Wish], buyer: Buyer, *, at_door: bool) -> None:
    office = buyer.user is not None and permissions.can_run_events(buyer.user)
    if event.is_cancelled or not event.is_public or event.is_over:
        raise Refused(f"There are no tickets for {event} any more.")
    if not wishes:
        raise Refused("Choose at least one ticket.")
    for type_ in {wish.type for wish in wishes}:
        count = sum(wish.type == type_ for wish in wishes)
        most = MOST_OF_A_BLOCK if type_.audience == type_.Audience.EMPLOYER else MOST_AT_ONCE
        if type_.event_id != event.pk:
            raise Refused("This ticket is of another event.")
        if not type_.is_on_sale and not office and not at_door:  # sales often end before the day
            raise Refused(f"“{type_}” is not on sale {'yet' if type_.is_before_sale else 'any more'}.")
        if count < type_.least:
            raise Refused(f"“{type_}” is a block: book at least {type_.least} at once.")
        if count > most:
            raise Refused(f"Book at most {most} of “{type_}” at once. Write to the office about more.")
    if not office and (why := permissions.why_not_for(event, [(wish.type, wish.email) for wish in wishes], buyer.user)):
        raise Refused(why)


def _refuse_second(event: Event, wishes: Sequence[Wish]) -> None:
    """Refuses a second ticket of those that are for one person. The event is locked by now, so of two at once the later
    one sees the first.
    """
    emails = [wish.email for wish in wishes if wish.type.audience in permissions.PERSONAL]
    if not emails:
        return
    standing = Ticket.objects.standing().filter(event=event, email__in=emails, type__audience__in=permissions.PERSONAL)
    seen: set[str] = set()
    for email in standing.values_list("email", flat=True):
        if email in seen:
            raise Refused(f"{email} has a ticket for {event} already, or one is being booked for them just now.")
        seen.add(email)


def _discount(event: Event, wishes: Sequence[Wish], typed: str) -> DiscountCode | None:
    """The code that was typed, in whichever case; None when none was. Raises Refused when it is no good."""
    code = "".join(typed.split()).upper()
    if not code:
        return None
    found = DiscountCode.objects.filter(event=event, code=code).first()
    if found is None:
        raise Refused("We do not know this code for this event. Look at how it is spelt, or book without it.")
    if not found.is_valid_at(timezone.now()):
        raise Refused("This code is not valid today. Book without it.")
    fits = {each.pk for each in found.types.all()}
    if fits and not all(wish.type.pk in fits for wish in wishes):
        raise Refused("This code is not for all of the tickets that you chose. Book the others by themselves.")
    if found.limit is not None and found.used + len(wishes) > found.limit:
        raise Refused("This code has been used as often as it may be. Book without it.")
    return found


@transaction.atomic
def confirm(
    order: Order,
    *,
    pays: str = "",
    bill_to: str = "",
    address: str = "",
    purchase_order: str = "",
    by: User | None,
) -> Order:
    """Says how a held booking is paid for, and with that it is booked. Done twice, it is done once.

    By invoice, the invoice is mailed and the tickets are valid at once. By card, its places are held while the buyer is
    on the card company's page; `confirm_paid` books it when the money is there. What costs nothing needs nothing.
    Whoever calls has its link or may change it. Raises Refused when its time was over and somebody else has the places.
    """
    locked = lock_order(order.pk)
    if locked.is_confirmed:
        return locked
    if not locked.is_held:
        raise Refused(TOO_LATE)
    if locked.event.is_cancelled:
        raise Refused(f"{locked.event} was cancelled.")
    tickets = list(locked.tickets.standing().select_related("type"))
    if not locked.total:
        locked.pays = Order.Pays.NOTHING
    elif pays in (Order.Pays.INVOICE, Order.Pays.CARD):
        locked.pays, locked.bill_to, locked.address = pays, bill_to or locked.name, address
        locked.purchase_order = purchase_order
        if locked.invoice is None:
            locked.invoice = raise_invoice(
                lines=[_line(ticket) for ticket in tickets if ticket.total],
                bill_to=locked.bill_to,
                address=address,
                email=locked.email,
                buyer=locked.buyer,
                page="" if locked.buyer else reverse("event_order", args=[locked.key]),
                purchase_order=purchase_order,
                by=by,
                mailed=pays == Order.Pays.INVOICE,
            )
        elif pays == Order.Pays.INVOICE:  # by card after all was not to be
            invoice_raised(locked.invoice)
    else:
        raise Refused("Say how you want to pay.")
    if locked.pays == Order.Pays.CARD:
        locked.held_until = max(locked.held_until or timezone.now(), timezone.now() + HELD_FOR_CARD)
        locked.save()
        return locked
    locked.save()
    _book(locked, by=by)
    return locked


def _line(ticket: Ticket) -> Line:
    """One ticket is one line, so that giving one back takes back exactly what it cost."""
    what = f"{ticket.event}: {ticket.type}, {ticket.name}"
    return Line(what[:300], 1, ticket.price, ticket.vat_rate)


def _book(order: Order, *, by: User | None) -> None:
    order.state, order.confirmed_at = State.CONFIRMED, timezone.now()
    order.save(update_fields=["state", "confirmed_at"])
    order.tickets.filter(state=Ticket.State.HELD).update(state=Ticket.State.VALID)
    for entry in WaitlistEntry.objects.filter(order=order, state=WaitlistEntry.State.OFFERED).select_for_update():
        end_entry(entry, WaitlistEntry.State.TAKEN)
    tickets = list(order.tickets.valid().select_related("event", "type", "user"))
    facts = {"event": order.event.slug, "tickets": len(tickets), "total": str(order.total), "pays": order.pays}
    record("booking.confirmed", by=by, subject=order, summary=order.reference, facts=facts)
    emails.booked(order, tickets)


def confirm_paid() -> int:
    """Books what was paid for by card meanwhile. Safe to run twice, or two at once; returns how many."""
    due = Order.objects.filter(state=State.HELD, pays=Order.Pays.CARD, invoice__granted_at__isnull=False)
    booked = 0
    for key in list(due.values_list("pk", flat=True)):
        with transaction.atomic():
            locked = lock_order(key)
            if locked.is_held:
                _book(locked, by=locked.buyer)
                booked += 1
    return booked


@transaction.atomic
def abandon(order: Order, *, by: User | None) -> Order:
    """Gives up a held booking, so that its places go to others. Done twice, it is done once.

    Whoever calls has its link or may change it. Raises Refused when it is booked: then tickets are given back.
    """
    lock_event(order.event_id)
    locked = lock_order(order.pk)
    if locked.is_confirmed:
        raise Refused("This is booked by now. Give the tickets back instead.")
    if locked.is_held:
        if is_paid(locked):
            raise Refused("This has just been paid for. Give the tickets back instead.")
        expire(locked, by=by, offer=WaitlistEntry.State.LEFT)
        waitlist.move_on(lock_event(order.event_id))
    return locked


@transaction.atomic
def expire_lapsed(event: Event) -> int:
    """Frees what was left half way at one event, and offers that nobody took, and moves its waitlist on.

    What has been paid for by card is booked instead. Returns how many bookings were freed.
    """
    if not Order.objects.lapsed().filter(event=event).exists():
        return 0
    locked_event = lock_event(event)
    freed = 0
    for key in Order.objects.lapsed().filter(event=event).order_by("pk").values_list("pk", flat=True):
        order = lock_order(key)
        if not order.is_held or (order.held_until and order.held_until > timezone.now()):
            continue  # booked, or being paid for, since we looked
        if is_paid(order):
            _book(order, by=order.buyer)
            continue
        expire(order, by=None, offer=WaitlistEntry.State.MISSED)
        freed += 1
    if freed:
        waitlist.move_on(locked_event)
    return freed


def expire_all_lapsed() -> int:
    """The same at every event, each in a transaction of its own. Safe to run twice, or two at once."""
    events = Event.objects.filter(orders__in=Order.objects.lapsed()).distinct()
    return sum(expire_lapsed(event) for event in list(events))


def refuse_stranger(order: Order, by: User | None) -> None:
    """Raises PermissionDenied unless somebody may change a booking without its link."""
    if not permissions.can_change_order(by, order):
        raise PermissionDenied
