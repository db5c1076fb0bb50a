"""The mails about invoices and payments. They always come: each answers something that was done, or is owed."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.urls import reverse

from linkworkers.outbox.actions import Draft, queue, queue_all
from members.models import Association, CreditNote, Invoice, Payment


def invoice_raised(invoice: Invoice, *, again: int = 0) -> None:
    """To whoever pays: what for, how much, by when and how. `again` numbers a repetition that the office asked for."""
    key = f"invoice-raised:{invoice.pk}" + (f":{again}" if again else "")
    queue(key=key, kind="invoice-raised", to=invoice.email, template="invoice-raised", context=_about(invoice))


def payment_received(payment: Payment, *, balance: Decimal) -> None:
    """To whoever pays, with the receipt and what is left; once for each invoice that the payment is placed on."""
    invoice = payment.invoice
    assert invoice is not None  # noqa: S101 - the caller has placed it
    queue(
        key=f"payment-received:{payment.pk}:{invoice.pk}",
        kind="payment-received",
        to=invoice.email,
        template="payment-received",
        context=_about(invoice) | {"payment": payment, "balance": balance, "over": -balance},
    )


def paid_back(refund: Payment) -> None:
    """To whoever gets money back."""
    invoice = refund.invoice
    assert invoice is not None  # noqa: S101 - the caller has placed it
    queue(
        key=f"payment-paid-back:{refund.pk}",
        kind="payment-paid-back",
        to=invoice.email,
        template="payment-paid-back",
        context=_about(invoice) | {"amount": -refund.amount, "refund": refund},
    )


def credited(note: CreditNote) -> None:
    """To whoever was asked to pay: what is taken back, and why."""
    queue(
        key=f"credit-note:{note.pk}",
        kind="credit-note",
        to=note.invoice.email,
        template="credit-note",
        context=_about(note.invoice) | {"note": note},
    )


def overdue(invoices: Iterable[Invoice], number: int) -> int:
    """To whoever has not paid yet, for the first or second time. Each has its `balance`. Returns how many were new."""
    return queue_all(
        Draft(
            key=f"invoice-overdue:{invoice.pk}:{number}",
            kind="invoice-overdue",
            to=invoice.email,
            template="invoice-overdue",
            context=_about(invoice) | {"number": number},
        )
        for invoice in invoices
    )


def _about(invoice: Invoice) -> dict[str, Any]:
    return {
        "invoice": invoice,
        "association": Association.get(),
        "path": invoice.page or reverse("invoice", args=[invoice.number]),
    }
