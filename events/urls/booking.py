"""Addresses of booking, and of a booking."""

from django.urls import path

from events.views import booking, orders

urlpatterns = [
    path("orders/<str:order_key>/", orders.order, name="event_order"),
    path("orders/<str:order_key>/give-up/", orders.give_up, name="event_order_give_up"),
    path("orders/<str:order_key>/card/", orders.pay_by_card, name="event_order_card"),
    path("orders/<str:order_key>/thanks/", orders.paid, name="event_order_paid"),
    path("orders/<str:order_key>/papers/<slug:paper_number>.pdf", orders.paper, name="event_order_paper"),
    path("orders/<str:order_key>/tickets/<int:ticket_id>/give-back/", orders.give_back, name="event_order_give_back"),
    path("orders/<str:order_key>/tickets/<int:ticket_id>/hand-on/", orders.hand_on, name="event_order_hand_on"),
    path("<slug:event_slug>/book/", booking.book, name="event_book"),
]
