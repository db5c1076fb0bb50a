"""Money that came in: recorded, placed on an invoice, moved to another, and paid back."""

import datetime as dt
from decimal import Decimal

from dateutil.relativedelta import relativedelta
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from linkworkers.actions import Refused
from linkworkers.audit.actions import record
from members import permissions
from members.actions.fulfilment import fulfil
from members.actions.invoices import LARGEST, balance_of, lock
from members.emails import money as emails
from members.models import Invoice, LedgerEntry, NumberSeries, Payment, User
from members.models.money import ZERO
from members.signals import invoice_paid

LONGEST_AGO = relativedelta(years=2)
Kind = LedgerEntry.Kind


@transaction.atomic
def record_payment(
    *,
    invoice: Invoice | None,
    amount: Decimal,
    received_on: dt.date,
    method: str,
    reference: str = "",
    payer: str = "",
    source: str | None = None,
    by: User | None,
) -> Payment:
    """Money that came in for an invoice, or for none that we know; a receipt is mailed.

    It may be less or more than what is owed. The payment that brings the balance from above zero to zero or below
    grants what the invoice is for, once. `source` names where it came from: a second call with the same one changes
    nothing and returns the payment that is there. `by` is None when a machine says so. Raises PermissionDenied, and
    Refused for an amount or a day that cannot be.
    """
    _check(by, amount, received_on)
    [locked] = lock(invoice) if invoice else [None]
    NumberSeries.hold(Payment.SERIES)  # from here on nobody else records a payment
    if source and (taken := Payment.objects.filter(source=source).first()):
        return taken
    payment = Payment.objects.create(
        number=_next_number(),
        invoice=locked,
        received_on=received_on,
        method=method,
        amount=amount,
        reference=reference,
        payer=payer,
        source=source,
        recorded_by=by,
    )
    record("payment.recorded", by=by, subject=payment, summary=payment.number, facts=_facts(payment))
    if locked:
        _settle(locked, payment, Kind.PAYMENT)
    else:
        LedgerEntry.objects.create(kind=Kind.PAYMENT, amount=-amount, payment=payment)
    return payment


@transaction.atomic
def move_payment(payment: Payment, *, to: Invoice, by: User) -> Payment:
    """Places a payment on an invoice, taking it away from the one it stood on, if any. What that one has granted stays.

    Raises PermissionDenied, and Refused when it is no payment in, stands there already, was sent back, or part of it
    was paid back from where it stands.
    """
    if not permissions.can_keep_books(by):
        raise PermissionDenied
    start = payment.invoice
    locked = lock(*filter(None, (start, to)))
    target = locked[-1]
    moved = Payment.objects.select_for_update(no_key=True).get(pk=payment.pk)
    if moved.invoice_id != payment.invoice_id:
        raise Refused(f"Somebody has just placed {moved.number}. Look at it again.")
    if moved.amount < 0 or Payment.objects.filter(pays_back=moved).exists():
        raise Refused("Money that was paid back stays where it is.")
    if moved.invoice_id == target.pk:
        raise Refused(f"{moved.number} is on {target} already.")
    if start and _received(start) < moved.amount:
        raise Refused(f"Part of {moved.number} was paid back from {start}. It has to stay there.")
    moved.invoice = target
    moved.save(update_fields=["invoice"])
    LedgerEntry.objects.create(kind=Kind.MOVED, amount=moved.amount, invoice=start, payment=moved)
    facts = _facts(moved) | {"moved_from": start.number if start else ""}
    record("payment.moved", by=by, subject=moved, summary=moved.number, facts=facts)
    _settle(target, moved, Kind.MOVED)
    return moved


@transaction.atomic
def pay_back(
    invoice: Invoice, *, amount: Decimal, paid_on: dt.date, method: str, reference: str = "", by: User
) -> Payment:
    """Money that the office sent back for an invoice: a payment below zero. The payer is told.

    Raises PermissionDenied, and Refused when that much never came in for it.
    """
    _check(by, amount, paid_on)
    [locked] = lock(invoice)
    received = _received(locked)
    if amount > received:
        raise Refused(f"£{received} came in for {locked}. No more than that can be paid back.")
    refund = Payment.objects.create(
        number=_next_number(),
        invoice=locked,
        received_on=paid_on,
        method=method,
        amount=-amount,
        reference=reference,
        recorded_by=by,
    )
    LedgerEntry.objects.create(kind=Kind.REFUND, amount=amount, invoice=locked, payment=refund)
    record("payment.paid_back", by=by, subject=refund, summary=refund.number, facts=_facts(refund))
    emails.paid_back(refund)
    return refund


@transaction.atomic
def send_back(payment: Payment, *, paid_on: dt.date, reference: str = "", by: User) -> Payment:
    """The whole of a payment that belongs to no invoice went back to whoever sent it.

    Raises PermissionDenied, and Refused when it was placed or sent back meanwhile.
    """
    _check(by, payment.amount, paid_on)
    locked = Payment.objects.select_for_update(no_key=True).get(pk=payment.pk)
    if not Payment.objects.unplaced().filter(pk=locked.pk).exists():
        raise Refused(f"{locked.number} was placed or sent back meanwhile.")
    refund = Payment.objects.create(
        number=_next_number(),
        received_on=paid_on,
        method=locked.method,
        amount=-locked.amount,
        reference=reference,
        payer=locked.payer,
        pays_back=locked,
        recorded_by=by,
    )
    LedgerEntry.objects.create(kind=Kind.REFUND, amount=locked.amount, payment=refund)
    record("payment.sent_back", by=by, subject=locked, summary=locked.number, facts=_facts(refund))
    return refund


def _settle(invoice: Invoice, payment: Payment, kind: str) -> None:
    """Enters a payment on an invoice, which is locked; grants what it is for when this pays the last of it."""
    owed = balance_of(invoice)
    LedgerEntry.objects.create(kind=kind, amount=-payment.amount, invoice=invoice, payment=payment)
    emails.payment_received(payment, balance=owed - payment.amount)
    settles = owed > 0 and owed - payment.amount <= 0
    if settles and fulfil(invoice, received_on=payment.received_on):
        invoice_paid.send(Invoice, invoice=invoice, received_on=payment.received_on)


def _received(invoice: Invoice) -> Decimal:
    """What came in for an invoice, less what was paid back."""
    return Payment.objects.filter(invoice=invoice).aggregate(total=Sum("amount"))["total"] or ZERO


def _check(by: User | None, amount: Decimal, day: dt.date) -> None:
    if by is not None and not permissions.can_keep_books(by):
        raise PermissionDenied
    if not 0 < amount <= LARGEST:
        raise Refused("Write an amount in pounds and pence, above zero. As in: 45.00.")
    today = timezone.localdate()
    if day > today:
        raise Refused("This day is still to come. Write the day on which the money moved.")
    if day < today - LONGEST_AGO:
        raise Refused("This day is more than two years ago. Check the year.")


def _next_number() -> str:
    return f"REC-{NumberSeries.take(Payment.SERIES):05}"


def _facts(payment: Payment) -> dict[str, str]:
    return {"amount": str(payment.amount), "invoice": payment.invoice.number if payment.invoice else ""}
