"""Addresses of hours, milestones, letters, the photo board, impact and the health check."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
