"""The mails about invoices and payments: they always come, for each answers something that was asked or done."""

from django.urls import reverse

from linkworkers.outbox.actions import queue
from members.models import Association, Invoice


def _path(invoice: Invoice) -> str:
    return reverse("invoice", args=[invoice.number])


def invoice_raised(invoice: Invoice) -> None:
    """To whoever pays: what for, how much, by when and how."""
    queue(
        key=f"invoice-raised:{invoice.pk}",
        kind="invoice-raised",
        to=invoice.email,
        template="invoice-raised",
        context={"invoice": invoice, "association": Association.get(), "path": _path(invoice)},
    )
