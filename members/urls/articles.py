"""Addresses of /guide/ and /news/."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
