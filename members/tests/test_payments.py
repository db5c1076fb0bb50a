"""Payments, refunds and credit notes: the ledger always says what is owed, and what was paid for is granted once."""

import datetime as dt
from decimal import Decimal
from functools import partial
from typing import Any

import pgtrigger
import pytest
from django.core.exceptions import PermissionDenied
from django.db.models import Sum
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linkworkers.actions import Refused
from linkworkers.outbox.models import Message
from members.actions import invoices, payments
from members.actions.invoices import balance_of
from members.factories_money import line, pay, raised
from members.models import Association, CreditNote, Invoice, LedgerEntry, Payment, User
from members.signals import invoice_paid
from referrals.tests.race import race

TODAY = timezone.localdate


def pounds(amount: str) -> Decimal:
    return Decimal(amount)


@pytest.fixture
def granted() -> Any:
    """The numbers of the invoices that were granted, as the signal tells them."""
    heard: list[str] = []

    def hear(sender: object, invoice: Invoice, **facts: object) -> None:
        heard.append(invoice.number)

    invoice_paid.connect(hear)
    yield heard
    invoice_paid.disconnect(hear)


@pytest.mark.django_db
def test_part_payments_grant_when_the_last_penny_is_there_and_never_again(granted: list[str], admin: User) -> None:
    invoice = raised()
    pay(invoice, "44.99")
    assert not granted
    pay(invoice, "0.01")
    assert granted == [invoice.number]
    pay(invoice, "45.00")  # somebody else paid it too
    payments.pay_back(invoice, amount=pounds("90.00"), paid_on=TODAY(), method="transfer", by=admin)
    pay(invoice, "45.00")
    assert granted == [invoice.number]
    assert balance_of(invoice) == 0
    assert [each.number for each in Payment.objects.order_by("pk")] == [f"REC-{number:05}" for number in range(1, 6)]


@pytest.mark.django_db
def test_an_invoice_that_was_taken_back_is_not_granted_by_a_payment_that_comes_late(
    granted: list[str], admin: User
) -> None:
    invoice = raised()
    invoices.credit(invoice, reason="Not wanted.", by=admin)
    pay(invoice, "45.00")
    assert not granted
    assert balance_of(invoice) == -45


@pytest.mark.django_db
def test_a_payment_that_is_moved_grants_where_it_arrives(granted: list[str], admin: User) -> None:
    right, wrong = raised(), raised()
    payment = pay(None, "45.00")
    assert not granted
    payments.move_payment(payment, to=wrong, by=admin)
    payment.refresh_from_db()
    payments.move_payment(payment, to=right, by=admin)
    assert granted == [wrong.number, right.number]
    assert (balance_of(right), balance_of(wrong)) == (0, 45)
    assert LedgerEntry.objects.filter(invoice=None).aggregate(sum=Sum("amount"))["sum"] == 0
    assert Message.objects.filter(kind="payment-received").count() == 2


@pytest.mark.django_db
def test_the_receipt_says_what_is_left(admin: User) -> None:
    invoice = raised()
    for amount, said in (("20.00", "£25.00 is still"), ("25.00", "Nothing is left"), ("5.00", "£5.00 more than")):
        payment = pay(invoice, amount)
        mail = Message.objects.get(key__startswith=f"payment-received:{payment.pk}:")
        assert said in mail.text
        assert said in mail.html


@pytest.mark.django_db
@pytest.mark.parametrize(
    "options",
    [
        {"amount": "0.00"},
        {"amount": "-1.00"},
        {"amount": "10000000.00"},
        {"received_on": TODAY() + dt.timedelta(days=2)},  # two: a midnight may pass before the test has its turn
        {"received_on": TODAY() - dt.timedelta(days=800)},
    ],
)
def test_a_payment_that_cannot_be_is_refused(options: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        pay(raised(), **{"amount": "45.00"} | options)
    assert not Payment.objects.exists()


@pytest.mark.django_db
def test_no_more_is_paid_back_or_taken_back_than_there_is(admin: User) -> None:
    invoice, other = raised(), raised()
    payment = pay(invoice, "45.00")
    back = partial(payments.pay_back, invoice, paid_on=TODAY(), method="transfer", by=admin)
    with pytest.raises(Refused, match=r"£45\.00 came in"):
        back(amount=pounds("45.01"))
    back(amount=pounds("0.01"))
    with pytest.raises(Refused, match="paid back"):
        payments.move_payment(payment, to=other, by=admin)
    invoices.credit(invoice, amount=pounds("40.00"), reason="A discount.", by=admin)
    with pytest.raises(Refused, match=r"£5\.00"):
        invoices.credit(invoice, amount=pounds("5.01"), reason="Too much.", by=admin)
    invoices.credit(invoice, reason="The rest.", by=admin)
    with pytest.raises(Refused, match="in full"):
        invoices.credit(invoice, reason="Again.", by=admin)


@pytest.mark.django_db
def test_what_nobody_knows_is_sent_back_whole_and_once(admin: User) -> None:
    payment = pay(None, "12.50")
    payments.send_back(payment, paid_on=TODAY(), by=admin)
    with pytest.raises(Refused):
        payments.send_back(payment, paid_on=TODAY(), by=admin)
    with pytest.raises(Refused):
        payments.move_payment(payment, to=raised(), by=admin)
    assert not Payment.objects.unplaced().exists()
    assert LedgerEntry.objects.filter(invoice=None).aggregate(sum=Sum("amount"))["sum"] == 0


@pytest.mark.django_db
def test_only_the_office_keeps_the_books(member: User) -> None:
    invoice, payment = raised(), pay(None, "1.00")
    for act in (
        partial(pay, invoice, "1.00", by=member),
        partial(payments.move_payment, payment, to=invoice, by=member),
        partial(payments.send_back, payment, paid_on=TODAY(), by=member),
        partial(payments.pay_back, invoice, amount=Decimal(1), paid_on=TODAY(), method="cheque", by=member),
        partial(invoices.credit, invoice, reason="Mine.", by=member),
        partial(invoices.mail_again, invoice, by=member),
        partial(invoices.set_purchase_order, invoice, purchase_order="PO", by=member),
    ):
        with pytest.raises(PermissionDenied):
            act()


@pytest.mark.django_db(transaction=True)
def test_two_who_pay_the_rest_at_once_grant_once(granted: list[str], admin: User) -> None:
    invoice = raised()
    paid = race(Invoice.objects.filter(pk=invoice.pk), *[partial(pay, invoice, "45.00", by=admin)] * 3)
    assert all(isinstance(payment, Payment) for payment in paid), paid
    assert granted == [invoice.number]
    assert balance_of(invoice) == -90


@pytest.mark.django_db(transaction=True)
def test_the_same_source_five_times_at_once_is_one_payment(admin: User) -> None:
    invoice = raised()
    again = [partial(pay, invoice, "45.00", source="stripe:pi_1")] * 5
    paid = race(Invoice.objects.filter(pk=invoice.pk), *again)
    assert {payment.number for payment in paid} == {"REC-00001"}
    assert pay(None, "1.00").number == "REC-00002"
    assert balance_of(invoice) == 0


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["pay", "pay", "rest", "refund", "credit", "move"]),
        st.integers(0, 2),  # an invoice
        st.integers(0, 5),  # a payment
        st.integers(1, 9000),  # pence
    ),
    max_size=14,
)


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_whatever_is_done_the_ledger_is_what_is_owed(
    steps: list[tuple[str, int, int, int]], admin: User, granted: list[str]
) -> None:
    granted.clear()
    all_invoices = [
        raised(line("45.00")),
        raised(line("33.33", quantity=3, vat="20")),
        raised(line("10.01", vat="20"), line("20.02", vat="5"), line("3.00")),
    ]
    done: list[Payment] = [pay(None, "10.00")]
    for verb, which, number, pence in steps:
        invoice, amount = all_invoices[which], Decimal(pence) / 100
        try:
            match verb:
                case "pay":
                    done.append(pay(invoice, str(amount)))
                case "rest":
                    done.append(pay(invoice, str(balance_of(invoice))))
                case "refund":
                    payments.pay_back(invoice, amount=amount, paid_on=TODAY(), method="transfer", by=admin)
                case "credit":
                    invoices.credit(invoice, amount=amount, reason="So.", by=admin)
                case "move":
                    payment = done[number % len(done)]
                    payment.refresh_from_db()
                    payments.move_payment(payment, to=invoice, by=admin)
        except Refused:
            pass
    for invoice in all_invoices:
        received = sum((each.amount for each in invoice.payments.all()), Decimal(0))
        taken_back = sum((note.total for note in invoice.credit_notes.all()), Decimal(0))
        assert balance_of(invoice) == invoice.total - received - taken_back
        assert received >= 0
        if taken_back < invoice.total:
            invoices.credit(invoice, reason="The rest.", by=admin)
        notes = CreditNote.objects.filter(invoice=invoice).aggregate(net=Sum("net"), vat=Sum("vat"))
        assert (notes["net"], notes["vat"]) == (invoice.net, invoice.vat)
        invoice.refresh_from_db()
        assert granted.count(invoice.number) == (invoice.granted_at is not None) <= 1
    unplaced = sum((each.amount for each in Payment.objects.unplaced()), Decimal(0))
    loose = LedgerEntry.objects.filter(invoice=None).aggregate(sum=Sum("amount"))["sum"]
    assert loose == -unplaced


@pytest.mark.django_db
def test_who_has_not_paid_is_reminded_twice_and_a_missed_run_is_one_mail() -> None:
    Association.get()
    fresh, week, month, paid = (raised(due_days=0) for _ in range(4))
    pay(paid, "45.00")
    assert invoices.remind() == 0
    late(week, 7)
    late(month, 30)
    late(paid, 30)
    assert invoices.remind() == 2
    assert invoices.remind() == 0
    assert set(Message.objects.filter(kind="invoice-overdue").values_list("key", flat=True)) == {
        f"invoice-overdue:{week.pk}:1",
        f"invoice-overdue:{month.pk}:2",
    }
    late(week, 21)
    pay(week, "44.00")
    assert invoices.remind() == 1
    assert "£1.00 of invoice" in Message.objects.get(key=f"invoice-overdue:{week.pk}:2").text
    assert not Message.objects.filter(key__startswith=f"invoice-overdue:{fresh.pk}:").exists()


def late(invoice: Invoice, days: int) -> None:
    """Makes an invoice one that was due so many days ago, which only a test may."""
    day = TODAY() - dt.timedelta(days=days)
    with pgtrigger.ignore("members.Invoice:invoice_as_sent"):
        Invoice.objects.filter(pk=invoice.pk).update(issued_on=day, due_on=day)
