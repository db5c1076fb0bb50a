"""The programme of an event: as a page, as a page for each session, and on paper."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from events import permissions
from events.models import Event
from events.prints.programme import programme_pdf
from events.programme import days_of, items_of
from linkworkers.http import as_pdf
from linkworkers.limits import allows


def _event(request: HttpRequest, event_slug: str) -> Event:
    visible = Event.objects.visible_to(permissions.known(request.user)).defer("about", "access", "joining")
    return get_object_or_404(visible, slug=event_slug)


@require_safe
def programme(request: HttpRequest, event_slug: str) -> HttpResponse:
    """All sessions; `?track=` leaves those of the other tracks out, and keeps what is in none."""
    event = _event(request, event_slug)
    tracks = list(event.tracks.all())
    chosen = next((track for track in tracks if str(track.pk) == request.GET.get("track")), None)
    items = [item for item in items_of(event) if chosen is None or item.track_id in (chosen.pk, None)]
    context = {"event": event, "tracks": tracks, "chosen": chosen, "days": days_of(items)}
    return render(request, "events/programme.html", context)


@require_safe
def programme_item(request: HttpRequest, event_slug: str, programme_item_id: int) -> HttpResponse:
    event = _event(request, event_slug)
    item = get_object_or_404(items_of(event), pk=programme_item_id)
    return render(request, "events/programme_item.html", {"event": event, "item": item})


@require_safe
def programme_paper(request: HttpRequest, event_slug: str) -> HttpResponse:
    event = _event(request, event_slug)
    if not allows(request, "event_print", event.pk):
        return HttpResponse("Too many requests. Try again in a minute.", status=429, content_type="text/plain")
    days = days_of(items_of(event))
    if not days:
        raise Http404
    return as_pdf(programme_pdf(event, days), f"programme-{event.slug}.pdf")
