"""Addresses of /verify/: whether a membership is current."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
