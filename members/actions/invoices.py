"""What is asked for: invoices, their purchase order numbers, and the credit notes that take them back."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from linkworkers.actions import Refused
from linkworkers.audit.actions import record
from members.emails import money as emails
from members.models import (
    Association,
    Invoice,
    InvoiceLine,
    LedgerEntry,
    Membership,
    NumberSeries,
    Plan,
    User,
)
from members.models.money import ZERO, to_pence

LARGEST = Decimal("9999999.99")


@dataclass(frozen=True)
class Line:
    """What a line of an invoice asks: `unit_price` in pounds without VAT, below zero for what is given back;
    `vat_rate` in per cent.
    """

    description: str
    quantity: int
    unit_price: Decimal
    vat_rate: Decimal

    @property
    def net(self) -> Decimal:
        return self.quantity * to_pence(Decimal(self.unit_price))

    @property
    def vat(self) -> Decimal:
        return to_pence(self.net * Decimal(self.vat_rate) / 100)


@transaction.atomic
def raise_invoice(
    *,
    lines: Sequence[Line],
    bill_to: str,
    address: str,
    email: str,
    membership: Membership | None = None,
    grants: str = "",
    plan: Plan | None = None,
    seats: int = 0,
    covers_from: dt.date | None = None,
    covers_until: dt.date | None = None,
    purchase_order: str = "",
    by: User | None,
    due_days: int | None = None,
) -> Invoice:
    """Writes an invoice into the books and mails it to `email`. Whoever calls has decided that `by` may.

    VAT is rounded line by line, halves up. Numbers run without holes: others who raise one wait until this
    transaction has ended. Due after `due_days`, the association's usual days unless told. Raises Refused when there is
    nothing to pay: what is free is granted without an invoice.
    """
    net, vat = sum((line.net for line in lines), ZERO), sum((line.vat for line in lines), ZERO)
    if net + vat <= 0 or net < 0 or vat < 0:
        raise Refused("This invoice would ask for nothing, or less. Give what is free without an invoice.")
    if net + vat > LARGEST:
        raise Refused(f"An invoice is for £{LARGEST:,} at most. Make several of it.")
    number = f"INV-{NumberSeries.take(Invoice.SERIES):05}"
    today = timezone.localdate()  # asked while nobody else takes a number: the days of a series never go back
    days = Association.get().payment_days if due_days is None else due_days
    invoice = Invoice.objects.create(
        number=number,
        issued_on=today,
        due_on=today + dt.timedelta(days=days),
        membership=membership,
        grants=grants,
        plan=plan,
        seats=seats,
        covers_from=covers_from,
        covers_until=covers_until,
        bill_to=bill_to,
        address=address,
        email=email,
        purchase_order=purchase_order,
        net=net,
        vat=vat,
        total=net + vat,
        created_by=by,
    )
    InvoiceLine.objects.bulk_create(
        InvoiceLine(
            invoice=invoice,
            description=line.description,
            quantity=line.quantity,
            unit_price=to_pence(Decimal(line.unit_price)),
            vat_rate=line.vat_rate,
            net=line.net,
            vat=line.vat,
        )
        for line in lines
    )
    LedgerEntry.objects.create(kind=LedgerEntry.Kind.INVOICE, amount=invoice.total, invoice=invoice)
    record("invoice.raised", by=by, subject=invoice, summary=number, facts={"total": str(invoice.total)})
    emails.invoice_raised(invoice)
    return invoice


def lock(*invoices: Invoice) -> list[Invoice]:
    """The invoices as they are now, held until the transaction ends. Their memberships are locked before them, and
    all in the order of their keys, so that nobody waits for somebody who waits for them.
    """
    keys = [invoice.pk for invoice in invoices]
    memberships = Membership.objects.filter(pk__in={invoice.membership_id for invoice in invoices} - {None})
    list(memberships.order_by("pk").select_for_update(no_key=True))
    locked = Invoice.objects.filter(pk__in=keys).order_by("pk").select_for_update(no_key=True).in_bulk()
    return [locked[key] for key in keys]


def balance_of(invoice: Invoice) -> Decimal:
    """What is still to be paid, asked of the ledger: below zero when too much was."""
    return invoice.entries.aggregate(total=Sum("amount"))["total"] or ZERO
