"""Addresses of invoices, receipts and payments: beneath /members/."""

from django.urls import path

from members.views import money as views

urlpatterns = [
    path("invoices/", views.invoices, name="invoices"),
    path("invoices/<str:number>/", views.invoice, name="invoice"),
    path("invoices/<str:number>/pdf/", views.invoice_as_pdf, name="invoice_pdf"),
    path("invoices/<str:number>/purchase-order/", views.purchase_order, name="invoice_purchase_order"),
    path("invoices/<str:number>/card/", views.pay_by_card, name="invoice_card"),
    path("invoices/<str:number>/thanks/", views.thanks, name="invoice_thanks"),
    path("receipts/<str:number>/", views.receipt, name="receipt"),
    path("credit-notes/<str:number>/", views.credit_note, name="credit_note"),
    path("payments/stripe/", views.card_events, name="card_events"),
]
