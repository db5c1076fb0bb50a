"""Addresses of claims, receipts, mileage, approval and payment."""

from django.urls import path

from volunteers.views import expenses, settling

urlpatterns = [
    path("expenses/", expenses.overview, name="expenses"),
    path("expenses/start/<uuid:volunteer_key>/", expenses.start, name="expenses_start"),
    path("expenses/miles/", expenses.miles, name="miles_elsewhere"),
    path("expenses/asking/", expenses.nudges, name="expenses_asking"),
    path("expenses/to-approve/", settling.to_approve, name="expenses_to_approve"),
    path("expenses/payments/", settling.payments, name="expenses_payments"),
    path("expenses/payments/of/<int:workplace_id>/", settling.list_new, name="payment_list_new"),
    path("expenses/payments/<int:payment_list_id>/", settling.payment_list, name="payment_list"),
    path("expenses/payments/<int:payment_list_id>/paid/", settling.list_paid, name="payment_list_paid"),
    path("expenses/payments/<int:payment_list_id>/undo/", settling.list_undo, name="payment_list_undo"),
    path("expenses/payments/<int:payment_list_id>/<slug:sheet>/", settling.export, name="expenses_export"),
    path("expenses/lines/<int:line_id>/", expenses.line_edit, name="expense_line"),
    path("expenses/lines/<int:line_id>/remove/", expenses.line_remove, name="expense_line_remove"),
    path("expenses/receipts/<int:receipt_id>/", expenses.receipt, name="expense_receipt"),
    path("expenses/receipts/<int:receipt_id>/remove/", expenses.receipt_remove, name="expense_receipt_remove"),
    path("expenses/<int:expense_id>/", expenses.claim, name="expense_claim"),
    path("expenses/<int:expense_id>/add/", expenses.line_new, name="expense_line_new"),
    path("expenses/<int:expense_id>/send/", expenses.send, name="expense_send"),
    path("expenses/<int:expense_id>/take-back/", expenses.take_back, name="expense_take_back"),
    path("expenses/<int:expense_id>/discard/", expenses.discard, name="expense_discard"),
    path("expenses/<int:expense_id>/approve/", settling.approve, name="expense_approve"),
    path("expenses/<int:expense_id>/send-back/", settling.send_back, name="expense_send_back"),
    path("expenses/<int:expense_id>/decline/", settling.decline, name="expense_decline"),
]
