"""What stands beneath a membership in the office: its terms, its seats, its invoices. Read, and changed elsewhere."""

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.utils.formats import date_format
from unfold.decorators import display

from members.admin._base import ReadOnlyInline
from members.http import Request
from members.models import FOREVER, Invoice, Seat, Term


def last_day(day: dt.date | None) -> str:
    if day is None:
        return "–"
    return "For life" if day == FOREVER else date_format(day, "j M Y")


class TermsInline(ReadOnlyInline):
    model = Term
    fields = ["plan", "start_date", "until", "seats", "shown_reason", "invoice"]
    readonly_fields = ["until", "shown_reason"]
    ordering = ["-start_date"]
    verbose_name_plural = "terms"

    def get_queryset(self, request: Request) -> QuerySet[Term]:
        return super().get_queryset(request).select_related("plan", "invoice")

    @display(description="last day")
    def until(self, term: Term) -> str:
        return last_day(term.end_date)

    @display(description="how it came")
    def shown_reason(self, term: Term) -> str:
        return term.get_reason_display()


class SeatsInline(ReadOnlyInline):
    """Those that an employer lends; its own page gives and ends them."""

    model = Seat
    fk_name = "membership"
    fields = ["name", "email", "shown_state", "offered_at", "accepted_at", "ended_at"]
    readonly_fields = ["shown_state", "offered_at", "accepted_at", "ended_at"]
    ordering = ["-offered_at"]
    verbose_name_plural = "seats"
    per_page = 50

    def get_queryset(self, request: Request) -> QuerySet[Seat]:
        return super().get_queryset(request).select_related("membership")

    @display(description="state")
    def shown_state(self, seat: Seat) -> str:
        return seat.state


class InvoicesInline(ReadOnlyInline):
    model = Invoice
    fields = ["number", "issued_on", "due_on", "asked", "balance"]
    readonly_fields = ["asked", "balance"]
    verbose_name_plural = "invoices"
    show_change_link = True

    def get_queryset(self, request: Request) -> QuerySet[Invoice]:
        return super().get_queryset(request).with_balance()

    @display(description="asked for")
    def asked(self, invoice: Invoice) -> str:
        return f"£{invoice.total:,.2f}"

    @display(description="still to pay")
    def balance(self, invoice: Any) -> str:
        return f"£{invoice.balance:,.2f}"
