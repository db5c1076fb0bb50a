"""What is forgotten of attendees: when they leave the site for good, and when there is no more use for it."""

import datetime as dt

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from events.actions import waitlist
from events.actions.giving_back import give_back, why_not_back
from events.models import EventDuty, Order, Ticket, TicketNeeds, TicketTransfer, WaitlistEntry
from members.models import User

KEEP_NEEDS = dt.timedelta(days=30)  # after the event
KEEP_HALF_WAY = dt.timedelta(days=30)  # bookings that were left half way, after their end
KEEP_NAMES = dt.timedelta(days=2 * 365)  # after the event
SOMEBODY, NOWHERE = "Somebody", "gone@nowhere.invalid"
GONE: dict[str, object] = {"name": SOMEBODY, "email": NOWHERE, "organisation": ""}


@transaction.atomic
def erase(user: User) -> None:
    """For somebody who leaves the site: they no longer wait or help anywhere, and tickets to come that can still be
    given back are, by the event's rules. What they came to stays as a number without their name; invoices stay, for the
    books have to be kept.
    """
    for entry in WaitlistEntry.objects.open().filter(buyer=user).order_by("event", "pk"):
        waitlist.leave(entry, by=None)
    own = Ticket.objects.of(user).valid().filter(event__starts_at__gt=timezone.now())
    for ticket in own.select_related("event", "order").order_by("event", "order", "pk"):
        if not why_not_back(ticket):
            give_back(ticket, by=None, reason="The account was closed.")
    TicketNeeds.objects.filter(ticket__user=user).delete()
    Ticket.objects.filter(user=user).update(**GONE, listed=False)
    EventDuty.objects.filter(user=user).delete()
    WaitlistEntry.objects.filter(buyer=user).exclude(state__in=WaitlistEntry.OPEN).update(
        buyer_name=SOMEBODY, buyer_email=NOWHERE, **GONE
    )
    Order.objects.filter(buyer=user).update(name=SOMEBODY, email=NOWHERE)
    TicketTransfer.objects.filter(from_user=user).update(from_name=SOMEBODY, from_email=NOWHERE)


def forget_old() -> int:
    """Deletes what people needed a month after the event, and names of bookings that were left half way after a month;
    two years after an event, of whoever has no account, names and addresses. Returns how many rows were touched.

    Due and not yet done: safe to run twice, or a week late.
    """
    now = timezone.now()
    touched = TicketNeeds.objects.filter(ticket__event__ends_at__lte=now - KEEP_NEEDS).delete()[0]
    named = ~Q(email=NOWHERE)
    half_way = Order.objects.filter(named, state=Order.State.EXPIRED, ended_at__lte=now - KEEP_HALF_WAY)
    old = Q(event__ends_at__lte=now - KEEP_NAMES)
    with transaction.atomic():
        left = Ticket.objects.filter(named, order__in=half_way.values("pk"))
        touched += left.update(**GONE, user=None)
        touched += half_way.update(name=SOMEBODY, email=NOWHERE, buyer=None)
        touched += TicketTransfer.objects.filter(
            ~Q(from_email=NOWHERE), ticket__event__ends_at__lte=now - KEEP_NAMES
        ).update(from_name=SOMEBODY, from_email=NOWHERE, to_name=SOMEBODY, to_email=NOWHERE)
        touched += Ticket.objects.filter(named, old, user=None).update(**GONE, listed=False)
        touched += Order.objects.filter(named, old, buyer=None).update(name=SOMEBODY, email=NOWHERE)
        touched += (
            WaitlistEntry.objects.filter(named, old)
            .exclude(state__in=WaitlistEntry.OPEN)
            .update(buyer_name=SOMEBODY, buyer_email=NOWHERE, **GONE)
        )
    return touched
