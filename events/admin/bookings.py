"""Bookings, tickets and what people need, who waits, and what happened at the door."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from unfold.decorators import action, display

from events.actions import giving_back, transfers
from events.actions import office as actions
from events.admin._shared import Deeds, link_to, row_of
from events.forms.office import GiveBackForm, HandOverForm, HoldForm, ReasonForm, held_until
from events.models import CheckIn, Order, Scan, Ticket, TicketNeeds, TicketTransfer, WaitlistEntry
from linkworkers.audit.actions import record_look
from linkworkers.audit.admin import ReadOnly
from linkworkers.audit.models import AuditEvent
from linkworkers.templatetags import pounds
from members.admin._base import ReadOnlyInline
from members.admin._deeds import deed
from members.admin._steps import StepForm, data_of
from members.http import Request


def trail_of(*rows: Any) -> str:
    """What was done with these rows, the latest first."""
    found = AuditEvent.objects.none()
    for row in rows:
        found = found | AuditEvent.objects.filter(subject_type=row._meta.label_lower, subject_id=str(row.pk))
    return render_to_string("admin/members/trail.html", {"events": found.order_by("-at")[:30]})


class TicketsInline(ReadOnlyInline):
    model = Ticket
    fields = ["page", "email", "type", "state", "price", "vat", "credited"]
    readonly_fields = ["page"]

    @display(description="ticket")
    def page(self, ticket: Ticket) -> str:
        return link_to(ticket)


@admin.register(Order)
class OrderAdmin(Deeds):
    exclude = ["key"]
    list_display = ["reference", "name", "email", "event", "state", "how", "pays", "shown_invoice", "created_at"]
    list_filter = ["state", "how", "pays", ("event", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["event", "invoice"]
    search_fields = ["reference", "name", "email", "bill_to", "invoice__number", "tickets__name", "tickets__email"]
    search_help_text = "A reference, a name, an address or an invoice."
    ordering = ["-created_at", "-pk"]
    fields = [
        *("reference", "event", "state", "how", "name", "email", "buyer", "created_at", "held_until", "confirmed_at"),
        *("ended_at", "pays", "bill_to", "address", "purchase_order", "shown_invoice", "trail"),
    ]
    readonly_fields = ["shown_invoice", "trail"]
    inlines = [TicketsInline]
    actions_detail = ["send_again", "extend"]

    @display(description="invoice")
    def shown_invoice(self, order: Order) -> str:
        return link_to(order.invoice)

    @display(description="what happened")
    def trail(self, order: Order) -> str:
        return trail_of(order, *order.tickets.all())

    @action(description="Send everything again", url_path="send-again", permissions=["events"])
    def send_again(self, request: Request, object_id: str) -> HttpResponse:
        order = row_of(self.get_queryset(request), object_id)

        def do(typed: dict[str, Any]) -> str:
            return f"{actions.send_again(order, by=request.user)} mails are on their way."

        return deed(
            self,
            request,
            order,
            title=f"Send booking {order} again",
            about="The booking goes to its buyer, and each valid ticket to whoever has it.",
            form=StepForm(data_of(request)),
            button="Send them",
            do=do,
        )

    @action(description="More time", url_path="more-time", permissions=["events"])
    def extend(self, request: Request, object_id: str) -> HttpResponse:
        order = row_of(self.get_queryset(request), object_id)

        def do(typed: dict[str, Any]) -> str:
            actions.extend_hold(order, **typed, by=request.user)
            return "Saved: the places are held for longer."

        return deed(
            self,
            request,
            order,
            title=f"More time for booking {order}",
            about="For a booking that is not finished, or an offer from the waitlist.",
            form=HoldForm(data_of(request), initial=held_until(order)),
            button="Hold it until then",
            do=do,
        )


@admin.register(Ticket)
class TicketAdmin(Deeds):
    """What somebody needs is here and on the list of needs; each look is in the trail. Keys and codes are nowhere."""

    exclude = ["key", "code"]
    list_display = ["name", "email", "organisation", "type", "state", "shown_order", "arrived_at"]
    list_filter = [
        "state",
        ("arrived_at", admin.EmptyFieldListFilter),
        ("event", admin.RelatedOnlyFieldListFilter),
        "type__audience",
    ]
    list_select_related = ["type", "order"]
    search_fields = ["name", "email", "organisation", "order__reference"]
    search_help_text = "A name, an address, an organisation or a booking."
    ordering = ["-event__starts_at", "name", "pk"]
    fields = [
        *("name", "email", "organisation", "user", "shown_order", "event", "type", "state", "price", "off", "vat"),
        *("credited", "arrived_at", "listed", "shown_needs", "sessions", "ended_at", "end_reason", "trail"),
    ]
    readonly_fields = ["shown_order", "shown_needs", "sessions", "trail"]
    actions_detail = ["give_back", "hand_over"]

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """That somebody looked at what a person needs is written down."""
        response = super().change_view(request, object_id, *args, **kwargs)
        if response.status_code == 200:
            needs = TicketNeeds.objects.filter(pk=int(object_id)).first()
            if needs is not None:
                record_look(request, needs)
        return response

    @display(description="booking")
    def shown_order(self, ticket: Ticket) -> str:
        return link_to(ticket.order)

    @display(description="needs")
    def shown_needs(self, ticket: Ticket) -> str:
        needs = TicketNeeds.objects.filter(pk=ticket.pk).first()
        return "; ".join(filter(None, needs.lines)) if needs else "Nothing was said"

    @display(description="sessions chosen")
    def sessions(self, ticket: Ticket) -> str:
        return ", ".join(place.item.title for place in ticket.places.select_related("item")) or "None"

    @display(description="what happened")
    def trail(self, ticket: Ticket) -> str:
        return trail_of(ticket)

    @action(description="Give back", url_path="give-back", permissions=["events"])
    def give_back(self, request: Request, object_id: str) -> HttpResponse:
        ticket = row_of(self.get_queryset(request).select_related("event", "order"), object_id)
        back = giving_back.return_of(ticket)

        def do(typed: dict[str, Any]) -> str:
            giving_back.give_back(ticket, **typed, by=request.user)
            return f"{ticket.name}’s ticket is given back. The next who waits is asked."

        return deed(
            self,
            request,
            ticket,
            title=f"Give back the ticket of {ticket}",
            about=f"By the rules {pounds(back.amount)} comes off the invoice. {back.why}",
            form=GiveBackForm(ticket, data_of(request), proposed=back.amount),
            button="Give it back",
            do=do,
        )

    @action(description="Hand on", url_path="hand-on", permissions=["events"])
    def hand_over(self, request: Request, object_id: str) -> HttpResponse:
        ticket = row_of(self.get_queryset(request).select_related("event", "order"), object_id)

        def do(typed: dict[str, Any]) -> str:
            handed = transfers.hand_on(ticket, **typed, by=request.user)
            return f"The ticket is {handed.name}’s now. Both are told."

        return deed(
            self,
            request,
            ticket,
            title=f"Hand on the ticket of {ticket}",
            about="The old link and code stop working at once; what the old holder needs is deleted.",
            form=HandOverForm(data_of(request)),
            button="Hand it on",
            do=do,
        )


@admin.register(TicketNeeds)
class TicketNeedsAdmin(ReadOnly):
    """Of tickets that are valid. The list itself names people and no needs; each look at a row is in the trail."""

    list_display = ["shown_name", "shown_event", "shown_type", "changed_at"]
    list_filter = [("ticket__event", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["ticket__event", "ticket__type"]
    search_fields = ["ticket__name", "ticket__email"]
    search_help_text = "A name or an address."
    ordering = ["-ticket__event__starts_at", "ticket__name"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[TicketNeeds]:
        return super().get_queryset(request).filter(ticket__state=Ticket.State.VALID)

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().change_view(request, object_id, *args, **kwargs)
        if response.status_code == 200:
            record_look(request, row_of(self.get_queryset(request), object_id))
        return response

    @display(description="who", ordering="ticket__name")
    def shown_name(self, needs: TicketNeeds) -> str:
        return needs.ticket.name

    @display(description="event")
    def shown_event(self, needs: TicketNeeds) -> str:
        return str(needs.ticket.event)

    @display(description="ticket")
    def shown_type(self, needs: TicketNeeds) -> str:
        return str(needs.ticket.type)


@admin.register(WaitlistEntry)
class WaitlistAdmin(Deeds):
    """In the order in which they came, which nobody changes."""

    exclude = ["key"]
    list_display = ["name", "email", "event", "type", "state", "joined_at", "ended_at"]
    list_filter = ["state", ("event", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["event", "type"]
    search_fields = ["name", "email", "buyer_name", "buyer_email"]
    search_help_text = "A name or an address."
    ordering = ["-event__starts_at", "pk"]
    actions_detail = ["take_off"]

    @action(description="Take off the list", url_path="take-off", permissions=["events"])
    def take_off(self, request: Request, object_id: str) -> HttpResponse:
        entry = row_of(self.get_queryset(request), object_id)

        def do(typed: dict[str, Any]) -> str:
            actions.take_off_list(entry, **typed, by=request.user)
            return f"{entry} is off the list, and was told why."

        return deed(
            self,
            request,
            entry,
            title=f"Take {entry} off the waitlist",
            about="An offer that they have goes to the next. They are told why.",
            form=ReasonForm(data_of(request)),
            button="Take off the list",
            do=do,
        )


@admin.register(TicketTransfer)
class TransferAdmin(ReadOnly):
    list_display = ["from_name", "to_name", "ticket", "at", "by"]
    list_select_related = ["ticket", "by"]
    search_fields = ["from_name", "from_email", "to_name", "to_email"]
    search_help_text = "A name or an address."
    ordering = ["-at"]


@admin.register(CheckIn)
class CheckInAdmin(ReadOnly):
    list_display = ["ticket", "item", "how", "at", "received_at", "by"]
    list_filter = ["how", ("ticket__event", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["ticket", "item", "by"]
    search_fields = ["ticket__name", "ticket__email"]
    search_help_text = "A name or an address."
    ordering = ["-at", "-pk"]


@admin.register(Scan)
class ScanAdmin(ReadOnly):
    """What was refused, scanned twice or taken back at the door."""

    list_display = ["result", "event", "ticket", "item", "at", "clock_wrong", "by"]
    list_filter = ["result", ("event", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["event", "ticket", "item", "by"]
    search_fields = ["ticket__name", "note"]
    search_help_text = "A name, or words of a note."
    ordering = ["-at", "-pk"]
