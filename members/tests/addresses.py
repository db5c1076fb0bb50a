"""The site's addresses, and those that mails lead to whatever pages there are."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def page(request: HttpRequest, which: str) -> HttpResponse:
    return HttpResponse(which)


urlpatterns = [
    path("", include("linkworkers.urls")),
    path("members/mails/<str:which>/", page, name="unsubscribe"),
]
