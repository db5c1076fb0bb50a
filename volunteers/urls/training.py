"""Addresses of training offered, signing up, attendance."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
