"""The person who is referred."""

import datetime as dt
from typing import Any

import nhs_number as nhs
import pghistory
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.utils import timezone

from members.models import Workplace


def validate_nhs_number(value: str) -> None:
    """Refuses anything but ten digits whose check digit (modulus 11, NHS Data Dictionary) holds."""
    # The package takes the digits of every script for digits.
    if not (value.isascii() and nhs.is_valid(value)) or len(set(value)) == 1:  # 0000000000 stands for "none"
        raise ValidationError(
            "This NHS number has a wrong digit in it. Check it against the record, or leave it empty.",
            code="nhs_number",
        )


class ContactWay(models.TextChoices):
    PHONE = "phone", "Phone call"
    TEXT = "text", "Text message"
    LETTER = "letter", "Letter"
    EMAIL = "email", "E-mail"
    SURGERY = "surgery", "Only through the surgery"


class VisitRisk(models.TextChoices):
    NONE_KNOWN = "none", "No risk that we know of"
    RISK = "risk", "Yes, there is a risk"
    UNKNOWN = "unknown", "We do not know"


class PersonQuerySet(models.QuerySet["Person"]):
    def of_practices(self, practice_ids: list[int]) -> "PersonQuerySet":
        """People registered with one of the practices."""
        return self.filter(practice__in=practice_ids)

    def like(self, *, given_name: str, family_name: str, date_of_birth: dt.date) -> "PersonQuerySet":
        """People who may be this one: the same birthday and family name, and a given name that begins alike."""
        return self.filter(
            date_of_birth=date_of_birth,
            family_name__iexact=family_name.strip(),
            given_name__istartswith=given_name.strip()[:1],
        ).order_by("pk")


@pghistory.track()
class Person(models.Model):
    """Somebody referred for social prescribing, as known now. Earlier values are in the row history.

    What a referrer wrote at the time stays with the referral (`Referral.as_given`).
    """

    nhs_number = models.CharField(
        "NHS number",
        max_length=10,
        null=True,
        blank=True,
        validators=[validate_nhs_number],
    )
    given_name = models.CharField("first name", max_length=150)
    family_name = models.CharField("last name", max_length=150)
    known_as = models.CharField("likes to be called", max_length=150, blank=True)
    date_of_birth = models.DateField("date of birth")
    practice = models.ForeignKey(Workplace, on_delete=models.PROTECT, related_name="people")
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField("e-mail", blank=True)
    address = models.TextField(blank=True)
    postcode = models.CharField(max_length=8, blank=True)
    contact_ways = ArrayField(
        models.CharField(max_length=10, choices=ContactWay.choices),
        verbose_name="safe ways to get in touch",
    )
    safe_contact = models.TextField("anything to take care with", blank=True)
    language = models.CharField(max_length=60, blank=True, help_text="Empty means English.")
    needs_interpreter = models.BooleanField("needs an interpreter", default=False)
    access_needs = models.TextField("access needs", blank=True)
    visit_risk = models.CharField("risk on a visit", max_length=10, choices=VisitRisk.choices)
    risk_details = models.TextField("what the risk is", blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    details_updated_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "people"
        constraints = [
            models.UniqueConstraint(fields=["nhs_number"], name="person_nhs_number_unique"),
            models.CheckConstraint(
                condition=Q(nhs_number=None) | Q(nhs_number__regex=r"^[0-9]{10}$"),
                name="person_nhs_number_ten_digits",
            ),
            models.CheckConstraint(
                condition=~Q(visit_risk="risk") | ~Q(risk_details=""),
                name="person_risk_is_described",
            ),
        ]
        indexes = [
            models.Index(
                F("practice"),
                F("date_of_birth"),
                Upper("family_name"),
                name="person_practice_born_name",
            )
        ]

    def __str__(self) -> str:
        return f"{self.given_name} {self.family_name}"

    @property
    def called(self) -> str:
        """What to call them on a page: the name they like, or their first name."""
        return self.known_as or self.given_name

    @property
    def initialled(self) -> str:
        """Jim H.: enough to be known by on a list that others may glance at."""
        return f"{self.called} {self.family_name[:1]}."

    @property
    def contact_way_names(self) -> list[str]:
        return [str(ContactWay(way).label) for way in self.contact_ways]

    @property
    def has_visit_risk(self) -> bool:
        return self.visit_risk == VisitRisk.RISK


# What a row of a list shows of somebody, and what its warnings need: lists read these columns and no others.
ROW_FIELDS = ("given_name", "family_name", "known_as", "visit_risk", "needs_interpreter", "language")


def row_of(path: str) -> list[str]:
    """The columns of a list's row, for `only()`, where `path` leads to the person: `episode__person`."""
    return [f"{path}__{name}" for name in ROW_FIELDS]


# What a referrer tells of the person, and a link worker keeps up to date. One list for form, snapshot and differences.
DETAIL_FIELDS = (
    "known_as",
    "phone",
    "email",
    "address",
    "postcode",
    "contact_ways",
    "safe_contact",
    "language",
    "needs_interpreter",
    "access_needs",
    "visit_risk",
    "risk_details",
)


def known_details(person: Person) -> dict[str, Any]:
    """What is known now of how to reach the person and what to mind."""
    return {name: getattr(person, name) for name in DETAIL_FIELDS}
