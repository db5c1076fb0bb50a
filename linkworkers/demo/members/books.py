"""The books of the demo: an invoice, its payment and both entries for each term that cost something."""

import datetime as dt
from collections.abc import Sequence

from django.utils import timezone

from members.models import Invoice, InvoiceLine, LedgerEntry, NumberSeries, Payment, Term, User
from members.models.money import ZERO

DAY = dt.timedelta(days=1)
NOTICE = 6 * DAY  # between an invoice and its payment
Kind = LedgerEntry.Kind


def settle(terms: Sequence[Term], *, by: User) -> None:
    """Writes saved terms into the books as if each had been paid on its first day, with numbers in that order."""
    terms = sorted(terms, key=lambda term: (term.start_date, term.pk))
    invoices = [_invoice(number, term) for number, term in enumerate(terms, start=1)]
    Invoice.objects.bulk_create(invoices)
    InvoiceLine.objects.bulk_create(
        InvoiceLine(
            invoice=invoice,
            description=term.plan.name,
            unit_price=invoice.net,
            vat_rate=0,
            net=invoice.net,
            vat=ZERO,
        )
        for invoice, term in zip(invoices, terms, strict=True)
    )
    payments = [
        Payment(
            number=f"REC-{number:05}",
            invoice=invoice,
            received_on=term.start_date,
            method=Payment.Method.TRANSFER,
            amount=invoice.total,
            reference=invoice.number,
            payer=invoice.bill_to,
            recorded_by=by,
            created_at=_at(term.start_date),
        )
        for number, (invoice, term) in enumerate(zip(invoices, terms, strict=True), start=1)
    ]
    Payment.objects.bulk_create(payments)
    entries = [
        entry
        for invoice, payment in zip(invoices, payments, strict=True)
        for entry in (
            LedgerEntry(at=invoice.created_at, kind=Kind.INVOICE, amount=invoice.total, invoice=invoice),
            LedgerEntry(
                at=payment.created_at, kind=Kind.PAYMENT, amount=-payment.amount, invoice=invoice, payment=payment
            ),
        )
    ]
    LedgerEntry.objects.bulk_create(sorted(entries, key=lambda entry: entry.at))
    for series in (Invoice.SERIES, Payment.SERIES):
        NumberSeries.objects.update_or_create(pk=series, defaults={"last": len(invoices)})
    for term, invoice in zip(terms, invoices, strict=True):
        term.invoice = invoice
    Term.objects.bulk_update(terms, ["invoice"])


def _invoice(number: int, term: Term) -> Invoice:
    membership, price = term.membership, term.plan.price_for(term.seats)
    issued = term.start_date - NOTICE
    return Invoice(
        number=f"INV-{number:05}",
        issued_on=issued,
        due_on=issued + 30 * DAY,
        membership=membership,
        grants=Invoice.Grants.TERM,
        plan=term.plan,
        seats=term.seats,
        granted_at=_at(term.start_date),
        bill_to=membership.holder,
        email=membership.mailbox.email,
        net=price,
        vat=ZERO,
        total=price,
        created_by=membership.mailbox,
        created_at=_at(issued),
    )


def _at(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(10)))
