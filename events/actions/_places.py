"""Giving and freeing places: the only module that makes tickets and ends them."""

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.utils import timezone

from events.actions.wishes import SoldOut, Wish
from events.models import DiscountCode, Event, ItemPlace, Order, Ticket, TicketNeeds, TicketType
from linkworkers.actions import Refused
from members.models import User
from members.models.money import to_pence

State = Ticket.State
# Which constraint is broken when the last place is gone, and when a code is used up.
FULL = frozenset({"event_not_over_full", "ticket_type_not_over_sold"})
USED_UP = "discount_not_over_used"


def lock_event(event: Event | int) -> Event:
    """The event as it is now; whoever gives or frees places there waits until the transaction ends."""
    key = event if isinstance(event, int) else event.pk
    return Event.objects.select_for_update(no_key=True).get(pk=key)


def accounts_of(emails: Iterable[str]) -> dict[str, User]:
    """Whose verified addresses these are."""
    found = EmailAddress.objects.filter(email__in={*emails}, verified=True, user__is_active=True).select_related("user")
    return {each.email: each.user for each in found}


def give(
    order: Order, wishes: Sequence[Wish], *, discount: DiscountCode | None = None, state: str = State.HELD
) -> None:
    """Saves the booking with its tickets, which take their places, all or none.

    Raises SoldOut when there are not as many, Refused when the code is used up; then nothing was saved.
    """
    accounts = accounts_of(wish.email for wish in wishes)
    try:
        with transaction.atomic():
            order.save()
            Ticket.objects.bulk_create(
                _ticket(order, wish, discount, accounts.get(wish.email), state)
                for wish in sorted(wishes, key=lambda wish: wish.type.pk)
            )
    except IntegrityError as error:
        broken = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "")
        order.pk = None
        order._state.adding = True
        if broken in FULL:
            raise SoldOut(left_for(order.event_id, {wish.type.pk for wish in wishes})) from error
        if broken == USED_UP:
            raise Refused("This code has been used as often as it may be. Book without it.") from error
        raise


def _ticket(order: Order, wish: Wish, discount: DiscountCode | None, user: User | None, state: str) -> Ticket:
    off = discount.off(wish.type.price) if discount else Decimal(0)
    price = wish.type.price - off
    return Ticket(
        order=order,
        event_id=order.event_id,
        type=wish.type,
        state=state,
        user=user,
        name=wish.name,
        email=wish.email,
        organisation=wish.organisation,
        discount=discount if off else None,
        price=price,
        off=off,
        vat_rate=wish.type.vat_rate,
        vat=to_pence(price * wish.type.vat_rate / 100),
    )


def left_for(event: int, types: Iterable[int]) -> int:
    """How many tickets of all of these types together could be given just now: what is left where it is scarcest."""
    room = Event.objects.only("capacity", "taken").get(pk=event).free
    frees = (each.free for each in TicketType.objects.filter(pk__in=types))
    return min([room, *(free for free in frees if free is not None)])


def end_tickets(tickets: Sequence[Ticket], *, state: str, by: User | None, reason: str = "") -> None:
    """Frees the places of standing tickets, which are locked, as is their event. What belongs to them alone goes."""
    keys = [ticket.pk for ticket in tickets]
    TicketNeeds.objects.filter(pk__in=keys).delete()
    for place in ItemPlace.objects.filter(ticket__in=keys).order_by("item", "pk"):
        place.delete()
    now = timezone.now()
    for ticket in tickets:
        ticket.state, ticket.ended_at, ticket.ended_by, ticket.end_reason = state, now, by, reason
        ticket.listed = False
        ticket.save(update_fields=["state", "ended_at", "ended_by", "end_reason", "listed", "credited"])


def end_order(order: Order, state: str) -> None:
    order.state, order.ended_at = state, timezone.now()
    order.save(update_fields=["state", "ended_at"])


def lock_order(key: int) -> Order:
    """A booking as it is now, with its event; locked until the transaction ends."""
    return Order.objects.select_related("event", "buyer", "invoice").select_for_update(of=("self",)).get(pk=key)


def lock_ticket(key: int) -> Ticket:
    """A ticket as it is now, with its booking, event and type; locked until the transaction ends."""
    rows = Ticket.objects.select_related("order__buyer", "event", "type", "user")
    return rows.select_for_update(of=("self",)).get(pk=key)


def offer_ends(event: Event, now: dt.datetime) -> dt.datetime:
    """Until when an offer made now can be taken: the event's hours, or half of what is left before it begins."""
    return min(now + dt.timedelta(hours=event.offer_hours), now + (event.starts_at - now) / 2)
