"""What events are searched by. What cannot be read in an address is passed over: a filter is no form to fill in."""

import datetime as dt
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.formats import date_format

from events.models import Event, TicketType
from events.models.event import EventQuerySet
from events.selling import FOR_ALL
from members.models import Region

MONTHS = 18
ONLINE = "online"


def months(first: dt.date) -> list[tuple[str, str]]:
    """So many months from this one on, as a value for an address and in words."""
    made = []
    for number in range(MONTHS):
        year, month = divmod(first.year * 12 + first.month - 1 + number, 12)
        day = dt.date(year, month + 1, 1)
        made.append((f"{day:%Y-%m}", date_format(day, "F Y")))
    return made


class EventSearchForm(forms.Form):
    """Words, region, kind, month, price."""

    q = forms.CharField(label="Words", required=False, max_length=100)
    region = forms.ChoiceField(
        label="Where", required=False, choices=[("", "Everywhere"), (ONLINE, "Online"), *Region.choices]
    )
    kind = forms.ChoiceField(label="Kind", required=False, choices=[("", "All kinds"), *Event.Kind.choices])
    month = forms.ChoiceField(label="From", required=False)
    price = forms.ChoiceField(label="Price", required=False, choices=[("", "Any"), ("free", "Free for everybody")])

    def __init__(self, data: Any, *, past: bool = False) -> None:
        super().__init__(data, auto_id="find-%s")
        if past:
            del self.fields["month"]
        else:
            self.fields["month"].choices = [("", "Now"), *months(timezone.localdate())]  # type: ignore[attr-defined]
        self.is_valid()

    @property
    def narrows(self) -> bool:
        return any(self.cleaned_data.values())

    def found(self, events: EventQuerySet) -> EventQuerySet:
        """Those of the events that it asks for. Events for everywhere are found in each region."""
        asked = self.cleaned_data
        for word in asked.get("q", "").replace("\x00", "").split()[:8]:
            events = events.filter(
                Q(title__icontains=word)
                | Q(summary__icontains=word)
                | Q(venue__icontains=word)
                | Q(address__icontains=word)
            )
        if region := asked.get("region"):
            online = Q(venue="") | ~Q(online_link="")
            events = events.filter(online if region == ONLINE else Q(region__in=[region, ""]))
        if kind := asked.get("kind"):
            events = events.filter(kind=kind)
        if month := asked.get("month"):
            first = dt.datetime.combine(dt.date.fromisoformat(f"{month}-01"), dt.time())
            events = events.filter(ends_at__gte=first.replace(tzinfo=timezone.get_default_timezone()))
        if asked.get("price"):
            free = TicketType.objects.filter(event=OuterRef("pk"), price=0, audience__in=FOR_ALL)
            events = events.filter(Exists(free))
        return events
