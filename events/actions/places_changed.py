"""More places or fewer: at an event, of a ticket type, or in both. Whoever waits has what is free at once."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from events import permissions
from events.actions import waitlist
from events.actions._places import lock_event
from events.models import Event, TicketType
from linkworkers.actions import Refused
from linkworkers.audit.actions import record
from members.models import User


@transaction.atomic
def set_capacity(event: Event, capacity: int, *, by: User) -> Event:
    """How many places an event has from now on. Raises Refused below what is held and sold."""
    if not permissions.can_run_events(by):
        raise PermissionDenied
    locked = lock_event(event)
    if capacity < max(1, locked.taken):
        raise Refused(f"{locked.taken} places are held or sold. Write at least that many.")
    if capacity != locked.capacity:
        record("event.capacity_changed", by=by, subject=locked, facts={"capacity": [locked.capacity, capacity]})
        locked.capacity = capacity
        locked.save(update_fields=["capacity"])
        waitlist.move_on(locked)
    return locked


@transaction.atomic
def set_quota(type_: TicketType, quota: int | None, *, by: User) -> TicketType:
    """How many tickets there are of a type from now on; None for as many as places. Raises Refused below what is held
    and sold.
    """
    if not permissions.can_run_events(by):
        raise PermissionDenied
    event = lock_event(type_.event_id)
    locked = TicketType.objects.select_for_update().get(pk=type_.pk)
    if quota is not None and quota < locked.taken:
        raise Refused(f"{locked.taken} of “{locked}” are held or sold. Write at least that many.")
    if quota != locked.quota:
        facts = {"type": locked.name, "quota": [locked.quota, quota]}
        record("event.quota_changed", by=by, subject=event, facts=facts)
        locked.quota = quota
        locked.save(update_fields=["quota"])
        waitlist.move_on(event)
    return locked
