"""What the bank says came in: each line of its files once, until the office has placed it or set it aside."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from members.models.money import Invoice, Payment
from members.models.user import User


class BankFile(models.Model):
    """A file from the bank that was read whole. `repeated` are lines of it that an earlier file had already."""

    name = models.CharField(max_length=150)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    outgoing = models.PositiveIntegerField("payments out", default=0)
    repeated: models.ManyToManyField = models.ManyToManyField("BankLine", related_name="repeated_in", editable=False)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.name


class BankLineQuerySet(models.QuerySet["BankLine"]):
    def waiting(self) -> "BankLineQuerySet":
        """Those that are neither taken in, nor chosen to be, nor set aside."""
        return self.filter(payment=None, invoice=None, set_aside="")

    def chosen(self) -> "BankLineQuerySet":
        """Those whose invoice is chosen, and whose payment is to be recorded next."""
        return self.filter(payment=None, invoice__isnull=False)


class BankLine(models.Model):
    """A payment in, as the bank tells it.

    `fingerprint` is made from the day, the amount, the text and which of several such lines of that day it is: by it a
    line is known again in the next file, and its payment is recorded once.
    """

    file = models.ForeignKey(BankFile, on_delete=models.CASCADE, related_name="lines")
    row = models.PositiveIntegerField()  # of the file, the heading being one of them
    booked_on = models.DateField("day")
    amount = models.DecimalField(max_digits=10, decimal_places=2)
    text = models.CharField(max_length=500)
    fingerprint = models.CharField(max_length=64, unique=True)
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, null=True, blank=True, related_name="bank_lines")
    payment = models.OneToOneField(Payment, on_delete=models.PROTECT, null=True, blank=True, related_name="bank_line")
    set_aside = models.CharField("set aside because", max_length=200, blank=True)
    problem = models.CharField(max_length=300, blank=True, help_text="Why it could not be taken in.")
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = BankLineQuerySet.as_manager()

    class Meta:
        ordering = ["file", "row"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="bank_line_came_in"),
            models.CheckConstraint(
                condition=Q(set_aside="") | Q(payment=None, invoice=None), name="bank_line_placed_or_set_aside"
            ),
            models.CheckConstraint(condition=Q(payment=None) | Q(invoice__isnull=False), name="bank_line_has_invoice"),
        ]

    def __str__(self) -> str:
        return f"£{self.amount} on {self.booked_on:%d.%m.%Y}: {self.text}"
