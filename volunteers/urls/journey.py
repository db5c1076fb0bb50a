"""Addresses of applying, the stages, checks, references, pausing and leaving."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
