"""The project's addresses, and some that end in each kind of error page."""

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import path

from linkworkers import urls

ERRORS = {
    "400": SuspiciousOperation("mangled"),
    "403": PermissionDenied(),
    "500": ZeroDivisionError(),
    "503": OperationalError("nobody answers"),
}


def fails(request: HttpRequest, status: str) -> HttpResponse:
    raise ERRORS[status]


urlpatterns = [*urls.urlpatterns, path("fails/<str:status>/", fails)]
handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500
