"""The search: its page, and the names that its map shows."""

import math
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRedirect

from directory import permissions
from directory.gaps import record_search
from directory.models import Need, OutwardCode
from directory.search import Results, Search, run
from directory.search.page import Pages, card_of, filter_of
from directory.search.query import DISTANCES
from linkworkers import geo
from members.http import Request
from members.models import Role, User

MOST_NAMES = 40
WIDEST_MAP = 60  # miles from its middle


@require_safe
def search(request: Request) -> HttpResponse:
    """The search page. htmx gets the results and the filters alone.

    The bare page shows no list of everything: it asks, and offers the needs that people come with. A place that nobody
    knows, and a sentence that was heard as filters, make htmx fetch the whole page: its form says so.
    """
    asked = Search.read(request.GET)
    results = run(asked) if asked.is_asked else Results(asked)
    if request.htmx and (results.problem or results.search != asked):
        return HttpResponseClientRedirect(results.search.url)
    template = "directory/search.html#found" if request.htmx else "directory/search.html"
    if asked.is_asked and asked.page == 1 and not results.problem and request.method == "GET":
        record_search(results.spot, results.search.q, results.search.need, found=not results.is_empty)
    context = _context(results) if asked.is_asked else _welcome(request, asked)
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    if request.htmx:
        response["HX-Push-Url"] = results.search.url
    return response


def _context(results: Results) -> dict[str, Any]:
    asked = results.search
    wider = next((miles for miles in DISTANCES if miles > asked.within), None)
    return {
        "search": asked,
        "results": results,
        "near_cards": list(map(card_of, results.near.results)),
        "area_cards": list(map(card_of, results.area.results)),
        "pages": Pages(results.area if asked.group == "area" else results.near),
        "filters": list(map(filter_of, results.facets)),
        "distances": DISTANCES,
        "wider": wider,
        "wider_url": asked.but(within=wider or asked.within).url,
        "unfiltered_url": Search(q=asked.q, near=asked.near, within=asked.within).url,
        "near_url": asked.but(group="").url,
        "area_url": asked.but(group="area").url,
        "address": f"{settings.SITE_URL}{asked.url}",
        "has_map": bool(results.spot) and asked.group != "area" and bool(results.near.results),
        "map_tiles": {"url": settings.MAP_TILES_URL, "attribution": settings.MAP_TILES_ATTRIBUTION},
        "today": timezone.localdate(),
    }


def _welcome(request: Request, asked: Search) -> dict[str, Any]:
    needs = [(need.label, Search(need=(need.value,)).url) for need in Need]
    return {"search": asked, "needs": needs, "doors": _doors(request.user)}


def _doors(user: User | AnonymousUser) -> list[tuple[str, str]]:
    """What somebody who is logged in can do in the directory besides searching: label and address."""
    if isinstance(user, AnonymousUser):
        return []
    every = (
        (permissions.can_collect(user), "My favourites and collections", "collections"),
        (user.has_role(Role.PROVIDER), "The listings that I look after", "listings_kept"),
        (permissions.can_run_connectors(user), "Community connectors and their counters", "connectors"),
        (permissions.can_see_gaps(user), "What is looked for and missing", "gaps"),
    )
    return [(label, reverse(name)) for allowed, label, name in every if allowed]


@require_safe
@cache_control(public=True, max_age=24 * 60 * 60)
def map_names(request: HttpRequest) -> JsonResponse:
    """Outward codes around a position with their places' names, nearest first, for a map to show.

    `at` is "latitude,longitude" in degrees and `miles` how far the map reaches. 400 for anything else.
    """
    try:
        latitude, longitude = map(float, request.GET.get("at", "").split(","))
        miles = float(request.GET.get("miles", ""))
    except ValueError:
        return JsonResponse({"problem": "Ask as in at=51.75,-0.34&miles=5."}, status=400)
    if not (geo.in_the_united_kingdom(latitude, longitude) and 0 < miles <= WIDEST_MAP):
        return JsonResponse({"problem": "That is in another country, or too wide."}, status=400)
    south, west, north, east = geo.box(latitude, longitude, miles)
    codes = OutwardCode.objects.filter(latitude__range=(south, north), longitude__range=(west, east))
    nearest = sorted(codes, key=lambda code: math.dist((code.latitude, code.longitude), (latitude, longitude)))
    return JsonResponse(
        {
            "names": [
                {"code": each.code, "name": each.name, "latitude": each.latitude, "longitude": each.longitude}
                for each in nearest[:MOST_NAMES]
            ]
        }
    )
