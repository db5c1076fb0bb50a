"""The office's pages of people, workplaces, posts and invitations. What has consequences goes through the actions."""

from typing import Any

import django.contrib.auth.admin  # noqa: F401  registers Group, which is taken away below
from allauth.account.admin import EmailAddress
from allauth.mfa.admin import Authenticator
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from import_export import resources
from import_export.admin import ImportExportMixin
from import_export.fields import Field
from import_export.tmp_storages import CacheStorage
from import_export.widgets import ForeignKeyWidget
from unfold.contrib.import_export.forms import ExportForm, ImportForm
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextInputWidget, UnfoldBooleanWidget

from linkworkers.audit.actions import record
from linkworkers.audit.admin import Audited, Office, Refusing
from members import actions
from members.actions.leaving import leave
from members.admin._base import ReadOnlyInline, each
from members.admin.merging import Merging
from members.http import Request
from members.models import Invitation, Post, User, Workplace
from members.today import ENDING_SOON

# Access follows from posts. A factor added or an address verified by hand would open somebody else's account.
for model in (Group, EmailAddress, Authenticator):
    admin.site.unregister(model)


class PostsInline(ReadOnlyInline):
    model = Post
    fields = ["workplace", "role", "start_date", "end_date", "wte"]
    ordering = ["-start_date"]
    verbose_name_plural = "posts"

    def get_queryset(self, request: Request) -> QuerySet[Post]:
        return super().get_queryset(request).select_related("workplace", "user")


class PersonForm(ModelForm):
    """A person's name, and what they ask for when they want to be forgotten."""

    erase = forms.BooleanField(
        label="Erase at their request",
        required=False,
        widget=UnfoldBooleanWidget,
        help_text="Closes the account for good and erases profile, letters, choices and address. It cannot be undone.",
    )
    take_texts = forms.BooleanField(
        label="and take their texts out of the communities", required=False, widget=UnfoldBooleanWidget
    )
    reason = forms.CharField(
        label="How and when they asked",
        required=False,
        max_length=300,
        widget=UnfoldAdminTextInputWidget,
        help_text="As in: by letter of 3 March. It goes into the audit trail.",
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("erase") and not cleaned.get("reason", "").strip():
            self.add_error("reason", "Write how and when they asked.")
        return cleaned


@admin.register(User)
class UserAdmin(Merging, Refusing):
    """Accounts begin with a mailed link, and addresses are changed by their owner: neither is typed here."""

    form = PersonForm

    list_display = ["name", "email", "is_active", "last_login"]
    list_filter = ["is_active", "posts__role"]
    search_fields = ["name", "email"]
    search_help_text = "A name or an e-mail address."
    readonly_fields = ["email", "is_active", "date_joined", "last_login", "left_at"]
    inlines = [PostsInline]
    actions = ["close_accounts", "open_accounts", "remove_second_factors", "merge_ticked"]
    actions_list = ["merge"]

    def has_add_permission(self, request: Request) -> bool:
        return False

    def has_delete_permission(self, request: Request, obj: Model | None = None) -> bool:
        return False

    def get_fieldsets(self, request: Request, obj: User | None = None) -> Any:
        """Nobody erases themselves here, and nobody is erased twice."""
        fields = ["name", *self.readonly_fields]
        if obj is None or obj.left_at or obj == request.user:
            return [(None, {"fields": fields})]
        erase = {"fields": ["erase", "take_texts", "reason"], "classes": ["collapse"]}
        return [(None, {"fields": fields}), ("Erase at their request", erase)]

    def has_change_permission(self, request: Request, obj: Model | None = None) -> bool:
        return super().has_change_permission(request, obj) and not getattr(obj, "left_at", None)

    def save_model(self, request: Request, obj: User, form: ModelForm, change: bool) -> None:
        asked = form.cleaned_data
        if asked.get("erase"):
            leave(obj, take_texts=asked["take_texts"], by=request.user, reason=asked["reason"])
        else:
            actions.change_name(obj, name=obj.name, by=request.user)

    @admin.action(description="Close the account: log out at once, no log-in", permissions=["change"])
    def close_accounts(self, request: Request, queryset: QuerySet[User]) -> None:
        others = queryset.exclude(email=request.user.email)
        if len(others) < len(queryset):
            messages.warning(request, "Your own account is closed by another administrator.")
        each(request, others, lambda person: actions.close_account(person, by=request.user), "the account is closed.")

    @admin.action(description="Open the account again", permissions=["change"])
    def open_accounts(self, request: Request, queryset: QuerySet[User]) -> None:
        others = queryset.exclude(email=request.user.email)
        each(request, others, lambda person: actions.open_account(person, by=request.user), "the account is open.")

    @admin.action(description="Remove the second factor: phone and recovery codes are lost", permissions=["change"])
    def remove_second_factors(self, request: Request, queryset: QuerySet[User]) -> None:
        others = queryset.exclude(email=request.user.email)
        if len(others) < len(queryset):
            messages.warning(request, "Your own second factor is removed by another administrator.")
        each(
            request,
            others,
            lambda person: actions.remove_second_factor(person, by=request.user),
            "the second factor is removed. They have been told by e-mail.",
        )


class WorkplaceResource(resources.ModelResource):
    """A sheet of workplaces, matched by ODS code. Nothing is saved unless every row can be."""

    parent = Field("parent", "network_ods_code", ForeignKeyWidget(Workplace, "ods_code"))

    class Meta:
        model = Workplace
        import_id_fields = ["ods_code"]
        fields = ["ods_code", "kind", "name", "parent", "region", "list_size", "postcode", "phone", "email"]
        clean_model_instances = True
        skip_unchanged = True
        report_skipped = False
        use_transactions = True

    def after_save_instance(self, instance: Workplace, row: Any, **kwargs: Any) -> None:
        if not kwargs.get("dry_run"):
            record("workplace.imported", by=kwargs["user"], subject=instance, summary=str(instance))


class PracticesInline(ReadOnlyInline):
    model = Workplace
    fields = ["practice", "ods_code", "list_size", "postcode"]
    readonly_fields = ["practice"]
    verbose_name_plural = "practices"

    @display(description="name")
    def practice(self, practice: Workplace) -> str:
        return format_html(
            '<a class="underline" href="{}">{}</a>',
            reverse("admin:members_workplace_change", args=[practice.pk]),
            practice.name,
        )


@admin.register(Workplace)
class WorkplaceAdmin(ImportExportMixin, Audited):
    """One that is in use cannot be deleted: the database keeps it."""

    list_display = ["name", "kind", "ods_code", "parent", "region", "list_size"]
    list_filter = ["kind", "region"]
    list_select_related = ["parent"]
    search_fields = ["name", "ods_code", "postcode"]
    search_help_text = "A name, an ODS code or a postcode."
    autocomplete_fields = ["parent"]
    inlines = [PracticesInline]
    resource_classes = [WorkplaceResource]
    import_form_class = ImportForm
    export_form_class = ExportForm
    tmp_storage_class = CacheStorage
    skip_import_confirm = False

    def get_inlines(self, request: Request, obj: Workplace | None) -> list[type[ReadOnlyInline]]:
        return [PracticesInline] if obj and obj.kind == Workplace.Kind.NETWORK else []


class CurrentFilter(admin.SimpleListFilter):
    title = "time"
    parameter_name = "time"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("current", "Held today"), ("ending", "Ending within 30 days"), ("ended", "Ended")]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet[Any]:
        today = timezone.localdate()
        match self.value():
            case "current":
                return queryset.current()
            case "ending":
                return queryset.current().filter(end_date__lte=today + ENDING_SOON)
            case "ended":
                return queryset.filter(end_date__lt=today)
        return queryset


@admin.register(Post)
class PostAdmin(Audited):
    """Who, where, what and since when stay as they were given: a change is an end and a new post."""

    list_display = ["user", "role", "workplace", "start_date", "end_date", "wte"]
    list_filter = [CurrentFilter, "role", "workplace__kind"]
    list_select_related = ["user", "workplace"]
    search_fields = ["user__name", "user__email", "workplace__name", "workplace__ods_code"]
    search_help_text = "A person or a workplace."
    autocomplete_fields = ["user", "workplace"]
    actions = ["end_today"]

    def get_fields(self, request: Request, obj: Post | None = None) -> list[str]:
        last = "last_day" if obj else "end_date"
        return ["user", "workplace", "role", "start_date", last, "wte"]

    def get_readonly_fields(self, request: Request, obj: Post | None = None) -> list[str]:
        return ["user", "workplace", "role", "start_date", "last_day"] if obj else []

    def has_delete_permission(self, request: Request, obj: Post | None = None) -> bool:
        """Only what has not begun, and so opened nothing to anybody."""
        return obj is not None and obj.start_date > timezone.localdate()

    @display(description="last day")
    def last_day(self, post: Post) -> str:
        day = post.end_date.strftime("%-d %B %Y") if post.end_date else "None"
        if post.end_date and post.end_date < timezone.localdate():
            return day
        return format_html(
            '{} · <a class="underline" href="{}">Set the last day</a>', day, reverse("post_end", args=[post.pk])
        )

    @admin.action(description="End today", permissions=["change"])
    def end_today(self, request: Request, queryset: QuerySet[Post]) -> None:
        today = timezone.localdate()
        each(
            request,
            queryset.select_related("user", "workplace"),
            lambda post: actions.end_post(post, last_day=today, by=request.user),
            "today is the last day.",
        )


class WaitingFilter(admin.SimpleListFilter):
    title = "answer"
    parameter_name = "answer"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("waiting", "Waiting"), ("expired", "Expired"), ("accepted", "Accepted"), ("withdrawn", "Withdrawn")]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet[Any]:
        match self.value():
            case "waiting":
                return queryset.open()
            case "expired":
                return queryset.unanswered().filter(expires_at__lte=timezone.now())
            case "accepted":
                return queryset.exclude(accepted_at=None)
            case "withdrawn":
                return queryset.exclude(withdrawn_at=None)
        return queryset


@admin.register(Invitation)
class InvitationAdmin(Office):
    """The link itself is never shown: only its mail has it."""

    list_display = ["name", "email", "role", "workplace", "shown_state", "created_at", "expires_at"]
    list_filter = [WaitingFilter, "role"]
    list_select_related = ["workplace"]
    search_fields = ["name", "email", "workplace__name"]
    search_help_text = "A name, an e-mail address or a workplace."
    autocomplete_fields = ["workplace"]
    actions = ["send_again", "withdraw"]

    def get_fields(self, request: Request, obj: Invitation | None = None) -> list[str]:
        offer = ["name", "email", "workplace", "role", "wte"]
        return [*offer, "invited_by", "created_at", "expires_at", "accepted_at", "withdrawn_at"] if obj else offer

    def has_change_permission(self, request: Request, obj: Invitation | None = None) -> bool:
        return False

    def has_delete_permission(self, request: Request, obj: Invitation | None = None) -> bool:
        return False

    def has_send_permission(self, request: Request) -> bool:
        return self.has_add_permission(request)

    def save_model(self, request: Request, obj: Invitation, form: ModelForm, change: bool) -> None:
        """The form has asked the offer's rules; what else is refused by then was somebody quicker."""
        obj.pk = actions.invite(**form.cleaned_data, by=request.user).pk

    @admin.action(description="Send a new link", permissions=["send"])
    def send_again(self, request: Request, queryset: QuerySet[Invitation]) -> None:
        each(
            request,
            queryset.select_related("workplace"),
            lambda invitation: actions.resend_invitation(invitation, by=request.user),
            "a new link is on its way.",
        )

    @admin.action(description="Withdraw", permissions=["send"])
    def withdraw(self, request: Request, queryset: QuerySet[Invitation]) -> None:
        each(
            request,
            queryset.select_related("workplace"),
            lambda invitation: actions.withdraw_invitation(invitation, by=request.user),
            "withdrawn.",
        )

    @display(
        description="answer",
        label={"Accepted": "success", "Waiting": "info", "Expired": "warning", "Withdrawn": "danger"},
    )
    def shown_state(self, invitation: Invitation) -> str:
        return invitation.state
