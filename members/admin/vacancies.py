"""Jobs and volunteer roles as the office reads and decides them. Their posters have no account: they get mails."""

import datetime as dt
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Case, Model, Q, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.decorators import display
from unfold.widgets import UnfoldAdminRadioSelectWidget, UnfoldAdminTextareaWidget

from linkworkers.audit.admin import Audited, Refusing
from linkworkers.templatetags import mailto
from members.actions import vacancies as actions
from members.admin._base import each
from members.http import Request
from members.models import PayBand, Vacancy
from members.vacancy_outline import compare
from members.writing import as_part

State = Vacancy.State
APPROVE, DECLINE, TAKE_DOWN = "approve", "decline", "take_down"
CHOICES = [(APPROVE, "Yes: make it public"), (DECLINE, "No"), (TAKE_DOWN, "Take it down")]
SAID = {
    APPROVE: "{} is public as you read it. {} gets a mail.",
    DECLINE: "{}: declined. {} gets your reason by mail.",
    TAKE_DOWN: "{} is taken down. {} gets your reason by mail.",
}


class DecisionForm(forms.ModelForm):
    """Yes, no, or away with it. `seen` is the version on the page: what was changed meanwhile is not decided unread."""

    verdict = forms.ChoiceField(
        label="Decision",
        choices=CHOICES,
        widget=UnfoldAdminRadioSelectWidget,
        error_messages={"required": "Choose what becomes of it."},
    )
    why = forms.CharField(
        label="Reason",
        required=False,
        max_length=2000,
        widget=UnfoldAdminTextareaWidget,
        help_text="For a no, or to take it down: its poster gets this by mail, and can put it right.",
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "verdict" not in self.fields:  # it is only read
            return
        self.fields["seen"].initial = self.instance.version
        self.fields["verdict"].widget.choices = [choice for choice in CHOICES if choice[0] in _possible(self.instance)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("verdict") in (DECLINE, TAKE_DOWN) and not cleaned.get("why", "").strip():
            self.add_error("why", "Say why. Whoever posted it gets it by mail.")
        return cleaned


def _possible(vacancy: Vacancy) -> list[str]:
    waits = vacancy.state == State.WAITING or vacancy.proposal is not None
    return [*([APPROVE, DECLINE] if waits else []), *([TAKE_DOWN] if vacancy.state == State.APPROVED else [])]


class QueueFilter(admin.SimpleListFilter):
    title = "the office"
    parameter_name = "waits"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("new", "New ones wait"), ("change", "Changes wait"), ("any", "Anything waits")]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet[Any]:
        match self.value():
            case "new":
                return queryset.filter(state=State.WAITING)
            case "change":
                return queryset.filter(proposal__isnull=False)
            case "any":
                return queryset.queue()
        return queryset


class ClosingFilter(admin.SimpleListFilter):
    title = "closing"
    parameter_name = "closing"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("week", "Within a week"), ("open", "Today or later"), ("closed", "Has closed")]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet[Any]:
        today = timezone.localdate()
        match self.value():
            case "week":
                return queryset.filter(closes_on__range=(today, today + dt.timedelta(days=7)))
            case "open":
                return queryset.filter(closes_on__gte=today)
            case "closed":
                return queryset.filter(closes_on__lt=today)
        return queryset


@admin.register(Vacancy)
class VacancyAdmin(Refusing):
    """What its poster has confirmed. The queue comes first, the oldest at its head."""

    form = DecisionForm
    list_display = ["title", "shown_state", "organization", "poster", "closes_on", "kind", "region", "changed_at"]
    list_filter = [QueueFilter, "state", "kind", "region", ClosingFilter]
    search_fields = ["title", "organization", "contact_name", "contact_email"]
    search_help_text = "A title, an organisation, or who posted it."
    actions = ["approve"]  # a no needs a reason of its own

    def get_queryset(self, request: Request) -> QuerySet[Vacancy]:
        waits = Case(When(Q(state=State.WAITING) | Q(proposal__isnull=False), then=Value(0)), default=Value(1))
        found = super().get_queryset(request).exclude(state=State.UNCONFIRMED).select_related("pay_band", "decided_by")
        oldest_waiting = Case(When(Q(state=State.WAITING) | Q(proposal__isnull=False), then="changed_at"))
        return found.defer("words").order_by(waits, oldest_waiting, "-changed_at")

    def get_fields(self, request: Request, obj: Vacancy | None = None) -> list[str]:
        shown = ["what", "text", "poster", "shown_state", "history"]
        decides = request.method == "POST" or (obj is not None and bool(_possible(obj)))
        return [*shown, *(["verdict", "why", "seen"] if decides else [])]

    def get_readonly_fields(self, request: Request, obj: Vacancy | None = None) -> list[str]:
        return ["what", "text", "poster", "shown_state", "history"]

    def has_add_permission(self, request: Request) -> bool:
        return False

    def has_change_permission(self, request: Request, obj: Vacancy | None = None) -> bool:
        """While there is something to decide; whoever comes second is told so by the action."""
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or request.method == "POST" or bool(_possible(obj)))

    def has_delete_permission(self, request: Request, obj: Model | None = None) -> bool:
        return False

    def render_change_form(self, request: Request, context: dict[str, Any], *args: Any, **kwargs: Any) -> HttpResponse:
        """With one button: what has been decided is not edited further."""
        context["show_save_and_continue"] = False
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: Request, obj: Vacancy, form: forms.ModelForm, change: bool) -> None:
        decision, reason = form.cleaned_data["verdict"], form.cleaned_data["why"]
        if decision == TAKE_DOWN:
            actions.take_down(obj, reason=reason, by=request.user)
        else:
            seen = form.cleaned_data["seen"]
            actions.decide(obj, approve=decision == APPROVE, reason=reason, version=seen, by=request.user)
        messages.success(request, SAID[decision].format(obj, obj.contact_name))

    def response_change(self, request: Request, obj: Vacancy) -> HttpResponse:
        """What was decided has been said."""
        return self.response_post_save_change(request, obj)

    @admin.action(description="Yes to all that are ticked", permissions=["change"])
    def approve(self, request: Request, queryset: QuerySet[Vacancy]) -> None:
        each(
            request,
            queryset,
            lambda row: actions.decide(row, approve=True, version=row.version, by=request.user),
            "public.",
        )

    @display(
        description="state",
        ordering="state",
        label={
            "Waiting": "warning",
            "Change waits": "warning",
            "Public": "success",
            "Closed": "info",
            "Declined": "danger",
            "Withdrawn": "info",
        },
    )
    def shown_state(self, vacancy: Vacancy) -> str:
        if vacancy.state == State.APPROVED:
            return "Change waits" if vacancy.proposal is not None else "Public" if vacancy.is_open else "Closed"
        return State(vacancy.state).name.capitalize()

    @display(description="posted by")
    def poster(self, vacancy: Vacancy) -> SafeString:
        return format_html(
            '{} <a class="underline" href="{}">{}</a>',
            vacancy.contact_name,
            mailto(vacancy.contact_email),
            vacancy.contact_email,
        )

    @display(description="what it says")
    def what(self, vacancy: Vacancy) -> SafeString:
        """What is public and what is wanted side by side, what changes first; else what it says."""
        changes = compare(vacancy, vacancy.proposed())
        if vacancy.proposal is None:
            return render_to_string("_components/difference.html", {"changes": changes, "same": [], "decided": True})
        changed = [change for change in changes if change.is_change]
        same = [change for change in changes if not change.is_change]
        return render_to_string("_components/difference.html", {"changes": changed, "same": same})

    @display(description="as it will look")
    def text(self, vacancy: Vacancy) -> SafeString:
        return format_html('<div class="written">{}</div>', as_part(vacancy.proposed().about, 2))

    @display(description="decided")
    def history(self, vacancy: Vacancy) -> SafeString | str:
        if vacancy.decided_at is None:
            return "Not yet"
        when = timezone.localtime(vacancy.decided_at)
        said = f"{vacancy.decision} by {vacancy.decided_by} on {when:%-d %B %Y at %H:%M}"
        return f"{said}. {vacancy.reason}" if vacancy.reason else said


@admin.register(PayBand)
class PayBandAdmin(Audited):
    """What each band pays, in the office's words: the figures are new each year."""

    list_display = ["name", "text", "position"]
    search_fields = ["name"]
