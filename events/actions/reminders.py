"""Reminders that the calendar asks for. Each occasion has a key, and the outbox keeps keys: a missed run is made up
for while there is still time, one that is repeated sends nothing, and an event that was moved is told of again.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator

from django.utils import timezone
from django.utils.formats import date_format

from events.emails import reminders as emails
from events.models import Event, ItemPlace, Order, ProgrammeItem, Ticket
from events.models.order import TicketQuerySet
from linkworkers.outbox.actions import Draft, queue_all
from linkworkers.outbox.models import Message
from members.mail_kinds import frequencies
from members.models import Frequency

BATCH = 500
WEEK, DAY = dt.timedelta(days=7), dt.timedelta(days=1)
MORNING = dt.time(9)  # London: of the day before, and of the day after
TOLD_UNTIL = dt.timedelta(days=7)  # after the end: later nobody wants to be asked how it was
LAST_CALL = dt.timedelta(hours=3)  # before an offer ends, or a quarter of its time where that is less


def remind_a_week_before() -> int:
    """Reminds whoever comes in a week. Not whoever booked since, or within a day before that: they know. Made up for
    until the reminder of the day before is due. Returns how many were written.
    """
    now = timezone.now()
    soon = Event.objects.to_come().filter(starts_at__gt=now, starts_at__lte=now + WEEK)

    def drafts() -> Iterator[Draft]:
        for event in soon:
            if now >= day_before(event):
                continue
            tickets = _coming(event).filter(order__confirmed_at__lte=event.starts_at - WEEK - DAY)
            for ticket, key in _due(event, tickets, "event-week", emails.REMINDER):
                yield emails.week_before(ticket, key=key)

    return queue_all(drafts(), batch=BATCH)


def day_before(event: Event) -> dt.datetime:
    """Nine o'clock in London on the day before an event."""
    return timezone.make_aware(dt.datetime.combine(event.on - DAY, MORNING))


def remind_a_day_before() -> int:
    """Reminds whoever comes tomorrow, with what they chose, from nine in the morning on; made up for until it begins.

    Whoever booked after that knows. Returns how many were written.
    """
    now = timezone.now()

    def drafts() -> Iterator[Draft]:
        for event in Event.objects.to_come().filter(starts_at__gt=now, starts_at__lte=now + 2 * DAY):
            due_at = day_before(event)
            if now < due_at:
                continue
            tickets = _coming(event).filter(order__confirmed_at__lte=due_at)
            yield from _with_sessions(_due(event, tickets, "event-day", emails.REMINDER))

    return queue_all(drafts(), batch=BATCH)


def _with_sessions(due: Iterator[tuple[Ticket, str]]) -> Iterator[Draft]:
    """What each of some hundred chose is one query."""
    some: list[tuple[Ticket, str]] = []
    for pair in due:
        some.append(pair)
        if len(some) == BATCH:
            yield from _told(some)
            some = []
    yield from _told(some)


def _told(some: list[tuple[Ticket, str]]) -> Iterator[Draft]:
    chosen: dict[int, list[ProgrammeItem]] = defaultdict(list)
    places = ItemPlace.objects.filter(ticket__in=[ticket.pk for ticket, _ in some]).select_related("item__hall")
    for place in places:
        place.item.starts_at = timezone.localtime(place.item.starts_at)
        chosen[place.ticket_id].append(place.item)
    for ticket, key in some:
        yield emails.day_before(ticket, chosen[ticket.pk], key=key)


def remind_of_offers() -> int:
    """Tells whoever was offered a place that the offer ends soon: a quarter of its time before, three hours at most.

    Returns how many were written.
    """
    now = timezone.now()
    held = Order.objects.filter(state=Order.State.HELD, how=Order.How.OFFER, held_until__gt=now)

    def drafts() -> Iterator[Draft]:
        for order in held.filter(held_until__lte=now + LAST_CALL).select_related("event").order_by("pk"):
            if order.held_until is None or order.event.is_cancelled:
                continue
            if now < order.held_until - min(LAST_CALL, (order.held_until - order.created_at) / 4):
                continue
            until = date_format(timezone.localtime(order.held_until), "l j F, H:i")
            yield emails.offer_ends(order, until, key=f"waitlist-offer-ends:{order.pk}:{order.held_until:%Y%m%dT%H%MZ}")

    return queue_all(drafts(), batch=BATCH)


def thank_the_day_after() -> int:
    """Thanks whoever came, from nine o'clock on the day after an event, and asks how it was; made up for within a week.

    Online, where nobody is let in, that is whoever has a ticket. Returns how many were written.
    """
    now = timezone.now()

    def drafts() -> Iterator[Draft]:
        for event in Event.objects.over().filter(ends_at__gt=now - TOLD_UNTIL - DAY):
            due_at = timezone.make_aware(dt.datetime.combine(event.until + DAY, MORNING))
            if not due_at <= now <= due_at + TOLD_UNTIL:
                continue
            tickets = _coming(event) if event.is_online else _coming(event).arrived()
            for ticket, key in _due(event, tickets, "event-after", emails.AFTER):
                yield emails.day_after(ticket, key=key)

    return queue_all(drafts(), batch=BATCH)


def _coming(event: Event) -> TicketQuerySet:
    return Ticket.objects.valid().filter(event=event)


def _due(event: Event, tickets: TicketQuerySet, occasion: str, kind: str) -> Iterator[tuple[Ticket, str]]:
    """Tickets whose holder has not been told, and takes such mails, each with the key of the occasion; three queries
    for each batch. A ticket that was handed on is told of anew.
    """
    starts = f"{event.starts_at:%Y%m%dT%H%MZ}"
    last = 0
    while some := list(tickets.filter(pk__gt=last).order_by("pk")[:BATCH]):
        last = some[-1].pk
        keys = {each.pk: f"{occasion}:{each.pk}:{each.key}:{starts}" for each in some}
        used = set(Message.objects.filter(key__in=keys.values()).values_list("key", flat=True))
        chosen = frequencies(kind, [each.user_id for each in some if each.user_id])
        for each in some:
            if keys[each.pk] in used or (each.user_id and chosen[each.user_id] == Frequency.OFF):
                continue
            each.event = event
            yield each, keys[each.pk]


RUNS: tuple[Callable[[], int], ...] = (
    remind_a_week_before,
    remind_a_day_before,
    remind_of_offers,
    thank_the_day_after,
)
