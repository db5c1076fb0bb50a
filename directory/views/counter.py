"""A community connector's counter. Its link is all that it asks for: no account, no cookie, no word about anybody.

The page works without a network once it has been opened: see `static/js/counter.js` and the worker's template.
"""

import json
import uuid
from typing import Any

from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.templatetags.static import static
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from directory.actions import count_taps
from directory.actions.connectors import SWITCHED_OFF
from directory.models import Connector, Need
from directory.tallies import so_far
from linkworkers.actions import Refused

MOST_TAPS = 200  # in one batch
RATE = "counter"  # in the settings' rate limits


@csrf_exempt  # the link's token is what lets one in: nobody's browser carries it to another site
@require_http_methods(["GET", "POST"])
@never_cache  # the worker keeps the page; a browser would keep "switched off" for ever
def counter(request: HttpRequest, counter_token: str) -> HttpResponse:
    """The button. Without JavaScript it posts here, and counts one; the page's own id makes a second press of it the
    same tap. A counter that is switched off answers 410.
    """
    connector = get_object_or_404(Connector, token=counter_token)
    if not connector.is_active:
        return _refusal_page(request, connector, SWITCHED_OFF, 410)
    if request.method == "POST":
        if not _within_rate(request, connector):
            return _refusal_page(request, connector, "Too many at once. Wait a minute, then try again.", 429)
        tap = {
            "id": request.POST.get("id"),
            "need": request.POST.get("need"),
            "on": timezone.localdate().isoformat(),
        }
        count_taps(connector=connector, taps=[tap])
        return redirect(connector)
    return render(
        request,
        "directory/counter.html",
        {"connector": connector, "so_far": so_far(connector), "needs": Need.choices, "tap_id": uuid.uuid4()},
    )


@csrf_exempt
@require_POST
def taps(request: HttpRequest, counter_token: str) -> JsonResponse:
    """Takes `{"taps": [{"id", "on", "need"}, …]}`, at most 200, and says which ids are counted, which never will be
    and why, and how many there are so far. The phone forgets a tap when it reads its id here, not before.
    """
    connector = get_object_or_404(Connector, token=counter_token)
    if not _within_rate(request, connector):
        return _refusal("Too many at once. The phone tries again in a minute.", 429)
    sent = _read(request)
    if sent is None:
        return _refusal('Send {"taps": [{"id": …, "on": …, "need": …}]} as JSON.', 400)
    if len(sent) > MOST_TAPS:
        return _refusal(f"Send at most {MOST_TAPS} taps at once.", 413)
    try:
        counted = count_taps(connector=connector, taps=sent)
    except Refused as refusal:
        return _refusal(str(refusal), 410)
    return JsonResponse(
        {"counted": counted.ids, "refused": counted.refused, "so_far": so_far(connector).facts},
    )


@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker. Its address gives it every counter and nothing else of the site."""
    return render(request, "directory/counter_worker.js", content_type="text/javascript; charset=utf-8")


@require_GET
def manifest(request: HttpRequest, counter_token: str) -> JsonResponse:
    """What puts the counter on a phone's home screen under its own name."""
    connector = get_object_or_404(Connector, token=counter_token)
    address = connector.get_absolute_url()
    facts = {
        "name": connector.name,
        "short_name": connector.name[:12],
        "id": address,
        "start_url": address,
        "scope": address,
        "display": "standalone",
        "lang": "en-GB",
        "background_color": "#fbf9f5",
        "theme_color": "#074a46",
        "icons": [{"src": static("img/favicon.svg"), "sizes": "any", "type": "image/svg+xml"}],
    }
    return JsonResponse(facts, content_type="application/manifest+json")


def _within_rate(request: HttpRequest, connector: Connector) -> bool:
    return ratelimit.consume(request, action=RATE, key=connector.token)


def _read(request: HttpRequest) -> list[Any] | None:
    """The taps of a request's body; None when it holds none."""
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError):
        return None
    taps = body.get("taps") if isinstance(body, dict) else None
    return taps if isinstance(taps, list) else None


def _refusal_page(request: HttpRequest, connector: Connector, refusal: str, status: int) -> HttpResponse:
    return render(request, "directory/counter.html", {"connector": connector, "refusal": refusal}, status=status)


def _refusal(detail: str, status: int) -> JsonResponse:
    return JsonResponse({"detail": detail}, status=status)
