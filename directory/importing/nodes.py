"""What a batch of documents says, laid flat: one node for each entity, whichever document it stood in."""

import hashlib
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Model

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
from directory.standard.read import Entry
from directory.standard.shapes import TAXONOMY_TERM, Shape

# Each after all that it points at.
ORDER: tuple[type[Model], ...] = (
    Taxonomy,
    TaxonomyTerm,
    Organization,
    OrganizationIdentifier,
    Location,
    Address,
    Accessibility,
    Service,
    ServiceAtLocation,
    Contact,
    Phone,
    Language,
    Schedule,
    ServiceArea,
    Funding,
    CostOption,
    Attribute,
)
# Ids that point at an entity which may have another id with us, by column.
REFERENCES: dict[str, type[Model]] = {
    "parent_organization_id": Organization,
    "parent_id": TaxonomyTerm,
    "taxonomy_id": Taxonomy,
}


class Link(NamedTuple):
    """A column that holds the id of another entity: `id` as the documents have it."""

    model: type[Model]
    id: uuid.UUID


@dataclass(slots=True)
class Node:
    """One entity. `number` is that of the document where it first stood, `owner` the column with what it lies in."""

    shape: Shape
    id: uuid.UUID
    number: int
    values: dict[str, Any]
    links: dict[str, Link]
    owner: str = ""


@dataclass(slots=True)
class Listed:
    """One list of one entity. What is ours and not in a `complete` list is gone."""

    parent: Link
    child: type[Model]
    column: str
    complete: bool


# The part of a fact that says which id of a file means an entity of ours.
MEANT = "="


class Fact(NamedTuple):
    """One part of what is said of an id: what is said twice has to be the same both times."""

    id: uuid.UUID
    part: str
    digest: int
    number: int


def digest(value: object) -> int:
    return int.from_bytes(hashlib.blake2b(repr(value).encode(), digest_size=8).digest(), signed=True)


@dataclass
class Nodes:
    """The nodes of a batch by model and id, its lists, and the facts to compare with the rest of the file."""

    by_model: dict[type[Model], dict[uuid.UUID, Node]] = field(default_factory=lambda: {model: {} for model in ORDER})
    lists: dict[tuple[uuid.UUID, str], Listed] = field(default_factory=dict)
    facts: dict[tuple[uuid.UUID, str], Fact] = field(default_factory=dict)
    clashes: list[tuple[Fact, int]] = field(default_factory=list)
    left_alone: frozenset[uuid.UUID] = frozenset()

    def add(self, entry: Entry, number: int, owner: str = "", parent: Link | None = None) -> None:
        """Adds an entry with all within it, but for those of `left_alone`, with the ids that the documents have."""
        if entry.id in self.left_alone:
            return
        model = entry.shape.model
        links = {f"{name}_id": Link(inner.shape.model, inner.id) for name, inner in entry.one.items()}
        values = dict(entry.values)
        for name in REFERENCES.keys() & values.keys():
            if (pointed := values[name]) is not None:
                links[name] = Link(REFERENCES[name], pointed)
                del values[name]
        if parent:
            links[owner] = parent
        node = Node(entry.shape, entry.id, number, values, links, owner)
        known = self.by_model[model].setdefault(entry.id, node)
        known.values |= values
        known.links |= links
        self._note_values(node)
        for inner in entry.one.values():
            self.add(inner, number)
        for name, (shape, back) in entry.shape.many.items():
            if name in entry.many or name in entry.complete:
                self._add_list(entry, name, shape, f"{back}_id", number)

    def _add_list(self, entry: Entry, name: str, shape: Shape, column: str, number: int) -> None:
        parent = Link(entry.shape.model, entry.id)
        rows = entry.many.get(name, [])
        for inner in rows:
            self.add(inner, number, column, parent)
        listed = self.lists.setdefault((entry.id, name), Listed(parent, shape.model, column, complete=False))
        listed.complete |= name in entry.complete
        if name in entry.complete:
            self.note(entry.id, name, sorted(inner.id for inner in rows), number)

    def _note_values(self, node: Node) -> None:
        said = [*node.values.items(), *sorted((name, link.id) for name, link in node.links.items())]
        if node.shape is TAXONOMY_TERM:  # told of in many places, each saying a part of it
            for name, value in said:
                self.note(node.id, f".{name}", value, node.number)
            said = []
        self.note(node.id, "", (node.shape.name, said), node.number)

    def note_meant(self, ours: uuid.UUID, theirs: uuid.UUID, number: int) -> None:
        """That a document's id means this entity of ours: it is the only one of its file that does."""
        self.note(ours, MEANT, theirs, number)

    def note(self, pk: uuid.UUID, part: str, value: object, number: int) -> None:
        fact = Fact(pk, part, digest(value), number)
        first = self.facts.setdefault((pk, part), fact)
        if first.digest != fact.digest:
            self.clashes.append((fact, first.number))


class Seen:
    """What a whole file has said so far, kept in a table of this transaction: a file may be larger than memory."""

    def __enter__(self) -> "Seen":
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS pg_temp.import_seen")
            cursor.execute(
                "CREATE TEMPORARY TABLE import_seen"
                " (id uuid, part text, digest bigint, number integer, PRIMARY KEY (id, part)) ON COMMIT DROP"
            )
        return self

    def __exit__(self, *error: object) -> None:
        """The table goes with the transaction."""

    def meant(self, ours: Iterable[uuid.UUID]) -> dict[uuid.UUID, int]:
        """Those of these entities that the file has meant already, with the digest of the id that it had for each."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id, digest FROM import_seen WHERE part = %s AND id = ANY(%s::uuid[])",
                [MEANT, [str(pk) for pk in ours]],
            )
            return dict(cursor.fetchall())

    def clashes(self, facts: Iterable[Fact]) -> Iterator[tuple[Fact, int]]:
        """Adds the facts; yields those that say otherwise than before, with the number of the record that did."""
        given = list(facts)
        columns: list[Any] = [[str(fact.id) for fact in given], *([fact[at] for fact in given] for at in (1, 2, 3))]
        with connection.cursor() as cursor:
            cursor.execute(
                """
                WITH given AS (
                    SELECT * FROM unnest(%s::uuid[], %s::text[], %s::bigint[], %s::integer[])
                    AS given(id, part, digest, number)
                ), added AS (INSERT INTO import_seen SELECT * FROM given ON CONFLICT DO NOTHING)
                SELECT given.*, seen.number FROM given JOIN import_seen seen USING (id, part)
                WHERE seen.digest <> given.digest ORDER BY given.number
                """,
                columns,
            )
            for pk, part, digest, number, first in cursor.fetchall():
                yield Fact(pk, part, digest, number), first
