"""Addresses of my shifts, the rota, signing up and assigning."""

from django.urls import path

from volunteers.views import rota

urlpatterns = [
    path("", rota.my_shifts, name="my_shifts"),
    path("rota/", rota.rota, name="rota"),
]
