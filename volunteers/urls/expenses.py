"""Addresses of claims, receipts, mileage, approval and payment."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
