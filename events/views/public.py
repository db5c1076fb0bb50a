"""What everybody may see of events."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from events import permissions
from events.models import Event

PER_PAGE = 20


@require_GET
def events(request: HttpRequest) -> HttpResponse:
    """Events to come, the next one first."""
    page = Paginator(Event.objects.to_come(), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "events/events.html", {"page": page})


@require_GET
def event(request: HttpRequest, event_slug: str) -> HttpResponse:
    visible = Event.objects.visible_to(permissions.known(request.user))
    return render(request, "events/event.html", {"event": get_object_or_404(visible, slug=event_slug)})
