"""The lists of an event that the office takes home: rows for a spreadsheet, read in pieces, harmless to open."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from events.models import AccessNeed, CheckIn, Diet, Event, ItemPlace, Order, Ticket, TicketNeeds, WaitlistEntry
from linkworkers.spreadsheets import harmless
from linkworkers.templatetags import when

Rows = Iterator[Sequence[Any]]
AT_ONCE = 500  # rows that are in memory together


@dataclass(frozen=True)
class Sheet:
    """A list: what it is called, its columns, and what makes its rows."""

    name: str
    columns: Sequence[str]
    rows: Callable[[Event], Rows]
    has_needs: bool = False


def rows_of(sheet: Sheet, event: Event) -> Rows:
    """The columns' names, then the rows; what somebody typed is no formula. Read in pieces."""
    yield sheet.columns
    for row in sheet.rows(event):
        yield [harmless(cell) for cell in row]


def _pieces(queryset: QuerySet[Any]) -> Iterable[Any]:
    return queryset.iterator(chunk_size=AT_ONCE)


def _attendees(event: Event) -> Rows:
    for each in _pieces(_valid(event)):
        arrived = when(each.arrived_at, "time") if each.arrived_at else ""
        listed = "yes" if each.listed else ""
        yield [each.name, each.email, each.organisation, each.type.name, each.order.reference, arrived, listed]


def _valid(event: Event) -> QuerySet[Ticket]:
    return Ticket.objects.valid().filter(event=event).select_related("type", "order").by_name()


def _bookings(event: Event) -> Rows:
    """A line for each ticket that was booked: its money adds up to what the invoices ask for."""
    rows = Ticket.objects.filter(event=event).exclude(state=Ticket.State.EXPIRED)
    rows = rows.select_related("type", "discount", "order__invoice").order_by("order", "pk")
    for each in _pieces(rows):
        order: Order = each.order
        booked = timezone.localdate(order.confirmed_at).isoformat() if order.confirmed_at else ""
        yield [
            *(order.reference, order.get_state_display(), order.get_how_display(), order.get_pays_display(), booked),
            *(
                order.name,
                order.email,
                order.bill_to,
                order.purchase_order,
                order.invoice.number if order.invoice else "",
            ),
            *(each.name, each.type.name, each.get_state_display(), each.discount.code if each.discount else ""),
            *(each.price, each.vat, each.total, each.credited),
        ]


def _needs(event: Event) -> QuerySet[TicketNeeds]:
    rows = TicketNeeds.objects.filter(ticket__event=event, ticket__state=Ticket.State.VALID)
    return rows.select_related("ticket__type").order_by("ticket__name", "pk")


def _for_the_caterer(event: Event) -> Rows:
    """How many of each, and what was written about food: no names."""
    diet: Counter[str] = Counter()
    access: Counter[str] = Counter()
    notes = []
    quiet = 0
    for each in _pieces(_needs(event)):
        diet.update(each.diet)
        access.update(each.access)
        quiet += each.quiet_room
        if each.diet_note:
            notes.append(each.diet_note)
    yield ["People who come", str(Ticket.objects.valid().filter(event=event).count()), ""]
    yield from ([Diet(key).label, str(number), ""] for key, number in sorted(diet.items()))
    yield from (["About food", "1", note] for note in sorted(notes))
    yield from ([AccessNeed(key).label, str(number), ""] for key, number in sorted(access.items()))
    if quiet:
        yield ["A quiet room", str(quiet), ""]


def _needs_by_name(event: Event) -> Rows:
    for each in _pieces(_needs(event)):
        access = "; ".join([*(AccessNeed(key).label for key in each.access), *filter(None, [each.access_note])])
        diet = "; ".join([*(Diet(key).label for key in each.diet), *filter(None, [each.diet_note])])
        quiet = "yes" if each.quiet_room else ""
        yield [each.ticket.name, each.ticket.email, each.ticket.type.name, access, diet, quiet]


def _sessions(event: Event) -> Rows:
    rows = ItemPlace.objects.filter(item__event=event).select_related("item__hall", "ticket")
    for each in _pieces(rows.order_by("item__starts_at", "item", "ticket__name", "pk")):
        room = each.item.hall.name if each.item.hall else ""
        yield [each.item.title, when(each.item.starts_at, "time"), room, each.ticket.name, each.ticket.email]


def _check_ins(event: Event) -> Rows:
    rows = CheckIn.objects.filter(ticket__event=event).select_related("ticket", "item", "by").order_by("at", "pk")
    for each in _pieces(rows):
        where = each.item.title if each.item else "At the door"
        yield [when(each.at, "time"), each.ticket.name, where, each.get_how_display(), str(each.by or "")]


def _waitlist(event: Event) -> Rows:
    rows = WaitlistEntry.objects.filter(event=event).select_related("type").order_by("pk")
    for number, each in enumerate(_pieces(rows), start=1):
        said = [each.name, each.email, each.organisation, each.type.name]
        yield [str(number), *said, when(each.joined_at, "time"), each.get_state_display()]


SHEETS: dict[str, Sheet] = {
    "attendees": Sheet(
        "Attendees", ["Name", "E-mail", "Organisation", "Ticket", "Booking", "Arrived", "On the list"], _attendees
    ),
    "bookings": Sheet(
        "Bookings, with money",
        [
            *("Booking", "State", "How", "Pays", "Booked on", "Buyer", "E-mail", "Invoice to", "Purchase order"),
            *("Invoice", "Attendee", "Ticket", "Ticket’s state", "Code", "Without VAT", "VAT", "Total", "Taken back"),
        ],
        _bookings,
    ),
    "caterer": Sheet("Needs in numbers, for the caterer", ["What", "How many", "In their words"], _for_the_caterer),
    "needs": Sheet(
        "Needs with names, for the office",
        ["Name", "E-mail", "Ticket", "Access", "Food", "Quiet room"],
        _needs_by_name,
        has_needs=True,
    ),
    "sessions": Sheet("Sessions, and who chose them", ["Session", "From", "Room", "Name", "E-mail"], _sessions),
    "check-ins": Sheet("Check-ins", ["At", "Name", "Where", "How", "By"], _check_ins),
    "waitlist": Sheet("Waitlist", ["No.", "Name", "E-mail", "Organisation", "Ticket", "Since", "State"], _waitlist),
}
