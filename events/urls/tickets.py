"""Addresses of one's ticket and of one's place on the waitlist."""

from django.urls import path

from events.views import tickets

urlpatterns = [
    path("tickets/<str:ticket_key>/", tickets.ticket, name="event_ticket"),
    path("waitlist/<str:wait_key>/", tickets.wait, name="event_wait"),
]
