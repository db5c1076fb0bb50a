"""Addresses of invoices, receipts and payments: beneath /members/."""

from django.urls import path

from members.views import money as views

urlpatterns = [
    path("invoices/", views.invoices, name="invoices"),
    path("invoices/<str:number>/", views.invoice, name="invoice"),
]
