"""The office takes in files and feeds: first it looks, then it takes in what it saw."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from unfold.decorators import display
from unfold.widgets import UnfoldAdminURLInputWidget

from directory import actions
from directory.actions.importing import LARGEST_UPLOAD, is_interrupted, is_waiting_long
from directory.importing.report import Report
from directory.models import ImportRun
from directory.tasks import nudge_import
from linkworkers.audit.admin import Office, Refusing
from members.admin._base import FileWidget
from members.http import Request

State = ImportRun.State


class ImportForm(forms.ModelForm):
    file = forms.FileField(
        required=False,
        widget=FileWidget,
        help_text="Open Referral UK 3.0 as JSON, or a CSV of the common columns; gzipped or zipped too. 25 MB at most.",
    )
    url = forms.URLField(
        label="or an address",
        required=False,
        assume_scheme="https",
        max_length=ImportRun._meta.get_field("url").max_length,
        widget=UnfoldAdminURLInputWidget,
        help_text="Of a feed, up to its /services, or of a file.",
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if bool(given.get("file")) == bool(given.get("url")) and not self.errors:
            raise forms.ValidationError("Choose a file, or type an address: one of the two.")
        return given

    def clean_url(self) -> str:
        url = self.cleaned_data["url"]
        if url and not url.startswith(("http://", "https://")):
            raise forms.ValidationError("Type an address that begins with http:// or https://.")
        return url

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file and file.size > LARGEST_UPLOAD:
            raise forms.ValidationError(
                "This file has more than 25 MB. Whoever runs the server can take it in with manage.py import_oruk."
            )
        return file


@admin.register(ImportRun)
class ImportRunAdmin(Refusing, Office):
    """A run is begun with a file or an address. Its page follows it, and can be left: a worker does it."""

    form = ImportForm
    list_display = ["name", "shown_state", "only_looked", "created_at", "by"]
    list_filter = ["state", "dry_run"]
    list_select_related = ["by"]
    search_fields = ["name"]
    search_help_text = "A file or an address."

    def get_queryset(self, request: Request) -> QuerySet[ImportRun]:
        return super().get_queryset(request).defer("content")

    def get_form(self, request: Request, obj: ImportRun | None = None, **kwargs: Any) -> type[forms.ModelForm]:
        """Nothing is typed on the page of a run: it has a button at most."""
        return super().get_form(request, obj, **(kwargs | {"form": forms.ModelForm} if obj else kwargs))

    def get_fields(self, request: Request, obj: ImportRun | None = None) -> list[str]:
        return ["name", "only_looked", "by", "created_at", "shown_report"] if obj else ["file", "url", "dry_run"]

    def get_readonly_fields(self, request: Request, obj: ImportRun | None = None) -> list[str]:
        return self.get_fields(request, obj) if obj else []

    def has_change_permission(self, request: Request, obj: ImportRun | None = None) -> bool:
        """There is something to do with a run that was only looked at, or that was interrupted."""
        return super().has_change_permission(request, obj) and (obj is None or bool(next_step(obj)))

    def has_delete_permission(self, request: HttpRequest, obj: ImportRun | None = None) -> bool:
        return False

    def save_model(self, request: Request, obj: ImportRun, form: forms.ModelForm, change: bool) -> None:
        if change:
            _, act = next_step(obj) or ("", actions.start_again)
            run = act(obj, by=request.user)
        else:
            file, url = form.cleaned_data["file"], form.cleaned_data["url"]
            run = actions.start_import(
                name=(file.name if file else url)[: ImportRun._meta.get_field("name").max_length],
                content=file.read() if file else None,
                url=url,
                dry_run=form.cleaned_data["dry_run"],
                by=request.user,
            )
        obj.pk = run.pk
        nudge_import()

    def render_change_form(self, request: Request, context: dict[str, Any], *args: Any, **kwargs: Any) -> HttpResponse:
        run: ImportRun | None = context["original"]
        step = next_step(run) if run else None
        context["button"] = (step[0] if step else "") if run else "Begin"
        response = super().render_change_form(request, context, *args, **kwargs)
        if run and request.htmx and not is_going_on(run):
            response["HX-Refresh"] = "true"  # the page followed the run to its end: now it has a button
        return response

    def response_add(self, request: Request, obj: ImportRun, post_url_continue: str | None = None) -> HttpResponse:
        return self.response_change(request, obj)

    def response_change(self, request: Request, obj: ImportRun) -> HttpResponse:
        messages.success(request, "On its way. You may leave this page; it is told here what became of it.")
        return redirect(reverse("admin:directory_importrun_change", args=[obj.pk]))

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None:
        """The action has recorded it."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> None:
        """The action has recorded it."""

    @display(boolean=True, description="only looked", ordering="dry_run")
    def only_looked(self, run: ImportRun) -> bool:
        return run.dry_run

    @display(
        description="state",
        ordering="state",
        label={State.DONE: "success", State.REFUSED: "danger", State.WAITING: "warning"},
    )
    def shown_state(self, run: ImportRun) -> tuple[str, str]:
        return run.state, run.get_state_display()

    @display(description="what became of it")
    def shown_report(self, run: ImportRun) -> SafeString:
        report = Report.from_json(run.report) if run.report else None
        context = {
            "run": run,
            "report": report,
            "waits_long": is_waiting_long(run),
            "interrupted": is_interrupted(run),
            "going_on": is_going_on(run),
            "address": reverse("admin:directory_importrun_change", args=[run.pk]),
        }
        return render_to_string("directory/_import_report.html", context)


def is_going_on(run: ImportRun) -> bool:
    return run.finished_at is None and not is_interrupted(run)


def next_step(run: ImportRun) -> tuple[str, Callable[..., ImportRun]] | None:
    """What can be done with a run: the words on its button, and the action behind it."""
    if is_interrupted(run):
        return "Start again", actions.start_again
    if actions.can_be_taken_in(run):
        return "Take it in", actions.take_in_what_was_seen
    return None
