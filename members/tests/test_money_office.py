"""The office's books in the admin: lists, exports, deeds that are refused, and the figures of what came in."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from linkworkers.outbox.models import Message
from members.actions import bank
from members.factories_money import invoiced, make_books, pay, raised, taken
from members.models import BankFile, BankLine, Invoice, Payment, User
from tests.world import logged_in

pytestmark = pytest.mark.django_db


def at(model: str, page: str = "changelist", *arguments: object) -> str:
    return reverse(f"admin:members_{model}_{page}", args=arguments)


def test_the_filters_find_each_invoice_where_it_stands(admin: User) -> None:
    fresh, over, paid, part = raised(), raised(), raised(), make_books(None, by=admin)
    pay(over, "50.00")
    pay(paid, "45.00")
    client = logged_in(admin)
    for standing, expected in (
        ("unpaid", {fresh, part}),
        ("overdue", set()),
        ("overpaid", {over}),
        ("paid", {paid}),
        ("credited", {part}),
    ):
        page = client.get(at("invoice"), {"standing": standing})
        assert set(page.context["cl"].result_list) == expected, standing


def test_the_lists_cost_the_same_with_one_and_with_thirty(
    admin: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = logged_in(admin)
    make_books(None, by=admin)
    models = ("invoice", "payment", "creditnote", "ledgerentry", "bankfile", "bankline")

    def queries() -> list[int]:
        counts = []
        for model in models:
            with django_assert_max_num_queries(13) as seen:  # one of them once a log-in
                assert client.get(at(model)).status_code == 200
            counts.append(len(seen))
        return counts

    queries()  # what a process asks once
    before = queries()
    for number in range(29):
        pay(raised(), "1.00")
        taken(admin, (f"Line {number}", "1.00"), name=f"{number}.csv")
    assert queries() == before


def test_invoices_are_saved_as_csv_and_no_cell_is_a_formula(admin: User) -> None:
    raised(bill_to='=HYPERLINK("https://evil.test")', purchase_order="@SUM(1)")
    sent = {"action": "as_csv", "_selected_action": [Invoice.objects.get().pk]}
    text = logged_in(admin).post(at("invoice"), sent).content.decode("utf-8-sig")
    assert "'=HYPERLINK" in text
    assert "'@SUM" in text
    assert "45.00,45.00" in text


def test_an_invoice_is_mailed_again_as_often_as_asked(admin: User) -> None:
    sent = {"action": "mail_again", "_selected_action": [raised().pk]}
    for _ in range(2):
        logged_in(admin).post(at("invoice"), sent)
    assert Message.objects.filter(kind="invoice-raised").count() == 3


def test_deeds_that_are_refused_keep_what_was_typed(admin: User) -> None:
    invoice, client = raised(), logged_in(admin)
    for typed, said in (
        ({"amount": "0", "received_on": "1 11 2026", "method": "cheque"}, "above zero"),
        ({"amount": "5", "received_on": "1 1 2099", "method": "cheque"}, "still to come"),
        ({"amount": "5", "received_on": "31 2 2026", "method": "cheque"}, "Type the day"),
        ({"amount": "x", "received_on": "1 11 2026", "method": "cheque"}, "45.00."),
        ({"amount": "5", "received_on": "1 11 2026", "method": "card"}, "valid choice"),
        ({"amount": "5", "received_on": "1 11 2026", "method": "cheque", "reference": "a\x00b"}, "Null"),
    ):
        page = client.post(at("invoice", "record_payment", invoice.pk), typed).content.decode()
        assert said in page, said
        assert f'value="{typed["amount"]}"' in page
    assert not Payment.objects.exists()


def test_a_payment_is_placed_by_a_number_as_people_write_it(admin: User) -> None:
    invoice, payment, client = raised(), pay(None, "45.00"), logged_in(admin)
    url = at("payment", "place", payment.pk)
    for typed in ("INV-99999", "x", "٤٢", "inv", ""):
        assert client.post(url, {"invoice": typed}).status_code == 200
    assert client.post(url, {"invoice": "inv 1"}).status_code == 302
    payment.refresh_from_db()
    assert payment.invoice == invoice
    for pk in ("0", "x", "99999999999999999999"):
        assert client.get(at("payment", "place", pk)).status_code == 404


def test_a_bad_file_is_refused_with_its_rows(admin: User) -> None:
    client = logged_in(admin)
    for content, said in (
        (b"Date,Details,Amount\n05/11/2026,x\n", "Row 2: it has 2 cells"),
        (b"", "empty"),
        (b"x" * (2 * 1024 * 1024 + 1), "2 MB at most"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not CSV"),
    ):
        page = client.post(at("bankfile", "add"), {"file": SimpleUploadedFile("a.csv", content)})
        assert said in page.content.decode(), said
    assert not BankFile.objects.exists()


def test_what_is_ticked_is_what_was_seen(admin: User) -> None:
    """The page was opened before the invoice's other payment came in; nonsense in the form does nothing."""
    invoice = invoiced("Priya Shah")
    file = taken(admin, ("INV-00001", "45.00"), ("HMRC", "12.00"), ("FEES", "3.00"))
    hers, hmrc, fees = file.lines.all()
    pay(invoice, "45.00")
    client, url = logged_in(admin), at("bankfile", "change", file.pk)
    client.post(url, {f"take-{hmrc.pk}": "99999", f"take-{fees.pk}": "x", f"place-{fees.pk}": "INV-77777"})
    assert Payment.objects.count() == 1
    page = client.post(
        url, {f"take-{hers.pk}": invoice.pk, f"aside-{hmrc.pk}": "Gift Aid", f"place-{fees.pk}": "1"}, follow=True
    )
    assert "2 payments recorded." in page.content.decode()
    assert [Payment.objects.filter(bank_line=each).exists() for each in (hers, hmrc, fees)] == [True, False, True]
    client.post(at("bankline"), {"action": "put_back", "_selected_action": [hmrc.pk]})
    assert BankLine.objects.waiting().get() == hmrc


def test_a_file_is_deleted_only_while_nothing_came_of_it(admin: User) -> None:
    file = taken(admin, ("FEES", "3.00"))
    client = logged_in(admin)
    bank.choose({file.lines.get().pk: raised().pk}, by=admin)
    assert client.post(at("bankfile", "delete", file.pk), {"post": "yes"}).status_code == 403
    other = taken(admin, ("OTHER", "3.00"), name="other.csv")
    again = taken(admin, ("OTHER", "3.00"), name="again.csv")
    client.post(at("bankfile", "delete", other.pk), {"post": "yes"})
    assert BankFile.objects.filter(pk=other.pk).exists()  # the later one leans on it
    client.post(at("bankfile", "delete", again.pk), {"post": "yes"})
    assert not BankFile.objects.filter(pk=again.pk).exists()
