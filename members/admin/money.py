"""The office's pages of invoices and payments. Nothing here is typed over: each change is a deed with its own page."""

import csv
from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from unfold.decorators import action, display

from linkworkers.audit.admin import ReadOnly
from linkworkers.audit.models import AuditEvent
from linkworkers.spreadsheets import harmless
from linkworkers.templatetags import pounds, when
from members import permissions
from members.actions import invoices, payments
from members.actions.cards import REFUNDED
from members.admin._base import ReadOnlyInline, each
from members.admin._deeds import CreditForm, PaymentForm, PlaceForm, RefundForm, SendBackForm, deed
from members.http import Request
from members.models import CreditNote, Invoice, InvoiceLine, LedgerEntry, Payment

COLUMNS = ["Number", "Date", "Due", "To", "Membership", "Purchase order", "Without VAT", "VAT", "Total", "Still to pay"]


class Books(ReadOnly):
    """Rows that only the deeds of this page change."""

    def has_books_permission(self, request: Request, object_id: str | None = None) -> bool:
        return permissions.can_keep_books(request.user)


def link_to(row: Model | None) -> str:
    if row is None:
        return "None"
    name = f"admin:{row._meta.app_label}_{row._meta.model_name}_change"
    return format_html('<a class="underline" href="{}">{}</a>', reverse(name, args=[row.pk]), row)


class LinesInline(ReadOnlyInline):
    model = InvoiceLine
    fields = ["description", "quantity", "unit_price", "vat_rate", "net", "vat"]
    verbose_name_plural = "lines"


class PaymentsInline(ReadOnlyInline):
    model = Payment
    fields = ["page", "received_on", "method", "amount", "reference"]
    readonly_fields = ["page"]
    verbose_name_plural = "payments"

    @display(description="receipt")
    def page(self, payment: Payment) -> str:
        return link_to(payment)


class CreditNotesInline(ReadOnlyInline):
    model = CreditNote
    fields = ["number", "issued_on", "total", "reason"]
    verbose_name_plural = "credit notes"


class StandingFilter(admin.SimpleListFilter):
    title = "how it stands"
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [
            ("unpaid", "Unpaid"),
            ("overdue", "Overdue"),
            ("overpaid", "Too much was paid"),
            ("ungranted", "Paid, with nothing to grant"),
            ("paid", "Paid"),
            ("credited", "Taken back, in whole or in part"),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet[Any]:
        match self.value():
            case "unpaid":
                return queryset.unpaid()
            case "overdue":
                return queryset.overdue()
            case "overpaid":
                return queryset.overpaid()
            case "ungranted":
                return queryset.ungranted()
            case "paid":
                return queryset.paid()
            case "credited":
                return queryset.with_credit()
        return queryset


@admin.register(Invoice)
class InvoiceAdmin(Books):
    list_display = ["number", "bill_to", "issued_on", "due_on", "total", "shown_balance", "shown_standing"]
    list_filter = [StandingFilter]
    list_select_related = ["membership"]
    date_hierarchy = "issued_on"
    search_fields = ["number", "bill_to", "email", "purchase_order", "membership__number"]
    search_help_text = "An invoice’s or a membership’s number, a name, an address or a purchase order."
    fields = [
        *("number", "shown_standing", "shown_balance", "shown_membership", "bill_to", "address", "email"),
        *("purchase_order", "issued_on", "due_on", "net", "vat", "total", "granted_at", "reminded", "papers"),
    ]
    readonly_fields = ["shown_standing", "shown_balance", "shown_membership", "papers"]
    inlines = [LinesInline, PaymentsInline, CreditNotesInline]
    actions = ["mail_again", "as_csv"]
    actions_detail = ["record_payment", "take_back", "pay_back"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Invoice]:
        return super().get_queryset(request).with_balance()

    @display(description="still to pay", ordering="balance")
    def shown_balance(self, invoice: Invoice) -> str:
        return pounds(invoice.balance)

    @display(
        description="how it stands",
        label={"Paid": "success", "Overdue": "danger", "Too much was paid": "warning", "Part paid": "info"},
    )
    def shown_standing(self, invoice: Invoice) -> str:
        return invoice.standing

    @display(description="membership")
    def shown_membership(self, invoice: Invoice) -> str:
        return str(invoice.membership or "None")

    @display(description="papers")
    def papers(self, invoice: Invoice) -> str:
        pdf = [("Invoice", reverse("invoice_pdf", args=[invoice.number]))]
        pdf += [(f"Receipt {each.number}", reverse("receipt", args=[each.number])) for each in invoice.payments.all()]
        pdf += [
            (f"Credit note {note.number}", reverse("credit_note", args=[note.number]))
            for note in invoice.credit_notes.all()
        ]
        return format_html_join(" · ", '<a class="underline" href="{1}">{0}</a>', pdf)

    @admin.action(description="Mail it again", permissions=["books"])
    def mail_again(self, request: Request, queryset: QuerySet[Invoice]) -> None:
        each(request, queryset, lambda row: invoices.mail_again(row, by=request.user), "on its way again.")

    @admin.action(description="Save as CSV", permissions=["books"])
    def as_csv(self, request: Request, queryset: QuerySet[Invoice]) -> HttpResponse:
        """For a spreadsheet. A cell that it would take for a formula begins with an apostrophe."""
        response = HttpResponse(content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="invoices.csv"'
        response.write("\ufeff")
        writer = csv.writer(response)
        writer.writerow(COLUMNS)
        for row in queryset.select_related("membership"):
            cells = [row.number, row.issued_on, row.due_on, row.bill_to]
            cells += [row.membership.number if row.membership else "", row.purchase_order]
            writer.writerow([*map(harmless, cells), row.net, row.vat, row.total, row.balance])
        return response

    @action(description="Record a payment", url_path="record-payment", permissions=["books"])
    def record_payment(self, request: Request, object_id: str) -> HttpResponse:
        invoice = self._invoice(request, object_id)
        balance = invoice.balance

        def do(typed: dict[str, Any]) -> str:
            payment = payments.record_payment(invoice=invoice, **typed, by=request.user)
            return f"{payment.number} is recorded, and the receipt is on its way to {invoice.email}."

        return deed(
            self,
            request,
            invoice,
            title=f"Record a payment for {invoice}",
            about=f"{pounds(balance)} is still to be paid by {invoice.bill_to}. It may be less, or more.",
            form=PaymentForm(request.POST or None, initial={"amount": balance if balance > 0 else None}),
            button="Record the payment",
            do=do,
        )

    @action(description="Take back", url_path="take-back", permissions=["books"])
    def take_back(self, request: Request, object_id: str) -> HttpResponse:
        invoice = self._invoice(request, object_id)
        left = invoice.total - invoice.credited

        def do(typed: dict[str, Any]) -> str:
            note = invoices.credit(invoice, **typed, by=request.user)
            return f"{note.number} takes back {pounds(note.total)}, and is on its way to {invoice.email}."

        return deed(
            self,
            request,
            invoice,
            title=f"Take back {invoice}",
            about=f"A credit note takes back up to {pounds(left)}, VAT included. It grants nothing and ends nothing.",
            form=CreditForm(request.POST or None, initial={"amount": left}),
            button="Write the credit note",
            do=do,
        )

    @action(description="Pay back", url_path="pay-back", permissions=["books"])
    def pay_back(self, request: Request, object_id: str) -> HttpResponse:
        invoice = self._invoice(request, object_id)
        over = -invoice.balance

        def do(typed: dict[str, Any]) -> str:
            refund = payments.pay_back(invoice, **typed, by=request.user)
            return f"{refund.number} says that {pounds(-refund.amount)} went back. {invoice.email} is told."

        return deed(
            self,
            request,
            invoice,
            title=f"Pay back for {invoice}",
            about="Send the money first. This writes it into the books, and tells the payer.",
            form=RefundForm(request.POST or None, initial={"amount": over if over > 0 else None}),
            button="It was sent",
            do=do,
        )

    def _invoice(self, request: Request, object_id: str) -> Invoice:
        return get_object_or_404(self.get_queryset(request), pk=_key(object_id))


class PlaceFilter(admin.SimpleListFilter):
    title = "place"
    parameter_name = "place"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("unplaced", "On no invoice yet"), ("placed", "On an invoice"), ("back", "Paid back")]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet[Any]:
        match self.value():
            case "unplaced":
                return queryset.unplaced()
            case "placed":
                return queryset.exclude(invoice=None)
            case "back":
                return queryset.filter(amount__lt=0)
        return queryset


@admin.register(Payment)
class PaymentAdmin(Books):
    list_display = ["number", "received_on", "amount", "method", "invoice", "payer", "reference"]
    list_filter = [PlaceFilter, "method"]
    list_select_related = ["invoice"]
    date_hierarchy = "received_on"
    search_fields = ["number", "payer", "reference", "invoice__number", "invoice__bill_to"]
    search_help_text = "A receipt’s or an invoice’s number, a name or a reference."
    fields = [
        *("number", "shown_invoice", "received_on", "amount", "method", "reference", "payer", "source", "pays_back"),
        *("recorded_by", "created_at", "told_by_card"),
    ]
    readonly_fields = ["shown_invoice", "pays_back", "told_by_card"]
    actions_detail = ["place", "send_back"]

    @display(description="invoice")
    def shown_invoice(self, payment: Payment) -> str:
        return link_to(payment.invoice)

    @display(description="sent back by the card company")
    def told_by_card(self, payment: Payment) -> str:
        told = AuditEvent.objects.filter(verb=REFUNDED, subject_id=str(payment.pk)).order_by("at")
        return "; ".join(f"£{each.facts['refunded_so_far']} until {when(each.at)}" for each in told) or "Nothing"

    @action(description="Place on an invoice", url_path="place", permissions=["books"])
    def place(self, request: Request, object_id: str) -> HttpResponse:
        payment = self._payment(object_id)

        def do(typed: dict[str, Any]) -> str:
            moved = payments.move_payment(payment, to=typed["invoice"], by=request.user)
            return f"{moved.number} is on {moved.invoice}, and the receipt is on its way."

        stands = f"It is on {payment.invoice} now, which keeps what it has granted." if payment.invoice else ""
        return deed(
            self,
            request,
            payment,
            title=f"Place {payment.number} on an invoice",
            about=f"{pounds(payment.amount)} from {payment.payer or 'somebody'}: {payment.reference or '–'}. {stands}",
            form=PlaceForm(request.POST or None),
            button="Place it",
            do=do,
        )

    @action(description="Send back", url_path="send-back", permissions=["books"])
    def send_back(self, request: Request, object_id: str) -> HttpResponse:
        payment = self._payment(object_id)

        def do(typed: dict[str, Any]) -> str:
            refund = payments.send_back(payment, **typed, by=request.user)
            return f"{refund.number} says that {pounds(payment.amount)} went back."

        return deed(
            self,
            request,
            payment,
            title=f"Send back {payment.number}",
            about="For money that belongs to no invoice. Send it first; this writes it into the books.",
            form=SendBackForm(request.POST or None),
            button="It was sent",
            do=do,
        )

    def _payment(self, object_id: str) -> Payment:
        return get_object_or_404(Payment.objects.select_related("invoice"), pk=_key(object_id))


@admin.register(CreditNote)
class CreditNoteAdmin(ReadOnly):
    list_display = ["number", "invoice", "issued_on", "total", "reason", "by"]
    list_select_related = ["invoice", "by"]
    date_hierarchy = "issued_on"
    search_fields = ["number", "invoice__number", "invoice__bill_to", "reason"]
    search_help_text = "A number, a name or a word of the reason."


@admin.register(LedgerEntry)
class LedgerEntryAdmin(ReadOnly):
    """Above zero somebody owes us more, below zero less."""

    list_display = ["at", "kind", "amount", "invoice", "payment", "credit_note"]
    list_filter = ["kind"]
    list_select_related = ["invoice", "payment", "credit_note"]
    ordering = ["-pk"]
    date_hierarchy = "at"
    search_fields = ["invoice__number", "payment__number", "credit_note__number"]
    search_help_text = "The number of an invoice, a receipt or a credit note."


def _key(object_id: str) -> int:
    return int(object_id) if object_id.isascii() and object_id.isdigit() and len(object_id) < 19 else 0
