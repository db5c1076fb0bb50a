"""What happens to an event as a whole: announced, taken back, moved, called off; and words to those who come."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from events import permissions
from events.actions._held import end_entry, expire
from events.actions._places import lock_event, lock_order
from events.actions.giving_back import return_all
from events.emails import changes as emails
from events.models import Event, Order, Ticket, WaitlistEntry
from linkworkers.actions import Refused
from linkworkers.audit.actions import record
from linkworkers.fingerprint import fingerprint
from members.models import User

FREE_RETURN = dt.timedelta(days=14)


def _locked(event: Event, by: User) -> Event:
    if not permissions.can_run_events(by):
        raise PermissionDenied
    return lock_event(event)


@transaction.atomic
def publish(event: Event, *, by: User) -> Event:
    """Makes a draft public. Done twice, it is done once. Raises Refused when it has no ticket, or is over."""
    locked = _locked(event, by)
    if locked.is_public:
        return locked
    if not locked.ticket_types.exists():
        raise Refused("It has no ticket yet. Add a kind of ticket first, a free one if it costs nothing.")
    if locked.is_over:
        raise Refused("It is over by these dates. Put its dates right first.")
    locked.published_at = timezone.now()
    locked.save(update_fields=["published_at"])
    record("event.announced", by=by, subject=locked, summary=str(locked))
    return locked


@transaction.atomic
def unpublish(event: Event, *, by: User) -> Event:
    """Makes it a draft again. Raises Refused when somebody has booked, or waits."""
    locked = _locked(event, by)
    if locked.is_cancelled or locked.orders.exists() or locked.waitlist.exists():
        raise Refused("Somebody has booked or waits. Cancel the event instead, and they are told.")
    if locked.is_public:
        locked.published_at = None
        locked.save(update_fields=["published_at"])
        record("event.taken_back", by=by, subject=locked, summary=str(locked))
    return locked


@transaction.atomic
def move(
    event: Event,
    *,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    venue: str,
    address: str,
    postcode: str,
    reason: str,
    by: User,
) -> Event:
    """Another time or place, after it was announced: its programme moves with it, everybody is told, and tickets can be
    given back whole for two weeks. Raises Refused when nothing changes, or that cannot be.
    """
    locked = _locked(event, by)
    if locked.is_cancelled or locked.is_over:
        raise Refused("It is over, or was cancelled. It is not moved any more.")
    if ends_at <= starts_at or starts_at <= timezone.now():
        raise Refused("Write a beginning that is to come, and an end after it.")
    if not venue and not locked.online_link:
        raise Refused("Say where it is.")
    before = (locked.starts_at, locked.ends_at, locked.venue, locked.address, locked.postcode)
    if before == (starts_at, ends_at, venue, address, postcode):
        raise Refused("This is when and where it is already.")
    delta = starts_at - locked.starts_at
    locked.starts_at, locked.ends_at = starts_at, ends_at
    locked.venue, locked.address, locked.postcode = venue, address, postcode
    locked.free_return_until = min(timezone.now() + FREE_RETURN, starts_at)
    locked.save()
    if delta:
        # Later ones first when it moves back in time, so that no two stand in a room at once.
        items = locked.items.order_by("-starts_at" if delta > dt.timedelta() else "starts_at")
        for item in items:
            locked.items.filter(pk=item.pk).update(starts_at=F("starts_at") + delta, ends_at=F("ends_at") + delta)
    facts = {"from": before[0].isoformat(), "to": starts_at.isoformat(), "venue": [before[2], venue], "reason": reason}
    written = record("event.moved", by=by, subject=locked, facts=facts)
    tickets = list(Ticket.objects.valid().filter(event=locked))
    for ticket in tickets:
        ticket.event = locked
    emails.moved(locked, tickets, list(locked.waitlist.all().open()), reason=reason, key=str(written.pk))
    return locked


@transaction.atomic
def cancel(event: Event, *, reason: str, by: User) -> Event:
    """Calls it off for good: every ticket ends with all that it cost, the waitlist closes, and everybody is told."""
    locked = _locked(event, by)
    if locked.is_cancelled:
        return locked
    if not locked.is_public or locked.is_over:
        raise Refused("Only what is announced and not over is cancelled. A draft is deleted.")
    locked.cancelled_at, locked.cancelled_by, locked.cancel_reason = timezone.now(), by, reason
    locked.save(update_fields=["cancelled_at", "cancelled_by", "cancel_reason"])
    for key in Order.objects.filter(event=locked, state=Order.State.HELD).order_by("pk").values_list("pk", flat=True):
        expire(lock_order(key), by=by, offer=WaitlistEntry.State.CLOSED)
    returned = return_all(locked, reason=reason, by=by)
    waiting = list(WaitlistEntry.objects.waiting().filter(event=locked).select_for_update())
    for entry in waiting:
        end_entry(entry, WaitlistEntry.State.CLOSED)
    record("event.cancelled", by=by, subject=locked, facts={"reason": reason, "tickets": returned})
    emails.called_off(locked, waiting, reason=reason)
    return locked


@transaction.atomic
def message_attendees(event: Event, *, subject: str, text: str, to: str, by: User) -> int:
    """Mails the office's words to attendees: `to` is “all”, “arrived” or the key of a ticket type. Returns to how many.

    The same words on the same day go to nobody twice.
    """
    locked = _locked(event, by)
    tickets = Ticket.objects.valid().filter(event=locked)
    if to == "arrived":
        tickets = tickets.arrived()
    elif to != "all":
        tickets = tickets.filter(type=int(to))
    found = list(tickets)
    if not found:
        raise Refused("Nobody is in that group.")
    for ticket in found:
        ticket.event = locked
    record("event.message_sent", by=by, subject=locked, facts={"subject": subject, "to": to})
    words = fingerprint({"": [subject, text, timezone.localdate().isoformat()]})[:16]
    emails.message(locked, found, subject=subject, text=text, key=f"{locked.pk}:{words}")
    return len({ticket.email for ticket in found})
