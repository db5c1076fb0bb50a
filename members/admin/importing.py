"""The page on which the office takes members over from a sheet: first it looks, then it takes in what it saw."""

from itertools import groupby
from operator import attrgetter
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from unfold.decorators import action
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldBooleanWidget

from linkworkers.actions import Refused
from linkworkers.audit.admin import Office
from linkworkers.spreadsheets import Unreadable
from linkworkers.uploads import UploadField
from members.actions import importing
from members.http import Request
from members.intake import COLUMNS, REQUIRED, Checked, Outcome
from members.models import Plan

MOST_SHOWN = 200  # rows
TEXTS = {".csv": "text/csv", ".txt": "text/plain", ".tsv": "text/plain"}


class FileWidget(UnfoldAdminFileFieldWidget):
    """The theme's, made to fit a small screen."""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["file_wrapper_class"] += " w-0"  # it grows from there
        return context


class SheetForm(forms.Form):
    file = UploadField(
        allowed=TEXTS,
        largest=3 * 1024 * 1024,
        widget=FileWidget(attrs={"accept": ",".join(TEXTS)}),
        help_text="CSV as your spreadsheet program saves it; 5,000 rows at most.",
    )


class TakeInForm(forms.Form):
    key = forms.CharField(max_length=100, widget=forms.HiddenInput)
    invite = forms.BooleanField(
        label="Send everybody whose account is new a link to choose a password",
        required=False,
        widget=UnfoldBooleanWidget,
        help_text="The link works for three days. Nobody gets any other mail.",
    )


class Importing(Office):
    """Adds the page to the office's pages of memberships."""

    @action(description="Import members", url_path="import", permissions=["change"])
    def take_members_in(self, request: Request) -> HttpResponse:
        if request.method == "POST" and "key" in request.POST:
            return self._take_in(request)
        form = SheetForm(request.POST if request.method == "POST" else None, request.FILES or None)
        key, checked = "", None
        if request.method == "POST" and form.is_valid():
            file = form.cleaned_data["file"]
            try:
                key, checked = importing.look(file.content, name=file.name, by=request.user)
            except Unreadable as error:
                form.add_error("file", str(error))
        return self._page(request, form, key, checked)

    def _take_in(self, request: Request) -> HttpResponse:
        form = TakeInForm(request.POST)
        try:
            key = form.cleaned_data["key"] if form.is_valid() else ""
            made = importing.take_in(key, invite=form.cleaned_data.get("invite", False), by=request.user)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect(request.path)
        messages.success(request, f"{len(made)} membership{'s were' if len(made) != 1 else ' was'} taken in.")
        return redirect(reverse("admin:members_membership_changelist"))

    def _page(self, request: Request, form: forms.Form, key: str, checked: Checked | None) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "Import members",
            "form": form,
            "media": self.media + form.media,
            "back": reverse("admin:members_membership_changelist"),
            "button": "Look at it",
            "columns": [(name, name in REQUIRED, others) for name, others in COLUMNS.items()],
            "plans": Plan.objects.all(),
            "checked": checked,
        }
        if checked is not None:
            by_row = [
                (number, [each.text for each in some])
                for number, some in groupby(checked.problems, attrgetter("number"))
            ]
            context |= {
                "take_in": TakeInForm(initial={"key": key}) if key else None,
                "counts": [(outcome.value, checked.count(outcome)) for outcome in Outcome],
                "entries": checked.entries[:MOST_SHOWN],
                "problems": by_row[:MOST_SHOWN],
                "wrong_rows": len(by_row),
                "more": max(0, len(by_row or checked.entries) - MOST_SHOWN),
            }
        return render(request, "admin/members/membership/import.html", context)
