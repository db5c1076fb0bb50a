"""Addresses of calls for contributions, and of their review."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
