"""Addresses of /listings/: jobs and volunteer roles."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
