"""What services are about, in other people's words and in ours."""

import uuid

from django.db import models
from django.db.models import F, Q

from directory.models.entity import Entity
from directory.models.location import Accessibility, Address, Location
from directory.models.organization import Organization, OrganizationIdentifier
from directory.models.service import Contact, Service


class Need(models.TextChoices):
    """What people come with: our own taxonomy, which the search filters by. A referral's reasons share these names."""

    LONELINESS = "loneliness", "Loneliness"
    BEREAVEMENT = "bereavement", "Bereavement"
    LOW_MOOD = "low_mood", "Low mood or worry"
    MONEY = "money", "Debt or money"
    BENEFITS = "benefits", "Benefits"
    HOUSING = "housing", "Housing"
    WORK = "work", "Work or training"
    CARER = "carer", "Caring for somebody"
    FAMILY = "family", "Family or relationship"
    LONG_TERM_CONDITION = "long_term_condition", "Living with a condition"
    ACTIVITY = "activity", "Being more active"
    ALCOHOL_DRUGS = "alcohol_drugs", "Alcohol or drugs"
    FOOD_FUEL = "food_fuel", "Food or heating"
    ABUSE = "abuse", "Abuse or feeling unsafe"
    PRACTICAL = "practical", "Transport, forms or getting online"


# The same in every installation, so that one directory understands another's export.
NEEDS_TAXONOMY = uuid.UUID("6a1f6d2e-54a7-5f0b-9d0e-2c8f3f6a7b10")


def need_id(need: str) -> uuid.UUID:
    """The id of a need's term."""
    return uuid.uuid5(NEEDS_TAXONOMY, need)


class Taxonomy(Entity):
    """A list of terms that somebody keeps. Ours is the one of needs."""

    name = models.CharField(max_length=500)
    description = models.TextField(blank=True)
    uri = models.URLField("URI", max_length=2000, blank=True)
    version = models.CharField(max_length=100, blank=True)

    class Meta:
        verbose_name_plural = "taxonomies"
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class TaxonomyTerm(Entity):
    """One term. Its parent and its taxonomy may be ones that we do not hold: feeds name what they do not contain.

    `taxonomy_name` is the standard's `taxonomy`: the list's name beside its id.
    """

    name = models.CharField(max_length=500)
    description = models.TextField(blank=True)
    parent = models.ForeignKey(
        "self", on_delete=models.DO_NOTHING, db_constraint=False, null=True, blank=True, related_name="children"
    )
    taxonomy_name = models.CharField("taxonomy", max_length=500, blank=True)
    taxonomy = models.ForeignKey(
        Taxonomy, on_delete=models.DO_NOTHING, db_constraint=False, null=True, blank=True, related_name="taxonomy_terms"
    )
    term_uri = models.CharField("URI", max_length=2000, blank=True)
    term = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(parent=None) | ~Q(parent=F("id")), name="term_is_not_its_own_parent")
        ]

    def __str__(self) -> str:
        return self.name


# What an attribute can describe: the field here, which is the standard's link_entity too.
LINKS = {
    "service": Service,
    "organization": Organization,
    "organization_identifier": OrganizationIdentifier,
    "location": Location,
    "address": Address,
    "accessibility": Accessibility,
    "contact": Contact,
}


class Attribute(Entity):
    """That a term says something about an entity. The standard's `link_id` and `link_entity` are one of its keys."""

    link_type = models.CharField(max_length=200, blank=True)
    taxonomy_term = models.ForeignKey(TaxonomyTerm, on_delete=models.PROTECT, null=True, related_name="attributes")
    service = models.ForeignKey(Service, on_delete=models.CASCADE, null=True, related_name="attributes")
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, null=True, related_name="attributes")
    organization_identifier = models.ForeignKey(
        OrganizationIdentifier, on_delete=models.CASCADE, null=True, related_name="attributes"
    )
    location = models.ForeignKey(Location, on_delete=models.CASCADE, null=True, related_name="attributes")
    address = models.ForeignKey(Address, on_delete=models.CASCADE, null=True, related_name="attributes")
    accessibility = models.ForeignKey(Accessibility, on_delete=models.CASCADE, null=True, related_name="attributes")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, null=True, related_name="attributes")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    *(Q(**{f"{name}__isnull": name != one for name in LINKS}) for one in LINKS),
                    _connector=Q.OR,
                ),
                name="attribute_of_one_entity",
            )
        ]

    def __str__(self) -> str:
        return str(self.taxonomy_term or self.link_type)
