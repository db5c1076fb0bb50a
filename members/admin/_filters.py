"""The questions that an office asks of its list of memberships. They combine: each is a part of the address."""

import datetime as dt
from typing import Any

from dateutil.relativedelta import relativedelta
from django.contrib import admin
from django.db.models import Min, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from unfold.contrib.filters.admin import DropdownFilter

from members.models import Invoice, Membership, Plan, Region, Seat, Status, Term

Lookups = list[tuple[str, str]]


class Question(DropdownFilter):
    """A filter whose answers are words in the address; anything else in it filters nothing."""

    answers: Lookups = []

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> Lookups:
        return self.answers

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet[Membership]:
        given = str(self.value() or "")
        known = given in {str(answer) for answer, _ in self.lookup_choices}
        return self.asked(queryset, given) if known else queryset

    def asked(self, queryset: Any, answer: str) -> QuerySet[Membership]:
        raise NotImplementedError


class StatusFilter(Question):
    title = "status"
    parameter_name = "status"
    answers = [("waits", "Waits for our yes"), *Status.choices]

    def asked(self, queryset: Any, answer: str) -> QuerySet[Membership]:
        return queryset.waiting() if answer == "waits" else queryset.filter(status=answer)


class AudienceFilter(Question):
    title = "people or employers"
    parameter_name = "audience"
    answers = [("person", "People"), ("employer", "Employers")]

    def asked(self, queryset: Any, answer: str) -> QuerySet[Membership]:
        return queryset.filter(user__isnull=answer == "employer")


class PlanFilter(Question):
    title = "plan"
    parameter_name = "plan"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> Lookups:
        return list(Plan.objects.values_list("key", "name"))

    def asked(self, queryset: Any, answer: str) -> QuerySet[Membership]:
        return queryset.filter(plan__key=answer)


class RegionFilter(Question):
    title = "region"
    parameter_name = "region"
    answers = [*Region.choices, ("none", "No region")]

    def asked(self, queryset: Any, answer: str) -> QuerySet[Membership]:
        return queryset.filter(region="" if answer == "none" else answer)


class EndsFilter(Question):
    title = "last day"
    parameter_name = "ends"
    answers = [("30", "Within 30 days"), ("60", "Within 60 days"), ("90", "Within 90 days")]

    def asked(self, queryset: Any, answer: str) -> QuerySet[Membership]:
        today = timezone.localdate()
        return queryset.filter(ends_on__range=(today, today + dt.timedelta(days=int(answer))))


class JoinedFilter(Question):
    """By the first day that was ever covered: by a term of their own or, without one, by an employer's seat."""

    title = "when they joined"
    parameter_name = "joined"
    answers = [("quarter", "This quarter"), ("year", "This year"), ("last-year", "Last year")]

    def asked(self, queryset: Any, answer: str) -> QuerySet[Membership]:
        today = timezone.localdate()
        first = today.replace(month=1, day=1)
        after = first + relativedelta(years=1)
        if answer == "quarter":
            first = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)
            after = first + relativedelta(months=3)
        elif answer == "last-year":
            first, after = first - relativedelta(years=1), first
        begun = Term.objects.order_by().values("membership").annotate(day=Min("start_date"))
        sat = Seat.objects.order_by().values("member").annotate(day=Min("accepted_at__date"))
        return queryset.filter(
            Q(pk__in=begun.filter(Q(("day__gte", first), ("day__lt", after))).values("membership"))
            | Q(ends_on=None, pk__in=sat.filter(Q(("day__gte", first), ("day__lt", after))).values("member"))
        )


class UnpaidFilter(Question):
    title = "invoices"
    parameter_name = "invoices"
    answers = [("unpaid", "One is not paid"), ("overdue", "One is overdue")]

    def asked(self, queryset: Any, answer: str) -> QuerySet[Membership]:
        invoices = Invoice.objects.overdue() if answer == "overdue" else Invoice.objects.unpaid()
        return queryset.filter(pk__in=invoices.filter(membership__isnull=False).order_by().values("membership"))


class SeatFilter(Question):
    title = "employer’s seat"
    parameter_name = "seat"
    answers = [("yes", "Sits on one"), ("no", "Sits on none")]

    def asked(self, queryset: Any, answer: str) -> QuerySet[Membership]:
        return queryset.filter(user__isnull=False, sponsor__isnull=answer == "no")


FILTERS = [
    StatusFilter,
    AudienceFilter,
    PlanFilter,
    RegionFilter,
    EndsFilter,
    JoinedFilter,
    UnpaidFilter,
    SeatFilter,
]

# The questions of every week, each an address of the list.
PRESETS = [
    ("Wait for our yes", "status=waits"),
    ("In grace", "status=grace"),
    ("End within 30 days", "status=current&ends=30"),
    ("Not paid", "invoices=unpaid"),
    ("Joined this quarter", "joined=quarter"),
]
