"""Invoices and receipts as those see them who pay, on the page and on paper; nobody else does."""

import io
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader
from pytest_django import DjangoAssertNumQueries

from linkworkers.audit.models import AuditEvent
from members.actions import invoices
from members.actions.invoices import Line
from members.factories import EmployerFactory, MembershipFactory
from members.factories_money import invoiced, line, make_books, pay, raised
from members.models import Association, Invoice, Payment, User
from members.money_pdf import credit_note_pdf, invoice_pdf, receipt_pdf
from tests.world import logged_in

pytestmark = pytest.mark.django_db


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages)


def pages_about(invoice: Invoice) -> list[str]:
    """Every address about an invoice, the first of them a form."""
    pages = ["invoice_purchase_order", "invoice", "invoice_pdf", "invoice_thanks"]
    return [
        *(reverse(name, args=[invoice.number]) for name in pages),
        *(reverse("receipt", args=[payment.number]) for payment in invoice.payments.all()),
        *(reverse("credit_note", args=[note.number]) for note in invoice.credit_notes.all()),
    ]


def test_only_those_whose_it_is_see_an_invoice_and_its_papers(admin: User, member: User, manager: User) -> None:
    urls = pages_about(make_books(member.membership, by=admin))
    stranger, nobody = logged_in(MembershipFactory().user), Client()
    mine, office, other = logged_in(member), logged_in(admin), logged_in(manager)
    for url in urls:
        assert (mine.get(url).status_code, office.get(url).status_code) == (200, 200), url
        assert (stranger.get(url).status_code, other.get(url).status_code) == (404, 404), url
        assert nobody.get(url).status_code == 302, url
    assert stranger.post(urls[0], {"purchase_order": "MINE"}).status_code == 404
    assert not Invoice.objects.filter(purchase_order="MINE").exists()
    assert stranger.get(reverse("invoices")).context["page"].paginator.count == 0


def test_the_contact_of_an_employer_sees_its_invoices(admin: User, member: User) -> None:
    urls = pages_about(make_books(EmployerFactory(contact=member), by=admin))
    client = logged_in(member)
    assert {client.get(url).status_code for url in urls} == {200}


def test_numbers_that_are_none_are_not_found(member: User) -> None:
    client = logged_in(member)
    for number in ("INV-99999", "inv-00001", "%00", "..", "INV-00001%00"):
        assert client.get(f"/members/invoices/{number}/").status_code == 404, number
    payment = pay(None, "5.00")
    assert client.get(reverse("receipt", args=[payment.number])).status_code == 404


def test_a_purchase_order_is_put_on_the_invoice_and_in_the_trail(member: User) -> None:
    invoice = invoiced("Priya", membership=member.membership)
    client, url = logged_in(member), reverse("invoice_purchase_order", args=[invoice.number])
    assert client.post(url, {"purchase_order": "x" * 61}).status_code == 200
    assert client.post(url, {"purchase_order": "PO 17/ü\x00"}).status_code == 200
    assert client.post(url, {"purchase_order": " PO 17/ü "}).status_code == 302
    assert "PO 17/ü" in client.get(reverse("invoice", args=[invoice.number])).content.decode()
    assert "PO 17/ü" in text_of(client.get(reverse("invoice_pdf", args=[invoice.number])).content)
    assert AuditEvent.objects.get(verb="invoice.purchase_order_changed").facts["purchase_order"] == ["", "PO 17/ü"]


def test_the_list_costs_the_same_with_one_and_with_thirty(
    member: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = logged_in(member)
    invoiced("Priya", membership=member.membership)
    for _ in range(2):
        with django_assert_max_num_queries(9) as seen:
            assert client.get(reverse("invoices")).status_code == 200
        if not hasattr(member, "queries_seen"):
            member.queries_seen = len(seen)  # type: ignore[attr-defined]
        assert len(seen) == member.queries_seen  # type: ignore[attr-defined]
        for _ in range(29):
            invoiced("Priya", membership=member.membership)
    with django_assert_max_num_queries(9):
        assert client.get(f"{reverse('invoices')}?page=2").status_code == 200


def test_the_page_of_an_invoice_costs_nine_queries_at_most(
    member: User, admin: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    invoice = make_books(member.membership, by=admin)
    client = logged_in(member)
    with django_assert_max_num_queries(9):
        assert client.get(reverse("invoice", args=[invoice.number])).status_code == 200


def test_the_invoice_on_paper_says_everything(admin: User) -> None:
    Association.get()
    Association.objects.update(
        address="1 Mill Lane\nHitchin", vat_number="GB 123", company_number="C 99", sort_code="12-34-56",
        account_number="12345678", account_name="LWA",
    )  # fmt: skip
    invoice = invoices.raise_invoice(
        lines=[line("100.00", vat="20", text="Employer membership " * 12), line("9.99", quantity=2, text="A book")],
        bill_to="Søn Żółć & محمد 李 Trust",
        address="Accounts\nAL7 1BW",
        email="a@example.test",
        purchase_order="PO-7",
        by=None,
    )
    pay(invoice, "30.00")
    note = invoices.credit(invoice, amount=Decimal("20.00"), reason="A seat less.", by=admin)
    text = text_of(invoice_pdf(invoice))
    for said in (
        *("The Link Workers’ Association", "1 Mill Lane", "GB 123", "C 99", "12-34-56", "12345678"),
        *(invoice.number, "PO-7", "Søn Żółć", "Accounts", "AL7 1BW", "A book", "20%", "0%", "£19.98", "£100.00"),
        *("Total £139.98", "REC-00001 −£30.00", "Credit note CN-00001 −£20.00", "Still to pay £89.98"),
    ):
        assert said in text, said
    assert "Received, with thanks £30.00" in text_of(receipt_pdf(Payment.objects.get()))
    assert "Taken back £20.00" in text_of(credit_note_pdf(note))


def test_a_long_invoice_goes_on_over_pages_and_any_letter_is_printed() -> None:
    lines = [Line(f"Ticket {number} " + "long " * 30, 1, Decimal("10.00"), Decimal("20")) for number in range(40)]
    invoice = raised(*lines)
    pdf = invoice_pdf(invoice)
    assert len(PdfReader(io.BytesIO(pdf)).pages) > 2
    assert "Total £480.00" in text_of(pdf)
    strange = raised(line("1.00", text="\u200f" + "1-" * 140 + "🎉𒀀"))
    assert "could not be printed" in text_of(invoice_pdf(strange))
