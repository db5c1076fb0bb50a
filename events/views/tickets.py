"""One's ticket, and one's place on the waitlist: opened by the link that whoever has it was mailed."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from events.models import Ticket, WaitlistEntry


@require_GET
@never_cache
def ticket(request: HttpRequest, ticket_key: str) -> HttpResponse:
    found = get_object_or_404(Ticket.objects.select_related("event", "type", "order"), key=ticket_key)
    return render(request, "events/ticket.html", {"ticket": found})


@require_GET
@never_cache
def wait(request: HttpRequest, wait_key: str) -> HttpResponse:
    found = get_object_or_404(WaitlistEntry.objects.select_related("event", "type"), key=wait_key)
    return render(request, "events/wait.html", {"entry": found})
