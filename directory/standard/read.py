"""In: the standard's JSON as entries, checked field by field. Every fault is told with its path; nothing is saved."""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Literal, NamedTuple, cast

from django.db import models
from django.utils import timezone

from directory.standard.shapes import (
    ATTRIBUTE,
    LOCATION,
    ORGANIZATION,
    SERVICE,
    SERVICE_AT_LOCATION,
    TAXONOMY,
    TAXONOMY_TERM,
    Field,
    Shape,
)
from directory.standard.values import READERS, Wrong, called, choice, identity, short_enough

Json = dict[str, Any]

NEEDED = ("name", "number")  # without which a required field says nothing; others may be empty, as they are in exports
IGNORED = {ATTRIBUTE.name: {"link_id", "link_entity"}}  # say again where the attribute stands
LISTS_APART = ("taxonomy_terms", "services")  # never the whole truth: what they leave out stays


# How much a document tells. A record of the open data: each field, and its lists when it has any of them, for an item
# of a list has none. "whole": each field and list of a listing, what is not there being empty; of its organisation as
# in a record. "part": what it names, and no more.
Extent = Literal["record", "whole", "part"]


@dataclass(slots=True)
class Entry:
    """One entity of a document. `values` are by our attribute; `one` and `many` what lies within it.

    `complete` names the lists of which the document tells all: what it leaves out there is gone.
    """

    shape: Shape
    id: uuid.UUID
    values: dict[str, Any]
    one: dict[str, "Entry"]
    many: dict[str, list["Entry"]]
    complete: frozenset[str]


@dataclass
class Reading:
    """What a document says. With `faults` the `entries` are not to be used."""

    entries: list[Entry] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    left_out: set[str] = field(default_factory=set)


def read(document: object, extent: Extent = "record") -> Reading:
    """A service, a service at a location, an organisation with or without its services, a taxonomy or a term.

    `entries` are services, each with its organisation in it, or else what the document is.
    """
    reading = Reading()
    if not isinstance(document, dict):
        reading.faults.append(f"This is {called(document)}, not a record.")
        return reading
    reader = _Reader(reading, extent)
    match kind_of(document):
        case "service":
            reading.entries = reader.only(SERVICE, document)
        case "service_at_location":
            reading.entries = reader.place(document)
        case "organization":
            reading.entries = reader.organization(document)
        case "taxonomy":
            reading.entries = reader.taxonomy(document)
        case "taxonomy_term":
            reading.entries = reader.only(TAXONOMY_TERM, document)
        case _:
            reading.faults.append("This is neither a service nor an organisation, a taxonomy or a term.")
    return reading


# The fields that only this kind of document has, most telling first.
SIGNS = {
    "service_at_location": {"service"},
    "service": {"organization", "status", "service_at_locations", "cost_options", "eligibility_description"},
    "taxonomy": {"taxonomy_terms", "version"},
    "taxonomy_term": {"taxonomy", "taxonomy_id", "parent_id", "term", "term_uri"},
    "organization": {"services", "organization_identifiers", "website", "logo", "email", "parent_organization_id"},
}


def kind_of(document: Json) -> str | None:
    """Which kind of document this is, by the fields that only one kind has; None when it has none of them."""
    return next((kind for kind, names in SIGNS.items() if names & document.keys()), None)


class _Reader:
    """Reads one document, and notes in `reading` what is wrong and what is not known."""

    def __init__(self, reading: Reading, extent: Extent) -> None:
        self.reading = reading
        self.extent = extent

    def only(self, shape: Shape, document: Json) -> list[Entry]:
        entry = self.entry(shape, document, "")
        return [entry] if entry else []

    def place(self, document: Json) -> list[Entry]:
        """A service at one of its places: of the others it says nothing."""
        outside = {name: value for name, value in document.items() if name != "service"}
        place = self.entry(SERVICE_AT_LOCATION, outside, "")
        service = self.inner(SERVICE, document["service"], "service")
        if not place or not service:
            return []
        many = service.many | {"service_at_locations": [place]}
        return [replace(service, many=many, complete=service.complete - {"service_at_locations"})]

    def organization(self, document: Json) -> list[Entry]:
        outside = {name: value for name, value in document.items() if name != "services"}
        organization = self.entry(ORGANIZATION, outside, "")
        within = [
            (path, {**row, "organization": outside} if isinstance(row, dict) else row)
            for path, row in self.rows(document, "services", "")
        ]
        services = [self.inner(SERVICE, row, path) for path, row in within]
        if organization is None:
            return []
        return [replace(each, one={"organization": organization}) for each in services if each] or [organization]

    def taxonomy(self, document: Json) -> list[Entry]:
        outside = {name: value for name, value in document.items() if name != "taxonomy_terms"}
        taxonomy = self.entry(TAXONOMY, outside, "")
        terms = [self.inner(TAXONOMY_TERM, row, path) for path, row in self.rows(document, "taxonomy_terms", "")]
        if taxonomy is None:
            return []
        listed = [replace(term, values=term.values | {"taxonomy_id": taxonomy.id}) for term in terms if term]
        return [taxonomy, *listed]

    def inner(self, shape: Shape, value: object, path: str, *, owned: bool = False) -> Entry | None:
        if not isinstance(value, dict):
            self.fault(path, f"this is {called(value)}, not a record")
            return None
        return self.entry(shape, value, f"{path}.", owned=owned)

    def rows(self, document: Json, name: str, path: str) -> Iterable[tuple[str, object]]:
        """The items of a list with their paths; null is an empty one."""
        rows = document.get(name) or []
        if not isinstance(rows, list):
            self.fault(path + name, f"this is {called(rows)}, not a list")
            return []
        return [(f"{path}{name}[{position}]", row) for position, row in enumerate(rows)]

    def entry(self, shape: Shape, document: Json, path: str, *, owned: bool = False) -> Entry | None:
        """One entity and all within it, or None when it has no id. `owned` is one that stands in a list of another."""
        values = self.values(shape, document, path)
        one = {name: self.one(inner, document.get(name), path + name, shape) for name, inner in shape.one.items()}
        many: dict[str, list[Entry]] = {}
        for name, (inner, _) in shape.many.items():
            if name in document:
                rows = [self.inner(inner, row, at, owned=True) for at, row in self.rows(document, name, path)]
                many[name] = [row for row in rows if row]
        known = {"id", *_known(shape)} | IGNORED.get(shape.name, set())
        for name in document.keys() - known:
            self.reading.left_out.add(f"{shape.name}.{str(name)[:60]}")
        complete = self.complete(shape, many, owned=owned)
        pk = self.own_id(document, path)
        if pk is None:
            return None
        entry = Entry(shape, pk, values, {name: each for name, each in one.items() if each}, many, complete)
        self.check(entry, path)
        return entry

    def complete(self, shape: Shape, many: dict[str, list[Entry]], *, owned: bool) -> frozenset[str]:
        if self.extent == "part":
            return frozenset(many)
        tells = owned or many or (self.extent == "whole" and shape is not ORGANIZATION)
        return frozenset(shape.many) - set(LISTS_APART) if tells else frozenset()

    def one(self, shape: Shape, value: object, path: str, outer: Shape) -> Entry | None:
        if value is None:
            if shape is ORGANIZATION or shape is LOCATION:
                self.fault(path, "this is missing")
            return None
        return self.inner(shape, value, path)

    def own_id(self, document: Json, path: str) -> uuid.UUID | None:
        value = document.get("id")
        if value in (None, ""):
            self.fault(f"{path}id", "this is missing")
            return None
        try:
            return identity(value)
        except Wrong as wrong:
            self.fault(f"{path}id", str(wrong))
            return None

    def values(self, shape: Shape, document: Json, path: str) -> dict[str, Any]:
        """Every field and reference by our attribute; of a term, which stands in many places, what is said of it."""
        values: dict[str, Any] = {}
        for column in _columns(shape):
            value = document.get(column.name)
            if value is None or value == "":
                if column.needed:
                    self.fault(path + column.name, "this is missing")
                if shape is not TAXONOMY_TERM and (self.extent != "part" or column.name in document):
                    values[column.attribute] = column.empty
                continue
            try:
                values[column.attribute] = column.read(value)
            except Wrong as wrong:
                self.fault(path + column.name, str(wrong))
        return values

    def check(self, entry: Entry, path: str) -> None:
        """What one field alone cannot say."""
        values = entry.values
        if entry.shape is SERVICE:
            youngest, oldest = values.get("minimum_age"), values.get("maximum_age")
            if youngest is not None and oldest is not None and oldest < youngest:
                self.fault(f"{path}maximum_age", "the oldest age is below the youngest")
            checked = values.get("assured_date")
            if checked and checked > timezone.localdate():
                self.fault(f"{path}assured_date", f"{checked} is in the future")
            places = [place.one["location"].id for place in entry.many.get("service_at_locations", ()) if place.one]
            if len(set(places)) < len(places):
                self.fault(f"{path}service_at_locations", "one place is here twice")
        elif entry.shape is TAXONOMY_TERM and values.get("parent_id") == entry.id:
            self.fault(f"{path}parent_id", "a term cannot be its own parent")

    def fault(self, path: str, text: str) -> None:
        self.reading.faults.append(f"{path}: {text}")


# --- One value


class Column(NamedTuple):
    name: str
    attribute: str
    read: Callable[[Any], Any]
    empty: Any
    needed: bool


@cache
def _columns(shape: Shape) -> tuple[Column, ...]:
    fields = (_column(shape, each) for each in shape.fields)
    references = (Column(each.name, each.attribute, identity, None, False) for each in shape.references)
    return (*fields, *references)


def _column(shape: Shape, spec: Field) -> Column:
    column = cast(models.Field, shape.model._meta.get_field(spec.at))
    empty = None if spec.kind == "datetime" else column.get_default()  # when it was changed is not known
    return Column(spec.name, spec.at, _reader(spec, column), empty, spec.required and spec.name in NEEDED)


@cache
def _known(shape: Shape) -> frozenset[str]:
    names = (column.name for column in _columns(shape))
    return frozenset((*names, *shape.one, *shape.many))


def _reader(spec: Field, column: models.Field) -> Callable[[Any], Any]:
    read = READERS[spec.kind]
    if spec.kind == "choice":
        choices = {str(value).casefold(): value for value, _ in column.flatchoices}
        return lambda value: choice(value, choices)
    longest = getattr(column, "max_length", None)
    if spec.kind in ("text", "email", "uri") and longest:
        return lambda value: short_enough(read(value), longest)
    return read
