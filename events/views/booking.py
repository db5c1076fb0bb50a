"""Booking tickets."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from events import permissions
from events.models import Event, Order


@require_GET
def book(request: HttpRequest, event_slug: str) -> HttpResponse:
    visible = Event.objects.visible_to(permissions.known(request.user))
    return render(request, "events/book.html", {"event": get_object_or_404(visible, slug=event_slug)})


@require_GET
@never_cache
def order(request: HttpRequest, order_key: str) -> HttpResponse:
    found = get_object_or_404(Order.objects.select_related("event"), key=order_key)
    return render(request, "events/order.html", {"order": found})
