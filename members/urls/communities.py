"""Addresses of /communities/: the communities of practice."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
