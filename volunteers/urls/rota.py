"""Addresses of my shifts, the rota, signing up and assigning."""

from django.urls import path

from volunteers.views import rota

urlpatterns = [
    path("", rota.my_shifts, name="my_shifts"),
    path("rota/", rota.rota, name="rota"),
    path("rota/poster.pdf", rota.rota_poster, name="rota_poster"),
    path("sessions/<int:session_id>/take/", rota.take, name="shift_take"),
    path("sessions/<int:session_id>/assign/", rota.assign, name="session_assign"),
    path("shifts/<int:shift_id>/give-up/", rota.give_up, name="shift_give_up"),
    path("shifts/<int:shift_id>/end/", rota.end, name="shift_end"),
    path("shifts/<int:shift_id>/attended/", rota.attended, name="shift_attended"),
]
