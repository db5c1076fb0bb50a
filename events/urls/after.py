"""Addresses of what comes after: feedback, certificates, reflections and stories."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
