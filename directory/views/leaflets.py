"""Listings on paper, and the code of a listing's short address. For anybody."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from directory import search
from directory.leaflet import entries, poster_pdf, services_pdf, short_link
from directory.models import Service
from directory.views.collections import get_readable
from linkworkers import qr
from linkworkers.http import as_pdf

MOST_RESULTS = 20


@require_GET
def search_leaflet(request: HttpRequest) -> HttpResponse:
    """The first twenty listings of a search, those that serve the area last. Its parameters are the search's own."""
    asked = search.Search.read(request.GET)
    results = search.run(asked.but(group=""))
    near = list(results.near.results)
    if results.near.pages > 1:
        near += search.run(asked.but(group="", page=2)).near.results
    area = [result.service_id for result in results.area.results]
    found = [result.service_id for result in near][: MOST_RESULTS - len(area)] + area
    place = results.spot.label if results.spot else asked.near
    title = " near ".join(filter(None, (asked.q or "What there is", place)))
    content = services_pdf(
        title=title[:1].upper() + title[1:],
        note="",
        entries=entries(found),
        url=f"{settings.SITE_URL}{asked.url}",
        large=_large(request),
    )
    return as_pdf(content, "leaflet.pdf")


@require_GET
def collection_leaflet(request: HttpRequest, collection_key: str) -> HttpResponse:
    """A collection, for whoever may read it. What has ended is left out."""
    collection = get_readable(request, collection_key)
    notes = dict(collection.items.values_list("service", "note"))
    content = services_pdf(
        title=collection.name,
        note=collection.note,
        entries=entries(list(notes), notes),
        url=f"{settings.SITE_URL}{collection.get_absolute_url()}" if collection.link_shared else "",
        large=_large(request),
    )
    return as_pdf(content, "collection.pdf")


@require_GET
def service_poster(request: HttpRequest, slug: str) -> HttpResponse:
    """One listing on a page, for a wall."""
    service = get_object_or_404(Service.objects.listed(), slug=slug)
    [entry] = entries([service.pk])
    phones = [f"Ring {words}" for label, words in entry.facts if label == "Telephone"]
    facts = [words for label, words in entry.facts if label != "Telephone"]
    lines = [entry.standing, entry.organization, entry.summary, *facts, *phones]
    content = poster_pdf(title=entry.name, lines=lines, link=entry.link, caption=entry.link)
    return as_pdf(content, "poster.pdf")


@require_GET
@cache_control(public=True, max_age=24 * 60 * 60)
def service_qr(request: HttpRequest, slug: str) -> HttpResponse:
    """The code of a listing's short address as an image."""
    service = get_object_or_404(Service.objects.listed(), slug=slug)
    image = qr.svg(short_link(service), label=f"QR code of {service}")
    return HttpResponse(image, content_type="image/svg+xml")


def _large(request: HttpRequest) -> bool:
    return request.GET.get("large") == "1"
