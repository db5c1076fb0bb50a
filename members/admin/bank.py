"""Files from the bank in the office: first it is shown whose payment each line is, then they are taken in."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.decorators import display
from unfold.widgets import CHECKBOX_CLASSES, INPUT_CLASSES

from linkworkers.audit.admin import Office, ReadOnly, Refusing
from linkworkers.uploads import UploadField
from members import permissions
from members.actions import bank
from members.admin._base import FileWidget, each
from members.admin._deeds import find_invoice
from members.bank_file import LARGEST, Unreadable, read
from members.bank_matching import Sure, match_all
from members.http import Request
from members.models import BankFile, BankLine

SHOWN = 200  # lines of a page, the surest first; the others follow when these are done


class BankFileForm(forms.ModelForm):
    file = UploadField(
        allowed={".csv": "text/csv", ".txt": "text/plain"},
        largest=LARGEST,
        widget=FileWidget(attrs={"accept": ".csv,.txt"}),
        help_text="A CSV that you saved in the bank’s pages, 2 MB at most. Nothing is recorded yet: you see first what"
        " is in it. Lines that an earlier file had are known again.",
    )

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        try:
            read(upload.content)
        except Unreadable as unreadable:
            raise forms.ValidationError(
                [
                    "Nothing was taken from this file.",
                    *(f"Row {row}: {why}" if row else why for row, why in unreadable.reasons),
                ]
            ) from unreadable
        return upload


@admin.register(BankFile)
class BankFileAdmin(Refusing, Office):
    """A file is read whole; its page says whose payment each line is, and takes in those that are ticked."""

    form = BankFileForm
    list_display = ["name", "created_at", "by", "shown_waiting", "shown_taken"]
    list_select_related = ["by"]
    search_fields = ["name", "lines__text"]
    search_help_text = "A file’s name, or a text in it."

    def get_queryset(self, request: HttpRequest) -> QuerySet[BankFile]:
        taken = Count("lines", filter=Q(lines__payment__isnull=False), distinct=True)
        waiting = Q(lines__payment=None, lines__invoice=None, lines__set_aside="", lines__isnull=False)
        counted = super().get_queryset(request).annotate(taken=taken)
        return counted.annotate(waiting=Count("lines", filter=waiting, distinct=True))

    def get_form(self, request: Request, obj: BankFile | None = None, **kwargs: Any) -> type[forms.ModelForm]:
        """Nothing of the file itself is typed on its page: only its lines have something to fill in."""
        return super().get_form(request, obj, **(kwargs | {"form": forms.ModelForm} if obj else kwargs))

    def get_fields(self, request: Request, obj: BankFile | None = None) -> list[str]:
        return ["shown_lines"] if obj else ["file"]

    def get_readonly_fields(self, request: Request, obj: BankFile | None = None) -> list[str]:
        return self.get_fields(request, obj) if obj else []

    def has_add_permission(self, request: Request) -> bool:
        return permissions.can_keep_books(request.user)

    def has_change_permission(self, request: Request, obj: BankFile | None = None) -> bool:
        return permissions.can_keep_books(request.user) and (obj is None or obj.lines.waiting().exists())

    def has_delete_permission(self, request: Request, obj: BankFile | None = None) -> bool:
        """As long as nothing came of it."""
        return (
            permissions.can_keep_books(request.user)
            and obj is not None
            and not obj.lines.filter(invoice__isnull=False).exists()
        )

    def get_deleted_objects(self, objs: Any, request: Request) -> tuple[list[Any], dict[str, int], set[str], list[Any]]:
        lines = BankLine.objects.filter(file__in=objs).count()
        return [f"{file} with its lines" for file in objs], {"bank lines": lines}, set(), []

    def delete_model(self, request: Request, obj: BankFile) -> None:
        bank.forget(obj, by=request.user)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return {name: action for name, action in super().get_actions(request).items() if name != "delete_selected"}

    def save_model(self, request: Request, obj: BankFile, form: forms.ModelForm, change: bool) -> None:
        if change:
            self._take_in(request, obj)
        else:
            upload = form.cleaned_data["file"]
            obj.pk = bank.read_file(name=upload.name, content=upload.content, by=request.user).pk

    def _take_in(self, request: Request, file: BankFile) -> None:
        choices, aside, unknown = decided(request.POST, {line.pk: line for line in file.lines.waiting()})
        for typed in unknown:
            messages.warning(request, typed)
        for line, reason in aside:
            bank.set_aside(line, reason=reason, by=request.user)
        bank.choose(choices, by=request.user)
        request.taken = bank.take_in()  # type: ignore[attr-defined]

    def render_change_form(self, request: Request, context: dict[str, Any], *args: Any, **kwargs: Any) -> HttpResponse:
        file: BankFile | None = context["original"]
        waits = file is not None and file.lines.waiting().exists()
        context["button"] = ("Take in what is ticked" if waits else "") if file else "Read the file"
        return super().render_change_form(request, context, *args, **kwargs)

    def response_add(self, request: Request, obj: BankFile, post_url_continue: str | None = None) -> HttpResponse:
        messages.success(request, "The file is read. Nothing is recorded yet: look at it below.")
        return redirect(reverse("admin:members_bankfile_change", args=[obj.pk]))

    def response_change(self, request: Request, obj: BankFile) -> HttpResponse:
        taken: bank.Taken = request.taken  # type: ignore[attr-defined]
        messages.success(request, f"{taken.recorded} payment{'' if taken.recorded == 1 else 's'} recorded.")
        if taken.refused:
            messages.warning(request, f"{taken.refused} could not be recorded: the reason stands with each.")
        return redirect(reverse("admin:members_bankfile_change", args=[obj.pk]))

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None:
        """The action has recorded it."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> None:
        """The action has recorded it."""

    @display(description="waiting", ordering="waiting")
    def shown_waiting(self, file: BankFile) -> int:
        return file.waiting  # type: ignore[attr-defined]

    @display(description="taken in", ordering="taken")
    def shown_taken(self, file: BankFile) -> int:
        return file.taken  # type: ignore[attr-defined]

    @display(description="lines")
    def shown_lines(self, file: BankFile) -> SafeString:
        order = {Sure.EXACT: 0, Sure.LIKELY: 1, Sure.UNKNOWN: 2}
        matches = sorted(match_all(list(file.lines.waiting())), key=lambda match: order[match.sure])
        shown = matches[:SHOWN]
        groups = [
            ("Exact: the reference is right", "Ticked already. Take the tick away from what should wait.", Sure.EXACT),
            ("Likely: please look", "Tick what is right.", Sure.LIKELY),
            ("Unknown", "Write the invoice’s number, or why it is none of ours. The others wait here.", Sure.UNKNOWN),
        ]
        context = {
            "file": file,
            "groups": [
                (title, hint, sure, found)
                for title, hint, sure in groups
                if (found := [match for match in shown if match.sure == sure])
            ],
            "hidden": len(matches) - len(shown),
            "going_on": file.lines.chosen().count(),
            "taken": file.lines.filter(payment__isnull=False).select_related("payment", "invoice")[:SHOWN],
            "aside": file.lines.exclude(set_aside="")[:SHOWN],
            "repeated": file.repeated.select_related("file", "payment")[:SHOWN],
            "address": reverse("admin:members_bankfile_change", args=[file.pk]),
            "input_classes": " ".join(INPUT_CLASSES),
            "checkbox_classes": " ".join(CHECKBOX_CLASSES),
        }
        return render_to_string("members/money/_bank_lines.html", context)


def decided(
    posted: Mapping[str, str], waiting: Mapping[int, BankLine]
) -> tuple[dict[int, int], list[tuple[BankLine, str]], list[str]]:
    """What was said of each line that waits: the invoice it pays, or why it is set aside; and what was not understood.

    A tick carries the invoice that was shown, so what is taken in is what was seen, whatever fits best by now.
    """
    choices: dict[int, int] = {}
    aside: list[tuple[BankLine, str]] = []
    unknown: list[str] = []
    for pk, line in waiting.items():
        ticked = posted.get(f"take-{pk}", "")
        number = posted.get(f"place-{pk}", "").replace("\x00", "").strip()[:20]
        reason = posted.get(f"aside-{pk}", "").replace("\x00", "").strip()[:200]
        if number:
            try:
                choices[pk] = find_invoice(number).pk
            except forms.ValidationError as error:
                unknown.append(f"{line}: {error.messages[0]}")
        elif reason:
            aside.append((line, reason))
        elif ticked.isascii() and ticked.isdigit() and len(ticked) < 19:
            choices[pk] = int(ticked)
    return choices, aside, unknown


class StateFilter(admin.SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("waiting", "Waiting"), ("taken", "Taken in"), ("aside", "Set aside")]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet[Any]:
        match self.value():
            case "waiting":
                return queryset.waiting()
            case "taken":
                return queryset.exclude(payment=None)
            case "aside":
                return queryset.exclude(set_aside="")
        return queryset


@admin.register(BankLine)
class BankLineAdmin(ReadOnly):
    """Every line of every file. What waits is decided on the page of its file."""

    list_display = ["booked_on", "amount", "text", "invoice", "payment", "set_aside", "shown_file"]
    list_filter = [StateFilter]
    list_select_related = ["invoice", "payment", "file"]
    date_hierarchy = "booked_on"
    search_fields = ["text", "invoice__number", "amount"]
    search_help_text = "A word of the text, an amount, or an invoice’s number."
    ordering = ["-booked_on", "-pk"]
    actions = ["put_back"]

    @display(description="file", ordering="file")
    def shown_file(self, line: BankLine) -> SafeString:
        page = reverse("admin:members_bankfile_change", args=[line.file_id])
        return format_html('<a class="underline" href="{}">{}</a>', page, line.file)

    def has_books_permission(self, request: Request) -> bool:
        return permissions.can_keep_books(request.user)

    @admin.action(description="Put back what was set aside", permissions=["books"])
    def put_back(self, request: Request, queryset: QuerySet[BankLine]) -> None:
        aside = queryset.exclude(set_aside="")
        each(request, aside, lambda line: bank.set_aside(line, reason="", by=request.user), "waits again.")
