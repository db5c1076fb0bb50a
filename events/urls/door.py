"""Addresses of the door: check-in, walk-in, badges."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
