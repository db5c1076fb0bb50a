"""Money, as those see it who pay and the office that keeps the books; and a file from the bank taken in with clicks."""

import datetime as dt
from decimal import Decimal

import pgtrigger
import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django import Settings

from members.actions import invoices
from members.actions.invoices import balance_of
from members.factories import EmployerFactory
from members.factories_money import invoiced, line, make_books, pay, raised, taken
from members.models import Association, BankFile, BankLine, CreditNote, Invoice, LedgerEntry, Payment, User
from tests.browser.conftest import Visit
from tests.browser.scene import LONG_NOTE, UNBROKEN
from tests.browser.test_every_page import THEME, at, look_at

pytestmark = pytest.mark.django_db(transaction=True)


def our_account() -> None:
    Association.get()
    Association.objects.update(
        account_name="Link Workers’ Association",
        sort_code="12-34-56",
        account_number="12345678",
        email="office@example.test",
    )


def overdue(invoice: Invoice) -> Invoice:
    day = timezone.localdate() - dt.timedelta(days=9)
    with pgtrigger.ignore("members.Invoice:invoice_as_sent"):
        Invoice.objects.filter(pk=invoice.pk).update(issued_on=day, due_on=day)
    return invoice


def be_too_long(page: Page) -> None:
    page.get_by_label("Purchase order number").evaluate("input => { input.value = 'x'.repeat(70); }")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("heading", name="There is a problem").wait_for()


def test_pages_of_invoices(visit: Visit, member: User, admin: User, settings: Settings) -> None:
    our_account()
    own = {"membership": member.membership}
    fresh = raised(
        line("290.00", vat="20", text="Employer membership, 1 December 2026 to 30 November 2027"),
        line("24.00", quantity=10, vat="20", text="Further seats"),
        bill_to="Hertfordshire Community Trust",
        purchase_order="PO-2026/17",
        **own,
    )
    late = overdue(raised(**own))
    long = raised(line("9.99", text=UNBROKEN[:280]), bill_to=UNBROKEN[:180], address=LONG_NOTE[:300], **own)
    books = make_books(member.membership, by=admin)
    over = raised(**own)
    pay(over, "90.00")
    paid = raised(**own)
    pay(paid, "45.00")
    gone = raised(**own)
    invoices.credit(gone, reason=LONG_NOTE[:290], by=admin)
    page = visit(member)
    problems = look_at(
        page,
        [
            ("invoices", at("invoices")),
            ("invoice", at("invoice", fresh.number)),
            ("invoice overdue", at("invoice", late.number)),
            ("invoice long", at("invoice", long.number)),
            ("invoice part paid", at("invoice", books.number)),
            ("invoice over", at("invoice", over.number)),
            ("invoice paid", at("invoice", paid.number)),
            ("invoice taken back", at("invoice", gone.number)),
            ("invoice thanks waiting", at("invoice_thanks", fresh.number)),
            ("invoice thanks", at("invoice_thanks", paid.number)),
            ("invoice purchase order", at("invoice_purchase_order", fresh.number)),
            ("invoice purchase order errors", at("invoice_purchase_order", fresh.number), be_too_long),
        ],
    )
    settings.STRIPE_SECRET_KEY, settings.STRIPE_WEBHOOK_SECRET = "sk_test_x", "whsec_x"
    problems += look_at(page, [("invoice by card", at("invoice", fresh.number))])
    problems += look_at(visit(EmployerFactory().contact), [("invoices none", at("invoices"))])
    assert not problems, "\n".join(["", *problems])


def test_pages_of_the_office_about_money(visit: Visit, admin: User, member: User) -> None:
    books = make_books(member.membership, by=admin)
    stray = pay(
        None, "12.00", payer="Somebody", reference="pi_1 for “INV-9”, which is no invoice of ours", method="card"
    )
    invoiced("Priya Shah", "45.00")
    invoiced("Tom Baker", "60.00")
    file = taken(
        admin,
        ("P SHAH INV-00002", "45.00"),
        ("INV-00001 PART", "3.00"),
        ("INV00030 BAKER", "60.00"),
        (UNBROKEN[:200], "7.00"),
        ("HMRC", "12.00"),
        ("RENT", "-500.00"),
        name="statement-november-2026.csv",
    )
    names = "invoice payment creditnote ledgerentry bankfile bankline"

    def refuse_file(page: Page) -> None:
        bad = {
            "name": "bad.csv",
            "mimeType": "text/csv",
            "buffer": b"Date,Details,Amount\n05/11/2026,x\n31/02/2026,y,1\n",
        }
        page.locator("input[name=file]").set_input_files(bad)
        page.get_by_role("button", name="Read the file").click()
        page.get_by_text("Row 2: it has 2 cells").first.wait_for()

    def be_refused(page: Page) -> None:
        page.get_by_label("Amount in pounds").fill("999")
        page.get_by_role("button", name="It was sent").click()
        page.get_by_text("No more than that can be paid back").wait_for()

    def leave_empty(page: Page) -> None:
        page.get_by_role("button", name="Write the credit note").click()
        page.get_by_text("Write why.").wait_for()

    problems = look_at(
        visit(admin),
        [
            *((f"office {name}s", at(f"admin:members_{name}_changelist")) for name in names.split()),
            ("office too much paid", at("admin:members_invoice_changelist") + "?standing=overpaid"),
            ("office invoice", at("admin:members_invoice_change", books.pk)),
            ("office payment", at("admin:members_payment_change", stray.pk)),
            ("office record a payment", at("admin:members_invoice_record_payment", books.pk)),
            ("office take back errors", at("admin:members_invoice_take_back", books.pk), leave_empty),
            ("office pay back refused", at("admin:members_invoice_pay_back", books.pk), be_refused),
            ("office place", at("admin:members_payment_place", stray.pk)),
            ("office send back", at("admin:members_payment_send_back", stray.pk)),
            ("office credit note", at("admin:members_creditnote_change", CreditNote.objects.first().pk)),
            ("office ledger entry", at("admin:members_ledgerentry_change", LedgerEntry.objects.first().pk)),
            ("office bank file new", at("admin:members_bankfile_add")),
            ("office bank file refused", at("admin:members_bankfile_add"), refuse_file),
            ("office bank file", at("admin:members_bankfile_change", file.pk)),
            ("office bank file delete", at("admin:members_bankfile_delete", file.pk)),
            ("office bank line", at("admin:members_bankline_change", BankLine.objects.first().pk)),
        ],
        forgiven=THEME,
    )
    assert not problems, "\n".join(["", *problems])


def test_the_office_takes_in_a_bank_file(visit: Visit, admin: User) -> None:
    """One line with the right reference, one mistyped, one that nobody knows, one of the taxman's."""
    exact, mistyped, unknown = (
        invoiced(name, amount)
        for name, amount in (("Priya Shah", "45.00"), ("Tom Baker", "60.00"), ("Jo Lee", "30.00"))
    )
    day = f"{timezone.localdate():%d/%m/%Y}"
    content = (
        f"Date,Description,Paid in,Paid out\n{day},P SHAH INV 00001,45.00,\n{day},INV-0002,60.00,\n"
        f"{day},FEES,25.00,\n{day},HMRC GIFT AID,12.50,\n{day},RENT,,500.00\n"
    )
    page = visit(admin)
    page.goto(at("admin:members_bankfile_changelist"))
    page.goto(at("admin:members_bankfile_add"))
    file = {"name": "november.csv", "mimeType": "text/csv", "buffer": content.encode()}
    page.locator("input[name=file]").set_input_files(file)
    page.get_by_role("button", name="Read the file").click()
    expect(page.get_by_text("Nothing is recorded yet")).to_be_visible()
    expect(page.get_by_text("1 payment out is left alone")).to_be_visible()
    expect(page.get_by_role("checkbox", name="INV-00001")).to_be_checked()
    likely = page.get_by_role("checkbox", name="INV-00002")
    expect(likely).not_to_be_checked()
    assert not Payment.objects.exists()
    likely.check()
    fees = page.locator("li", has_text="FEES")
    fees.get_by_label("Invoice").fill("inv 3")
    page.locator("li", has_text="HMRC").get_by_label("or set aside because").fill("Gift Aid")
    page.get_by_role("button", name="Take in what is ticked").click()
    expect(page.get_by_text("3 payments recorded.")).to_be_visible()
    expect(page.get_by_text("Nothing waits in this file.")).to_be_visible()
    assert [balance_of(invoice) for invoice in (exact, mistyped, unknown)] == [0, 0, Decimal("5.00")]
    page.goto(at("admin:members_bankfile_add"))
    page.locator("input[name=file]").set_input_files(file)
    page.get_by_role("button", name="Read the file").click()
    expect(page.get_by_text("taken in as REC-00001")).to_be_visible()
    assert Payment.objects.count() == 3
    assert BankFile.objects.count() == 2


def test_the_office_records_what_came_by_cheque(visit: Visit, admin: User) -> None:
    invoice = invoiced("Priya Shah", "45.00")
    page = visit(admin)
    page.goto(at("admin:members_invoice_changelist"))
    page.get_by_role("link", name=invoice.number).click()
    page.get_by_role("link", name="Record a payment").click()
    page.get_by_label("Amount in pounds").fill("50")
    page.get_by_label("Cheque").check()
    page.get_by_role("button", name="Record the payment").click()
    expect(page.get_by_text("REC-00001 is recorded")).to_be_visible()
    page.get_by_role("link", name="Pay back").click()
    expect(page.get_by_label("Amount in pounds")).to_have_value("5.00")
    page.get_by_role("button", name="It was sent").click()
    expect(page.get_by_text("REC-00002 says that £5.00 went back")).to_be_visible()
    assert balance_of(invoice) == 0
