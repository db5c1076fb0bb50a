"""Addresses of clinics, rooms, patterns and sessions."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
