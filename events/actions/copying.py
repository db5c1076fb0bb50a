"""Last year's event as the draft of this year's."""

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from events import permissions
from events.actions._places import lock_event
from events.models import DiscountCode, Event, Hall, ProgrammeItem, Speaker, TicketType, Track
from linkworkers.actions import Refused
from linkworkers.audit.actions import record
from members.models import User

YEAR = dt.timedelta(weeks=52)
# What a copy has of the event; dates are moved, and what says who booked, announced or cancelled is left behind.
KEPT = (
    *("kind", "region", "summary", "about", "venue", "address", "postcode", "access", "online_link", "joining"),
    *("contact", "capacity", "late_refund_percent", "offer_hours", "points", "formal_hours"),
)


def proposed_day(event: Event) -> dt.date:
    """The same weekday about a year later, or as many years as it takes to be to come."""
    day = event.on + YEAR
    while day <= timezone.localdate():
        day += YEAR
    return day


@transaction.atomic
def copy(event: Event, *, title: str, slug: str, first_day: dt.date, with_speakers: bool = False, by: User) -> Event:
    """A draft with the event's texts, rules, kinds of tickets, codes, tracks, rooms and sessions, moved so that it
    begins on `first_day` at the same time by the clock. No tickets, no people; speakers only when asked for: those have
    to agree to photo and biography anew. Raises Refused when the address is taken.
    """
    if not permissions.can_run_events(by):
        raise PermissionDenied
    source = lock_event(event)
    if Event.objects.filter(slug=slug).exists():
        raise Refused("Another event has this address. Add the year or the place to it.")
    days = first_day - source.on
    made = Event.objects.create(
        **{name: getattr(source, name) for name in KEPT},
        title=title,
        slug=slug,
        starts_at=_moved(source.starts_at, days),
        ends_at=_moved(source.ends_at, days),
        refund_until=_moved(source.refund_until, days),
        copied_from=source,
        created_by=by,
    )
    types = {
        row.pk: _again(
            row, made, TicketType, sale_from=_moved(row.sale_from, days), sale_until=_moved(row.sale_until, days)
        )
        for row in source.ticket_types.all()
    }
    for code in source.discounts.prefetch_related("types"):
        until = _moved(code.valid_until, days)
        new = _again(code, made, DiscountCode, valid_from=_moved(code.valid_from, days), valid_until=until)
        new.types.set([types[each.pk] for each in code.types.all()])
    tracks = {row.pk: _again(row, made, Track) for row in source.tracks.all()}
    halls = {row.pk: _again(row, made, Hall) for row in source.halls.all()}
    speakers = {}
    if with_speakers:
        speakers = {row.pk: _again(row, made, Speaker) for row in source.speakers.all()}
    for item in source.items.prefetch_related("speakers"):
        copied = _again(
            item,
            made,
            ProgrammeItem,
            starts_at=_moved(item.starts_at, days),
            ends_at=_moved(item.ends_at, days),
            track=tracks.get(item.track_id or 0),
            hall=halls.get(item.hall_id or 0),
        )
        copied.speakers.set([speakers[each.pk] for each in item.speakers.all() if each.pk in speakers])
    record("event.copied", by=by, subject=made, summary=str(made), facts={"from": source.slug})
    return made


# What belongs to the old row alone.
LEFT = frozenset({"id", "event", "taken", "used", "key", "consented_at", "photo", "biography"})


def _again(row: Any, event: Event, model: Any, **changed: Any) -> Any:
    fields = {
        field.name: getattr(row, field.name)
        for field in model._meta.concrete_fields
        if field.name not in LEFT and field.name not in changed and not field.is_relation
    }
    if model is Speaker:
        fields["user_id"] = row.user_id
    return model.objects.create(event=event, **fields, **changed)


def _moved(moment: dt.datetime | None, days: dt.timedelta) -> Any:
    """So many days later at the same time by London's clock."""
    if moment is None:
        return None
    local = timezone.localtime(moment)
    return dt.datetime.combine(local.date() + days, local.time(), tzinfo=timezone.get_default_timezone())
