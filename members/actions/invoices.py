"""What is asked for: invoices, their purchase order numbers, and the credit notes that take them back."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from linkworkers.actions import Refused
from linkworkers.audit.actions import record
from members import permissions
from members.emails import money as emails
from members.models import (
    Association,
    CreditNote,
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
REMINDERS = ((1, dt.timedelta(days=7)), (2, dt.timedelta(days=21)))  # each, and how long after the day it is due
REMINDED_AT_ONCE = 200


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
    buyer: User | None = None,
    page: str = "",
    grants: str = "",
    plan: Plan | None = None,
    seats: int = 0,
    covers_from: dt.date | None = None,
    covers_until: dt.date | None = None,
    purchase_order: str = "",
    by: User | None,
    due_days: int | None = None,
    mailed: bool = True,
) -> Invoice:
    """Writes an invoice into the books and mails it to `email`. Whoever calls has decided that `by` may.

    It is a membership's or a buyer's, or nobody's who has an account: then mails lead to `page`. With `mailed` False
    nothing is sent: whoever it is for is about to pay it by card, and gets the receipt.

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
        buyer=buyer,
        page=page,
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
    if mailed:
        emails.invoice_raised(invoice)
    return invoice


@transaction.atomic
def set_purchase_order(invoice: Invoice, *, purchase_order: str, by: User) -> Invoice:
    """Puts the payer's own number on the invoice, from now on; an empty one takes it away.

    Raises PermissionDenied unless `by` may see the invoice.
    """
    if not permissions.can_see_invoice(by, invoice):
        raise PermissionDenied
    [locked] = lock(invoice)
    before, locked.purchase_order = locked.purchase_order, purchase_order
    locked.save(update_fields=["purchase_order"])
    facts = {"purchase_order": [before, purchase_order]}
    record("invoice.purchase_order_changed", by=by, subject=locked, summary=locked.number, facts=facts)
    return locked


@transaction.atomic
def credit(invoice: Invoice, *, amount: Decimal | None = None, reason: str, by: User) -> CreditNote:
    """Takes an invoice back: `amount` pounds of it with their VAT, or all that is not taken back yet; mails the note.

    The VAT of all notes together is always the invoice's share of what they take back, to the penny. Raises
    PermissionDenied unless `by` keeps the books, Refused when that much is not there to take back.
    """
    if not permissions.can_keep_books(by):
        raise PermissionDenied
    [locked] = lock(invoice)
    return _take_back(locked, amount, reason, by)


@transaction.atomic
def withdraw(invoice: Invoice, *, reason: str, by: User) -> CreditNote:
    """Takes back an invoice of which nothing was paid, for whoever it is for changed their mind.

    Raises PermissionDenied unless `by` may see it, Refused when something came in for it.
    """
    if not permissions.can_see_invoice(by, invoice):
        raise PermissionDenied
    [locked] = lock(invoice)
    if locked.payments.exists():
        raise Refused(f"Something has been paid of invoice {locked}. Write to the office if you want something else.")
    return _take_back(locked, None, reason, by)


@transaction.atomic
def take_back(
    invoice: Invoice, *, amount: Decimal | None = None, reason: str, by: User | None, mailed: bool = True
) -> CreditNote:
    """The same for what was sold: whoever calls has decided that `by` may. Raises Refused as `credit` does."""
    [locked] = lock(invoice)
    return _take_back(locked, amount, reason, by, mailed=mailed)


def _take_back(
    locked: Invoice, amount: Decimal | None, reason: str, by: User | None, *, mailed: bool = True
) -> CreditNote:
    sums = locked.credit_notes.aggregate(total=Sum("total"), vat=Sum("vat"))
    credited, credited_vat = sums["total"] or ZERO, sums["vat"] or ZERO
    left = locked.total - credited
    amount = left if amount is None else amount
    if left == 0:
        raise Refused(f"{locked} has been taken back in full already.")
    if not 0 < amount <= left:
        raise Refused(f"£{left} of {locked} can still be taken back. Write an amount up to that.")
    vat = to_pence(locked.vat * (credited + amount) / locked.total) - credited_vat
    note = CreditNote.objects.create(
        number=f"CN-{NumberSeries.take(CreditNote.SERIES):05}",
        invoice=locked,
        issued_on=timezone.localdate(),
        net=amount - vat,
        vat=vat,
        total=amount,
        reason=reason,
        by=by,
    )
    LedgerEntry.objects.create(kind=LedgerEntry.Kind.CREDIT_NOTE, amount=-amount, invoice=locked, credit_note=note)
    facts = {"invoice": locked.number, "total": str(amount), "reason": reason}
    record("invoice.credited", by=by, subject=locked, summary=note.number, facts=facts)
    if mailed:
        emails.credited(note)
    return note


@transaction.atomic
def mail_again(invoice: Invoice, *, by: User) -> None:
    """Sends the mail of the invoice once more. Raises PermissionDenied unless `by` keeps the books."""
    if not permissions.can_keep_books(by):
        raise PermissionDenied
    event = record("invoice.mailed_again", by=by, subject=invoice, summary=invoice.number)
    emails.invoice_raised(invoice, again=event.pk)


def remind() -> int:
    """Mails whoever has not paid seven days after an invoice was due, and once more two weeks later.

    Run twice, it writes once; what a missed run would have sent is one mail. Returns how many went out.
    """
    today = timezone.localdate()
    return sum(_remind(number, before=today - after) for number, after in reversed(REMINDERS))


def _remind(number: int, *, before: dt.date) -> int:
    sent = 0
    while True:
        with transaction.atomic():
            due = Invoice.objects.to_remind(number, before=before).order_by("pk")
            some = list(due.select_for_update(skip_locked=True, of=("self",), no_key=True)[:REMINDED_AT_ONCE])
            sent += emails.overdue(some, number)
            Invoice.objects.filter(pk__in=[invoice.pk for invoice in some]).update(reminded=number)
        if not some:
            return sent


def lock(*invoices: Invoice) -> list[Invoice]:
    """The invoices as they are now, held until the transaction ends. Their memberships are locked before them, and
    all in the order of their keys, so that nobody waits for somebody who waits for them.
    """
    keys = [invoice.pk for invoice in invoices]
    memberships = Membership.objects.filter(
        pk__in=[invoice.membership_id for invoice in invoices if invoice.membership_id]
    )
    list(memberships.order_by("pk").select_for_update(no_key=True))
    locked = Invoice.objects.filter(pk__in=keys).order_by("pk").select_for_update(no_key=True).in_bulk()
    return [locked[key] for key in keys]


def balance_of(invoice: Invoice) -> Decimal:
    """What is still to be paid, asked of the ledger: below zero when too much was."""
    return invoice.entries.aggregate(total=Sum("amount"))["total"] or ZERO
