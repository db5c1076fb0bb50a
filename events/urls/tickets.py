"""Addresses of one's ticket and of one's place on the waitlist."""

from django.urls import path

from events.views import tickets, waitlist

urlpatterns = [
    path("tickets/<str:ticket_key>/", tickets.ticket, name="event_ticket"),
    path("tickets/<str:ticket_key>/ticket.pdf", tickets.pdf, name="event_ticket_pdf"),
    path("tickets/<str:ticket_key>/event.ics", tickets.ics, name="event_ticket_ics"),
    path("tickets/<str:ticket_key>/needs/", tickets.needs, name="event_ticket_needs"),
    path("tickets/<str:ticket_key>/listed/", tickets.listed, name="event_ticket_listed"),
    path("tickets/<str:ticket_key>/sessions/", tickets.choose, name="event_ticket_sessions"),
    path("tickets/<str:ticket_key>/give-back/", tickets.give_back, name="event_ticket_give_back"),
    path("tickets/<str:ticket_key>/hand-on/", tickets.hand_on, name="event_ticket_hand_on"),
    path("tickets/<str:ticket_key>/mine/", tickets.add_to_account, name="event_ticket_mine"),
    path("waitlist/<str:wait_key>/", waitlist.wait, name="event_wait"),
    path("waitlist/<str:wait_key>/leave/", waitlist.leave, name="event_wait_leave"),
]
