"""Who provides services."""

from django.db import models
from django.db.models.functions import Lower

from directory.models.entity import Entity
from members.models import Workplace


class Organization(Entity):
    """An organisation that provides services. `workplace` is ours: whoever holds a provider's post there looks after
    its listings. A parent may be one that we do not hold: feeds name parents that they do not contain.
    """

    name = models.CharField(max_length=500)
    description = models.TextField(blank=True)
    email = models.EmailField(blank=True)
    website = models.URLField("web site", max_length=2000, blank=True)
    logo = models.URLField(max_length=2000, blank=True)
    uri = models.URLField("URI", max_length=2000, blank=True, help_text="Its identifier in a public register.")
    parent_organization = models.ForeignKey(
        "self", on_delete=models.DO_NOTHING, db_constraint=False, null=True, blank=True, related_name="branches"
    )
    workplace = models.OneToOneField(
        Workplace,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        limit_choices_to={"kind": Workplace.Kind.COMMUNITY},
        help_text="Whose providers look after its listings. Set when a claim is approved.",
    )

    class Meta:
        ordering = ["name", "pk"]
        indexes = [models.Index(Lower("name"), name="organization_name")]

    def __str__(self) -> str:
        return self.name


class OrganizationIdentifier(Entity):
    """An organisation's number in a register: a charity's, a company's."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="organization_identifiers")
    identifier_scheme = models.CharField(max_length=100, blank=True, help_text="As org-id.guide names it: GB-CHC.")
    identifier_type = models.CharField(max_length=200)
    identifier = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"{self.identifier_type} {self.identifier}"
