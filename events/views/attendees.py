"""For those who come: their tickets and bookings, how to join, and who else comes."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from events import permissions
from events.models import Event, EventDuty, Order, Ticket, WaitlistEntry
from linkworkers.markdown import render as markdown
from members.http import Request
from members.models import Profile
from members.permissions import is_member

PER_PAGE = 50
PAST = 20  # tickets of the past on one page


@require_GET
@login_required
def mine(request: Request) -> HttpResponse:
    """What needs somebody first: offers, and bookings that are not finished. Then what is to come, and what was."""
    user, now = request.user, timezone.now()
    tickets = Ticket.objects.of(user).valid().select_related("event", "type")
    to_come = tickets.filter(event__ends_at__gt=now).order_by("event__starts_at", "pk")
    past = Paginator(tickets.filter(event__ends_at__lte=now).order_by("-event__starts_at", "-pk"), PAST)
    orders = Order.objects.filter(buyer=user).select_related("event").prefetch_related("tickets")
    context = {
        "held": orders.filter(state=Order.State.HELD, held_until__gt=now).order_by("held_until"),
        "to_come": to_come,
        "bookings": orders.filter(state=Order.State.CONFIRMED, event__ends_at__gt=now).order_by(
            "event__starts_at", "pk"
        ),
        "waits": WaitlistEntry.objects.filter(buyer=user, state=WaitlistEntry.State.WAITING, event__starts_at__gt=now)
        .select_related("event", "type")
        .order_by("event__starts_at", "pk"),
        "duties": EventDuty.objects.filter(user=user, event__ends_at__gt=now, event__cancelled_at=None)
        .exclude(event__published_at=None)
        .select_related("event"),
        "page": past.get_page(request.GET.get("page")),
    }
    return render(request, "events/mine.html", context)


@require_GET
@login_required
@never_cache
def joining(request: Request, event_slug: str) -> HttpResponse:
    """How to join: for whoever has a ticket of their own, and the office."""
    event = get_object_or_404(Event.objects.visible_to(request.user), slug=event_slug)
    ticket = Ticket.objects.of(request.user).valid().filter(event=event).order_by("pk").first()
    if event.is_cancelled or (ticket is None and not permissions.can_run_events(request.user)):
        raise Http404
    return _joining(request, event, ticket)


@require_GET
@never_cache
def joining_by_ticket(request: HttpRequest, ticket_key: str) -> HttpResponse:
    """The same for whoever has the link of a ticket."""
    rows = Ticket.objects.valid().filter(event__cancelled_at=None).select_related("event")
    ticket = get_object_or_404(rows, key=ticket_key)
    return _joining(request, ticket.event, ticket)


def _joining(request: HttpRequest, event: Event, ticket: Ticket | None) -> HttpResponse:
    context = {
        "event": event,
        "ticket": ticket,
        "joining": markdown(event.joining) if event.joining else "",
        "access": markdown(event.access) if event.access else "",
        "chosen": [place.item for place in ticket.places.select_related("item__hall")] if ticket else [],
        "programme": list(event.items.select_related("hall")),
    }
    return render(request, "events/joining.html", context)


@require_GET
@login_required
@never_cache
def people(request: Request, event_slug: str) -> HttpResponse:
    """Who comes, of those who said that others may know: for those who come too, and the office."""
    event = get_object_or_404(Event.objects.visible_to(request.user), slug=event_slug)
    if event.is_cancelled or not permissions.can_see_attendees_part(request.user, event):
        raise Http404
    rows = Ticket.objects.valid().filter(event=event, listed=True)
    words = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:100]
    for word in words.split()[:6]:
        rows = rows.filter(Q(name__icontains=word) | Q(organisation__icontains=word))
    page = Paginator(rows.by_name(), PER_PAGE).get_page(request.GET.get("page"))
    tickets = list(page.object_list)
    profiles: dict[int, str] = {}
    if is_member(request.user):  # members see whoever is listed for members
        users = [ticket.user_id for ticket in tickets if ticket.user_id]
        profiles = dict(Profile.objects.listed().filter(user__in=users).values_list("user", "key"))
    context = {
        "event": event,
        "rows": [(ticket, profiles.get(ticket.user_id or 0, "")) for ticket in tickets],
        "page": page,
        "words": words,
    }
    return render(request, "events/people.html", context)
