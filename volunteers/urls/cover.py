"""Addresses of cover requests and swaps."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
