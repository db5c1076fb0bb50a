"""Letting people in: at the door and to sessions, by code or by name, whenever the telephone says so."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.formats import date_format

from events import permissions
from events.actions import attendance, booking
from events.actions._places import accounts_of, lock_ticket
from events.actions.wishes import Buyer, SoldOut, Wish
from events.models import CheckIn, Event, ItemPlace, Order, ProgrammeItem, Scan, Ticket, TicketType, hash_of
from linkworkers.actions import Refused
from linkworkers.audit.actions import record, record_all
from linkworkers.templatetags import pounds
from members.models import User

Result = Scan.Result
EARLY = dt.timedelta(days=2)  # before an event begins nobody was let in, unless somebody tries the page out
AHEAD = dt.timedelta(minutes=5)  # that a telephone's clock may be ahead of ours
LONGEST_CODE = 200
GOOD, WARN, BAD = "good", "warn", "bad"


@dataclass(frozen=True)
class Sent:
    """A scan as it was sent. `item` is a session's key, None for the door; `at` is None when it cannot be read."""

    key: uuid.UUID
    code: str
    item: int | None = None
    at: dt.datetime | None = None
    how: str = CheckIn.How.SCAN


@dataclass(frozen=True)
class Outcome:
    """What became of a scan, and what to say to whoever holds the telephone; `tone` is good, warn or bad."""

    key: uuid.UUID
    result: str
    title: str
    text: str = ""

    @property
    def tone(self) -> str:
        if self.result == Result.IN:
            return GOOD
        return WARN if self.result in (Result.UNCHOSEN, Result.AGAIN) else BAD

    @property
    def is_in(self) -> bool:
        return self.result in (*Scan.LET_IN, Result.AGAIN)


def code_of(text: str) -> str:
    """The code in what was scanned: the end of the address in the QR code, or the code as it was typed."""
    return text.strip()[:LONGEST_CODE].rstrip("/").rpartition("/")[2].replace(" ", "").upper()


def check_in(event: Event, scans: Sequence[Sent], *, by: User) -> list[Outcome]:
    """Judges each scan by itself, in the order in which they were made, and returns what became of each, as given.

    Whatever is sent again, by one telephone or by several, counts once, and the earliest time stands. A time that
    cannot be right becomes now. What is refused is kept as a `Scan`. Raises PermissionDenied for whoever has no door.
    """
    if not permissions.can_check_in(by, event):
        raise PermissionDenied
    try:
        return _check_in(event, scans, by)
    except IntegrityError:  # the same key came over another connection meanwhile: now it is seen
        return _check_in(event, scans, by)


@transaction.atomic
def _check_in(event: Event, scans: Sequence[Sent], by: User) -> list[Outcome]:
    now = timezone.now()
    codes = {scan.key: code_of(scan.code) for scan in scans}
    rows = Ticket.objects.filter(code__in={*codes.values()}).select_related("type").order_by("pk")
    tickets = {ticket.code: ticket for ticket in rows.select_for_update(of=("self",), no_key=True)}
    desk = _Desk(event, by, now, tickets.values(), scans)
    judged: dict[uuid.UUID, Outcome] = {}
    for scan in sorted(scans, key=lambda each: each.at or now):
        if scan.key not in judged:
            judged[scan.key] = desk.judge(scan, codes[scan.key], tickets.get(codes[scan.key]))
    desk.save()
    return [judged[scan.key] for scan in scans]


class _Desk:
    """One batch: what is known of its tickets, all of which are locked, and what there is to write down."""

    def __init__(
        self, event: Event, by: User, now: dt.datetime, tickets: Iterable[Ticket], scans: Sequence[Sent]
    ) -> None:
        self.event, self.by, self.now = event, by, now
        known = CheckIn.objects.filter(ticket__in=[ticket.pk for ticket in tickets]).select_related("by")
        self.let_in = {(each.ticket_id, each.item_id): each for each in known}
        keys = [scan.key for scan in scans]
        self.log = {each.key: each for each in Scan.objects.filter(key__in=keys, event=event).select_related("ticket")}
        self.items = self._lock_items(scans)
        self.arrivals: list[CheckIn] = []
        self.kept: list[Scan] = []
        self.moved: list[CheckIn] = []
        self.changed: dict[int, Ticket] = {}

    def _lock_items(self, scans: Sequence[Sent]) -> Mapping[int, ProgrammeItem]:
        wanted = {scan.item for scan in scans if scan.item is not None}
        if not wanted:
            return {}
        rows = ProgrammeItem.objects.filter(event=self.event, pk__in=wanted).order_by("pk")
        return {item.pk: item for item in rows.select_for_update(no_key=True)}

    def judge(self, scan: Sent, code: str, ticket: Ticket | None) -> Outcome:
        if earlier := self.log.get(scan.key):
            return self._said(earlier)
        at, wrong = self._time_of(scan)
        if ticket is None:
            result = Result.UNKNOWN if code else Result.UNREADABLE
        elif ticket.event_id != self.event.pk:
            result = Result.OTHER_EVENT
        elif not ticket.is_valid:
            result = Result.NOT_BOOKED if ticket.stands else Result.GIVEN_BACK
        elif scan.item is not None and scan.item not in self.items:
            result = Result.UNREADABLE
        else:
            return self._admit(scan, code, ticket, at, wrong)
        self._keep(scan, code, result, at, wrong, ticket)
        return self._tell(scan.key, result, ticket)

    def _time_of(self, scan: Sent) -> tuple[dt.datetime, bool]:
        """When it was made, as far as that can be: else now, and True."""
        earliest = min(self.now, self.event.starts_at) - EARLY
        if scan.at is None or not earliest <= scan.at <= self.now + AHEAD:
            return self.now, True
        return min(scan.at, self.now), False

    def _admit(self, scan: Sent, code: str, ticket: Ticket, at: dt.datetime, wrong: bool) -> Outcome:
        before = self.let_in.get((ticket.pk, scan.item))
        if before is not None:
            if before.key == scan.key:
                return self._tell(scan.key, Result.IN, ticket)
            if not wrong and at < before.at:  # it was first, and is heard of last
                before.at = at
                if before.pk:
                    self.moved.append(before)
                self._arrived(ticket, at)
            self._keep(scan, code, Result.AGAIN, at, wrong, ticket)
            return self._tell(scan.key, Result.AGAIN, ticket, before)
        result = Result.IN if scan.item is None else self._seat(self.items[scan.item], ticket)
        if result in Scan.LET_IN:
            made = CheckIn(
                key=scan.key, ticket=ticket, item_id=scan.item, how=scan.how, at=at, received_at=self.now, by=self.by
            )
            self.let_in[ticket.pk, scan.item] = made
            self.arrivals.append(made)
            self._arrived(ticket, at)
        if result != Result.IN or wrong:
            self._keep(scan, code, result, at, wrong, ticket)
        return self._tell(scan.key, result, ticket)

    def _arrived(self, ticket: Ticket, at: dt.datetime) -> None:
        if ticket.arrived_at is None or at < ticket.arrived_at:
            ticket.arrived_at = at
            self.changed[ticket.pk] = ticket

    def _seat(self, item: ProgrammeItem, ticket: Ticket) -> str:
        """Who chose a session has a seat; others as long as neither those nor who is in need it. The item is locked."""
        if not item.books or ItemPlace.objects.filter(item=item, ticket=ticket).exists():
            return Result.IN
        chosen = ItemPlace.objects.filter(item=item).values("ticket")
        others = CheckIn.objects.filter(item=item).exclude(ticket__in=chosen).count()
        here = sum(each.item_id == item.pk and each.ticket_id != ticket.pk for each in self.arrivals)
        return Result.UNCHOSEN if item.taken + others + here < (item.capacity or 0) else Result.FULL

    def _keep(self, scan: Sent, code: str, result: str, at: dt.datetime, wrong: bool, ticket: Ticket | None) -> None:
        ours = ticket is not None and ticket.event_id == self.event.pk
        row = Scan(
            key=scan.key,
            event=self.event,
            ticket=ticket if ours else None,
            item=self.items.get(scan.item) if scan.item else None,
            result=result,
            code_hash=hash_of(code),
            code_start=code[:4],
            clock_wrong=wrong,
            at=at,
            received_at=self.now,
            by=self.by,
        )
        self.log[scan.key] = row
        self.kept.append(row)

    def save(self) -> None:
        CheckIn.objects.bulk_create(self.arrivals)
        Scan.objects.bulk_create(self.kept)
        if self.moved:
            CheckIn.objects.bulk_update(self.moved, ["at"])
        if self.changed:
            Ticket.objects.bulk_update(self.changed.values(), ["arrived_at"])
        if self.arrivals:
            event = self.event.slug
            made = [(each.ticket, {"event": event, "session": each.item_id, "how": each.how}) for each in self.arrivals]
            record_all("ticket.checked_in", by=self.by, subjects=made)

    def _said(self, earlier: Scan) -> Outcome:
        """What was said to a scan that is sent once more."""
        before = None
        if earlier.result == Result.AGAIN and earlier.ticket_id:
            before = self.let_in.get((earlier.ticket_id, earlier.item_id))
        return self._tell(earlier.key, earlier.result, earlier.ticket, before)

    def _tell(self, key: uuid.UUID, result: str, ticket: Ticket | None, before: CheckIn | None = None) -> Outcome:
        name = ticket.name if ticket else ""
        whose = f"{name} – {ticket.type}" if ticket and ticket.event_id == self.event.pk else ""
        if result == Result.AGAIN:
            time = date_format(timezone.localtime(before.at), "H:i") if before else ""
            who = f"Let in by {before.by} on another phone. " if before and before.by and before.by != self.by else ""
            return Outcome(key, result, f"Already in at {time}".removesuffix(" at "), f"{who}{whose}")
        said = {
            Result.IN: (f"Welcome, {name}", str(ticket.type) if ticket else ""),
            Result.UNCHOSEN: (f"Welcome, {name}", "Had not chosen this session; there is room."),
            Result.GIVEN_BACK: ("Given back: send to the desk", whose),
            Result.NOT_BOOKED: ("Not booked yet: send to the desk", whose),
            Result.OTHER_EVENT: ("A ticket of another event", "Send them to the desk."),
            Result.UNKNOWN: ("Not one of our tickets", "If it was handed on, the new ticket has a new code."),
            Result.FULL: ("No room in this session", f"{name} had not chosen it, and every place is taken."),
            Result.UNREADABLE: ("That could not be read", "Scan again, or find them by name."),
            Result.UNDONE: ("Taken back", whose),
        }
        return Outcome(key, result, *said.get(Result(result), (Result(result).label, whose)))


def let_in(ticket: Ticket, *, item: int | None = None, key: uuid.UUID | None = None, by: User) -> Outcome:
    """Lets somebody in who was found by name. Raises as `check_in` does; needs the ticket's event."""
    sent = Sent(key or uuid.uuid4(), ticket.code, item, timezone.now(), CheckIn.How.NAME)
    return check_in(ticket.event, [sent], by=by)[0]


@transaction.atomic
def undo(made: CheckIn, *, reason: str, by: User) -> None:
    """Takes back that somebody was let in; what the telephone sends again afterwards does not let them in again.

    The reason stays in the log and the trail. Taken back already, nothing is done. Raises PermissionDenied.
    """
    ticket = lock_ticket(made.ticket_id)
    if not permissions.can_check_in(by, ticket.event):
        raise PermissionDenied
    row = CheckIn.objects.select_for_update().filter(pk=made.pk).first()
    if row is None:
        return
    facts = {"event": ticket.event.slug, "session": row.item_id, "was": row.at.isoformat(), "reason": reason}
    Scan.objects.update_or_create(
        key=row.key,
        defaults={
            "event": ticket.event,
            "ticket": ticket,
            "item_id": row.item_id,
            "result": Result.UNDONE,
            "code_hash": hash_of(ticket.code),
            "code_start": ticket.code[:4],
            "note": reason,
            "at": row.at,
            "by": by,
        },
    )
    row.delete()
    ticket.arrived_at = CheckIn.objects.filter(ticket=ticket).order_by("at").values_list("at", flat=True).first()
    ticket.save(update_fields=["arrived_at"])
    attendance.take_back(ticket)
    record("ticket.check_in_undone", by=by, subject=ticket, facts=facts)


@dataclass(frozen=True)
class WalkIn:
    """Somebody at the door without a ticket. `key` was made up by the page, so that a form sent twice is one. What
    costs something is paid later by invoice to `bill_to`, or was paid at the desk.
    """

    key: uuid.UUID
    type: TicketType
    name: str
    email: str
    organisation: str = ""
    bill_to: str = ""
    at_desk: bool = False


def walk_in(event: Event, wish: WalkIn, *, by: User) -> Ticket:
    """Books a ticket at the door and lets its holder in; returns it. Done twice, it is done once.

    Money taken at the desk is written into the log, for the office to record against the invoice. Raises SoldOut,
    Refused as `booking.hold` does, and PermissionDenied.
    """
    if not permissions.can_check_in(by, event):
        raise PermissionDenied
    try:
        return _walk_in(event, wish, by)
    except IntegrityError:
        return CheckIn.objects.select_related("ticket").get(key=wish.key, ticket__event=event).ticket


@transaction.atomic
def _walk_in(event: Event, wish: WalkIn, by: User) -> Ticket:
    made = CheckIn.objects.select_related("ticket").filter(key=wish.key, ticket__event=event).first()
    if made is not None:
        return made.ticket
    account = accounts_of([wish.email]).get(wish.email)
    if account is None and wish.type.audience in permissions.PERSONAL:
        raise Refused("No account has this e-mail address. Choose another ticket, or write the one they log in with.")
    buyer = Buyer(wish.name, wish.email, account)
    ours = Wish(wish.type, wish.name, wish.email, wish.organisation)
    try:
        order = booking.hold(event, [ours], buyer=buyer, how=Order.How.WALK_IN)
    except SoldOut as sold_out:
        raise Refused(f"{sold_out} The office can raise the number of places on the event’s page.") from sold_out
    order = booking.confirm(order, pays=Order.Pays.INVOICE, bill_to=wish.bill_to or wish.name, by=by)
    ticket = lock_ticket(order.tickets.get().pk)
    now = timezone.now()
    CheckIn.objects.create(key=wish.key, ticket=ticket, how=CheckIn.How.WALK_IN, at=now, by=by)
    ticket.arrived_at = now
    ticket.save(update_fields=["arrived_at"])
    if wish.at_desk and order.invoice is not None:
        note = f"{pounds(ticket.total)} taken at the desk for {order.reference}: record it for invoice {order.invoice}."
        Scan.objects.create(key=wish.key, event=event, ticket=ticket, result=Result.DESK_MONEY, note=note, by=by)
    facts = {"event": event.slug, "booking": order.reference, "paid_at_desk": wish.at_desk}
    record("ticket.walked_in", by=by, subject=ticket, summary=order.reference, facts=facts)
    return ticket


def counts(event: Event) -> dict[int | None, int]:
    """How many were let in, by session; None is the door. One query."""
    rows = CheckIn.objects.filter(ticket__event=event).order_by()
    return dict(rows.values_list("item").annotate(Count("pk")))
