"""What the demo's members have paid."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

from members.actions.invoices import balance_of
from members.actions.payments import record_payment
from members.models import Invoice, Payment

# For trying the office's bank files: its lines name INV-00001 to INV-00003 rightly, mistyped, and not at all.
EXAMPLE = Path(__file__).with_name("bank-example.csv")


def settle_up(
    invoice: Invoice,
    on: dt.date,
    *,
    amount: Decimal | None = None,
    method: str = Payment.Method.TRANSFER,
    payer: str = "",
) -> Payment:
    """Pays an invoice on a day of the last two years: all that is left of it unless told. What it is for is granted.
    Its receipt is a mail in the outbox. Raises Refused when nothing is left.
    """
    return record_payment(
        invoice=invoice,
        amount=balance_of(invoice) if amount is None else amount,
        received_on=on,
        method=method,
        reference=invoice.number,
        payer=payer or invoice.bill_to,
        by=None,
    )
