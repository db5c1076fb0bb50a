"""Addresses of the directory. The words here are never a listing's: see `directory.slugs`."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
