"""The application's addresses and the floor's."""

from django.urls import include, path

from bench.floor import floor
from linkworkers.urls import handler400, handler403, handler404, handler500

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [path("bench/floor/", floor), path("", include("linkworkers.urls"))]
