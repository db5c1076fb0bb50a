"""Helpers about requests and responses that know no app."""

import ipaddress
import sys

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.http import escape_leading_slashes

RETRY_AFTER = 30  # seconds


def client_address(request: HttpRequest) -> str | None:
    """The address the request came from, or None when it cannot be told (a Unix socket, a mangled header).

    Each proxy appends the address it heard from to X-Forwarded-For, so only the last TRUSTED_PROXY_COUNT entries
    are to be believed: anything before them is what the browser claims.
    """
    address = request.META.get("REMOTE_ADDR", "")
    if proxies := settings.TRUSTED_PROXY_COUNT:
        hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        address = hops[-proxies].strip() if len(hops) >= proxies else ""
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        return None


def server_error(request: HttpRequest) -> HttpResponse:
    """The page for an exception nobody caught; `handler500` of the URLconf.

    503 with Retry-After when the database did not answer, else 500. Uses no database, no session and no context
    processor, for any of them may be what failed. htmx gets one plain sentence instead of a page.
    """
    away = isinstance(sys.exc_info()[1], OperationalError | InterfaceError)
    status = 503 if away else 500
    if request.headers.get("HX-Request") == "true":
        sentence = (
            "We cannot reach our records just now. What you sent may not be saved. Please try again in a minute."
            if away
            else "Something went wrong on our side. Please try again."
        )
        response = HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8")
    else:
        # What was posted cannot be followed, and an address that begins with // leads to another site.
        again = escape_leading_slashes(request.get_full_path()) if request.method == "GET" else ""
        response = HttpResponse(render_to_string(f"{status}.html", {"again": again}), status=status)
    if away:
        response["Retry-After"] = str(RETRY_AFTER)
    return response


def as_pdf(content: bytes, name: str) -> HttpResponse:
    """Opens in the browser, and is called `name` (ASCII) when it is saved."""
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )
