"""The office's pages of communities: who looks after them, what is written in them, what is reported."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Case, F, Model, QuerySet, Value, When
from django.forms import ModelForm
from django.http import HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.decorators import display
from unfold.forms import ActionForm
from unfold.widgets import UnfoldAdminRadioSelectWidget

from linkworkers.audit.admin import Audited, Office, ReadOnly, Refusing
from members.actions import communities as actions
from members.actions import moderation
from members.admin._base import ReadOnlyInline, each
from members.forms.communities import DecisionForm as PageForm
from members.http import Request
from members.models import Community, Flag, ModerationEntry, Moderator, Reply, Topic

State = Community.State
Act = ModerationEntry.Act


class ReasonActionForm(ActionForm):
    """What is done to the ticked rows, and why."""

    reason = forms.CharField(
        label="",
        required=False,
        max_length=1000,
        widget=forms.TextInput(attrs={"aria-label": "Why", "placeholder": "Why"}),
    )


class WithReason(Office):
    """A list whose actions ask why. The reason stands beside the action; without one nothing is done."""

    action_form = ReasonActionForm

    def each_with_reason(
        self, request: Request, queryset: QuerySet[Any], act: Callable[[Any, str], object], done: str
    ) -> None:
        reason = request.POST.get("reason", "").replace("\x00", "").strip()[:1000]
        if not reason:
            messages.warning(request, "Say why, beside the action. Nothing was done.")
            return
        each(request, queryset, lambda row: act(row, reason), done)


class ModeratorsInline(ReadOnlyInline):
    model = Moderator
    fields = ["user", "start_date", "end_date"]
    verbose_name_plural = "moderators"

    def get_queryset(self, request: Request) -> QuerySet[Moderator]:
        return super().get_queryset(request).select_related("user", "community")


class CommunityForm(ModelForm):
    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        others = Community.objects.exclude(pk=self.instance.pk).exclude(state=State.DECLINED)
        if others.filter(name__iexact=name).exists():
            raise forms.ValidationError("There is a community of this name.")
        return name

    def clean_interest(self) -> Any:
        interest = self.cleaned_data.get("interest")
        if self.instance.kind == Community.Kind.INTEREST and interest is None:
            raise forms.ValidationError("Choose the interest that it is about.")
        return interest


@admin.register(Community)
class CommunityAdmin(WithReason, Audited):
    """What is added here is an interest group, open at once. Those that members ask for stand first."""

    form = CommunityForm
    list_display = ["name", "kind", "shown_state", "topic_count", "follower_count", "last_at", "asked_by"]
    list_filter = ["state", "kind"]
    list_select_related = ["asked_by"]
    search_fields = ["name", "purpose"]
    search_help_text = "A word of its name, or of what it is for."
    prepopulated_fields = {"slug": ["name"]}
    actions = ["open_asked", "decline", "close", "reopen"]

    def get_queryset(self, request: Request) -> QuerySet[Community]:
        rank = Case(When(state=State.ASKED, then=Value(0)), default=Value(1))
        return super().get_queryset(request).order_by(rank, "name")

    def get_fields(self, request: Request, obj: Community | None = None) -> list[str]:
        about = ["interest"] if obj is None or obj.kind == Community.Kind.INTEREST else ["region"]
        facts = ["state", "asked_by", "answer", "topic_count", "follower_count", "last_at"] if obj else []
        return ["name", "slug", "purpose", *about, *facts]

    def get_readonly_fields(self, request: Request, obj: Community | None = None) -> list[str]:
        return ["region", "state", "asked_by", "answer", "topic_count", "follower_count", "last_at"]

    def get_inlines(self, request: Request, obj: Community | None) -> list[type[ReadOnlyInline]]:
        return [ModeratorsInline] if obj else []

    def has_delete_permission(self, request: Request, obj: Model | None = None) -> bool:
        """A community is closed: what was written in it stays."""
        return False

    @admin.action(description="Open what was asked for", permissions=["change"])
    def open_asked(self, request: Request, queryset: QuerySet[Community]) -> None:
        each(request, queryset, lambda row: actions.answer(row, approve=True, by=request.user), "it is open.")

    @admin.action(description="Decline what was asked for", permissions=["change"])
    def decline(self, request: Request, queryset: QuerySet[Community]) -> None:
        self.each_with_reason(
            request,
            queryset,
            lambda row, reason: actions.answer(row, approve=False, reason=reason, by=request.user),
            "declined. Whoever asked gets your reason by mail.",
        )

    @admin.action(description="Close: it is read on, and nobody writes", permissions=["change"])
    def close(self, request: Request, queryset: QuerySet[Community]) -> None:
        self.each_with_reason(
            request,
            queryset,
            lambda row, reason: actions.close(row, reason=reason, by=request.user),
            "closed. Your reason stands on its page.",
        )

    @admin.action(description="Open again", permissions=["change"])
    def reopen(self, request: Request, queryset: QuerySet[Community]) -> None:
        each(request, queryset, lambda row: actions.reopen(row, by=request.user), "it is open again.")

    @display(
        description="state",
        ordering="state",
        label={State.ASKED: "warning", State.OPEN: "success", State.DECLINED: "danger"},
    )
    def shown_state(self, community: Community) -> tuple[str, str]:
        return community.state, community.get_state_display()


class NowFilter(admin.SimpleListFilter):
    title = "time"
    parameter_name = "time"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
        return [("current", "Today"), ("ended", "Ended")]

    def queryset(self, request: Any, queryset: Any) -> QuerySet[Any]:
        match self.value():
            case "current":
                return queryset.current()
            case "ended":
                return queryset.exclude(pk__in=queryset.model.objects.current())
        return queryset


@admin.register(Moderator)
class ModeratorAdmin(Refusing):
    """Who looks after a community, and since when: a change is an end and a new row."""

    list_display = ["user", "community", "start_date", "end_date"]
    list_filter = [NowFilter, "community"]
    list_select_related = ["user", "community"]
    search_fields = ["user__name", "user__email", "community__name"]
    search_help_text = "A person or a community."
    autocomplete_fields = ["user", "community"]
    fields = ["community", "user", "start_date"]
    actions = ["end_today"]

    def get_fields(self, request: Request, obj: Moderator | None = None) -> list[str]:
        return [*self.fields, "end_date"] if obj else self.fields

    def has_change_permission(self, request: Request, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: Request, obj: Model | None = None) -> bool:
        return False

    def has_end_permission(self, request: Request) -> bool:
        return self.has_add_permission(request)

    def save_model(self, request: Request, obj: Moderator, form: ModelForm, change: bool) -> None:
        obj.pk = actions.name_moderator(**form.cleaned_data, by=request.user).pk

    @admin.action(description="End today", permissions=["end"])
    def end_today(self, request: Request, queryset: QuerySet[Moderator]) -> None:
        rows = queryset.select_related("user", "community")
        each(request, rows, lambda row: actions.end_moderator(row, by=request.user), "today is the last day.")


class WrittenAdmin(WithReason, ReadOnly):
    """What members wrote, to be read, and hidden with a reason."""

    actions = ["hide", "show_again"]

    def has_hide_permission(self, request: Request) -> bool:
        return self.has_view_permission(request)

    def moderate(self, row: Any, act: str, reason: str, by: Any) -> object:
        """The action behind the page."""
        raise NotImplementedError

    @admin.action(description="Hide from members", permissions=["hide"])
    def hide(self, request: Request, queryset: QuerySet[Any]) -> None:
        self.each_with_reason(
            request,
            queryset,
            lambda row, reason: self.moderate(row, Act.HIDDEN, reason, request.user),
            "hidden. Its author gets your reason by mail.",
        )

    @admin.action(description="Show again", permissions=["hide"])
    def show_again(self, request: Request, queryset: QuerySet[Any]) -> None:
        self.each_with_reason(
            request,
            queryset,
            lambda row, reason: self.moderate(row, Act.SHOWN, reason, request.user),
            "shown again.",
        )

    @display(description="hidden", boolean=True, ordering="hidden_at")
    def shown_hidden(self, row: Any) -> bool:
        return row.is_hidden

    @display(description="where it stands")
    def where(self, row: Any) -> SafeString:
        return format_html('<a class="underline" href="{}">Open it</a>', row.link)

    def get_queryset(self, request: Request) -> QuerySet[Any]:
        return super().get_queryset(request).defer("html", "words")


FACTS = ["where", "written_at", "edited_at", "taken_back_at", "hidden_at", "hidden_by", "hidden_reason"]


@admin.register(Topic)
class TopicAdmin(WrittenAdmin):
    list_display = ["__str__", "community", "kind", "author", "written_at", "reply_count", "shown_hidden"]
    list_filter = ["kind", "community", ("hidden_at", admin.EmptyFieldListFilter)]
    list_select_related = ["community", "author"]
    search_fields = ["title", "author__name", "author__email"]
    search_help_text = "A word of the title, or its author."
    ordering = ["-written_at"]
    fields = ["title", "community", "kind", "author", "text", "closed_at", "closed_reason", "wish_count", *FACTS]

    def moderate(self, row: Topic, act: str, reason: str, by: Any) -> object:
        return moderation.moderate_topic(row, act=act, reason=reason, by=by)


@admin.register(Reply)
class ReplyAdmin(WrittenAdmin):
    list_display = ["author", "topic", "written_at", "shown_hidden"]
    list_filter = ["topic__community", ("hidden_at", admin.EmptyFieldListFilter)]
    list_select_related = ["topic__community", "author"]
    search_fields = ["topic__title", "author__name", "author__email"]
    search_help_text = "A word of the topic’s title, or the author."
    ordering = ["-written_at"]
    fields = ["topic", "author", "text", *FACTS]

    def moderate(self, row: Reply, act: str, reason: str, by: Any) -> object:
        return moderation.moderate_reply(row, act=act, reason=reason, by=by)


class FlagDecisionForm(ModelForm):
    """The choices of the moderators' own page."""

    decision = forms.ChoiceField(
        widget=UnfoldAdminRadioSelectWidget, error_messages={"required": "Choose what to do with it."}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "decision" in self.fields:
            self.fields["decision"].choices = [  # type: ignore[attr-defined]
                (decision, PageForm.WORDS[decision]) for decision in self.instance.choices
            ]
            self.fields["note"].required = True
            self.fields["note"].error_messages["required"] = "Say why."
            self.fields[
                "note"
            ].help_text = (
                "Whoever reported it reads this, and its author where something is done. It stands in the log."
            )


@admin.register(Flag)
class FlagAdmin(Refusing):
    """Reports from everywhere: those that wait first, the longest waiting first. Each is decided once."""

    form = FlagDecisionForm
    list_display = ["title", "kind", "reason", "community", "by", "created_at", "shown_decision"]
    list_filter = [("decision", admin.EmptyFieldListFilter), "kind", "reason", "community"]
    list_select_related = ["community", "by"]
    search_fields = ["excerpt", "by__name", "author__name"]
    search_help_text = "A word of what was reported, or a person."
    shown = ["kind", "community", "author", "excerpt", "reason", "text", "by", "created_at", "where"]

    def get_fields(self, request: Request, obj: Flag | None = None) -> list[str]:
        decided = [] if obj and obj.decided_at is None else ["decided_at", "decided_by"]
        return [*self.shown, "decision", "note", *decided]

    def get_readonly_fields(self, request: Request, obj: Flag | None = None) -> list[str]:
        return [*self.shown, "decided_at", "decided_by"]

    def get_queryset(self, request: Request) -> QuerySet[Flag]:
        return super().get_queryset(request).order_by(F("decided_at").desc(nulls_first=True), "created_at")

    def has_add_permission(self, request: Request) -> bool:
        return False

    def has_change_permission(self, request: Request, obj: Flag | None = None) -> bool:
        """By when it was decided, not by the decision: a form that has an error has put that in its copy already."""
        return super().has_change_permission(request, obj) and (obj is None or obj.decided_at is None)

    def has_delete_permission(self, request: Request, obj: Model | None = None) -> bool:
        return False

    def render_change_form(self, request: Request, context: dict[str, Any], *args: Any, **kwargs: Any) -> HttpResponse:
        """With one button: what has been decided is not edited further."""
        context["show_save_and_continue"] = False
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: Request, obj: Flag, form: ModelForm, change: bool) -> None:
        flag = Flag.objects.select_related("community", "author").get(pk=obj.pk)
        decision, note = form.cleaned_data["decision"], form.cleaned_data["note"]
        moderation.decide(flag, decision=decision, note=note, by=request.user)

    @display(description="where it stands")
    def where(self, flag: Flag) -> SafeString:
        return format_html('<a class="underline" href="{}">Open it</a>', flag.path)

    @display(description="decision", label={"Waiting": "warning"})
    def shown_decision(self, flag: Flag) -> str:
        return flag.get_decision_display() if flag.decision else "Waiting"


@admin.register(ModerationEntry)
class ModerationEntryAdmin(ReadOnly):
    """What moderators did, newest first."""

    list_display = ["at", "by", "act", "title", "community", "reason"]
    list_filter = ["act", "community"]
    list_select_related = ["by", "community"]
    search_fields = ["title", "reason", "by__name"]
    search_help_text = "A word of the title or the reason, or a moderator."
