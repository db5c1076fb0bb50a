"""Choosing the sessions that have to be chosen beforehand."""

from collections.abc import Collection
from itertools import combinations

from django.db import IntegrityError, transaction
from django.utils import timezone

from events.actions._places import lock_event
from events.actions._tickets import lock_seen
from events.models import ItemPlace, ProgrammeItem, Ticket
from linkworkers.actions import Refused
from linkworkers.audit.actions import record
from members.models import User

FULL = "item_not_over_full"


@transaction.atomic
def choose(ticket: Ticket, items: Collection[ProgrammeItem], *, by: User | None) -> list[ProgrammeItem]:
    """Makes these the sessions of a valid ticket, in place of those it had; returns them by time. All or none.

    What has begun stays as it is. Whoever calls has the ticket's link or may change it. Raises Refused when the ticket
    is not valid, two sessions overlap, one has begun or is not chosen beforehand, or its places are gone.
    """
    event = lock_event(ticket.event_id)
    locked = lock_seen(ticket)
    if not locked.is_valid:
        raise Refused("This ticket is not valid any more.")
    if event.is_cancelled:
        raise Refused(f"{event} was cancelled.")
    now = timezone.now()
    had = {place.item_id: place for place in locked.places.select_related("item")}
    wanted = {each.pk: each for each in event.items.filter(pk__in=[each.pk for each in items])}
    if len(wanted) != len({each.pk for each in items}):
        raise Refused("One of these sessions is not in the programme any more. Look at it again.")
    begun = {pk: place.item for pk, place in had.items() if place.item.starts_at <= now}
    new = [each for pk, each in sorted(wanted.items()) if pk not in had]
    dropped = [place for pk, place in sorted(had.items()) if pk not in wanted and pk not in begun]
    for each in new:
        if not each.books:
            raise Refused(f"“{each}” needs no place: just come.")
        if each.starts_at <= now:
            raise Refused(f"“{each}” has begun.")
    final = sorted({**wanted, **begun}.values(), key=lambda each: (each.starts_at, each.pk))
    for one, other in combinations(final, 2):
        if one.overlaps(other):
            raise Refused(f"“{one}” and “{other}” are at the same time. Choose one of them.")
    for place in dropped:
        place.delete()
    for each in new:
        _take(locked, each)
    if new or dropped:
        facts = {"event": event.slug, "chosen": len(new), "dropped": len(dropped)}
        record("ticket.sessions_chosen", by=by, subject=locked, facts=facts)
    return final


def _take(ticket: Ticket, item: ProgrammeItem) -> None:
    try:
        with transaction.atomic():
            ItemPlace.objects.create(ticket=ticket, item=item)
    except IntegrityError as error:
        if getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") == FULL:
            raise Refused(f"“{item}” is full by now. Choose another session.") from error
        raise
