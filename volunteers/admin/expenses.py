"""The office's pages of mileage rates, which it enters, and of claims, which it looks at here."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.forms import ModelForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from unfold.decorators import display

from linkworkers.audit.admin import Audited, ReadOnly
from members.admin._base import ReadOnlyInline
from members.http import Request
from volunteers.actions import expenses
from volunteers.models import ExpenseClaim, ExpenseLine, MileageRate


@admin.register(MileageRate)
class MileageRateAdmin(Audited):
    """A rate that has ended is kept: what was paid by it can be told. What nobody approved yet follows a change."""

    list_display = ["vehicle", "from_date", "until_date", "pence_per_mile", "after_miles", "pence_after", "source"]
    list_filter = ["vehicle"]
    ordering = ["vehicle", "-from_date"]

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def save_model(self, request: Any, obj: Model, form: ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        expenses.rates_changed(by=request.user)


class LinesInline(ReadOnlyInline):
    model = ExpenseLine
    fields = ["on", "kind", "miles", "vehicle", "working", "amount"]
    verbose_name_plural = "lines"


@admin.register(ExpenseClaim)
class ExpenseClaimAdmin(ReadOnly):
    """Looked at here; approved and paid on the page that each leads to. What was not sent is its volunteer's own."""

    list_display = ["__str__", "volunteer", "workplace", "state", "sent_at", "total"]
    list_filter = ["state"]
    search_fields = ["volunteer__name__icontains", "volunteer__email__iexact"]
    list_select_related = ["volunteer__workplace"]
    date_hierarchy = "sent_at"
    ordering = ["-sent_at", "-pk"]
    fields = [
        *("page", "volunteer", "state", "total", "sent_at", "decided_at", "decided_by", "answer"),
        *("payment_list", "paid_at", "paid_by"),
    ]
    readonly_fields = ["page"]
    inlines = [LinesInline]

    def get_queryset(self, request: Request) -> Any:
        return ExpenseClaim.objects.settled_by(request.user)

    @display(description="workplace")
    def workplace(self, claim: ExpenseClaim) -> str:
        return str(claim.volunteer.workplace)

    @display(description="to approve or pay")
    def page(self, claim: ExpenseClaim) -> str:
        url = reverse("expense_claim", args=[claim.pk])
        return format_html('<a class="underline" href="{}">Open the claim</a>', url)
