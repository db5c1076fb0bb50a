"""What the office does with an event, each on a page of its own."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from unfold.decorators import action

from events import permissions
from events.actions import changes, copying, places_changed
from events.actions import office as actions
from events.actions.wishes import Wish
from events.admin._shared import row_of
from events.charts import sales_charts
from events.exports.office import SHEETS, rows_of
from events.forms.office import BookForm, CancelForm, CopyForm, MessageForm, MoveForm, PlacesForm, SheetForm
from events.models import Event
from linkworkers.audit.actions import record
from linkworkers.audit.admin import Office
from linkworkers.spreadsheets import as_csv, as_xlsx
from linkworkers.uploads import as_download
from members.admin._deeds import deed
from members.admin._steps import StepForm, data_of
from members.http import Request

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class EventDeeds(Office):
    """The buttons of an event's page."""

    actions_detail = [
        *("announce", "unannounce", "sales", "places", "book_for", "message", "sheets", "move", "copy", "call_off"),
    ]

    def has_events_permission(self, request: Request, object_id: str | None = None) -> bool:
        return permissions.can_run_events(request.user)

    def get_actions_detail(self, request: Request, object_id: Any) -> list[Any]:
        """Those that fit how the event stands."""
        event = Event.objects.filter(pk=object_id).first() if str(object_id).isdecimal() else None
        if event is None:
            return []
        every = super().get_actions_detail(request, object_id)
        ahead = event.is_public and not event.is_cancelled and not event.is_over
        fits = {
            "announce": not event.is_public,
            "unannounce": ahead and not event.taken,
            "sales": event.is_public,
            "places": not event.is_cancelled and not event.is_over,
            "book_for": ahead,
            "message": event.is_public and not event.is_cancelled,
            "sheets": event.is_public,
            "move": ahead,
            "copy": True,
            "call_off": ahead,
        }
        prefix = f"{self.opts.app_label}_{self.opts.model_name}_"
        return [each for each in every if fits[each.action_name.removeprefix(prefix)]]

    def _event(self, request: Request, object_id: str) -> Event:
        return row_of(self.get_queryset(request), object_id)

    @action(description="Announce", url_path="announce", permissions=["events"])
    def announce(self, request: Request, object_id: str) -> HttpResponse:
        event = self._event(request, object_id)

        def do(typed: dict[str, Any]) -> str:
            changes.publish(event, by=request.user)
            return f"{event} is announced: everybody can see it, and tickets are sold by their dates."

        return deed(
            self,
            request,
            event,
            title=f"Announce {event}",
            about="From then on everybody sees it. Its address stays as it is; dates, place and number of places are "
            "changed by buttons of their own, which tell whoever comes.",
            form=StepForm(data_of(request)),
            button="Announce it",
            do=do,
        )

    @action(description="Make it a draft again", url_path="unannounce", permissions=["events"])
    def unannounce(self, request: Request, object_id: str) -> HttpResponse:
        event = self._event(request, object_id)

        def do(typed: dict[str, Any]) -> str:
            changes.unpublish(event, by=request.user)
            return f"{event} is a draft again."

        return deed(
            self,
            request,
            event,
            title=f"Make {event} a draft again",
            about="Its page is gone for everybody but the office. Possible while nobody has booked or waits.",
            form=StepForm(data_of(request)),
            button="Make it a draft",
            do=do,
        )

    @action(description="Move", url_path="move", permissions=["events"])
    def move(self, request: Request, object_id: str) -> HttpResponse:
        event = self._event(request, object_id)
        now = {
            "starts_at": timezone.localtime(event.starts_at),
            "ends_at": timezone.localtime(event.ends_at),
            **{name: getattr(event, name) for name in ("venue", "address", "postcode")},
        }

        def do(typed: dict[str, Any]) -> str:
            changes.move(event, **typed, by=request.user)
            return f"{event} is moved. Everybody who comes or waits is told."

        return deed(
            self,
            request,
            event,
            title=f"Move {event}",
            about=f"{event.taken} tickets are held or sold. Sessions move with it; everybody is told, with a new file "
            "for their calendar, and can give their ticket back whole for two weeks.",
            form=MoveForm(data_of(request), initial=now),
            button="Move it, and tell everybody",
            do=do,
        )

    @action(description="Cancel it", url_path="cancel", permissions=["events"])
    def call_off(self, request: Request, object_id: str) -> HttpResponse:
        event = self._event(request, object_id)

        def do(typed: dict[str, Any]) -> str:
            changes.cancel(event, **typed, by=request.user)
            return f"{event} is cancelled. Everybody is told, and what was asked for is taken back."

        return deed(
            self,
            request,
            event,
            title=f"Cancel {event}",
            about=f"This cannot be undone. {event.taken} tickets end, what they cost is taken back whole, and "
            "everybody who comes or waits is told. What was paid is on the list of invoices, to be paid back.",
            form=CancelForm(data_of(request)),
            button="Cancel it, and tell everybody",
            do=do,
        )

    @action(description="Write to attendees", url_path="message", permissions=["events"])
    def message(self, request: Request, object_id: str) -> HttpResponse:
        event = self._event(request, object_id)

        def do(typed: dict[str, Any]) -> str:
            number = changes.message_attendees(event, **typed, by=request.user)
            return f"On its way to {number} {'address' if number == 1 else 'addresses'}."

        return deed(
            self,
            request,
            event,
            title=f"Write to who comes to {event}",
            about="By mail, once to each address. The same words go to nobody twice on one day.",
            form=MessageForm(event, data_of(request)),
            button="Send it",
            do=do,
        )

    @action(description="Places", url_path="places", permissions=["events"])
    def places(self, request: Request, object_id: str) -> HttpResponse:
        event = self._event(request, object_id)
        form = PlacesForm(event, data_of(request))

        def do(typed: dict[str, Any]) -> str:
            places_changed.set_capacity(event, typed["capacity"], by=request.user)
            for type_, quota in form.quotas():
                places_changed.set_quota(type_, quota, by=request.user)
            return "Saved. New places are offered to whoever waits, in their order."

        return deed(
            self,
            request,
            event,
            title=f"Places at {event}",
            about="New places go to whoever waits, in their order, before anybody else can book them.",
            form=form,
            button="Save",
            do=do,
        )

    @action(description="Book for somebody", url_path="book", permissions=["events"])
    def book_for(self, request: Request, object_id: str) -> HttpResponse:
        event = self._event(request, object_id)

        def do(typed: dict[str, Any]) -> str:
            people = [(typed["name"], typed["email"], typed["organisation"])]
            people += [(name, email, typed["organisation"]) for name, email in typed["others"]]
            order = actions.book_for(
                event,
                [Wish(typed["type"], *each) for each in people],
                complimentary=typed["pays"] == "nothing",
                bill_to=typed["bill_to"],
                address=typed["address"],
                purchase_order=typed["purchase_order"],
                by=request.user,
            )
            return f"{order} is booked for {typed['name']}. The tickets are on their way."

        return deed(
            self,
            request,
            event,
            title=f"Book for somebody: {event}",
            about=f"{event.free} of {event.capacity} places are free.",
            form=BookForm(event, data_of(request)),
            button="Book",
            do=do,
        )

    @action(description="Copy", url_path="copy", permissions=["events"])
    def copy(self, request: Request, object_id: str) -> HttpResponse:
        event = self._event(request, object_id)
        proposed = copying.proposed_day(event)
        begin = {
            "title": event.title,
            "first_day": f"{proposed:%-d %-m %Y}",
            "slug": f"{event.slug[:55]}-{proposed:%Y}",
        }

        def do(typed: dict[str, Any]) -> str:
            made = copying.copy(event, **typed, by=request.user)
            return f"{made} is a draft, on {made.on:%-d %B %Y}. Look through its texts, dates and prices."

        return deed(
            self,
            request,
            event,
            title=f"Copy {event}",
            about="A draft with its texts, tickets, codes, rooms and sessions; dates move with the first day. Nobody "
            "who booked, waited or came is in it.",
            form=CopyForm(data_of(request), initial=begin),
            button="Make the copy",
            do=do,
        )

    @action(description="Lists", url_path="lists", permissions=["events"])
    def sheets(self, request: Request, object_id: str) -> HttpResponse:
        """A list to take home. Needs with names say so to the trail."""
        event = self._event(request, object_id)
        form = SheetForm([(key, sheet.name) for key, sheet in SHEETS.items()], data_of(request))
        if request.method == "POST" and form.is_valid():
            what, kind = form.cleaned_data["what"], form.cleaned_data["kind"]
            facts = {"list": what, "needs": SHEETS[what].has_needs}
            record("event.list_taken", by=request.user, subject=event, facts=facts, request=request)
            rows = rows_of(SHEETS[what], event)
            name = f"{event.slug}-{what}.{kind}"
            if kind == "csv":
                return as_download(name, "text/csv; charset=utf-8", as_csv(rows))
            return as_download(name, XLSX, as_xlsx(rows))
        return deed(
            self,
            request,
            event,
            title=f"Lists of {event}",
            about="They hold names and addresses: keep them no longer than you need them.",
            form=form,
            button="Save the list",
            do=lambda typed: "",
        )

    @action(description="Sales", url_path="sales", permissions=["events"])
    def sales(self, request: Request, object_id: str) -> HttpResponse:
        event = self._event(request, object_id)
        back = reverse("admin:events_event_change", args=[event.pk])
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": f"Sales: {event}",
            "original": event,
            "back": back,
            **sales_charts(event),
        }
        return render(request, "admin/events/event/sales.html", context)
