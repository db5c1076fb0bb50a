"""Addresses of /courses/: short courses."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
