"""Addresses for those who come."""

from django.urls import path

from events.views import attendees

urlpatterns = [
    path("mine/", attendees.mine, name="events_mine"),
    path("tickets/<str:ticket_key>/joining/", attendees.joining_by_ticket, name="event_ticket_joining"),
    path("<slug:event_slug>/joining/", attendees.joining, name="event_joining"),
    path("<slug:event_slug>/people/", attendees.people, name="event_people"),
]
