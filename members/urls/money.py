"""Addresses of invoices, receipts and payments: beneath /members/."""

from django.urls import path

from members.views import money as views

urlpatterns = [
    path("invoices/", views.invoices, name="invoices"),
    path("invoices/<slug:number>/", views.invoice, name="invoice"),
    path("invoices/<slug:number>/pdf/", views.invoice_as_pdf, name="invoice_pdf"),
    path("invoices/<slug:number>/purchase-order/", views.purchase_order, name="invoice_purchase_order"),
    path("invoices/<slug:number>/take-back/", views.take_back, name="invoice_take_back"),
    path("invoices/<slug:number>/card/", views.pay_by_card, name="invoice_card"),
    path("invoices/<slug:number>/thanks/", views.thanks, name="invoice_thanks"),
    path("receipts/<slug:number>/", views.receipt, name="receipt"),
    path("credit-notes/<slug:number>/", views.credit_note, name="credit_note"),
    path("payments/stripe/", views.card_events, name="card_events"),
]
