"""Addresses of cover requests and swaps."""

from django.urls import path

from volunteers.views import cover, swaps

urlpatterns = [
    path("cover/", cover.cover_requests, name="cover_requests"),
    path("cover/<int:cover_id>/", cover.cover, name="cover"),
    path("cover/answer/<str:cover_token>/", cover.cover_answer, name="cover_answer"),
    path("shifts/<int:shift_id>/cover/", cover.cover_ask, name="cover_ask"),
    path("sessions/<int:session_id>/cover/", cover.cover_ask_session, name="cover_ask_session"),
    path("swaps/", swaps.swaps, name="swaps"),
    path("swaps/<int:swap_id>/", swaps.swap, name="swap"),
    path("shifts/<int:shift_id>/swap/", swaps.swap_offer, name="swap_offer"),
]
