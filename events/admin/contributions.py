"""Calls for contributions, what was offered, and what the panel made of it. The office sees names here."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html

from events.models import CallForContributions, Contribution, ContributionKind, Review
from linkworkers.audit.admin import Audited, ReadOnly
from linkworkers.spreadsheets import as_csv, as_xlsx, harmless
from linkworkers.uploads import as_download
from members.admin._base import ReadOnlyInline
from members.http import Request

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
COLUMNS = (
    "Number,Event,Standing,Kind,Title,Name,E-mail address,Organisation,With,What it is about,Take away,For,Needs,"
    "Sent in,Readers,Stepped aside,Average,Decision,Answer"
).split(",")


class CallForm(forms.ModelForm):
    kinds = forms.MultipleChoiceField(
        label="What people can offer",
        choices=ContributionKind.choices,
        widget=forms.CheckboxSelectMultiple,
        initial=list(ContributionKind.values),
        error_messages={"required": "Tick what people can offer."},
    )


@admin.register(CallForContributions)
class CallAdmin(Audited):
    form = CallForm
    fields = ["event", "opens_at", "closes_at", "decide_by", "guidance", "kinds", "reviews_wanted"]
    list_display = ["event", "opens_at", "closes_at", "decide_by", "drafts", "sent", "accepted", "pages"]
    list_select_related = ["event"]
    ordering = ["-closes_at"]
    search_fields = ["event__title"]
    search_help_text = "The title of the event."

    def get_queryset(self, request: HttpRequest) -> QuerySet[CallForContributions]:
        state = Contribution.State
        return (
            super()
            .get_queryset(request)
            .annotate(
                draft_count=Count("contributions", filter=Q(contributions__state=state.DRAFT)),
                sent_count=Count("contributions", filter=~Q(contributions__state__in=[state.DRAFT, state.WITHDRAWN])),
                accepted_count=Count("contributions", filter=Q(contributions__state=state.ACCEPTED)),
            )
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["event"] if obj else []

    def has_delete_permission(self, request: HttpRequest, obj: CallForContributions | None = None) -> bool:
        """Not once somebody has offered something."""
        return super().has_delete_permission(request, obj) and not (obj and obj.contributions.exists())

    @admin.display(description="drafts")
    def drafts(self, obj: Any) -> int:
        return int(obj.draft_count)

    @admin.display(description="sent in")
    def sent(self, obj: Any) -> int:
        return int(obj.sent_count)

    @admin.display(description="accepted")
    def accepted(self, obj: Any) -> int:
        return int(obj.accepted_count)

    @admin.display(description="pages")
    def pages(self, obj: CallForContributions) -> str:
        slug = obj.event.slug
        read, decide = reverse("event_review", args=[slug]), reverse("event_decide", args=[slug])
        return format_html(
            '<a class="underline" href="{}">Read</a> · <a class="underline" href="{}">Decide</a>', read, decide
        )


class ReviewInline(ReadOnlyInline):
    model = Review
    fields = ["reviewer", "steps_aside", "purpose", "use", "clarity", "for_panel", "for_author", "at"]
    readonly_fields = fields


@admin.register(Contribution)
class ContributionAdmin(ReadOnly):
    """With names. They are changed by whoever offers them, by their link, which is a secret and not shown here."""

    exclude = ["key"]
    list_display = [
        "number",
        "title",
        "name",
        "organisation",
        "kind",
        "state",
        "readings",
        "mark",
        "decision",
        "answer",
    ]
    list_filter = ["state", "kind", "answer", "call"]
    list_select_related = ["call__event"]
    ordering = ["-call__closes_at", "number"]
    search_fields = ["title", "name", "email", "organisation"]
    search_help_text = "A title, a name, a mail address or an organisation."
    inlines = [ReviewInline]
    actions = ["save_as_xlsx", "save_as_csv"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Contribution]:
        return super().get_queryset(request).with_marks()

    @admin.display(description="readers")
    def readings(self, obj: Any) -> int:
        return int(obj.readings)

    @admin.display(description="average")
    def mark(self, obj: Any) -> str:
        return "" if obj.mark is None else f"{obj.mark:.1f}"

    @admin.action(description="Save as XLSX", permissions=["view"])
    def save_as_xlsx(self, request: Request, queryset: QuerySet[Contribution]) -> HttpResponse:
        return as_download("contributions.xlsx", XLSX, as_xlsx(_rows(queryset)))

    @admin.action(description="Save as CSV", permissions=["view"])
    def save_as_csv(self, request: Request, queryset: QuerySet[Contribution]) -> HttpResponse:
        rows = ([harmless(cell) for cell in row] for row in _rows(queryset))
        return as_download("contributions.csv", "text/csv; charset=utf-8", as_csv(rows))


def _rows(queryset: QuerySet[Contribution]) -> list[list[Any]]:
    rows: list[list[Any]] = [COLUMNS]
    for each in queryset.select_related("call__event"):
        mark = getattr(each, "mark", None)
        rows.append(
            [
                *(each.number, each.call.event.title, each.get_state_display(), each.get_kind_display(), each.title),
                *(each.name, each.email, each.organisation, each.co_presenters, each.abstract, each.takeaways),
                *(each.audience, each.needs, each.sent_at and f"{each.sent_at:%Y-%m-%d}"),
                *(getattr(each, "readings", ""), getattr(each, "aside", ""), "" if mark is None else f"{mark:.2f}"),
                *(each.get_decision_display(), each.get_answer_display()),
            ]
        )
    return rows


@admin.register(Review)
class ReviewAdmin(ReadOnly):
    list_display = ["contribution", "reviewer", "steps_aside", "purpose", "use", "clarity", "at"]
    list_filter = ["steps_aside", "contribution__call"]
    list_select_related = ["contribution__call__event", "reviewer"]
    ordering = ["-at"]
    search_fields = ["reviewer__name", "contribution__title"]
    search_help_text = "The name of a reader, or a title."
