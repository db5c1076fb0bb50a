"""Saves a batch: makes what is new, changes what differs, takes out what is gone, and writes nothing else."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Set
from typing import Any

from django.db import transaction
from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from directory import dumps
from directory.importing.matching import Ids, Matches
from directory.importing.nodes import ORDER, Listed, Node, Nodes
from directory.importing.report import Report, told
from directory.models import Address, Location, Service, ServiceAtLocation
from directory.slugs import codes_for, slugs_for
from directory.standard.shapes import SERVICE
from directory.standard.write import moment

AT_ONCE = 1000  # rows of one statement


def _columns_of_owners() -> dict[type[Model], set[str]]:
    columns: dict[type[Model], set[str]] = defaultdict(set)
    for shape in SERVICE.walk():
        for inner, back in shape.many.values():
            columns[inner.model].add(f"{back}_id")
    return columns


# What changes with a check, or by itself, and is no news.
UNTOLD = ("last_modified", "assured_how", "assured_by_id", "letters_sent", "last_letter_on")
# The columns with which a row of a list points at what it lies in, of which it has one.
OWNERS = _columns_of_owners()


class Merge:
    """One batch on its way into the database, in the caller's transaction. Fills counts and examples of `report`.

    `private` are the documents' ids of locations that become confidential.
    """

    def __init__(
        self, nodes: Nodes, matches: Matches, *, report: Report, source: str, private: Set[uuid.UUID] = frozenset()
    ) -> None:
        self.nodes = nodes
        self.report = report
        self.source = source
        self.private = private
        self.ours: Ids = dict(matches.ids)
        self.created: set[uuid.UUID] = set()
        self.changed: set[uuid.UUID] = set()
        self.outer: Ids = {}  # what each row lies in
        self.names: dict[uuid.UUID, str] = {}
        self.hidden: set[uuid.UUID] = set()  # confidential places and all that belongs to them
        self.gone: dict[type[Model], list[uuid.UUID]] = {}
        self.moves = False

    def save(self) -> None:
        """Adds to the report's refusals what cannot be saved; nothing that was saved counts then."""
        self._hide()
        lists: dict[type[Model], list[Listed]] = defaultdict(list)
        for listed in self.nodes.lists.values():
            lists[listed.child].append(listed)
        for model in ORDER:
            if self.nodes.by_model[model] or lists[model]:
                self._save_model(model, self.nodes.by_model[model], lists[model])
        for model in reversed(ORDER):
            if pks := self.gone.get(model):
                self._delete(model, pks)

    def touched(self) -> tuple[set[uuid.UUID], set[uuid.UUID]]:
        """Our services that changed, with all beneath them; and those of them whose documents do not say when."""
        roots = {self._root(pk) for pk in self.changed}
        services = {self.ours.get(pk, pk): node for pk, node in self.nodes.by_model[Service].items()}
        known = list(roots - self.created)
        among = Q(service_at_locations__location__in=known) | Q(organization__in=known)
        among |= Q(attributes__taxonomy_term__in=known)
        others = set(Service.objects.filter(among).values_list("pk", flat=True)) if known else set()
        touched = others | (roots & services.keys())
        dated = {pk for pk, node in services.items() if node.values.get("last_modified")}
        return touched, touched - dated - self.created

    def _hide(self) -> None:
        """In a statement of its own: one that also said of other places that they are public could show one again."""
        if self.private:
            public = Location.objects.public().filter(pk__in=[self._our(pk) for pk in self.private])
            hiding = set(public.values_list("pk", flat=True))
            public.filter(pk__in=hiding).update(confidential=True)
            self.changed |= hiding
            self.moves |= bool(hiding)
            if hiding:  # the files of last night told where it is
                transaction.on_commit(dumps.forget)

    # --- One model

    def _save_model(self, model: type[Model], nodes: dict[uuid.UUID, Node], lists: list[Listed]) -> None:
        rows = self._locked(model).in_bulk({self._our(pk) for pk in nodes})
        siblings, gone = self._siblings(model, lists)
        alike = Alike(row for pk, row in siblings.items() if pk not in rows)
        new: list[Model] = []
        old: list[tuple[Model, list[str]]] = []
        for pk, node in nodes.items():
            columns = self._columns(node)
            row: Any = rows.get(self._our(pk))
            if row is None:
                row = alike.take(columns)
                self.ours[pk] = row.pk if row else pk
            elif self._is_anothers(row, node, columns, siblings):
                self.report.refuse(node.number, [f"the {node.shape.name} {pk} belongs to something else here"])
                continue
            self._note(node, row, columns)
            if row is None:
                new.append(model(pk=pk, **columns))
                self.created.add(pk)
            elif names := self._change(row, node, columns):
                old.append((row, names))
        self._create(new)
        self._update(model, old)
        counts = self.report.count(_name(model))
        counts.created += len(new)
        counts.updated += len(old)
        counts.unchanged += len(nodes) - len(new) - len(old)
        self._take_out(model, [row for row in alike.left() if row.pk in gone], new)

    def _our(self, pk: uuid.UUID) -> uuid.UUID:
        return self.ours.get(pk, pk)

    def _locked(self, model: type[Model]) -> QuerySet[Any]:
        """Services wait for whoever is changing them, and are not changed by others until this is done."""
        rows = model._default_manager.all()
        if model is Service and not self.report.dry_run:
            return rows.select_for_update(no_key=True).order_by("pk")
        return rows.select_related("location") if model is ServiceAtLocation else rows

    def _siblings(self, model: type[Model], lists: list[Listed]) -> tuple[dict[uuid.UUID, Any], set[uuid.UUID]]:
        """Our rows of these lists, and the ids of those that are gone when the documents do not name them."""
        parents: dict[str, set[uuid.UUID]] = defaultdict(set)
        whole: set[uuid.UUID] = set()
        for listed in lists:
            parent = self._our(listed.parent.id)
            if parent not in self.created:
                parents[listed.column].add(parent)
                if listed.complete:
                    whole.add(parent)
        if not parents:
            return {}, set()
        among = Q()
        for column, pks in parents.items():
            among |= Q(**{f"{column}__in": pks})
        rows = {row.pk: row for row in self._locked(model).filter(among)}
        gone = {pk for pk, row in rows.items() if _outer(row) in whole}
        if model is ServiceAtLocation:  # what goes out never names a confidential place, and does not mean that it left
            gone -= {pk for pk, row in rows.items() if row.location.confidential}
        return rows, gone

    def _columns(self, node: Node) -> dict[str, Any]:
        model = node.shape.model
        columns: dict[str, Any] = dict.fromkeys(sorted(OWNERS[model]))
        columns |= {f"{name}_id": None for name in node.shape.one}
        columns |= node.values
        columns |= {name: self._our(link.id) for name, link in node.links.items()}
        if model is Location and node.id in self.private:
            columns["confidential"] = True
        if model is Service and columns.get("last_modified", ...) is None:
            del columns["last_modified"]
        return columns

    def _is_anothers(self, row: Model, node: Node, columns: dict[str, Any], siblings: dict[uuid.UUID, Any]) -> bool:
        return bool(node.owner) and row.pk not in siblings and getattr(row, node.owner) != columns[node.owner]

    def _note(self, node: Node, row: Any, columns: dict[str, Any]) -> None:
        """Remembers where the row lies, what it is called, and whether it may be told."""
        pk = row.pk if row else node.id
        if node.owner:
            self.outer[pk] = columns[node.owner]
        elif name := columns.get("name"):
            self.names[pk] = name
        if columns.get("confidential") or (isinstance(row, Location) and row.confidential):
            self.hidden.add(pk)
        if {columns.get(node.owner), columns.get("location_id")} & self.hidden:
            self.hidden.add(pk)

    # --- What becomes of a row

    def _change(self, row: Any, node: Node, columns: dict[str, Any]) -> list[str]:
        """Sets what differs, and returns the names of those columns."""
        if isinstance(row, Service):
            columns = self._assured(row, node, columns)
            modified = columns.get("last_modified")
            if modified and moment(modified) == moment(row.last_modified):
                del columns["last_modified"]
        names = []
        for name, value in columns.items():
            before = getattr(row, name)
            if before != value:
                setattr(row, name, value)
                names.append(name)
                self._tell_change(row, name, before, value)
        return names

    def _assured(self, row: Service, node: Node, columns: dict[str, Any]) -> dict[str, Any]:
        """A check of ours that is newer than theirs stays; a newer one of theirs takes its place."""
        theirs: dt.date | None = columns.get("assured_date")
        if row.assured_date and (theirs is None or theirs < row.assured_date):
            if theirs:
                on = f"{row.assured_date:%-d %B %Y}"
                self.report.keep(node.number, f"“{row.name}” was checked here on {on}, after {theirs:%-d %B %Y}")
            return {name: value for name, value in columns.items() if name not in ("assured_date", "assurer_email")}
        if theirs == row.assured_date:
            return dict(columns)
        fresh = {"assured_how": Service.How.FEED, "assured_by_id": None, "letters_sent": 0, "last_letter_on": None}
        return columns | fresh

    def _create(self, rows: list[Any]) -> None:
        if not rows:
            return
        if isinstance(rows[0], Service):
            slugs, codes = slugs_for([row.name for row in rows]), codes_for(len(rows))
            for row, slug, code in zip(rows, slugs, codes, strict=True):
                row.slug, row.code, row.source = slug, code, self.source
                row.assured_how = Service.How.FEED if row.assured_date else ""
                self.report.example_of_new(row.name)
        type(rows[0])._default_manager.bulk_create(rows, batch_size=AT_ONCE)
        self.changed |= {row.pk for row in rows}
        self.moves |= isinstance(rows[0], Location | Address)

    def _update(self, model: type[Model], old: list[tuple[Model, list[str]]]) -> None:
        """In one statement for a thousand rows; it writes only the columns that differ in some of them."""
        if not old:
            return
        rows = [row for row, _ in old]
        names = sorted({name for _, names in old for name in names})
        manager = model._default_manager
        manager.bulk_create(rows, AT_ONCE, update_conflicts=True, unique_fields=["id"], update_fields=names)
        self.changed |= {row.pk for row in rows}
        self.moves |= model in (Location, Address)

    def _take_out(self, model: type[Model], gone: list[Any], new: list[Any]) -> None:
        """Notes the rows to be deleted, and tells them beside what came in their place."""
        came: dict[uuid.UUID, list[Any]] = defaultdict(list)
        for row in new:
            if (outer := self.outer.get(row.pk)) and outer not in self.created:
                came[outer].append(row)
        went: dict[uuid.UUID, list[Any]] = defaultdict(list)
        for row in gone:
            outer = _outer(row)
            went[outer].append(row)
            self.changed.add(outer)
            if getattr(row, "location_id", None) in self.hidden:
                self.hidden.add(row.pk)
        for outer in came.keys() | went.keys():
            if outer not in self.hidden:
                self._tell_rows(model, outer, went[outer], came[outer])
        self.gone[model] = [row.pk for row in gone]

    def _delete(self, model: type[Model], pks: list[uuid.UUID]) -> None:
        for start in range(0, len(pks), AT_ONCE):
            _, counts = model._default_manager.filter(pk__in=pks[start : start + AT_ONCE]).delete()
            for label, number in counts.items():
                self.report.count(_snake(label.rpartition(".")[2])).removed += number

    # --- In words

    def _tell_change(self, row: Any, name: str, before: object, after: object) -> None:
        subject = self.names.get(self._root(row.pk))
        if subject and row.pk not in self.hidden and name not in UNTOLD:
            field = row._meta.get_field(name)
            if not field.is_relation:
                self.report.example(f"{told(subject)}: {field.verbose_name} {told(before)} → {told(after)}")

    def _tell_rows(self, model: type[Model], outer: uuid.UUID, went: list[Any], came: list[Any]) -> None:
        subject = self.names.get(self._root(outer))
        if not subject or not self.report.has_room_for_examples:
            return
        before = [str(row) for row in went if row.pk not in self.hidden]
        after = [str(row) for row in came if row.pk not in self.hidden]
        for position in range(max(len(before), len(after))):
            old, new = (each[position] if position < len(each) else "" for each in (before, after))
            self.report.example(f"{told(subject)}: {model._meta.verbose_name} {told(old)} → {told(new)}")

    def _root(self, pk: uuid.UUID) -> uuid.UUID:
        while pk in self.outer:
            pk = self.outer[pk]
        return pk


class Alike:
    """Our rows that no document names by its id, found by what they say."""

    def __init__(self, rows: Iterable[Any]) -> None:
        self.rows = {row.pk: row for row in rows}
        self.by_columns: dict[tuple[str, ...], dict[tuple[Any, ...], list[uuid.UUID]]] = {}

    def take(self, columns: dict[str, Any]) -> Any | None:
        """One that says the same in these columns, which is then nobody else's."""
        if not self.rows:
            return None
        same = self._by(tuple(columns)).get(tuple(columns.values()), [])
        while same:
            if row := self.rows.pop(same.pop(), None):
                return row
        return None

    def _by(self, names: tuple[str, ...]) -> dict[tuple[Any, ...], list[uuid.UUID]]:
        if names not in self.by_columns:
            found = self.by_columns[names] = defaultdict(list)
            for row in self.rows.values():
                found[tuple(getattr(row, name) for name in names)].append(row.pk)
        return self.by_columns[names]

    def left(self) -> list[Any]:
        return list(self.rows.values())


def _outer(row: Model) -> uuid.UUID:
    """What a row of a list lies in."""
    return next(value for name in OWNERS[type(row)] if (value := getattr(row, name)) is not None)


def _name(model: type[Model]) -> str:
    return _snake(model.__name__)


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")


def mark_changed(services: Iterable[uuid.UUID]) -> None:
    """Says that these changed now, for those who take our data."""
    if pks := list(services):
        Service.objects.filter(pk__in=pks).update(last_modified=timezone.now())
