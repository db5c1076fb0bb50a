"""The association itself, as it stands on its invoices and certificates."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone


class Association(models.Model):
    """What the office says of itself, once: there is one row, and `Association.get()` fetches it.

    The learning year begins on `year_starts_day` of `year_starts_month`; what is asked of members in it are 20 points,
    10 hours of them formal.
    """

    ONLY = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY, editable=False)
    name = models.CharField(max_length=200, default="The Link Workers’ Association")
    address = models.TextField(blank=True, help_text="As on letters, a line for each part.")
    email = models.EmailField("e-mail address", blank=True, help_text="Where members write to.")
    phone = models.CharField("telephone", max_length=30, blank=True)
    company_number = models.CharField("company or charity number", max_length=40, blank=True)
    vat_number = models.CharField("VAT number", max_length=20, blank=True, help_text="Empty when not registered.")
    account_name = models.CharField("account name", max_length=100, blank=True)
    sort_code = models.CharField(max_length=8, blank=True, help_text="12-34-56")
    account_number = models.CharField(max_length=8, blank=True)
    payment_days = models.PositiveSmallIntegerField("days to pay", default=30)
    year_starts_month = models.PositiveSmallIntegerField(
        "learning year begins in month", default=4, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    year_starts_day = models.PositiveSmallIntegerField(
        "on day", default=1, validators=[MinValueValidator(1), MaxValueValidator(28)]
    )
    points_a_year = models.DecimalField("points asked for a year", max_digits=5, decimal_places=2, default=Decimal(20))
    formal_hours_a_year = models.DecimalField(
        "formal hours asked for a year", max_digits=5, decimal_places=2, default=Decimal(10)
    )
    supervision_weeks = models.PositiveSmallIntegerField("weeks without supervision before we ask", default=8)

    class Meta:
        verbose_name_plural = "the association"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="association_only_one")]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def get(cls) -> "Association":
        """The row; made with its defaults when it is not there."""
        return cls.objects.get_or_create(pk=cls.ONLY)[0]

    def learning_year(self, on: dt.date | None = None) -> tuple[dt.date, dt.date]:
        """The first and the last day of the learning year that holds a day, today in London unless told."""
        day = on or timezone.localdate()
        begins = dt.date(day.year, self.year_starts_month, self.year_starts_day)
        if begins > day:
            begins = begins.replace(year=day.year - 1)
        return begins, begins.replace(year=begins.year + 1) - dt.timedelta(days=1)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise models.ProtectedError("There is one association.", {self})
