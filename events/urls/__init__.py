"""Addresses beneath /events/: a module for each concept. `public` comes last, for it takes any word as an event's."""

from django.urls import include, path

urlpatterns = [
    path("", include("events.urls.booking")),
    path("", include("events.urls.tickets")),
    path("", include("events.urls.contributions")),
    path("", include("events.urls.door")),
    path("", include("events.urls.attendees")),
    path("", include("events.urls.after")),
    path("", include("events.urls.public")),
]
