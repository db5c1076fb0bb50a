"""Addresses of other members, letters between them, mail choices and one's data: beneath /members/."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
