"""The application's addresses and the floors'."""

from django.urls import include, path

from bench.floor import bare_search, floor
from linkworkers.urls import handler400, handler403, handler404, handler500

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [
    path("bench/floor/", floor),
    path("bench/search/", bare_search),
    path("", include("linkworkers.urls")),
]
