"""Reflections that wait to be read, who wanted to be introduced, and the office's own questions."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Case, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.decorators import display
from unfold.widgets import UnfoldAdminRadioSelectWidget, UnfoldAdminTextareaWidget

from events.actions import reflections as actions
from events.models import FeedbackQuestion, Introduction, Reflection
from linkworkers.audit.admin import Audited, ReadOnly, Refusing
from members.http import Request

State = Reflection.State
PUBLISH, DECLINE = "publish", "decline"


class VerdictForm(forms.ModelForm):
    """Yes or no. `seen` is the version on the page: what was changed meanwhile is not decided unread."""

    verdict = forms.ChoiceField(
        label="Decision",
        choices=[(PUBLISH, "Publish it as it is"), (DECLINE, "Do not publish it")],
        widget=UnfoldAdminRadioSelectWidget,
        error_messages={"required": "Choose what becomes of it."},
    )
    why = forms.CharField(
        label="Reason",
        required=False,
        max_length=1000,
        widget=UnfoldAdminTextareaWidget,
        help_text="For a no: its writer gets this by mail, and can change it. Be kind.",
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "seen" in self.fields:
            self.fields["seen"].initial = self.instance.version

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("verdict") == DECLINE and not cleaned.get("why", "").strip():
            self.add_error("why", "Say why. Its writer gets it by mail.")
        return cleaned


@admin.register(Reflection)
class ReflectionAdmin(Refusing):
    """What others are to read: those that wait first, the oldest at their head. Private ones are nobody's to see."""

    form = VerdictForm
    list_display = ["shown_title", "shown_state", "visibility", "line", "event", "written_at"]
    list_filter = ["state", "visibility", "event"]
    search_fields = ["title", "takes", "ticket__name"]
    search_help_text = "A title, words of it, or the name of its writer."
    list_select_related = ["event"]
    shown = ("shown_title", "text", "writer", "named", "visibility", "region", "permission", "shown_state", "history")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Reflection]:
        waits = Case(When(state=State.WAITING, then=Value(0)), default=Value(1))
        rows = super().get_queryset(request).exclude(state__in=[State.KEPT, State.WITHDRAWN])
        return rows.select_related("ticket", "event", "decided_by").order_by(waits, "written_at", "pk")

    def get_fields(self, request: Request, obj: Reflection | None = None) -> list[str]:
        return [*self.shown, "verdict", "why", "seen"]

    def get_readonly_fields(self, request: Request, obj: Reflection | None = None) -> tuple[str, ...]:
        return self.shown

    def has_add_permission(self, request: Request) -> bool:
        return False

    def has_delete_permission(self, request: Request, obj: Reflection | None = None) -> bool:
        return False

    def render_change_form(self, request: Request, context: dict[str, Any], *args: Any, **kwargs: Any) -> HttpResponse:
        context["show_save_and_continue"] = False
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: Request, obj: Reflection, form: forms.ModelForm, change: bool) -> None:
        said = form.cleaned_data
        if said["verdict"] == PUBLISH:
            actions.publish(obj, version=said["seen"], by=request.user)
            messages.success(request, f"{obj} is published. Its writer gets a mail.")
        else:
            actions.decline(obj, version=said["seen"], reason=said["why"].strip(), by=request.user)
            messages.success(request, f"{obj} is not published. Its writer gets your reason by mail.")

    def response_change(self, request: Request, obj: Reflection) -> HttpResponse:
        return self.response_post_save_change(request, obj)

    @display(description="title")
    def shown_title(self, obj: Reflection) -> str:
        return str(obj)

    @display(
        description="state",
        ordering="state",
        label={"Waits for the office": "warning", "Published": "success", "Not published": "danger"},
    )
    def shown_state(self, obj: Reflection) -> str:
        return State(obj.state).label

    @display(description="what it says")
    def text(self, obj: Reflection) -> SafeString:
        return format_html('<div class="written whitespace-pre-line">{}<br><br>{}</div>', obj.takes, obj.does)

    @display(description="written by")
    def writer(self, obj: Reflection) -> str:
        return f"{obj.ticket.name}, {obj.ticket.email}"

    @display(description="named as")
    def named(self, obj: Reflection) -> str:
        return obj.line

    @display(description="decided")
    def history(self, obj: Reflection) -> str:
        if obj.decided_at is None:
            return "Not yet"
        return f"{State(obj.state).label} by {obj.decided_by}. {obj.reason}"


@admin.register(Introduction)
class IntroductionAdmin(ReadOnly):
    exclude = ["key"]
    list_display = ["by", "story", "state", "asked_at", "answered_at"]
    list_filter = ["state"]
    list_select_related = ["by", "story__event"]
    ordering = ["-asked_at"]
    search_fields = ["by__name", "story__title"]
    search_help_text = "Who asked, or the title of the story."


@admin.register(FeedbackQuestion)
class FeedbackQuestionAdmin(Audited):
    """What the office asks of one event beside what is asked of all."""

    list_display = ["text", "event", "kind", "order", "results"]
    list_filter = ["kind"]
    list_select_related = ["event"]
    search_fields = ["text", "event__title"]
    search_help_text = "A question, or the title of the event."
    ordering = ["-event__starts_at", "order"]

    def has_delete_permission(self, request: HttpRequest, obj: FeedbackQuestion | None = None) -> bool:
        """Not once somebody has answered it."""
        return super().has_delete_permission(request, obj) and not (obj and obj.replies.exists())

    @display(description="results")
    def results(self, obj: FeedbackQuestion) -> SafeString:
        address = reverse("event_feedback_results", args=[obj.event.slug])
        return format_html('<a class="underline" href="{}">How it was</a>', address)
