"""A listing with everything within it, in two queries whatever it has."""

import json
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Model, QuerySet

from directory.models import (
    Accessibility,
    Address,
    Attribute,
    Contact,
    CostOption,
    Language,
    Location,
    Phone,
    Schedule,
    Service,
    ServiceArea,
    ServiceAtLocation,
    TaxonomyTerm,
)

# Each list of rows that a listing is made of: its model, and which rows of it. `place` are the public places.
PARTS: dict[str, tuple[type[Model], str]] = {
    "schedules": (Schedule, "service_id = %(service)s"),
    "cost_options": (CostOption, "service_id = %(service)s"),
    "languages": (Language, "service_id = %(service)s"),
    "service_areas": (ServiceArea, "service_id = %(service)s"),
    "phones": (Phone, "service_id = %(service)s"),
    "contacts": (Contact, "service_id = %(service)s"),
    "contact_phones": (Phone, "contact_id IN (SELECT id FROM directory_contact WHERE service_id = %(service)s)"),
    "terms": (
        TaxonomyTerm,
        "id IN (SELECT taxonomy_term_id FROM directory_attribute WHERE service_id = %(service)s)",
    ),
    "places": (ServiceAtLocation, "id IN (SELECT id FROM place)"),
    "place_schedules": (Schedule, "service_at_location_id IN (SELECT id FROM place)"),
    "locations": (Location, "id IN (SELECT location_id FROM place)"),
    "addresses": (Address, "location_id IN (SELECT location_id FROM place)"),
    "accessibility": (Accessibility, "location_id IN (SELECT location_id FROM place)"),
}


def _part(name: str, model: type[Model], which: str) -> str:
    rows = f"FROM {model._meta.db_table} r WHERE r.{which}"
    return f"'{name}', (SELECT jsonb_agg(to_jsonb(r) - 'extent' ORDER BY r.id) {rows})"


# By hand: thirteen queries of the ORM, or this one put together by it each time, take longer than the rest of the page.
ROWS = f"""
    WITH every AS (
        SELECT p.id, p.location_id, l.confidential
        FROM directory_serviceatlocation p JOIN directory_location l ON l.id = p.location_id
        WHERE p.service_id = %(service)s
    ), place AS (SELECT id, location_id FROM every WHERE NOT confidential)
    SELECT jsonb_build_object(
        'private', EXISTS (SELECT FROM every WHERE confidential),
        {", ".join(_part(name, model, which) for name, (model, which) in PARTS.items())}
    )
"""  # noqa: S608 - texts of this file, and names of our own tables


def fetch_whole(services: QuerySet[Service]) -> Service | None:
    """The first of these services with its parts, as `prefetch_related` would give them; None when there is none.

    No confidential place is in it, nor anything that happens at one; `has_private_place` says that there is one. The
    outlines of areas, which no page shows, are left in the database.
    """
    service = services.select_related("organization").first()
    if service:
        _put_together(service, _rows_of(service))
    return service


def _rows_of(service: Service) -> dict[str, Any]:
    """The rows of all parts as JSON, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(ROWS, {"service": service.pk})
        return json.loads(cursor.fetchone()[0], parse_float=Decimal)  # so that money stays what it is


def _put_together(service: Any, rows: dict[str, Any]) -> None:
    """Gives every relation its rows."""
    parts = {name: _made(model, rows[name] or []) for name, (model, _) in PARTS.items()}
    locations = {location.pk: location for location in parts["locations"]}
    _share_out(locations.values(), "addresses", parts["addresses"], "location_id")
    _share_out(locations.values(), "accessibility", parts["accessibility"], "location_id")
    for place in parts["places"]:
        place.location = locations[place.location_id]
    _share_out(parts["places"], "schedules", parts["place_schedules"], "service_at_location_id")
    _share_out(parts["contacts"], "phones", parts["contact_phones"], "contact_id")
    _hold(service, "service_at_locations", parts["places"])
    _hold(service, "attributes", [Attribute(service=service, taxonomy_term=term) for term in parts["terms"]])
    for name in ("schedules", "cost_options", "languages", "service_areas", "phones", "contacts"):
        _hold(service, name, parts[name])
    service.has_private_place = rows["private"]


def _made(model: type[Model], rows: list[dict[str, Any]]) -> list[Any]:
    """Instances of rows of JSON. What the rows leave out is deferred."""
    if not rows:
        return []
    fields = [field for field in model._meta.concrete_fields if field.attname in rows[0]]
    names = [field.attname for field in fields]
    return [model.from_db("default", names, [field.to_python(row[field.attname]) for field in fields]) for row in rows]


def _share_out(owners: Iterable[Any], name: str, rows: list[Any], key: str) -> None:
    by_owner = defaultdict(list)
    for row in rows:
        by_owner[getattr(row, key)].append(row)
    for owner in owners:
        _hold(owner, name, by_owner[owner.pk])


def _hold(owner: Any, name: str, rows: list[Any]) -> None:
    """What `prefetch_related` does with the rows it has fetched: whoever reads the relation asks for nothing more."""
    relation = getattr(owner, name).get_queryset()
    relation._result_cache, relation._prefetch_done = rows, True
    vars(owner).setdefault("_prefetched_objects_cache", {})[name] = relation
