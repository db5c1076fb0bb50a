"""Badges and the list for the desk, as PDF."""

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from events.models import Event, Ticket
from events.prints.badges import badges_pdf, desk_list_pdf
from events.views.door import event_of_door, number_of
from linkworkers.http import as_pdf
from members.http import Request

PART = 500  # badges of one PDF: fifty sheets, made within seconds
MOST_BLANK = 100


def _valid(event: Event) -> QuerySet[Ticket]:
    return event.tickets.valid().select_related("type").by_name()


@require_GET
@login_required
def badges(request: Request, event_slug: str) -> HttpResponse:
    """What can be printed, in parts of fifty sheets."""
    event = event_of_door(request.user, event_slug)
    count = _valid(event).count()
    parts = [(number + 1, number * PART + 1, min(count, (number + 1) * PART)) for number in range(-(-count // PART))]
    return render(request, "events/door/badges.html", {"event": event, "count": count, "parts": parts})


@require_GET
@login_required
def badges_pdf_view(request: Request, event_slug: str) -> HttpResponse:
    event = event_of_door(request.user, event_slug)
    asked = {key: number_of(request.GET.get(key)) for key in ("blank", "ticket", "part") if key in request.GET}
    blank = min(asked.get("blank", 0), MOST_BLANK)
    rows = _valid(event)
    if request.GET.get("only") == "to-come":
        rows = rows.filter(arrived_at=None)
    if ticket := asked.get("ticket"):
        rows = rows.filter(pk=min(ticket, 2**31 - 1))
    start = (min(max(asked.get("part", 1), 1), 100) - 1) * PART
    tickets = [] if blank else list(rows[start : start + PART])
    return as_pdf(badges_pdf(event, tickets, blank=blank), f"badges-{event.slug}.pdf")


@require_GET
@login_required
def desk_list(request: Request, event_slug: str) -> HttpResponse:
    """Everybody by name, with boxes to tick: for the day without electricity."""
    event = event_of_door(request.user, event_slug)
    tickets = list(_valid(event).select_related("type", "order"))
    return as_pdf(desk_list_pdf(event, tickets), f"who-comes-{event.slug}.pdf")
