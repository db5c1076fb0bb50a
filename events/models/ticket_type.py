"""What tickets there are, for whom and for how much, and codes that make them cheaper."""

import datetime as dt
from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from events.models.event import MOST_PLACES, Event
from linkworkers.counted import Counted
from members.models.money import to_pence

MOST_AT_ONCE = 20  # tickets of one booking, and for employers the most of a block
MOST_OF_A_BLOCK = 100


class TicketTypeQuerySet(models.QuerySet["TicketType"]):
    def on_sale(self) -> "TicketTypeQuerySet":
        """Those whose sale has begun and not ended."""
        now = timezone.now()
        return self.filter(
            Q(sale_from=None) | Q(sale_from__lte=now),
            Q(sale_until=None) | Q(sale_until__gt=now),
            event__ends_at__gt=now,
        )


class TicketType(Counted):
    """A kind of ticket. `price` is for one, without VAT.

    `taken`, how many are held or valid, is kept by the database, which lets none go beyond `quota`; without a quota the
    event's capacity alone counts. `least` is how many one booking has to take of it: more than one makes it a block.
    """

    KEPT = ("taken",)

    class Audience(models.TextChoices):
        MEMBER = "member", "Members"
        VOLUNTEER = "volunteer", "Volunteers"
        NON_MEMBER = "non_member", "Everybody else"
        EMPLOYER = "employer", "Employers, as a block"
        SPEAKER = "speaker", "Speakers"
        FREE = "free", "Anybody, free"

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="ticket_types")
    name = models.CharField(max_length=80)
    audience = models.CharField("for", max_length=10, choices=Audience.choices)
    about = models.CharField(max_length=200, blank=True)
    price = models.DecimalField(
        "price without VAT", max_digits=8, decimal_places=2, default=0, validators=[MinValueValidator(0)]
    )
    vat_rate = models.DecimalField(
        "VAT rate (%)",
        max_digits=4,
        decimal_places=2,
        default=0,
        validators=[MinValueValidator(0), MaxValueValidator(99)],
    )
    quota = models.PositiveIntegerField(
        null=True, blank=True, validators=[MaxValueValidator(MOST_PLACES)], help_text="Empty: as many as places."
    )
    taken = models.PositiveIntegerField(default=0, editable=False)
    least = models.PositiveSmallIntegerField(
        "at least so many at once",
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_OF_A_BLOCK)],
    )
    sale_from = models.DateTimeField("on sale from", null=True, blank=True)
    sale_until = models.DateTimeField("on sale until", null=True, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    objects = TicketTypeQuerySet.as_manager()

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["event", "name"], name="ticket_type_once"),
            models.CheckConstraint(
                condition=Q(quota=None) | Q(taken__lte=F("quota")),
                name="ticket_type_not_over_sold",
                violation_error_message="More of these tickets than that are held or sold.",
            ),
            models.CheckConstraint(
                condition=Q(price__gte=0, vat_rate__gte=0, vat_rate__lt=100), name="ticket_type_price"
            ),
            models.CheckConstraint(
                condition=~Q(audience="free") | Q(price=0),
                name="ticket_type_free_costs_nothing",
                violation_error_message="A free ticket costs nothing.",
            ),
            models.CheckConstraint(
                condition=Q(least=1) | Q(audience="employer"),
                name="ticket_type_block_is_for_employers",
                violation_error_message="Only employers buy a block.",
            ),
            models.CheckConstraint(condition=Q(least__gte=1), name="ticket_type_at_least_one"),
            models.CheckConstraint(
                condition=Q(sale_from=None) | Q(sale_until=None) | Q(sale_until__gt=F("sale_from")),
                name="ticket_type_sale_ends_after_it_begins",
                violation_error_message="The sale ends after it begins.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_on_sale(self) -> bool:
        return not self.is_before_sale and not self.is_after_sale

    @property
    def is_before_sale(self) -> bool:
        return self.sale_from is not None and self.sale_from > timezone.now()

    @property
    def is_after_sale(self) -> bool:
        return self.sale_until is not None and self.sale_until <= timezone.now()

    @property
    def free(self) -> int | None:
        """How many are left of its quota; None where the event's capacity alone counts."""
        return None if self.quota is None else max(0, self.quota - self.taken)

    @property
    def price_with_vat(self) -> Decimal:
        return self.price + to_pence(self.price * self.vat_rate / 100)


class DiscountCode(Counted):
    """Makes tickets of an event cheaper. `used`, how many tickets have it, is kept by the database, which lets none go
    beyond `limit`. Without `types` it is for all of the event.
    """

    KEPT = ("used",)

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="discounts")
    code = models.CharField(
        max_length=30,
        validators=[RegexValidator(r"^[A-Z0-9-]{3,30}\Z", "Capital letters, digits and dashes; three at least.")],
    )
    about = models.CharField("what for", max_length=150, blank=True, help_text="For the office.")
    percent = models.PositiveSmallIntegerField(
        "per cent off", null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    amount = models.DecimalField(
        "or pounds off each ticket",
        max_digits=8,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.01"))],
    )
    types = models.ManyToManyField(TicketType, blank=True, related_name="discounts", verbose_name="for")
    limit = models.PositiveIntegerField("for so many tickets", null=True, blank=True, help_text="Empty: no limit.")
    used = models.PositiveIntegerField(default=0, editable=False)
    valid_from = models.DateTimeField(null=True, blank=True)
    valid_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "code"],
                name="discount_code_once",
                violation_error_message="This event has this code already.",
            ),
            models.CheckConstraint(
                condition=Q(limit=None) | Q(used__lte=F("limit")),
                name="discount_not_over_used",
                violation_error_message="More tickets than that have this code.",
            ),
            models.CheckConstraint(
                condition=Q(percent__gte=1, percent__lte=100, amount=None) | Q(percent=None, amount__gt=0),
                name="discount_one_of_two",
                violation_error_message="Say how many per cent, or how many pounds: one of the two.",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def is_valid_at(self, moment: dt.datetime) -> bool:
        """Whether it may be used then, its limit apart."""
        begun = self.valid_from is None or self.valid_from <= moment
        return begun and (self.valid_until is None or moment < self.valid_until)

    def off(self, price: Decimal) -> Decimal:
        """How much it takes off a price without VAT: at most all of it."""
        less = to_pence(price * (self.percent or 0) / 100) if self.percent else (self.amount or Decimal(0))
        return min(price, less)
