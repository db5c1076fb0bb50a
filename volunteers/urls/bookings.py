"""Addresses of booking a referral into a slot, the volunteer’s day, what came of it."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
