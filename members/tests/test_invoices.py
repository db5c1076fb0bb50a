"""Invoices: their sums, their numbers, and what takes them back."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import connections, transaction

from linkworkers.actions import Refused
from linkworkers.audit.models import AuditEvent
from linkworkers.outbox.models import Message
from members.actions.invoices import Line, balance_of
from members.factories_money import line, raised
from members.models import Association, Invoice, LedgerEntry, User


@pytest.mark.django_db
def test_an_invoice_adds_up_to_the_penny() -> None:
    """20% of 0.125 and of 33.33 three times over: rounded on each line, halves up, below zero too."""
    invoice = raised(
        line("33.33", quantity=3, vat="20"), line("0.03", vat="17.5"), line("10.00", vat="0"), line("-0.13", vat="50")
    )
    assert [(each.net, each.vat) for each in invoice.lines.all()] == [
        (Decimal("99.99"), Decimal("20.00")),
        (Decimal("0.03"), Decimal("0.01")),
        (Decimal("10.00"), Decimal("0.00")),
        (Decimal("-0.13"), Decimal("-0.07")),
    ]
    assert (invoice.net, invoice.vat, invoice.total) == (Decimal("109.89"), Decimal("19.94"), Decimal("129.83"))
    assert balance_of(invoice) == invoice.total


@pytest.mark.django_db
def test_an_invoice_is_mailed_to_the_payer_with_how_to_pay_it() -> None:
    Association.get()
    Association.objects.update(account_name="LWA", sort_code="12-34-56", account_number="12345678", payment_days=14)
    invoice = raised()
    mail = Message.objects.get(kind="invoice-raised")
    assert (invoice.due_on - invoice.issued_on).days == 14
    assert mail.to == "priya@example.test"
    for said in (invoice.number, "£45.00", "12-34-56", "12345678", f"/members/invoices/{invoice.number}/"):
        assert said in mail.text
        assert said in mail.html
    assert AuditEvent.objects.get(verb="invoice.raised").subject_id == str(invoice.pk)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "lines",
    [
        [line("0")],
        [line("45.00"), line("-45.00")],
        [line("45.00"), line("-50.00")],
        [line("45.00"), line("-20.00", vat="20")],  # VAT below zero
        [line("9999999.99"), line("0.01")],
    ],
)
def test_an_invoice_over_nothing_or_less_or_far_too_much_is_refused(lines: list[Line]) -> None:
    with pytest.raises(Refused):
        raised(*lines)
    assert not Invoice.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_numbers_have_no_holes_and_no_doubles_whoever_fails(admin: User) -> None:
    def one(turn: int) -> str | None:
        try:
            with transaction.atomic():
                invoice = raised()
                if turn % 3 == 0:
                    raise RuntimeError
                return invoice.number
        except RuntimeError:
            return None
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        given = [number for number in pool.map(one, range(30)) if number]
    assert sorted(given) == [f"INV-{number:05}" for number in range(1, 21)]
    assert LedgerEntry.objects.count() == 20
    days = list(Invoice.objects.order_by("number").values_list("issued_on", flat=True))
    assert days == sorted(days)
