"""The open standard as a table: which fields an entity has, of what kind, and which entities lie within which.

Open Referral UK 3.0 (HSDS-UK), https://openreferraluk.org; a few fields of HSDS 3.0 that the UK profile leaves open are
kept beside it (a language's name, the telephones of a contact and of a service, how to apply, who may come).
Both ways of the data, in and out, read this table and nothing else.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from django.db import models

from directory.models import (
    Accessibility,
    Address,
    Attribute,
    Contact,
    CostOption,
    Funding,
    Language,
    Location,
    Organization,
    OrganizationIdentifier,
    Phone,
    Schedule,
    Service,
    ServiceArea,
    ServiceAtLocation,
    Taxonomy,
    TaxonomyTerm,
)

Kind = Literal["text", "email", "uri", "number", "integer", "money", "date", "time", "datetime", "choice"]


@dataclass(frozen=True)
class Field:
    """One field: its name in the standard, our attribute, its kind. A required one goes out even when it is empty."""

    name: str
    kind: Kind = "text"
    required: bool = False
    attribute: str = ""

    @property
    def at(self) -> str:
        return self.attribute or self.name


@dataclass(frozen=True)
class Reference:
    """A field that is the id of another entity: `name` in the standard, `attribute` our column (with its _id)."""

    name: str
    attribute: str


@dataclass(frozen=True, eq=False)
class Shape:
    """An entity. `one` are those within it that it points at; `many` those that point at it, by the name of the list.

    `many` maps the list's name to the shape and to the attribute with which its rows point back. `references` go out
    only where the entity that they name does not.
    """

    name: str
    model: type[models.Model]
    fields: tuple[Field, ...]
    references: tuple[Reference, ...] = ()
    one: dict[str, "Shape"] = field(default_factory=dict)
    many: dict[str, tuple["Shape", str]] = field(default_factory=dict)

    def walk(self) -> Iterator["Shape"]:
        """This shape and every one within it, each once for each place where it stands."""
        yield self
        for shape in (*self.one.values(), *(shape for shape, _ in self.many.values())):
            yield from shape.walk()


def _attributes(link: str) -> dict[str, tuple[Shape, str]]:
    return {"attributes": (ATTRIBUTE, link)}


TAXONOMY_TERM = Shape(
    "taxonomy_term",
    TaxonomyTerm,
    (
        Field("name", required=True),
        Field("description", required=True),
        Field("taxonomy", attribute="taxonomy_name"),
        Field("term_uri", "uri"),
        Field("term"),
    ),
    references=(Reference("parent_id", "parent_id"), Reference("taxonomy_id", "taxonomy_id")),
)

TAXONOMY = Shape(
    "taxonomy",
    Taxonomy,
    (
        Field("name", required=True),
        Field("description", required=True),
        Field("uri", "uri"),
        Field("version"),
    ),
    many={"taxonomy_terms": (TAXONOMY_TERM, "taxonomy")},
)

ATTRIBUTE = Shape("attribute", Attribute, (Field("link_type"),), one={"taxonomy_term": TAXONOMY_TERM})

ORGANIZATION_IDENTIFIER = Shape(
    "organization_identifier",
    OrganizationIdentifier,
    (
        Field("identifier_scheme"),
        Field("identifier_type", required=True),
        Field("identifier", required=True),
    ),
    many=_attributes("organization_identifier"),
)

ORGANIZATION = Shape(
    "organization",
    Organization,
    (
        Field("name", required=True),
        Field("description", required=True),
        Field("email", "email"),
        Field("website", "uri"),
        Field("logo", "uri"),
        Field("uri", "uri"),
    ),
    references=(Reference("parent_organization_id", "parent_organization_id"),),
    many={
        "organization_identifiers": (ORGANIZATION_IDENTIFIER, "organization"),
        **_attributes("organization"),
    },
)

ADDRESS = Shape(
    "address",
    Address,
    (
        Field("attention"),
        Field("address_1", required=True),
        Field("city", required=True),
        Field("region"),
        Field("state_province", required=True),
        Field("postal_code", required=True),
        Field("country", required=True),
        Field("address_type", "choice", required=True),
    ),
    many=_attributes("address"),
)

ACCESSIBILITY = Shape(
    "accessibility",
    Accessibility,
    (Field("description"), Field("details"), Field("url", "uri"), Field("accessibility")),
    many=_attributes("accessibility"),
)

LOCATION = Shape(
    "location",
    Location,
    (
        Field("location_type", "choice", required=True),
        Field("name"),
        Field("description"),
        Field("latitude", "number"),
        Field("longitude", "number"),
        Field("external_identifier"),
        Field("external_identifier_type"),
    ),
    many={
        "addresses": (ADDRESS, "location"),
        "accessibility": (ACCESSIBILITY, "location"),
        **_attributes("location"),
    },
)

_SCHEDULE_FIELDS = (
    Field("valid_from", "date"),
    Field("valid_to", "date"),
    Field("dtstart", "date"),
    Field("freq", "choice"),
    Field("interval", "integer"),
    Field("byday"),
    Field("bymonthday"),
    Field("description"),
    Field("opens_at", "time"),
    Field("closes_at", "time"),
    Field("schedule_link", "uri"),
    Field("attending_type"),
    Field("notes"),
)
SCHEDULE = Shape("schedule", Schedule, _SCHEDULE_FIELDS)

SERVICE_AT_LOCATION = Shape(
    "service_at_location",
    ServiceAtLocation,
    (),
    one={"location": LOCATION},
    many={"schedules": (SCHEDULE, "service_at_location")},
)

LANGUAGE = Shape("language", Language, (Field("name"), Field("code"), Field("note")))

PHONE = Shape(
    "phone",
    Phone,
    (Field("number", required=True), Field("description")),
    many={"languages": (LANGUAGE, "phone")},
)

CONTACT = Shape(
    "contact",
    Contact,
    (Field("name"), Field("title"), Field("email", "email")),
    many={"phones": (PHONE, "contact"), **_attributes("contact")},
)

SERVICE = Shape(
    "service",
    Service,
    (
        Field("name", required=True),
        Field("description"),
        Field("url", "uri"),
        Field("email", "email"),
        Field("status", "choice", required=True),
        Field("fees"),
        Field("accreditations"),
        Field("minimum_age", "number"),
        Field("maximum_age", "number"),
        Field("eligibility_description"),
        Field("application_process"),
        Field("assured_date", "date"),
        Field("assurer_email", "email"),
        Field("alert"),
        Field("last_modified", "datetime"),
    ),
    one={"organization": ORGANIZATION},
    many={
        "schedules": (SCHEDULE, "service"),
        "service_areas": (
            Shape(
                "service_area",
                ServiceArea,
                (
                    Field("name"),
                    Field("extent"),
                    Field("extent_type"),
                    Field("uri", "uri"),
                    Field("service_area"),
                ),
            ),
            "service",
        ),
        "service_at_locations": (SERVICE_AT_LOCATION, "service"),
        "languages": (LANGUAGE, "service"),
        "funding": (Shape("funding", Funding, (Field("source"),)), "service"),
        "cost_options": (
            Shape(
                "cost_option",
                CostOption,
                (
                    Field("valid_from", "date"),
                    Field("valid_to", "date"),
                    Field("option"),
                    Field("amount", "money"),
                    Field("amount_description"),
                ),
            ),
            "service",
        ),
        "contacts": (CONTACT, "service"),
        "phones": (PHONE, "service"),
        **_attributes("service"),
    },
)

# How the standard writes times: HH:MM:SS, and moments to the millisecond in UTC.
TIME_FORMAT = "%H:%M:%S"
