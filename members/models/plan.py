"""The kinds of membership that the association offers."""

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q

PENCE = Decimal("0.01")


class Plan(models.Model):
    """What somebody can belong as. The office changes prices; an invoice keeps the price of its day.

    `price` is for one term, without VAT. `months` is the length of a term; none means for life. A plan for employers
    has `seats_included`, and `seat_price` for each further seat a term.
    """

    class Audience(models.TextChoices):
        INDIVIDUAL = "individual", "A person"
        EMPLOYER = "employer", "An employer"

    key = models.SlugField(max_length=40, unique=True, help_text="In the address of the page to join. Never changed.")
    name = models.CharField(max_length=80)
    audience = models.CharField("for", max_length=10, choices=Audience.choices, default=Audience.INDIVIDUAL)
    summary = models.TextField(help_text="Whom it is for and what it brings, in two or three sentences.")
    price = models.DecimalField(max_digits=8, decimal_places=2, default=0, validators=[MinValueValidator(0)])
    vat_rate = models.DecimalField(
        "VAT rate (%)", max_digits=4, decimal_places=2, default=0, validators=[MinValueValidator(0)]
    )
    months = models.PositiveSmallIntegerField(
        null=True, blank=True, default=12, validators=[MinValueValidator(1)], help_text="Empty means for life."
    )
    grace_days = models.PositiveSmallIntegerField(default=30, help_text="Days after the end with nothing taken away.")
    needs_approval = models.BooleanField("the office says yes first", default=False)
    asks = models.CharField(
        "what to ask whoever joins",
        max_length=200,
        blank=True,
        help_text="For instance: Where do you study, and until when? Empty when nothing is asked.",
    )
    seats_included = models.PositiveSmallIntegerField(default=0)
    seat_price = models.DecimalField(
        "price of a further seat", max_digits=8, decimal_places=2, default=0, validators=[MinValueValidator(0)]
    )
    is_open = models.BooleanField("anybody can join", default=True, help_text="Otherwise only the office gives it.")
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(audience="employer", seats_included__gte=1) | Q(audience="individual", seats_included=0),
                name="plan_seats_are_for_employers",
                violation_error_message="An employer’s plan has one seat at least; a person’s has none.",
            ),
            models.CheckConstraint(
                condition=Q(price__gte=0, seat_price__gte=0, vat_rate__gte=0, vat_rate__lte=100),
                name="plan_prices_not_negative",
            ),
            models.CheckConstraint(condition=Q(months=None) | Q(months__gte=1), name="plan_has_length"),
            models.CheckConstraint(
                condition=Q(months__isnull=False) | Q(price=0, audience="individual"),
                name="plan_for_life_is_free",
                violation_error_message="A membership for life costs nothing, and is a person’s.",
            ),
            models.CheckConstraint(condition=Q(seat_price=0) | Q(audience="employer"), name="plan_seat_price"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_free(self) -> bool:
        return self.price == 0 and self.seat_price == 0

    @property
    def is_for_employers(self) -> bool:
        return self.audience == self.Audience.EMPLOYER

    def price_for(self, seats: int = 0) -> Decimal:
        """Of one term with so many seats, without VAT."""
        return self.price + self.seat_price * max(0, seats - self.seats_included)

    @classmethod
    def dearer_than(cls, plan: "Plan") -> "models.QuerySet[Plan]":
        """Open plans of the same audience that cost more: what a membership can be raised to."""
        return cls.objects.filter(is_open=True, audience=plan.audience, price__gt=plan.price).order_by(F("price"))
