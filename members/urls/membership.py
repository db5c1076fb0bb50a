"""Addresses of joining, one's own membership, seats, invoices and payments: beneath /members/."""

from django.urls import path

from members.views import membership

urlpatterns = [
    path("", membership.home, name="members"),
]
