"""The page of a listing, and its short address."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from directory import leaflet, markup, permissions
from directory.facts import summary
from directory.listing import describe
from directory.models import CollectionItem, Service
from directory.search import Search
from directory.whole import fetch_whole
from members.models import User

FRESH_FOR = 60  # seconds in which everybody else's browser may show what it has
# What has ended says so, to whoever kept its address; what is not published does not exist.
TOLD_OF = (*Service.LISTED, Service.Status.DEFUNCT)


@require_safe
def listing(request: HttpRequest, slug: str) -> HttpResponse:
    """The page of a listing: 410 when it has ended, 404 when it is not published."""
    user = request.user if isinstance(request.user, User) else None
    service = fetch_whole(_seen_by(user).filter(slug=slug))
    if service is None:
        raise Http404
    told = describe(service)
    context: dict[str, Any] = {"service": service, "listing": told, "summary": summary(service)}
    if not service.is_listed:
        return render(request, "directory/listing_ended.html", context, status=410)
    pins = [place for place in told.places if place.latitude is not None]
    context |= {
        "address": f"{settings.SITE_URL}{service.get_absolute_url()}",
        "short_address": leaflet.short_link(service),
        "markup": markup.json_ld(service),
        "pins": pins,
        "middle": pins[0].name if len(pins) == 1 else "",
        "miles": 1 if len(pins) == 1 else 0,  # rings are drawn around one place, not around the first of several
        "map_tiles": {"url": settings.MAP_TILES_URL, "attribution": settings.MAP_TILES_ATTRIBUTION},
        "results_url": _results_url(request),
        "today": timezone.localdate(),
    }
    if user:
        context |= {
            "can_assure": permissions.can_assure(user, service),
            "can_keep": permissions.can_keep(user, service.organization),
            "can_collect": permissions.can_collect(user),
        }
    response = render(request, "directory/listing.html", context)
    if not request.COOKIES and not context["results_url"]:  # what somebody looked for is in no shared cache
        patch_cache_control(response, public=True, max_age=FRESH_FOR)
    return response


def _results_url(request: HttpRequest) -> str:
    """The search of ours that this reader comes from, written anew; "" when they come from elsewhere."""
    before = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(before, {request.get_host()}):
        return ""
    parts = urlsplit(before)
    asked = Search.read(QueryDict(parts.query))
    return asked.url if parts.path == reverse("directory_search") and asked.is_asked else ""


def _seen_by(user: User | None) -> QuerySet[Service]:
    """What has a page, each with whether it is among this person's favourites."""
    services = Service.objects.filter(status__in=TOLD_OF)
    if user is None:
        return services
    favourites = CollectionItem.objects.filter(collection__owner=user, collection__favourites=True)
    return services.annotate(is_favourite=Exists(favourites.filter(service=OuterRef("pk"))))


@require_safe
def short_link(request: HttpRequest, code: str) -> HttpResponse:
    """From the address on paper to the listing's page, in whatever letters it was typed."""
    return redirect(get_object_or_404(Service, status__in=TOLD_OF, code=code.lower()))
