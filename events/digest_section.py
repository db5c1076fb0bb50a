"""What the members' digest says of events: those that were announced since the last one, near or for everybody."""

import datetime as dt
from collections.abc import Mapping, Sequence

from django.utils.formats import date_format

from events.models import Event
from members.digest_sections._section import Line, Section, by_since
from members.models import Membership

MOST = 5


def section(members: Sequence[Membership], since: Mapping[int, dt.datetime]) -> dict[int, Section]:
    """One query, however many members. Whoever's region is not known is told of all."""
    new = list(
        Event.objects.to_come()
        .filter(published_at__gte=min(since.values()))
        .only("slug", "title", "region", "starts_at", "venue", "published_at")
        .order_by("starts_at", "pk")
    )
    if not new:
        return {}
    found = {}
    for moment, some in by_since(members, since):
        for member in some:
            seen = [
                event
                for event in new
                if event.published_at
                and event.published_at >= moment
                and (not event.region or not member.region or event.region == member.region)
            ]
            if seen and member.user_id:
                found[member.user_id] = _said(seen)
    return found


def _said(events: list[Event]) -> Section:
    lines = [
        Line(f"{event}, {date_format(event.on, 'l j F')}, {event.venue or 'online'}", event.get_absolute_url())
        for event in events[:MOST]
    ]
    if len(events) > MOST:
        lines.append(Line(f"and {len(events) - MOST} more", "/events/"))
    headline = str(events[0]) if len(events) == 1 else f"{len(events)} new events"
    return Section("New events", headline, lines)
