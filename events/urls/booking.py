"""Addresses of booking, and of a booking."""

from django.urls import path

from events.views import booking

urlpatterns = [
    path("orders/<str:order_key>/", booking.order, name="event_order"),
    path("<slug:event_slug>/book/", booking.book, name="event_book"),
]
