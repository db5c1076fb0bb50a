"""Who waits, and who is next."""

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone

from events import permissions
from events.actions._held import end_entry, expire, is_paid
from events.actions._places import give, left_for, lock_event, lock_order, offer_ends
from events.actions.wishes import Buyer, SoldOut, Wish
from events.emails import tickets as emails
from events.models import Event, Order, Ticket, TicketType, WaitlistEntry
from linkworkers.actions import Refused
from linkworkers.audit.actions import record
from members.models import User

State = WaitlistEntry.State


@transaction.atomic
def join(event: Event, wishes: Sequence[Wish], *, buyer: Buyer) -> list[WaitlistEntry]:
    """Puts people on the waitlist, at its end, in the order of the wishes; writes to whoever asked.

    Raises SoldOut when some places are left (`left`), for then they can be booked, and Refused when somebody is on it
    for the same ticket already, has such a ticket, or the event has begun. Whoever calls has decided that the types are
    for them. Of several types some may have places left while others are why they wait: those are offered at once.
    """
    locked = lock_event(event)
    if locked.is_cancelled or locked.has_begun:
        raise Refused(
            f"{locked} {'was cancelled' if locked.is_cancelled else 'has begun'}. Nobody waits for it any more."
        )
    if left := left_for(locked.pk, {wish.type.pk for wish in wishes}):
        raise SoldOut(left)
    for wish in wishes:
        if _has_one(locked, wish.type, wish.email):
            raise Refused(f"{wish.email} has a ticket for {locked} already, or one is being booked for them just now.")
    try:
        with transaction.atomic():
            entries = WaitlistEntry.objects.bulk_create(
                WaitlistEntry(
                    event=locked,
                    type=wish.type,
                    buyer=buyer.user,
                    buyer_name=buyer.name,
                    buyer_email=buyer.email,
                    name=wish.name,
                    email=wish.email,
                    organisation=wish.organisation,
                )
                for wish in wishes
            )
    except IntegrityError as error:
        raise Refused(
            "You are on the waitlist for this ticket already. We write to you when it is your turn."
        ) from error
    for entry in entries:
        record("waitlist.joined", by=buyer.user, subject=entry, facts={"event": locked.slug})
    emails.waiting(locked, entries)
    if move_on(locked):
        for entry in entries:
            entry.refresh_from_db()
    return entries


def _has_one(event: Event, type_: TicketType, email: str) -> bool:
    """Whether somebody has a ticket of those of which nobody has two, and this is one of them too."""
    if type_.audience not in permissions.PERSONAL:
        return False
    standing = Ticket.objects.standing().filter(event=event, email=email)
    return standing.filter(type__audience__in=permissions.PERSONAL).exists()


@transaction.atomic
def leave(entry: WaitlistEntry, *, by: User | None) -> WaitlistEntry:
    """Takes somebody off the list, and gives an offer that they had to the next. Done twice, it is done once.

    Whoever calls has their link, or may change it. Raises Refused when they have the place.
    """
    event = lock_event(entry.event_id)  # from here on nobody is offered anything there
    order_id = WaitlistEntry.objects.values_list("order", flat=True).get(pk=entry.pk)
    order = lock_order(order_id) if order_id else None
    locked = WaitlistEntry.objects.select_for_update().get(pk=entry.pk)
    if locked.state == State.TAKEN or (order is not None and order.is_held and is_paid(order)):
        raise Refused("You have a place now. Give the ticket back instead, and it goes to the next.")
    if locked.state not in WaitlistEntry.OPEN:
        return locked
    record("waitlist.left", by=by, subject=locked, facts={"event": event.slug})
    if order is not None and order.is_held:
        expire(order, by=by, offer=State.LEFT)
        move_on(event)
        locked.refresh_from_db()
    else:
        end_entry(locked, State.LEFT)
    return locked


def move_on(event: Event) -> int:
    """Holds each free place of a locked event for the first who can have it, and writes to them.

    Somebody whose ticket has no quota left is passed over and keeps their turn. Nothing is offered once the event has
    begun. Whoever got such a ticket otherwise needs no other: their wait is over. Returns how many offers were made.
    """
    now = timezone.now()
    event.refresh_from_db(fields=["taken", "capacity"])
    made = 0
    if event.is_cancelled or not event.is_public or event.starts_at <= now:
        return made
    while event.free:
        open_types = TicketType.objects.filter(Q(quota=None) | Q(taken__lt=F("quota")), event=event)
        waiting = WaitlistEntry.objects.waiting().filter(type__in=open_types, event=event).select_related("type")
        entry = waiting.select_for_update(of=("self",)).first()
        if entry is None:
            break
        if _has_one(event, entry.type, entry.email):
            end_entry(entry, State.CLOSED)
            record("waitlist.closed", by=None, subject=entry, facts={"event": event.slug})
            continue
        _offer(event, entry)
        event.refresh_from_db(fields=["taken"])
        made += 1
    return made


def _offer(event: Event, entry: WaitlistEntry) -> None:
    order = Order(
        event=event,
        how=Order.How.OFFER,
        buyer_id=entry.buyer_id,
        name=entry.buyer_name,
        email=entry.buyer_email,
        held_until=offer_ends(event, timezone.now()),
    )
    give(order, [Wish(entry.type, entry.name, entry.email, entry.organisation)])
    entry.state, entry.order = State.OFFERED, order
    entry.save(update_fields=["state", "order"])
    record("waitlist.offered", by=None, subject=entry, facts={"event": event.slug, "booking": order.reference})
    emails.offered(entry, order)


def move_all_on() -> int:
    """Moves on every list on which somebody waits while a place is free. Safe to run twice; returns how many offers."""
    ahead = Event.objects.to_come().filter(waitlist__state=State.WAITING, taken__lt=F("capacity")).distinct()
    return sum(move_on_at(event) for event in list(ahead.values_list("pk", flat=True)))


@transaction.atomic
def move_on_at(event: int) -> int:
    """Moves on the list of the event with this key, which nobody has locked. Returns how many offers."""
    return move_on(lock_event(event))


def close_begun() -> int:
    """Ends the wait for events that have begun: nobody is offered a place there any more. Safe to run twice, or two at
    once; returns how many waited in vain.
    """
    begun = Event.objects.filter(waitlist__state=State.WAITING, starts_at__lte=timezone.now()).distinct()
    closed = 0
    for key in list(begun.values_list("pk", flat=True)):
        with transaction.atomic():
            event = lock_event(key)
            if not event.has_begun:
                continue
            for entry in WaitlistEntry.objects.waiting().filter(event=event).select_for_update():
                end_entry(entry, State.CLOSED)
                record("waitlist.closed", by=None, subject=entry, facts={"event": event.slug})
                closed += 1
    return closed
