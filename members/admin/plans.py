"""What somebody can belong as, and what the association says of itself."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from unfold.decorators import display

from linkworkers.audit.admin import Audited, Refusing
from members.http import Request
from members.models import Association, Interest, Plan


@admin.register(Plan)
class PlanAdmin(Refusing, Audited):
    """An invoice keeps the price of its day, so a price may change at any time. The trail has each change."""

    list_display = ["name", "shown_audience", "shown_price", "shown_length", "grace_days", "is_open", "held_by"]
    search_fields = ["name", "key"]
    prepopulated_fields = {"key": ["name"]}
    fieldsets = [
        (None, {"fields": ["name", "key", "audience", "summary", "order"]}),
        ("Price", {"fields": ["price", "vat_rate", "seats_included", "seat_price"]}),
        ("How long", {"fields": ["months", "grace_days"]}),
        ("How people join", {"fields": ["is_open", "needs_approval", "asks"]}),
    ]

    def get_queryset(self, request: Request) -> QuerySet[Plan]:
        return super().get_queryset(request).annotate(number=Count("memberships"))

    def get_readonly_fields(self, request: Request, obj: Plan | None = None) -> list[str]:
        return ["key", "audience"] if obj else []

    def get_prepopulated_fields(self, request: Request, obj: Plan | None = None) -> dict[str, Any]:
        return {} if obj else {"key": ["name"]}

    def has_delete_permission(self, request: Request, obj: Model | None = None) -> bool:
        """Only one that nobody ever had."""
        return isinstance(obj, Plan) and not obj.memberships.exists()

    @display(description="for", ordering="audience")
    def shown_audience(self, plan: Plan) -> str:
        return plan.get_audience_display()

    @display(description="price", ordering="price")
    def shown_price(self, plan: Plan) -> str:
        if plan.is_free:
            return "Free"
        seats = f", £{plan.seat_price:,.2f} a further seat" if plan.seat_price else ""
        return f"£{plan.price:,.2f}{seats}"

    @display(description="how long", ordering="months")
    def shown_length(self, plan: Plan) -> str:
        return f"{plan.months} months" if plan.months else "For life"

    @display(description="memberships", ordering="number")
    def held_by(self, plan: Any) -> int:
        return plan.number


@admin.register(Interest)
class InterestAdmin(Audited):
    list_display = ["name", "members_who_care"]
    search_fields = ["name"]
    fields = ["name", "slug"]
    prepopulated_fields = {"slug": ["name"]}

    def get_queryset(self, request: Request) -> QuerySet[Interest]:
        return super().get_queryset(request).annotate(number=Count("profiles"))

    @display(description="members", ordering="number")
    def members_who_care(self, interest: Any) -> int:
        return interest.number


@admin.register(Association)
class AssociationAdmin(Audited):
    """One row: the list leads to it."""

    fieldsets = [
        (None, {"fields": ["name", "address", "email", "phone", "company_number", "vat_number"]}),
        ("Where to pay", {"fields": ["account_name", "sort_code", "account_number", "payment_days"]}),
        (
            "The learning year",
            {
                "fields": [
                    *("year_starts_month", "year_starts_day", "points_a_year", "formal_hours_a_year"),
                    "supervision_weeks",
                ]
            },
        ),
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def changelist_view(self, request: Request, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return redirect(reverse("admin:members_association_change", args=[Association.get().pk]))
