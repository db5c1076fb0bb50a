"""What happens when a place must not be found."""

import re
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q, QuerySet

from directory import dumps, places
from directory.actions.listings import touch_all
from directory.confidential import scrubbed, spelt, tells, traces
from directory.models import Address, Collection, CollectionItem, ImportRun, Location, Organization, Revision, Service
from directory.outline import Json
from directory.standard.shapes import SERVICE
from directory.standard.stream import pieces
from directory.standard.write import nested, prefetched
from linkworkers.actions import Refused
from linkworkers.audit.actions import record
from members.models import User


@transaction.atomic
def place_changed(
    location: Location, *, by: User, fields: list[str], was_confidential: bool, addresses_before: Iterable[Address] = ()
) -> None:
    """What follows when the office has saved a place: its listings are marked as changed, and the search hears of it.

    A confidential place is taken out of everything that is kept and handed out: the search, the centres that were
    learned from it, owners' proposals whether decided or not, the reports of imports, the notes of collections, and
    the files of open data; with the addresses that it had before the office changed them. Other rows of its address at
    listings of the same organisation become confidential with it: imports and owners' changes make such copies. The
    audit trail says which fields were changed, never what they held. Raises Refused when a listing of the organisation
    tells the address in its own words.
    """
    verb = "location.hidden" if location.confidential and not was_confidential else "location.changed"
    record(verb, by=by, subject=location, facts={"fields": fields, "confidential": location.confidential})
    hidden = [location.pk]
    if location.confidential:
        where = Whereabouts.of([*addresses_before, *location.addresses.all()])
        _purge(location, where)  # first: it waits for a proposal that is being approved, which may make a copy
        hidden += _hide_copies(location, where, by=by)
        _refuse_what_is_told(hidden, where)
        places.learn()
        transaction.on_commit(dumps.forget)
    touch_all(Service.objects.filter(service_at_locations__location__in=hidden))


@dataclass(frozen=True)
class Whereabouts:
    """What tells where a place is: its addresses as they are `spelt`, and the pattern that finds them in words."""

    addresses: frozenset[str]
    pattern: re.Pattern[str] | None

    @classmethod
    def of(cls, addresses: Sequence[Address]) -> "Whereabouts":
        known = {spelt(address.address_1, address.postal_code) for address in addresses}
        return cls(frozenset(known - {""}), traces(addresses))

    def has(self, addresses: Iterable[tuple[str, str]]) -> bool:
        """Whether one of these, each a first line and a postcode, is an address of the place."""
        return not self.addresses.isdisjoint(spelt(*each) for each in addresses)


def _hide_copies(location: Location, where: Whereabouts, *, by: User) -> list[uuid.UUID]:
    theirs = Location.objects.public().filter(service_at_locations__service__organization__in=_whose([location.pk]))
    copies = [
        each
        for each in theirs.exclude(pk=location.pk).distinct().prefetch_related("addresses")
        if where.has((address.address_1, address.postal_code) for address in each.addresses.all())
    ]
    for copy in copies:
        copy.confidential = True
        copy.save(update_fields=["confidential"])
        record("location.hidden", by=by, subject=copy, facts={"copy_of": str(location.pk), "confidential": True})
    return [copy.pk for copy in copies]


def _whose(hidden: Iterable[uuid.UUID]) -> QuerySet[Organization]:
    return Organization.objects.filter(services__service_at_locations__location__in=hidden)


def _refuse_what_is_told(hidden: list[uuid.UUID], where: Whereabouts) -> None:
    """Of the organisation's listings elsewhere only the words count: a neighbour's postcode is no secret."""
    services = Service.objects.filter(organization__in=_whose(hidden))
    here = set(services.filter(service_at_locations__location__in=hidden).values_list("pk", flat=True))
    for piece in pieces(prefetched(services, SERVICE)):
        for service in piece:
            document = nested(service, SERVICE)
            if service.pk not in here:
                document.pop("service_at_locations", None)
            if tells(where.pattern, document):
                raise Refused(
                    f"“{service}” tells this address in its own words. Take it out there first, then hide the place."
                )


def _purge(location: Location, where: Whereabouts) -> None:
    organizations = _whose([location.pk])
    at = [{"location": {"id": str(location.pk)}}]
    held = Q(organization__in=organizations) | Q(document__service_at_locations__contains=at)
    for revision in Revision.objects.select_for_update(of=("self",)).filter(held):
        document = _without_place(revision.document, str(location.pk), where)
        revision.document = scrubbed(document, where.pattern) if where.pattern else document
        revision.save(update_fields=["document"])
    if where.pattern is None:
        return
    items = CollectionItem.objects.filter(service__organization__in=organizations)
    _scrub(ImportRun.objects.only("report"), "report", where.pattern)
    _scrub(items, "note", where.pattern)
    _scrub(Collection.objects.filter(pk__in=items.values("collection")), "note", where.pattern)


def _scrub(rows: QuerySet, name: str, pattern: re.Pattern[str]) -> None:
    """Takes the address out of one field of these rows."""
    longest = rows.model._meta.get_field(name).max_length
    for row in rows.order_by("pk").select_for_update(of=("self",)):
        if tells(pattern, getattr(row, name)):
            text = scrubbed(getattr(row, name), pattern)
            setattr(row, name, text[:longest] if longest else text)
            row.save(update_fields=[name])


def _without_place(document: Json, location_id: str, where: Whereabouts) -> Json:
    """The document without the place, and without one that an owner's change made of it."""

    def is_hidden(location: Json) -> bool:
        addresses = ((each.get("address_1", ""), each.get("postal_code", "")) for each in location.get("addresses", []))
        return location.get("id") == location_id or where.has(addresses)

    at = document.get("service_at_locations", [])
    kept = [place for place in at if not is_hidden(place.get("location", {}))]
    return {**document, "service_at_locations": kept} if len(kept) < len(at) else document
