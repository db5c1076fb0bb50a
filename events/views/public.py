"""What everybody may see of events: the list, an event, and both for calendars."""

import datetime as dt
import hashlib
from collections import defaultdict
from dataclasses import dataclass

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from events import calendar, markup, permissions, selling
from events.calls import open_call
from events.forms.search import EventSearchForm
from events.models import Event, ProgrammeItem, Ticket, TicketType
from events.models.event import EventQuerySet
from events.wording import when
from linkworkers.limits import allows
from linkworkers.markdown import render as as_html
from members.models import Region, User

PER_PAGE = 20
IN_SUMMARY = 6  # sessions
KEPT_IN_FEED = dt.timedelta(days=90)
MOST_IN_FEED = 500
CALENDAR = "text/calendar; charset=utf-8"


@dataclass(frozen=True)
class Card:
    """An event in the list, as it stands for whoever looks. `ticket_key` opens their ticket."""

    event: Event
    price: str
    places: str
    ticket_key: str


@require_safe
def events(request: HttpRequest) -> HttpResponse:
    """Events to come, the next one first."""
    return _list(request, Event.objects.public().filter(ends_at__gt=timezone.now()), past=False)


@require_safe
def past(request: HttpRequest) -> HttpResponse:
    """Events that took place, the latest first."""
    return _list(request, Event.objects.over().order_by("-starts_at", "-pk"), past=True)


def _list(request: HttpRequest, found: EventQuerySet, *, past: bool) -> HttpResponse:
    form = EventSearchForm(request.GET, past=past)
    page = Paginator(form.found(found).defer("about", "access", "joining"), PER_PAGE).get_page(request.GET.get("page"))
    feed = settings.SITE_URL + reverse("events_feed")
    context = {
        "form": form,
        "past": past,
        "page": page,
        "cards": _cards(list(page.object_list), permissions.known(request.user), past=past),
        "this_year": timezone.localdate().year,
        "feed": feed,
        "webcal": f"webcal{feed.removeprefix('https').removeprefix('http')}",
    }
    return render(request, "events/events.html", context)


def _cards(shown: list[Event], user: User | None, *, past: bool) -> list[Card]:
    types = defaultdict(list)
    if shown and not past:
        for each in TicketType.objects.filter(event__in=shown):
            types[each.event_id].append(each)
    keys = _own_tickets(shown, user)
    return [
        Card(event, selling.price(types[event.pk]), selling.places(event), keys.get(event.pk, "")) for event in shown
    ]


def _own_tickets(shown: list[Event], user: User | None) -> dict[int, str]:
    if user is None or not shown:
        return {}
    tickets = Ticket.objects.of(user).valid().filter(event__in=shown)
    return dict(tickets.order_by("-pk").values_list("event_id", "key"))


@require_safe
def event(request: HttpRequest, event_slug: str) -> HttpResponse:
    """Everything about an event that is no attendee's alone."""
    user = permissions.known(request.user)
    events = (
        Event.objects.visible_to(user)
        .select_related("call")
        .defer("joining", "call__guidance", "call__kinds", "call__decide_by", "call__decisions_sent_at")
    )
    found = get_object_or_404(events, slug=event_slug)
    speakers = list(found.speakers.all())
    types = permissions.offered_types(found, user, found.ticket_types.all(), speakers)
    items = found.items.exclude(kind=ProgrammeItem.Kind.BREAK).only("title", "starts_at", "event")
    sessions = list(items[: IN_SUMMARY + 1])
    key = _own_tickets([found], user).get(found.pk, "")
    context = {
        "event": found,
        "when": when(found),
        "about": as_html(found.about) if found.about else "",
        "access": as_html(found.access) if found.access else "",
        "offered": selling.offered(found, types),
        "step": selling.next_step(found, types, ticket_key=key),
        "moved": found.free_return_until is not None and found.free_return_until > timezone.now(),
        "speakers": speakers,
        "sessions": sessions[:IN_SUMMARY],
        "call": open_call(found),
        "stories": list(permissions.stories_for(user).filter(event=found)[:IN_SUMMARY]) if found.is_over else [],
        "more_sessions": len(sessions) > IN_SUMMARY,
        # For search engines, which have no account.
        "markup": markup.json_ld(found, types, speakers) if user is None and found.is_public else "",
    }
    return render(request, "events/event.html", context)


@require_safe
def event_calendar(request: HttpRequest, event_slug: str) -> HttpResponse:
    """One event as a file for a calendar, without the link for joining."""
    found = get_object_or_404(Event.objects.visible_to(permissions.known(request.user)), slug=event_slug)
    headers = {"Content-Disposition": f'attachment; filename="{found.slug}.ics"', "Cache-Control": "private"}
    return HttpResponse(calendar.event_ics(found).encode(), content_type=CALENDAR, headers=headers)


@require_safe
def feed(request: HttpRequest) -> HttpResponseBase:
    """Announced events for a program that asks again and again; `?region=` leaves those of the other regions out."""
    if not allows(request, "calendar_feed", "events"):
        too_many = HttpResponse("Too many requests. Ask again in a few minutes.", status=429, content_type="text/plain")
        too_many["Retry-After"] = "300"
        return too_many
    asked = Event.objects.public().filter(ends_at__gt=timezone.now() - KEPT_IN_FEED)
    if (region := request.GET.get("region", "")) in Region.values:
        asked = asked.filter(region__in=[region, ""])
    body = calendar.feed_ics(asked.defer("about", "access", "joining")[:MOST_IN_FEED])
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    response = HttpResponse(body, content_type=CALENDAR)
    response["Content-Disposition"] = 'inline; filename="events.ics"'
    answer = get_conditional_response(request, etag=etag, response=response) or response
    answer["ETag"] = etag
    answer["Cache-Control"] = "public, max-age=300"
    return answer
