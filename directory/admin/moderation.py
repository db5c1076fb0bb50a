"""What waits for the office: suggestions, claims, and listings as their owners want them."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import F, Model, QuerySet
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.decorators import display
from unfold.widgets import UnfoldAdminRadioSelectWidget

from directory import actions
from directory.documents import document_of
from directory.models import Claim, Decision, Moderated, Revision, Service, Suggestion
from directory.outline import Change, compare, told
from linkworkers.audit.admin import Refusing
from members.admin._base import each
from members.http import Request

State = Decision


class DecisionForm(forms.ModelForm):
    """Yes or no; whoever hears a no hears why."""

    decision = forms.ChoiceField(
        choices=[(State.APPROVED, "Yes"), (State.DECLINED, "No")],
        widget=UnfoldAdminRadioSelectWidget,
        error_messages={"required": "Say yes or no."},
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("decision") == State.DECLINED and not cleaned.get("answer", "").strip():
            self.add_error("answer", "Say why not. Whoever asked gets it by mail.")
        return cleaned


class SuggestionDecisionForm(DecisionForm):
    decision = forms.ChoiceField(
        choices=[
            (State.APPROVED, "Done: tell them it has been put right"),
            (State.DECLINED, "No: it stays as it is"),
        ],
        help_text="Change the listing first.",
        widget=UnfoldAdminRadioSelectWidget,
        error_messages={"required": "Say yes or no."},
    )


class ModeratedAdmin(Refusing):
    """A row is read, and decided on once: yes or no, with an answer that whoever asked gets by mail."""

    form = DecisionForm
    shown: list[str] = []
    list_filter = ["state"]
    actions = ["approve"]  # a no needs a reason of its own

    def decide(self, obj: Any, *, approve: bool, answer: str, by: Any) -> object:
        """The action behind the page."""
        raise NotImplementedError

    def get_fields(self, request: Request, obj: Moderated | None = None) -> list[str]:
        waits = obj is not None and obj.is_waiting
        return [*self.shown, "created_at", *(["decision", "answer"] if waits else ["decided", "answer"])]

    def get_readonly_fields(self, request: Request, obj: Moderated | None = None) -> list[str]:
        return [*self.shown, "created_at", "decided"]

    def get_queryset(self, request: Request) -> QuerySet[Any]:
        """Those that wait before the others, the oldest of them first."""
        return super().get_queryset(request).order_by(F("decided_at").desc(nulls_first=True), "created_at")

    def has_add_permission(self, request: Request) -> bool:
        return False

    def has_change_permission(self, request: Request, obj: Moderated | None = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or obj.is_waiting)

    def has_delete_permission(self, request: Request, obj: Model | None = None) -> bool:
        return False

    def render_change_form(self, request: Request, context: dict[str, Any], *args: Any, **kwargs: Any) -> HttpResponse:
        """With one button: what has been decided is not edited further."""
        context["show_save_and_continue"] = False
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: Request, obj: Any, form: forms.ModelForm, change: bool) -> None:
        approve = form.cleaned_data["decision"] == State.APPROVED
        self.decide(obj, approve=approve, answer=form.cleaned_data["answer"], by=request.user)

    def response_change(self, request: Request, obj: Any) -> HttpResponse:
        """Says what was decided, where the admin would say that a row was changed."""
        obj.refresh_from_db()
        messages.success(request, self.said_of(obj))
        return self.response_post_save_change(request, obj)

    def said_of(self, decided: Any) -> str:
        """What the decision set going."""
        return f"{decided}: {decided.get_state_display().lower()}."

    @admin.action(description="Yes to all that are ticked", permissions=["change"])
    def approve(self, request: Request, queryset: QuerySet[Any]) -> None:
        each(request, queryset, lambda row: self.decide(row, approve=True, answer="", by=request.user), "yes.")

    @display(
        description="state",
        ordering="state",
        label={State.WAITING: "warning", State.APPROVED: "success", State.DECLINED: "danger"},
    )
    def shown_state(self, row: Moderated) -> tuple[str, str]:
        return row.state, row.get_state_display()

    @display(description="decision")
    def decided(self, row: Moderated) -> str:
        who = row.decided_by or "the organisation’s mailbox"
        return f"{row.get_state_display()} by {who}" if row.decided_at else ""


def page_of(service: Service | None, otherwise: str) -> SafeString | str:
    """A link to the listing as the office edits it."""
    if service is None:
        return otherwise
    return link(reverse("admin:directory_service_change", args=[service.pk]), service.name)


def link(url: str, label: str) -> SafeString:
    return format_html('<a class="underline" href="{}">{}</a>', url, label)


@admin.register(Suggestion)
class SuggestionAdmin(ModeratedAdmin):
    """Yes says that it has been acted on: the listing itself is changed on its own page, which is offered here."""

    form = SuggestionDecisionForm
    list_display = ["listing", "shown_text", "created_at", "shown_state"]
    list_select_related = ["service"]
    search_fields = ["text", "service__name"]
    search_help_text = "A word of it, or a listing."
    shown = ["about", "text", "to_do", "name", "email", "by"]

    def decide(self, obj: Suggestion, *, approve: bool, answer: str, by: Any) -> object:
        return actions.decide_suggestion(obj, approve=approve, answer=answer, by=by)

    @display(description="listing", ordering="service__name")
    def listing(self, suggestion: Suggestion) -> str:
        return suggestion.service.name if suggestion.service else "One that is missing"

    @display(description="listing")
    def about(self, suggestion: Suggestion) -> SafeString | str:
        return page_of(suggestion.service, "One that is missing")

    @display(description="put it right")
    def to_do(self, suggestion: Suggestion) -> SafeString:
        if suggestion.service is None:
            return link(reverse("admin:directory_service_add"), "Make this listing")
        return link(reverse("admin:directory_service_change", args=[suggestion.service.pk]), "Edit the listing")

    @display(description="what should change")
    def shown_text(self, suggestion: Suggestion) -> str:
        return suggestion.text[:120]


@admin.register(Claim)
class ClaimAdmin(ModeratedAdmin):
    """Yes invites them to a provider's post at the organisation."""

    list_display = ["organization", "name", "email", "mailed_to", "created_at", "shown_state"]
    list_select_related = ["organization", "decided_by"]
    search_fields = ["name", "email", "organization__name"]
    search_help_text = "A name, an address or an organisation."
    shown = ["organization", "listing", "name", "email", "message", "asked"]

    def decide(self, obj: Claim, *, approve: bool, answer: str, by: Any) -> object:
        return actions.decide_claim(obj, approve=approve, answer=answer, by=by)

    def said_of(self, decided: Claim) -> str:
        if decided.state == State.APPROVED:
            return f"An invitation to look after the listings of {decided.organization} was sent to {decided.email}."
        return f"{decided.email} was told that they do not look after the listings of {decided.organization}, and why."

    @display(description="who was asked at the organisation")
    def asked(self, claim: Claim) -> str:
        if claim.mailed_to:
            return claim.mailed_to
        why = "it was asked often that day" if actions.mailbox_of(claim.organization) else "it has no e-mail of its own"
        return f"Nobody at the organisation was asked, for {why}."

    @display(description="asked from the page of")
    def listing(self, claim: Claim) -> SafeString | str:
        return page_of(claim.service, "None any more")


@admin.register(Revision)
class RevisionAdmin(ModeratedAdmin):
    """Yes makes it public at once, as checked by its owner today."""

    list_display = ["name", "organization", "by", "created_at", "shown_state"]
    list_select_related = ["service", "organization", "by"]
    search_fields = ["service__name", "organization__name", "by__name"]
    search_help_text = "A listing, an organisation or a person."
    shown = ["listing", "organization", "by", "difference"]

    def decide(self, obj: Revision, *, approve: bool, answer: str, by: Any) -> object:
        return actions.decide_revision(obj, approve=approve, answer=answer, by=by)

    @display(description="listing")
    def name(self, revision: Revision) -> str:
        return revision.service.name if revision.service else f"New: {revision.document.get('name', '')}"

    @display(description="listing")
    def listing(self, revision: Revision) -> SafeString | str:
        return page_of(revision.service, "A new one")

    @display(description="what is public, and what is proposed")
    def difference(self, revision: Revision) -> SafeString:
        """Side by side while it waits, what changes first; afterwards what was proposed."""
        if revision.is_waiting:
            changes = compare(document_of(revision.service) if revision.service else {}, revision.document)
            same = [change for change in changes if not change.is_change]
            changes = [change for change in changes if change.is_change]
        else:
            changes, same = [Change(fact.label, (), fact.lines) for fact in told(revision.document)], []
        context = {
            "changes": changes,
            "same": same,
            "decided": not revision.is_waiting,
            "new": revision.service is None,
        }
        return render_to_string("_components/difference.html", context)
