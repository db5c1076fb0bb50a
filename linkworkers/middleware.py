"""What happens to every response."""

from collections.abc import Callable

from csp.constants import NONCE, SELF, UNSAFE_EVAL, UNSAFE_INLINE
from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control

ADMIN_PREFIX = "/admin/"
OPEN_DATA_PREFIX = "/api/"
# Unfold runs on Alpine, which evaluates the expressions in its attributes, and on style attributes.
ADMIN_DIRECTIVES = {
    "script-src": [SELF, NONCE, UNSAFE_EVAL],
    "style-src": [SELF, UNSAFE_INLINE],
}


class ContentSecurityPolicy(CSPMiddleware):
    """The policy in the settings; in the admin, the two directives its theme needs instead."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if request.path_info.startswith(ADMIN_PREFIX):
            parts.replace = {**ADMIN_DIRECTIVES, **(parts.replace or {})}
        return parts


class OpenData:
    """What lies beneath /api/ is the same for everybody: no cookie gets in, and no answer depends on one.

    Comes before whatever reads a session, so that the data costs no query for it and any cache may keep it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(OPEN_DATA_PREFIX):
            return self.get_response(request)
        request.META.pop("HTTP_COOKIE", None)
        response = self.get_response(request)
        vary = [name for name in map(str.strip, response.get("Vary", "").split(",")) if name.lower() != "cookie"]
        response["Vary"] = ", ".join(vary)
        if not any(vary):
            del response["Vary"]
        response.cookies.clear()
        return response


class PrivatePages:
    """No page seen while logged in is kept by the browser, so that Back shows nothing after logging out.

    A session cookie is taken as being logged in: asking the database about everyone else would cost a query.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            patch_cache_control(response, no_store=True, private=True)
        return response
