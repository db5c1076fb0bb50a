"""What every address of the open data does alike: methods, limits, "not modified", and being open to any site."""

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.csrf import csrf_exempt

from directory.api import throttle
from directory.api.problems import Problem
from directory.models import DataChange, Version
from linkworkers.http import RETRY_AFTER

View = Callable[..., HttpResponseBase]

METHODS = "GET, HEAD, OPTIONS"
EDITION = "1"  # of what we make of the same data: raise it with any change to that
CACHED = "public, max-age=60"  # seconds
# A date says no more than the second, and a transaction may end a while after its changes: until then the ETag speaks.
SETTLED = timedelta(minutes=1)
OPEN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Retry-After, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset",
}
PREFLIGHT = {
    "Allow": METHODS,
    "Access-Control-Allow-Methods": METHODS,
    "Access-Control-Allow-Headers": "*",
    "Access-Control-Max-Age": "86400",
}


def endpoint(view: View) -> View:
    """Makes a view an address of the open data. It may raise Problem; it reads no cookie and sets none."""

    @csrf_exempt
    @wraps(view)
    def answered(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        try:
            response = _answer(view, request, kwargs)
        except Problem as problem:
            response = problem.response()
        except (OperationalError, InterfaceError):
            response = Problem(
                HTTPStatus.SERVICE_UNAVAILABLE,
                "Our records cannot be reached just now. Please try again in a minute.",
                headers={"Retry-After": str(RETRY_AFTER)},
            ).response()
        return _with(response, OPEN)

    return answered


def as_json(document: Any) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def answer(document: Any) -> HttpResponse:
    return HttpResponse(as_json(document), content_type="application/json")


def _answer(view: View, request: HttpRequest, kwargs: dict[str, Any]) -> HttpResponseBase:
    if request.method == "OPTIONS":
        return HttpResponse(status=HTTPStatus.NO_CONTENT, headers=PREFLIGHT)
    if request.method not in {"GET", "HEAD"}:
        raise Problem(HTTPStatus.METHOD_NOT_ALLOWED, "The data can only be read: GET.", headers={"Allow": METHODS})
    limits = throttle.count(request, throttle.BULK if _is_bulk(request) else throttle.PAGES)
    version = DataChange.objects.version()
    named = {"ETag": _etag(request, version), "Cache-Control": CACHED}
    settled = version.at if version.at and version.at < timezone.now() - SETTLED else None
    if settled:
        named["Last-Modified"] = http_date(settled.timestamp())
    unchanged = get_conditional_response(request, named["ETag"], int(settled.timestamp()) if settled else None)
    return _with(unchanged or view(request, **kwargs), {**named, **limits})


def _with(response: HttpResponseBase, headers: Mapping[str, str]) -> HttpResponseBase:
    for name, value in headers.items():
        response[name] = value
    return response


def _is_bulk(request: HttpRequest) -> bool:
    return request.GET.get("format") == "ndjson" or request.GET.get("full") == "true"


def _etag(request: HttpRequest, version: Version) -> str:
    said = f"{EDITION} {version.name} {request.get_full_path()}"
    return f'"{hashlib.sha256(said.encode()).hexdigest()[:32]}"'
