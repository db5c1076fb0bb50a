"""Which of our entities a document means when its ids are not ours: by name and postcode, and what follows."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef
from django.db.models.functions import Lower

from directory.importing.nodes import Seen, digest
from directory.models import Address, Location, Organization, Service, ServiceAtLocation
from directory.standard.read import Entry
from directory.standard.shapes import ORGANIZATION, SERVICE
from linkworkers.geo import normalise_postcode

Ids = dict[uuid.UUID, uuid.UUID]


@dataclass
class Matches:
    """Our ids by those of the documents, where they differ. `kept` are the documents' ids of services that their owner
    looks after here; `left_alone` those of organisations and places that are meant, and stay as they are.
    `organizations` are ours that have the listings now, by the documents' ids of those.
    """

    ids: Ids = field(default_factory=dict)
    kept: set[uuid.UUID] = field(default_factory=set)
    left_alone: set[uuid.UUID] = field(default_factory=set)
    organizations: Ids = field(default_factory=dict)

    def our(self, theirs: uuid.UUID) -> uuid.UUID:
        return self.ids.get(theirs, theirs)


class Meant:
    """Which of our entities the file means, by which of its ids: no two ids of a file mean the same one."""

    def __init__(self, seen: Seen) -> None:
        self.seen = seen
        self.digests: dict[uuid.UUID, int] = {}

    def look_up(self, ours: Iterable[uuid.UUID]) -> None:
        self.digests |= self.seen.meant(ours)

    def claim(self, ours: uuid.UUID, theirs: uuid.UUID) -> bool:
        """Whether this id may mean it, which no other then does."""
        return self.digests.setdefault(ours, digest(theirs)) == digest(theirs)


def match(entries: Sequence[Entry], *, source: str, owners_too: bool, seen: Seen) -> Matches:
    """Matches the services of a batch and what stands in them; a few queries, however many there are.

    Entities with an id that we know are not matched again. A service is the one listing of its name at its postcode
    that did not come from this source, whose own ids would be known. With `owners_too` nothing is kept.
    """
    matches = Matches()
    meant = Meant(seen)
    given = [entry for entry in entries if entry.shape is SERVICE]
    alone = [entry for entry in entries if entry.shape is ORGANIZATION]
    known = Service.objects.select_related("organization").in_bulk({entry.id for entry in given})
    found = _services([entry for entry in given if entry.id not in known], source)
    ours = known | found
    matches.ids |= {theirs: service.pk for theirs, service in found.items()}
    matches.organizations = {theirs: service.organization_id for theirs, service in ours.items()}
    organizations = [*(entry.one["organization"] for entry in given), *alone]
    _organizations(organizations, given, found, source=source, matches=matches, meant=meant)
    for entry in given:
        organization = entry.one["organization"]
        if (service := ours.get(entry.id)) and _is_implied(organization, entry):
            matches.ids[organization.id] = service.organization_id
            matches.left_alone.add(organization.id)
    _locations([(entry, ours[entry.id].pk) for entry in given if entry.id in ours], matches, meant)
    if not owners_too:
        _keep(given, alone, matches)
    return matches


def _is_implied(organization: Entry, service: Entry) -> bool:
    """Of this organisation nothing is said, but that the service is somebody's."""
    return organization.values == {"name": service.values["name"]}


def fold(name: str) -> str:
    return " ".join(name.casefold().split())


def postcode(text: str) -> str:
    return normalise_postcode(text) or "".join(text.upper().split())


def _addresses(entry: Entry) -> Iterator[tuple[Entry, Entry]]:
    """Each location of a service with each of its addresses."""
    for place in entry.many.get("service_at_locations", []):
        location = place.one["location"]
        for address in location.many.get("addresses", []):
            yield location, address


def _services(entries: list[Entry], source: str) -> dict[uuid.UUID, Service]:
    """The listing of the same name at the same postcode for each of these, where there is one and no doubt."""
    codes = {
        entry.id: {postcode(code) for _, address in _addresses(entry) if (code := address.values["postal_code"])}
        for entry in entries
    }
    spellings = {spelling for found in codes.values() for code in found for spelling in _spellings(code)}
    if not spellings:
        return {}
    rows = Address.objects.filter(postal_code__in=spellings).values_list(
        "location__service_at_locations__service_id", "location__service_at_locations__service__name", "postal_code"
    )
    at: dict[tuple[str, str], set[uuid.UUID]] = defaultdict(set)
    for pk, name, code in rows:
        if pk is not None:
            at[fold(name), postcode(code)].add(pk)
    wanted = {
        entry.id: set().union(*(at.get((fold(entry.values["name"]), code), ()) for code in codes[entry.id]))
        for entry in entries
    }
    services = Service.objects.select_related("organization").in_bulk(set().union(*wanted.values()))
    found: dict[uuid.UUID, Service] = {}
    for entry in entries:
        candidates = [services[pk] for pk in wanted[entry.id] if not source or services[pk].source != source]
        if len(candidates) > 1:
            name = fold(entry.one["organization"].values["name"])
            candidates = [each for each in candidates if fold(each.organization.name) == name]
        if len(candidates) == 1:
            found[entry.id] = candidates[0]
    return found


def _spellings(code: str) -> set[str]:
    joined = code.replace(" ", "")
    return {code, joined, code.lower(), joined.lower()}


def _locations(services: Iterable[tuple[Entry, uuid.UUID]], matches: Matches, meant: Meant) -> None:
    """A place of a service that we know is ours with the same postcode, when its id is not known. So a confidential
    place stays one, whatever it is called elsewhere. A second place of theirs that means the same changes nothing.
    """
    there = {location.id for entry, _ in services for location, _ in _addresses(entry)}
    unknown = there - set(Location.objects.filter(pk__in=there).values_list("pk", flat=True))
    if not unknown:
        return
    wanted = {pk for entry, pk in services if any(location.id in unknown for location, _ in _addresses(entry))}
    rows = ServiceAtLocation.objects.filter(service__in=wanted).exclude(location__addresses__postal_code="")
    places: dict[tuple[uuid.UUID, str], uuid.UUID] = {}
    for service, pk, code in rows.values_list("service_id", "location_id", "location__addresses__postal_code"):
        if code:
            places.setdefault((service, postcode(code)), pk)
    meant.look_up(places.values())
    for pk in there - unknown:
        meant.claim(pk, pk)
    for entry, service in services:
        taken = {location.id for location, _ in _addresses(entry)}
        for location, address in _addresses(entry):
            ours = places.get((service, postcode(address.values.get("postal_code", ""))))
            if location.id in unknown and ours and ours not in taken:
                taken.add(ours)
                matches.ids.setdefault(location.id, ours)
                if not meant.claim(ours, location.id):
                    matches.left_alone.add(location.id)


def _organizations(
    given: Iterable[Entry],
    services: Iterable[Entry],
    found: dict[uuid.UUID, Service],
    *,
    source: str,
    matches: Matches,
    meant: Meant,
) -> None:
    """An organisation of another id is ours when ours has its name, and its service, web site, e-mail or number."""
    by_id = {each.id: each for each in given}
    known = set(Organization.objects.filter(pk__in=by_id).values_list("pk", flat=True))
    rest = {pk: each for pk, each in by_id.items() if pk not in known}
    same = _namesakes(rest.values(), source)
    meant.look_up(row.pk for rows in same.values() for row in rows)
    for pk in known:
        meant.claim(pk, pk)
    theirs = {
        (entry.one["organization"].id, found[entry.id].organization_id) for entry in services if entry.id in found
    }
    numbers = _numbers(row.pk for rows in same.values() for row in rows)
    for pk, each in rest.items():
        signs = {each.values.get("website", ""), each.values.get("email", "")}
        signs |= {row.values.get("identifier", "") for row in each.many.get("organization_identifiers", [])}
        for row in same.get(fold(each.values["name"]), []):
            alike = (pk, row.pk) in theirs or (signs - {""}) & {row.website, row.email, *numbers[row.pk]}
            if alike and meant.claim(row.pk, pk):
                matches.ids[pk] = row.pk
                break


def _namesakes(given: Iterable[Entry], source: str) -> dict[str, list[Organization]]:
    """Our organisations by folded name, but for those that this source alone has told us of, by ids of its own."""
    written = {each.values["name"] for each in given}
    names = {spelling.lower() for name in written for spelling in (name, " ".join(name.split()))}
    same: dict[str, list[Organization]] = defaultdict(list)
    if names:
        services = Service.objects.filter(organization=OuterRef("pk"))
        rows = Organization.objects.alias(lower=Lower("name")).filter(lower__in=names).order_by("pk")
        if source:
            rows = rows.filter(Exists(services.exclude(source=source)) | ~Exists(services))
        for row in rows:
            same[fold(row.name)].append(row)
    return same


def _numbers(ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, set[str]]:
    numbers: dict[uuid.UUID, set[str]] = defaultdict(set)
    wanted = list(ids)
    if wanted:
        rows = Organization.objects.filter(pk__in=wanted).exclude(organization_identifiers=None)
        for pk, number in rows.values_list("pk", "organization_identifiers__identifier"):
            numbers[pk].add(number)
    return numbers


def _keep(services: Iterable[Entry], organizations: Iterable[Entry], matches: Matches) -> None:
    theirs = {matches.our(entry.id): entry.id for entry in services}
    kept = Service.objects.filter(pk__in=theirs, organization__workplace__isnull=False)
    matches.kept = {theirs[pk] for pk in kept.values_list("pk", flat=True)}
    named = {each.id for each in organizations} | {entry.one["organization"].id for entry in services}
    ours = {matches.our(pk) for pk in named}
    owned = set(Organization.objects.filter(pk__in=ours, workplace__isnull=False).values_list("pk", flat=True))
    matches.left_alone |= {pk for pk in named if matches.our(pk) in owned}
