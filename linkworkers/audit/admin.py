"""The audit trail in the office, and what the office's other pages share: looking only, and writing with a trace."""

from typing import Any, cast

from django.contrib import admin, messages
from django.db.models import Field, Model, QuerySet, URLField
from django.forms import ModelForm, TypedChoiceField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.text import capfirst
from unfold.admin import ModelAdmin

from linkworkers.actions import Refused
from linkworkers.audit.actions import Actor, record
from linkworkers.audit.models import AuditEvent
from linkworkers.audit.shown import Shown


class Office(Shown, ModelAdmin):
    """What all the office's pages share."""

    list_per_page = 50
    show_full_result_count = False

    def formfield_for_choice_field(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> TypedChoiceField:
        """Nothing is chosen until somebody chooses it: the theme would begin with the first role in the list."""
        kwargs["choices"] = db_field.get_choices(include_blank=True, blank_choice=[("", "Choose")])
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def changelist_view(self, request: Any, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """A list is called what is in it: not “Select membership to change”."""
        title = capfirst(str(self.opts.verbose_name_plural))
        return super().changelist_view(request, {"title": title, **(extra_context or {})})


class Refusing(Office):
    """Says on the page why an action was refused; nothing of what was sent is saved then."""

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> Any:
        """An address of the web that is typed without its scheme begins with https."""
        if isinstance(db_field, URLField):
            kwargs["assume_scheme"] = "https"
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def changeform_view(
        self, request: Any, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect(request.get_full_path())

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        try:
            return super().delete_view(request, object_id, extra_context)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect(request.get_full_path())


class ReadOnly(Office):
    """Rows that the office looks at and never touches by hand."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class Audited(Office):
    """Rows that the office writes by hand: each save and deletion is in the trail, with what was before and after."""

    def save_model(self, request: HttpRequest, obj: Model, form: ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        record(
            f"{obj._meta.model_name}.{'changed' if change else 'created'}",
            by=cast(Actor, request.user),
            subject=obj,
            summary=str(obj),
            facts={
                name: [_plain(form.initial.get(name)), _plain(form.cleaned_data[name])] for name in form.changed_data
            },
            request=request,
        )

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        record(
            f"{obj._meta.model_name}.deleted",
            by=cast(Actor, request.user),
            subject=obj,
            summary=str(obj),
            request=request,
        )
        super().delete_model(request, obj)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Without deletion in bulk, which would leave no trace."""
        return {name: action for name, action in super().get_actions(request).items() if name != "delete_selected"}


def _plain(value: Any) -> Any:
    if isinstance(value, QuerySet | list):
        return [_plain(each) for each in value]
    return value.pk if isinstance(value, Model) else value


@admin.register(AuditEvent)
class EventAdmin(ReadOnly):
    """Newest first. Searched exactly, by what an index answers: the trail of a nation is long."""

    list_display = ["at", "actor", "verb", "subject_type", "subject_id", "person_id", "summary"]
    ordering = ["-at"]
    date_hierarchy = "at"
    search_fields = ["actor__icontains", "verb__istartswith", "=subject_id", "=person_id"]
    search_help_text = "A person’s name or address, what was done, or the number of a subject or of a person’s record."
