"""What volunteering costs those who do it: claims with their lines and receipts, mileage rates, lists to pay by.

Volunteers are given back what they spent, and never paid. No bank details are kept here.
"""

from decimal import Decimal

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from members.models import Role, StoredFile, User, Workplace
from volunteers.models.role import coordinated_by
from volunteers.models.session import Shift
from volunteers.models.volunteer import Volunteer

MOST_LINES = 60  # of a claim
MOST_RECEIPTS = 4  # of a line
RECEIPT_FROM = Decimal("5.00")  # pounds: what costs more needs a receipt


class Vehicle(models.TextChoices):
    CAR = "car", "Car or van"
    MOTORCYCLE = "motorcycle", "Motorcycle"
    BICYCLE = "bicycle", "Bicycle"
    PASSENGER = "passenger", "Each passenger"


# What somebody drives or rides. A passenger is paid for beside it.
DRIVEN = [(vehicle.value, vehicle.label) for vehicle in Vehicle if vehicle != Vehicle.PASSENGER]


class MileageRate(models.Model):
    """What a mile is worth, in pence, from a day to a day (both count). No day has two rates for a vehicle.

    `pence_after` is for the miles beyond `after_miles` of a tax year.
    """

    vehicle = models.CharField(max_length=10, choices=Vehicle.choices)
    from_date = models.DateField("from")
    until_date = models.DateField("until", null=True, blank=True)
    pence_per_mile = models.DecimalField(
        max_digits=5, decimal_places=2, validators=[MinValueValidator(Decimal("0.01"))]
    )
    after_miles = models.PositiveIntegerField("after so many miles of a tax year", null=True, blank=True)
    pence_after = models.DecimalField(
        "pence for each mile after that", max_digits=5, decimal_places=2, null=True, blank=True
    )
    source = models.CharField(max_length=200, help_text="Who set it, and where it can be read.")

    class Meta:
        ordering = ["vehicle", "-from_date"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_date=None) | Q(until_date__gte=F("from_date")),
                name="mileage_rate_ends_after_it_begins",
                violation_error_message="The last day is before the first.",
            ),
            models.CheckConstraint(
                condition=Q(after_miles=None, pence_after=None)
                | Q(after_miles__isnull=False, pence_after__isnull=False, pence_after__gte=0),
                name="mileage_rate_second_is_whole",
                violation_error_message="A second rate needs both: after how many miles, and how many pence.",
            ),
            models.CheckConstraint(condition=Q(pence_per_mile__gt=0), name="mileage_rate_is_something"),
            ExclusionConstraint(
                name="mileage_rate_one_a_day",
                expressions=[
                    ("vehicle", RangeOperators.EQUAL),
                    (
                        Func(F("from_date"), F("until_date"), Value("[]"), function="daterange"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message="There is a rate for this vehicle in that time. End it first.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_vehicle_display()} from {self.from_date:%Y-%m-%d}"


class PaymentListQuerySet(models.QuerySet["PaymentList"]):
    def visible_to(self, user: User) -> "PaymentListQuerySet":
        """Those of the workplaces whose volunteers this person coordinates; the office sees all."""
        return self if user.has_role(Role.ADMINISTRATOR) else self.filter(coordinated_by(user, "workplace"))


class PaymentList(models.Model):
    """Approved claims of a workplace's volunteers that were taken home to be paid, and are then marked as paid."""

    workplace = models.ForeignKey(Workplace, on_delete=models.PROTECT, related_name="payment_lists")
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    paid_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    paid_at = models.DateTimeField(null=True, blank=True)

    objects = PaymentListQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(paid_at=None, paid_by=None) | Q(paid_at__isnull=False, paid_by__isnull=False),
                name="payment_list_paid_has_facts",
            )
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        return f"EXP-{self.pk:05d}"


class ExpenseClaimQuerySet(models.QuerySet["ExpenseClaim"]):
    def visible_to(self, user: User) -> "ExpenseClaimQuerySet":
        """One's own, and those that this person settles."""
        return self.filter(Q(claimant=user) | Q(pk__in=ExpenseClaim.objects.settled_by(user).values("pk")))

    def settled_by(self, user: User) -> "ExpenseClaimQuerySet":
        """Those that were sent by the volunteers whom this person coordinates; for the office, by all."""
        sent = self.exclude(state=ExpenseClaim.State.DRAFT)
        return sent if user.has_role(Role.ADMINISTRATOR) else sent.filter(coordinated_by(user, "volunteer__workplace"))

    def unpaid(self) -> "ExpenseClaimQuerySet":
        """Approved, and on no list yet."""
        return self.filter(state=ExpenseClaim.State.APPROVED, payment_list=None)

    def at(self, workplace: Workplace) -> "ExpenseClaimQuerySet":
        """Of a workplace's volunteers; of a network also those of its practices."""
        return self.filter(Q(volunteer__workplace=workplace) | Q(volunteer__workplace__parent=workplace))


class ExpenseClaim(models.Model):
    """What a volunteer asks back. The database lets nobody approve or pay their own.

    `claimant` repeats the volunteer's user. `answer` is what was written back with a return or a no. `total` is the
    sum of the lines, in pounds; from approval on it stays as it is.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Not sent yet"
        SENT = "sent", "Waiting for approval"
        RETURNED = "returned", "Sent back with a question"
        APPROVED = "approved", "Approved, to be paid"
        DECLINED = "declined", "Declined"
        PAID = "paid", "Paid"

    volunteer = models.ForeignKey(Volunteer, on_delete=models.PROTECT, related_name="claims")
    claimant = models.ForeignKey(User, on_delete=models.PROTECT, related_name="expense_claims")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answer = models.CharField(max_length=500, blank=True)
    payment_list = models.ForeignKey(
        PaymentList, on_delete=models.PROTECT, null=True, blank=True, related_name="claims"
    )
    paid_at = models.DateTimeField(null=True, blank=True)
    paid_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    total = models.DecimalField(max_digits=9, decimal_places=2, default=Decimal("0.00"))

    objects = ExpenseClaimQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft", sent_at=None) | (~Q(state="draft") & Q(sent_at__isnull=False)),
                name="expense_claim_sent_has_time",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "sent"], decided_at=None, decided_by=None, answer="")
                | Q(state__in=["approved", "paid"], decided_at__isnull=False, decided_by__isnull=False)
                | (
                    Q(state__in=["returned", "declined"], decided_at__isnull=False, decided_by__isnull=False)
                    & ~Q(answer="")
                ),
                name="expense_claim_decided_has_facts",
            ),
            models.CheckConstraint(
                condition=Q(state="paid", paid_at__isnull=False, paid_by__isnull=False, payment_list__isnull=False)
                | (~Q(state="paid") & Q(paid_at=None, paid_by=None)),
                name="expense_claim_paid_has_facts",
            ),
            models.CheckConstraint(
                condition=Q(payment_list=None) | Q(state__in=["approved", "paid"]),
                name="expense_claim_on_list_is_approved",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("claimant")),
                name="expense_claim_not_decided_by_claimant",
            ),
            models.CheckConstraint(
                condition=Q(paid_by=None) | ~Q(paid_by=F("claimant")), name="expense_claim_not_paid_by_claimant"
            ),
            models.CheckConstraint(condition=Q(total__gte=0), name="expense_claim_total_not_negative"),
        ]
        indexes = [
            models.Index("claimant", "state", name="expense_claimant_state"),
            models.Index("volunteer", "state", name="expense_volunteer_state"),
            models.Index("sent_at", condition=Q(state="sent"), name="expense_waiting"),
        ]

    def __str__(self) -> str:
        return f"Claim {self.pk}"

    @property
    def is_open(self) -> bool:
        """The volunteer can change it."""
        return self.state in (self.State.DRAFT, self.State.RETURNED)


class ExpenseLineQuerySet(models.QuerySet["ExpenseLine"]):
    def counted(self) -> "ExpenseLineQuerySet":
        """Of claims that were sent and stand: what uses up the miles of a tax year."""
        State = ExpenseClaim.State
        return self.filter(claim__state__in=[State.SENT, State.APPROVED, State.PAID])

    def total(self) -> Decimal:
        found = self.aggregate(sum=Coalesce(models.Sum("amount"), Decimal("0.00")))["sum"]
        return Decimal(found)


class ExpenseLine(models.Model):
    """One thing that was paid, or one journey driven, on one day.

    Without a `shift` on that day there is a `reason`. Of a journey the amount follows from the miles, in `working`, in
    words; `first_rate_miles` are those that used up the higher rate of its tax year. `pass_reason` says why a free bus
    pass did not serve.
    """

    class Kind(models.TextChoices):
        MILEAGE = "mileage", "Mileage"
        TRANSPORT = "transport", "Bus, train or tram"
        PARKING = "parking", "Parking"
        TAXI = "taxi", "Taxi"
        MEAL = "meal", "Meal or drink"
        PHONE = "phone", "Telephone"
        OTHER = "other", "Something else"

    class PassReason(models.TextChoices):
        EARLY = "early", "I travelled before 9:30"
        ROUTE = "route", "The pass does not count on this route"
        RAIL = "rail", "It was a train or a tram"

    claim = models.ForeignKey(ExpenseClaim, on_delete=models.CASCADE, related_name="lines")
    on = models.DateField("day")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    shift = models.ForeignKey(Shift, on_delete=models.PROTECT, null=True, blank=True, related_name="expenses")
    reason = models.CharField(max_length=200, blank=True)
    from_place = models.CharField(max_length=100, blank=True)
    to_place = models.CharField(max_length=100, blank=True)
    miles = models.DecimalField(max_digits=6, decimal_places=1, null=True, blank=True)
    vehicle = models.CharField(max_length=10, choices=DRIVEN, blank=True)
    passengers = models.PositiveSmallIntegerField(default=0)
    passenger_miles = models.DecimalField(max_digits=6, decimal_places=1, null=True, blank=True)
    first_rate_miles = models.DecimalField(max_digits=6, decimal_places=1, default=Decimal(0))
    working = models.CharField(max_length=300, blank=True)
    pass_reason = models.CharField(max_length=6, choices=PassReason.choices, blank=True)
    amount = models.DecimalField(max_digits=8, decimal_places=2)
    note = models.CharField(max_length=300, blank=True)

    objects = ExpenseLineQuerySet.as_manager()

    class Meta:
        ordering = ["on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(kind="mileage", miles__isnull=False, miles__gt=0) & ~Q(vehicle__in=["", "passenger"]))
                | (~Q(kind="mileage") & Q(miles=None, vehicle="", passengers=0, first_rate_miles=0, amount__gt=0)),
                name="expense_line_mileage_has_miles",
            ),
            models.CheckConstraint(
                condition=Q(passengers=0, passenger_miles=None)
                | Q(vehicle="car", passengers__gt=0, passenger_miles__isnull=False)
                & Q(passenger_miles__gt=0, passenger_miles__lte=F("miles")),
                name="expense_line_passengers_in_a_car",
            ),
            models.CheckConstraint(
                condition=Q(shift__isnull=False) | ~Q(reason=""), name="expense_line_has_shift_or_reason"
            ),
            models.CheckConstraint(
                condition=Q(first_rate_miles__gte=0) & (Q(miles=None) | Q(first_rate_miles__lte=F("miles"))),
                name="expense_line_first_rate_of_its_miles",
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="expense_line_amount_not_negative"),
        ]
        indexes = [models.Index("on", "kind", name="expense_line_day")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.on:%Y-%m-%d}"

    @property
    def is_mileage(self) -> bool:
        return self.kind == self.Kind.MILEAGE

    @property
    def needs_receipt(self) -> bool:
        return not self.is_mileage and self.amount > RECEIPT_FROM

    @property
    def journey(self) -> str:
        """“Ware to The Maltings”, or what is known of it."""
        return " to ".join(filter(None, [self.from_place, self.to_place]))


class Receipt(models.Model):
    """A picture or a PDF that shows what a line cost. It is given out to be saved, and never opened in our pages."""

    line = models.ForeignKey(ExpenseLine, on_delete=models.CASCADE, related_name="receipts")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"Receipt {self.pk}"


class MilesElsewhere(models.Model):
    """Miles that somebody drove by car as a volunteer of others, in the tax year that begins on 6 April of `year`."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="miles_elsewhere")
    year = models.PositiveSmallIntegerField()
    miles = models.DecimalField(max_digits=7, decimal_places=1)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-year"]
        verbose_name_plural = "miles elsewhere"
        constraints = [
            models.UniqueConstraint(fields=["user", "year"], name="miles_elsewhere_once_a_year"),
            models.CheckConstraint(condition=Q(miles__gte=0), name="miles_elsewhere_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}, {self.year}"
