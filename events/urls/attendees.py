"""Addresses of what attendees have: their events, who comes, how to join."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
