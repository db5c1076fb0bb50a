"""Invoices, payments and bank files for tests, made by the actions: the books are as they would be."""

from decimal import Decimal
from typing import Any

from django.utils import timezone

from members.actions import bank, invoices, payments
from members.actions.invoices import Line, raise_invoice
from members.models import BankFile, Invoice, Membership, Payment, User


def line(price: str, *, quantity: int = 1, vat: str = "0", text: str = "Membership, one year") -> Line:
    return Line(text, quantity, Decimal(price), Decimal(vat))


def raised(*lines: Line, **options: Any) -> Invoice:
    """An invoice to Priya Shah over £45.00, or over these lines."""
    return raise_invoice(
        **{
            "lines": lines or [line("45.00")],
            "bill_to": "Priya Shah",
            "address": "1 High Street\nSt Albans",
            "email": "priya@example.test",
            "by": None,
        }
        | options
    )


def invoiced(name: str, amount: str = "45.00", *, membership: Membership | None = None) -> Invoice:
    return raised(line(amount), bill_to=name, membership=membership)


def pay(invoice: Invoice | None, amount: str, **options: Any) -> Payment:
    """A payment of today, by bank transfer."""
    facts: dict[str, Any] = {"received_on": timezone.localdate(), "method": "transfer", "by": None}
    return payments.record_payment(invoice=invoice, amount=Decimal(amount), **facts | options)


def taken(by: User, *rows: tuple[str, str], name: str = "november.csv") -> BankFile:
    """A bank's file with these texts and amounts, all of today; it is read, and nothing is recorded yet."""
    lines = "".join(f'{timezone.localdate():%d/%m/%Y},"{text}",{amount}\n' for text, amount in rows)
    return bank.read_file(name=name, content=f"Date,Details,Amount\n{lines}".encode(), by=by)


def make_books(membership: Membership | None, *, by: User) -> Invoice:
    """An invoice with a receipt, a refund and a credit note, and a bank file whose one line waits."""
    invoice = invoiced("Priya Shah", "120.00", membership=membership)
    pay(invoice, "50.00")
    today = timezone.localdate()
    payments.pay_back(invoice, amount=Decimal("10.00"), paid_on=today, method="transfer", by=by)
    invoices.credit(invoice, amount=Decimal("20.00"), reason="A seat less.", by=by)
    taken(by, ("HMRC", "12.00"))
    return invoice
