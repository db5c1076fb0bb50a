"""Addresses of /members/learning/: the learning record and supervision."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
