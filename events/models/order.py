"""Bookings: tickets that are held while somebody decides how to pay, and then theirs."""

import datetime as dt
import secrets
from decimal import Decimal

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from events.models.event import Event
from events.models.programme import new_key
from events.models.ticket_type import DiscountCode, TicketType
from linkworkers.by_eye import by_eye
from linkworkers.counters import keep_count
from members.models import Invoice, Role, User
from members.models.course import CODE_LETTERS
from members.models.money import ZERO

HELD_FOR = dt.timedelta(minutes=15)
HELD_FOR_CARD = dt.timedelta(minutes=35)  # the card company's page lives for half an hour at least
ORDER_PREFIX = "B-"
SCAN_LENGTH = 16


def new_reference() -> str:
    """What people say on the telephone: eight letters and digits, none taken for another. So many, that of a hundred
    thousand bookings no two have the same one by chance.
    """
    return ORDER_PREFIX + "".join(secrets.choice(CODE_LETTERS) for _ in range(8))


def new_scan_code() -> str:
    """What a badge's QR code holds: 78 random bits. It opens no page and changes nothing: a badge is seen by many."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(SCAN_LENGTH))


class OrderQuerySet(models.QuerySet["Order"]):
    def visible_to(self, user: User) -> "OrderQuerySet":
        """One's own; all for the office."""
        return self.all() if user.has_role(Role.ADMINISTRATOR) else self.filter(buyer=user)

    def lapsed(self) -> "OrderQuerySet":
        """Held ones whose time is over."""
        return self.filter(state=Order.State.HELD, held_until__lte=timezone.now())


class Order(models.Model):
    """A booking of one event by one person, with one ticket or more.

    HELD keeps its places until `held_until` and a little longer, until somebody wants them; CONFIRMED they are theirs.
    `key` opens its page without an account. `buyer` is empty for whoever has none. What is to pay is on `invoice`;
    nothing to pay, none. It is CANCELLED when its last ticket was given back.
    """

    class State(models.TextChoices):
        HELD = "held", "Held"
        CONFIRMED = "confirmed", "Booked"
        EXPIRED = "expired", "Not finished in time"
        CANCELLED = "cancelled", "Given back"

    class How(models.TextChoices):
        BOOKED = "booked", "Booked"
        OFFER = "offer", "Offered from the waitlist"
        WALK_IN = "walk_in", "At the door"
        OFFICE = "office", "By the office"

    class Pays(models.TextChoices):
        NOTHING = "nothing", "Nothing to pay"
        INVOICE = "invoice", "By invoice"
        CARD = "card", "By card"

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="orders")
    key = models.CharField(max_length=22, unique=True, default=new_key, editable=False)
    reference = models.CharField(max_length=10, unique=True, default=new_reference, editable=False)
    state = models.CharField(max_length=9, choices=State.choices, default=State.HELD)
    how = models.CharField(max_length=7, choices=How.choices, default=How.BOOKED)
    buyer = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="orders")
    name = models.CharField(max_length=150)
    email = models.EmailField("e-mail address", max_length=254)
    held_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    pays = models.CharField(max_length=7, choices=Pays.choices, blank=True)
    bill_to = models.CharField("invoice to", max_length=200, blank=True)
    address = models.TextField("address for the invoice", max_length=500, blank=True)
    purchase_order = models.CharField("purchase order number", max_length=60, blank=True)
    invoice = models.OneToOneField(
        Invoice, on_delete=models.PROTECT, null=True, blank=True, related_name="event_order", editable=False
    )

    objects = OrderQuerySet.as_manager()

    class Meta:
        verbose_name = "booking"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(state="held") | Q(held_until__isnull=False), name="order_held_until"),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | (Q(confirmed_at__isnull=False) & ~Q(pays="")),
                name="order_confirmed_has_facts",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["expired", "cancelled"]) | Q(ended_at__isnull=False), name="order_ended_at"
            ),
            models.CheckConstraint(condition=Q(invoice=None) | ~Q(pays=""), name="order_invoice_is_to_pay"),
        ]
        indexes = [
            models.Index("event", "created_at", name="order_event_created"),
            models.Index("held_until", condition=Q(state="held"), name="order_held"),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("event_order", args=[self.key])

    @property
    def is_held(self) -> bool:
        return self.state == self.State.HELD

    @property
    def is_confirmed(self) -> bool:
        return self.state == self.State.CONFIRMED

    @property
    def total(self) -> Decimal:
        """What its tickets cost together, with VAT, whether they stand or were given back. Asks for the tickets."""
        return sum((ticket.total for ticket in self.tickets.all()), ZERO)


class TicketQuerySet(models.QuerySet["Ticket"]):
    def standing(self) -> "TicketQuerySet":
        """Those that take a place: held or valid."""
        return self.filter(state__in=Ticket.STANDING)

    def valid(self) -> "TicketQuerySet":
        return self.filter(state=Ticket.State.VALID)

    def of(self, user: User) -> "TicketQuerySet":
        """Those that this person comes with; not those that they bought for others."""
        return self.filter(user=user)

    def visible_to(self, user: User) -> "TicketQuerySet":
        """One's own and those that one bought; all for the office."""
        if user.has_role(Role.ADMINISTRATOR):
            return self.all()
        return self.filter(Q(user=user) | Q(order__buyer=user))

    def arrived(self) -> "TicketQuerySet":
        return self.valid().exclude(arrived_at=None)

    def by_name(self) -> "TicketQuerySet":
        """In the order of a list that is read by eye; for the valid ones of an event an index has it."""
        return self.order_by(by_eye("name"), "pk")


class Ticket(models.Model):
    """One person's place at an event. `key` opens its page to them; `code` is what the door scans.

    `price` is what it costs without VAT after `off` was taken off; with `vat` that is `total`, one line of the invoice.
    `credited` is what was taken back of it. `arrived_at` is when they were first let in: a ticket with it is not given
    back. `listed` is their own yes to standing on the list of who comes.
    """

    class State(models.TextChoices):
        HELD = "held", "Held"
        VALID = "valid", "Valid"
        EXPIRED = "expired", "Not finished in time"
        CANCELLED = "cancelled", "Given back"

    STANDING = (State.HELD, State.VALID)

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="tickets", verbose_name="booking")
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="tickets")
    type = models.ForeignKey(TicketType, on_delete=models.PROTECT, related_name="tickets")
    state = models.CharField(max_length=9, choices=State.choices, default=State.HELD)
    key = models.CharField(max_length=22, unique=True, default=new_key, editable=False)
    code = models.CharField(max_length=SCAN_LENGTH, unique=True, default=new_scan_code, editable=False)
    user = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="tickets", verbose_name="account"
    )
    name = models.CharField(max_length=150)
    email = models.EmailField("e-mail address", max_length=254)
    organisation = models.CharField(max_length=150, blank=True)
    discount = models.ForeignKey(DiscountCode, on_delete=models.PROTECT, null=True, blank=True, related_name="tickets")
    price = models.DecimalField("price without VAT", max_digits=8, decimal_places=2, default=0)
    off = models.DecimalField("taken off", max_digits=8, decimal_places=2, default=0)
    vat_rate = models.DecimalField("VAT rate (%)", max_digits=4, decimal_places=2, default=0)
    vat = models.DecimalField("VAT", max_digits=8, decimal_places=2, default=0)
    credited = models.DecimalField("taken back", max_digits=8, decimal_places=2, default=0)
    listed = models.BooleanField("on the list of who comes", default=False)
    arrived_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    end_reason = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = TicketQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(price__gte=0, off__gte=0, vat__gte=0, credited__gte=0, credited__lte=F("price") + F("vat")),
                name="ticket_money",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["held", "valid"], ended_at=None)
                | Q(state__in=["expired", "cancelled"], ended_at__isnull=False),
                name="ticket_ended_has_time",
            ),
            models.CheckConstraint(condition=Q(arrived_at=None) | Q(state="valid"), name="ticket_arrived_is_valid"),
        ]
        indexes = [
            models.Index("event", by_eye("name"), condition=Q(state="valid"), name="ticket_event_name"),
            models.Index("user", condition=Q(state="valid"), name="ticket_user"),
            models.Index(fields=["email"], name="ticket_email"),
        ]
        # By their names in this order: whoever counts takes the event first, then the type, then the code.
        triggers = [
            pgtrigger.Trigger(
                name=name,
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=keep_count(column, "state IN ('held', 'valid')", table=table, key=key),
            )
            for name, column, table, key in (
                ("ticket_counted_1_event", "taken", "events_event", "event_id"),
                ("ticket_counted_2_type", "taken", "events_tickettype", "type_id"),
                ("ticket_counted_3_code", "used", "events_discountcode", "discount_id"),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("event_ticket", args=[self.key])

    @property
    def total(self) -> Decimal:
        return self.price + self.vat

    @property
    def stands(self) -> bool:
        return self.state in self.STANDING

    @property
    def is_valid(self) -> bool:
        return self.state == self.State.VALID


class TicketTransfer(models.Model):
    """That a ticket went to somebody else. It got a new key and a new code then: the old ones open nothing."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="transfers")
    from_name = models.CharField(max_length=150)
    from_email = models.EmailField(max_length=254)
    from_user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    to_name = models.CharField(max_length=150)
    to_email = models.EmailField(max_length=254)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.from_name} to {self.to_name}"
