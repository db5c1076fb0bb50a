"""Addresses of what everybody may see: the list, an event, its programme."""

from django.urls import path

from events.views import public

urlpatterns = [
    path("", public.events, name="events"),
    path("<slug:event_slug>/", public.event, name="event"),
]
