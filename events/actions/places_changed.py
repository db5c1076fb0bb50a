"""More places, or fewer: for an event, or for one of its tickets. Whoever waits gets what is new."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from events import permissions
from events.actions import waitlist
from events.actions._places import lock_event
from events.models import Event, TicketType
from events.models.event import MOST_PLACES
from linkworkers.actions import Refused
from linkworkers.audit.actions import record
from members.models import User


@transaction.atomic
def set_capacity(event: Event, capacity: int, *, by: User) -> Event:
    """How many can come. New places are offered to whoever waits, in their order, before anybody else can book them.

    Raises PermissionDenied unless `by` runs events, Refused when more tickets than that are held or sold.
    """
    if not permissions.can_run_events(by):
        raise PermissionDenied
    if not 1 <= capacity <= MOST_PLACES:
        raise Refused(f"Write how many can come: from 1 to {MOST_PLACES:,}.")
    locked = lock_event(event)
    if capacity < locked.taken:
        raise Refused(f"{locked.taken} tickets are held or sold. Make it at least as many.")
    if capacity != locked.capacity:
        before, locked.capacity = locked.capacity, capacity
        locked.save(update_fields=["capacity"])
        record("event.capacity_changed", by=by, subject=locked, facts={"capacity": [before, capacity]})
        waitlist.move_on(locked)
    return locked


@transaction.atomic
def set_quota(type_: TicketType, quota: int | None, *, by: User) -> TicketType:
    """How many there are of one ticket; None for as many as places. Whoever waits for it is offered what is new.

    Raises PermissionDenied unless `by` runs events, Refused when more of them than that are held or sold.
    """
    if not permissions.can_run_events(by):
        raise PermissionDenied
    if quota is not None and not 0 <= quota <= MOST_PLACES:
        raise Refused(f"Write how many there are: up to {MOST_PLACES:,}, or nothing.")
    event = lock_event(type_.event_id)
    locked = TicketType.objects.select_for_update(no_key=True).get(pk=type_.pk)
    if quota is not None and quota < locked.taken:
        raise Refused(f"{locked.taken} of “{locked}” are held or sold. Make it at least as many.")
    if quota != locked.quota:
        before, locked.quota = locked.quota, quota
        locked.save(update_fields=["quota"])
        facts = {"event": event.slug, "quota": [before, quota]}
        record("ticket_type.quota_changed", by=by, subject=locked, facts=facts)
        waitlist.move_on(event)
    return locked
