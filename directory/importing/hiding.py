"""What open data may not bring to light: confidential places of the organisations that it speaks of."""

import re
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from directory.confidential import SHORTEST, spelt, traces
from directory.importing.matching import Matches
from directory.importing.report import Report
from directory.models import Address, Location
from directory.standard.read import Entry
from directory.standard.shapes import ADDRESS, ORGANIZATION, SERVICE
from linkworkers import geo

NEAR = 100  # metres: the same place, by another way of finding where it is
WHERE = ("address_1", "postal_code")  # of an address; compared with those of hidden places, and no words

TELLS = "this tells the address of a place that is kept private here"

Position = tuple[float, float]  # degrees


@dataclass
class Hideout:
    """The confidential places of one organisation."""

    ids: set[uuid.UUID] = field(default_factory=set)
    positions: set[Position] = field(default_factory=set)
    addresses: list[Address] = field(default_factory=list)
    pattern: re.Pattern[str] | None = None

    def is_at(self, location: Entry) -> bool:
        """Whether the location has an address of one of the places. A missing postcode is any."""
        rows = [Address(**{name: row.values.get(name, "") for name in WHERE}) for row in location.many["addresses"]]
        return any(_is_same(row, hidden) for row in rows for hidden in self.addresses)

    def is_near(self, position: Position | None) -> bool:
        return position is not None and any(
            geo.to_metres(geo.miles_between(*position, *hidden)) <= NEAR for hidden in self.positions
        )


def keep_hidden(entries: Sequence[tuple[int, Entry]], matches: Matches, report: Report) -> set[uuid.UUID]:
    """The documents' ids of locations that have to become confidential: those at the address or position of a
    confidential place of the same organisation. One that was public at that position already stays public.

    Refuses records whose words tell such an address. One query for a batch that has nothing to hide.
    """
    hideouts = _hideouts(entries, matches)
    private: set[uuid.UUID] = set()
    if not hideouts:
        return private
    theirs = [
        (number, entry, [hideouts[pk] for pk in _organizations(entry, matches) if pk in hideouts])
        for number, entry in entries
        if entry.id not in matches.kept
    ]
    there = {matches.our(location.id) for _, entry, found in theirs if found for location in _locations(entry)}
    before = Location.objects.in_bulk(there)
    for number, entry, found in theirs:
        for hideout in found:
            locations = {location.id: location for location in _locations(entry)}
            hidden = {pk for pk in locations if matches.our(pk) in hideout.ids}
            copies = {
                pk for pk in locations.keys() - hidden if _is_copy(locations[pk], before.get(matches.our(pk)), hideout)
            }
            told = _told(entry, hideout, matches.left_alone | hidden | copies)
            report.refuse(number, (f"{name}: {TELLS}" for name in told))
            if copies - private and not told:
                report.keep(
                    number, f"a place of “{entry.values['name']}” is kept private: its organisation hides it here"
                )
            private |= copies
    return private


def _organizations(entry: Entry, matches: Matches) -> set[uuid.UUID]:
    """Ours that the entry speaks of: the one that it names, and the one that has the listing now."""
    if entry.shape is ORGANIZATION:
        return {matches.our(entry.id)}
    if entry.shape is not SERVICE:
        return set()
    named = matches.our(entry.one["organization"].id)
    return {named, matches.organizations.get(entry.id, named)}


def _hideouts(entries: Iterable[tuple[int, Entry]], matches: Matches) -> dict[uuid.UUID, Hideout]:
    """By organisation, for those that have a confidential place."""
    organizations = {pk for _, entry in entries for pk in _organizations(entry, matches)}
    if not organizations:
        return {}
    of = "service_at_locations__service__organization"
    rows = Location.objects.filter(**{f"{of}__in": organizations}, confidential=True).order_by().distinct()
    hideouts: dict[uuid.UUID, Hideout] = defaultdict(Hideout)
    columns = (of, "pk", "latitude", "longitude", "addresses__address_1", "addresses__postal_code")
    for organization, pk, latitude, longitude, address_1, postal_code in rows.values_list(*columns):
        hideout = hideouts[organization]
        hideout.ids.add(pk)
        if position := _position(latitude, longitude):
            hideout.positions.add(position)
        if address_1 is not None:
            hideout.addresses.append(Address(address_1=address_1, postal_code=postal_code))
    for hideout in hideouts.values():
        hideout.pattern = traces(hideout.addresses)
    return dict(hideouts)


def _locations(entry: Entry) -> Iterator[Entry]:
    return (place.one["location"] for place in entry.many.get("service_at_locations", ()))


def _position(latitude: float | None, longitude: float | None) -> Position | None:
    if latitude is None or longitude is None or not geo.in_the_united_kingdom(latitude, longitude):
        return None
    return latitude, longitude


def _is_copy(location: Entry, before: Location | None, hideout: Hideout) -> bool:
    if before and before.confidential:
        return False
    if location.many.get("addresses") and hideout.is_at(location):
        return True
    position = _position(location.values.get("latitude"), location.values.get("longitude"))
    was_there = before is not None and hideout.is_near(_position(before.latitude, before.longitude))
    return hideout.is_near(position) and not was_there


def _is_same(address: Address, hidden: Address) -> bool:
    """Whether an address is the hidden one, or a part of it: "Flat 2, 7 Hidden Lane"."""
    codes = {spelt("", each.postal_code) for each in (address, hidden)}
    if len(codes - {""}) > 1:
        return False
    mine, theirs = (spelt(each.address_1, "any") for each in (address, hidden))
    if mine == theirs and ("" not in codes or len(hidden.address_1) >= SHORTEST):
        return True
    street = traces([Address(address_1=hidden.address_1)])
    return street is not None and bool(street.search(address.address_1))


def _told(entry: Entry, hideout: Hideout, silent: set[uuid.UUID]) -> list[str]:
    """The fields whose words give an address away, each as entity.field."""
    if hideout.pattern is None:
        return []
    words = _words(entry, silent)
    return list(dict.fromkeys(name for name, text in words if hideout.pattern.search(text)))


def _words(entry: Entry, silent: set[uuid.UUID]) -> Iterator[tuple[str, str]]:
    """Every text of an entry and all within it, but for the `silent` and what happens there."""
    within = [*entry.one.values(), *(inner for rows in entry.many.values() for inner in rows)]
    if entry.id in silent or any(name == "location" and each.id in silent for name, each in entry.one.items()):
        return
    for name, value in entry.values.items():
        if isinstance(value, str) and not (entry.shape is ADDRESS and name in WHERE):
            yield f"{entry.shape.name}.{name}", value
    for inner in within:
        yield from _words(inner, silent)
