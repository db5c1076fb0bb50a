"""Sessions and speakers."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Q, TextField
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminTextareaWidget

from events import permissions
from events.actions import speakers as actions
from events.admin._shared import row_of
from events.models import Event, Hall, ProgrammeItem, Speaker, Track
from events.wording import when
from linkworkers.audit.admin import Audited, Refusing
from members.admin._deeds import deed
from members.admin._steps import StepForm, data_of
from members.http import Request


class SessionForm(forms.ModelForm):
    """A session within its event: its days, its rooms, its tracks, its speakers."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        event: Event | None = self.instance.event if self.instance.event_id else cleaned.get("event")
        if event is None:
            return cleaned
        for name in ("track", "hall"):
            if cleaned.get(name) and cleaned[name].event_id != event.pk:
                self.add_error(name, f"This is one of {cleaned[name].event}. Choose one of {event}.")
        if strange := [each for each in cleaned.get("speakers") or () if each.event_id != event.pk]:
            self.add_error("speakers", f"{strange[0]} speaks at another event. Add them to {event} first.")
        start, end = cleaned.get("starts_at"), cleaned.get("ends_at")
        if start and end and not (event.starts_at <= start and end <= event.ends_at):
            self.add_error("starts_at", f"{event} is {when(event)}. Sessions lie within it.")
        return cleaned


@admin.register(ProgrammeItem)
class ProgrammeItemAdmin(Refusing, Audited):
    """Tracks and rooms are added on the event's own page."""

    form = SessionForm
    list_display = ["title", "event", "starts_at", "ends_at", "kind", "track", "hall", "shown_chosen"]
    list_filter = ["kind", ("event", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["event", "track", "hall"]
    search_fields = ["title", "event__title", "speakers__name"]
    search_help_text = "A title, an event, or who speaks."
    ordering = ["-event__starts_at", "starts_at", "pk"]
    formfield_overrides = {TextField: {"widget": UnfoldAdminTextareaWidget(attrs={"rows": 4})}}
    autocomplete_fields = ["event"]
    fields = [
        *("event", "title", "kind", "about", "starts_at", "ends_at", "track", "hall", "speakers"),
        *("books", "capacity"),
    ]

    def get_readonly_fields(self, request: Request, obj: ProgrammeItem | None = None) -> list[str]:
        return ["event"] if obj else []

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Tracks and rooms of the session's own event, each with the event where a new session has none yet."""
        if db_field.name in ("track", "hall"):
            model = Track if db_field.name == "track" else Hall
            key = request.resolver_match.kwargs.get("object_id", "")
            rows = model.objects.select_related("event").order_by("-event__starts_at", "order", "pk")
            if key.isdigit():
                rows = rows.filter(event__items=int(key))
            field = super().formfield_for_foreignkey(db_field, request, **{**kwargs, "queryset": rows})
            if field is not None and not key.isdigit():
                field.label_from_instance = lambda row: f"{row} ({row.event})"
            return field
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Speakers of the session's own event, to tick; where a new session has none yet, those of events to come, each
        with its event.
        """
        key = request.resolver_match.kwargs.get("object_id", "")
        rows = Speaker.objects.select_related("event").order_by("-event__starts_at", "order", "name")
        one = Q(event__items=int(key)) if key.isdigit() else Q(event__ends_at__gt=timezone.now())
        kwargs |= {"queryset": rows.filter(one), "widget": UnfoldAdminCheckboxSelectMultipleWidget}
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        if field is not None and not key.isdigit():
            field.label_from_instance = lambda row: f"{row} ({row.event})"
        return field

    def has_delete_permission(self, request: HttpRequest, obj: ProgrammeItem | None = None) -> bool:
        """Not once somebody has chosen it, or was let in."""
        return super().has_delete_permission(request, obj) and not (obj and (obj.taken or obj.check_ins.exists()))

    @display(description="chosen", ordering="taken")
    def shown_chosen(self, item: ProgrammeItem) -> str:
        return f"{item.taken} of {item.capacity}" if item.books else ""


@admin.register(Speaker)
class SpeakerAdmin(Refusing, Audited):
    """What they say of themselves, and whether it is public, is theirs: they are asked by mail."""

    list_display = ["name", "event", "line", "shown_consent", "has_photo"]
    list_filter = [("consented_at", admin.EmptyFieldListFilter), ("event", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["event"]
    search_fields = ["name", "email", "organisation", "event__title"]
    search_help_text = "A name, an address, an organisation or an event."
    ordering = ["-event__starts_at", "order", "name"]
    autocomplete_fields = ["event", "user"]
    fields = ["event", "name", "email", "user", "job", "organisation", "order", "biography", "shown_consent"]
    actions_detail = ["ask"]

    def get_readonly_fields(self, request: Request, obj: Speaker | None = None) -> list[str]:
        return ["biography", "shown_consent", *(["event"] if obj else [])]

    def has_events_permission(self, request: Request, object_id: str | None = None) -> bool:
        return permissions.can_run_events(request.user)

    @action(description="Ask to introduce themselves", url_path="ask", permissions=["events"])
    def ask(self, request: Request, object_id: str) -> HttpResponse:
        speaker = row_of(self.get_queryset(request), object_id)

        def do(typed: dict[str, Any]) -> str:
            actions.ask(speaker, by=request.user)
            return f"The link is on its way to {speaker.email}."

        return deed(
            self,
            request,
            speaker,
            title=f"Ask {speaker} to introduce themselves",
            about="They get a link to their own page, where they write about themselves, send a photo, and say whether "
            "both may be public.",
            form=StepForm(data_of(request)),
            button="Send the link",
            do=do,
        )

    @display(description="photo and biography")
    def shown_consent(self, speaker: Speaker) -> str:
        return f"Public since {speaker.consented_at:%-d %B %Y}" if speaker.consented_at else "Not public"

    @display(description="photo", boolean=True)
    def has_photo(self, speaker: Speaker) -> bool:
        return speaker.photo_id is not None
