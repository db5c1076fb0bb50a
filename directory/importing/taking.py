"""Takes records in: all of them, or none."""

import uuid
from collections.abc import Callable, Iterable, Iterator

from django.db import connection, transaction

from directory import index, places
from directory.importing.hiding import keep_hidden
from directory.importing.matching import match
from directory.importing.merge import Merge, mark_changed
from directory.importing.nodes import Nodes, Seen
from directory.importing.records import Record, Unreadable
from directory.importing.report import Report
from directory.models import Location, Organization, Service, TaxonomyTerm
from directory.standard.read import Entry, Reading, read
from linkworkers.batches import batched

BATCH = 500  # records: what memory holds of a file
ONE_AT_A_TIME = 20_261_123  # any number: the advisory lock of whoever takes records in


def take_in(
    records: Iterable[Record],
    *,
    source: str = "",
    dry_run: bool = False,
    trusted: bool = False,
    unit: str = "record",
    progress: Callable[[int], None] | None = None,
) -> Report:
    """Brings the directory to what the records say, in one transaction; `progress` hears how many were read.

    A record that is refused refuses them all, and a dry run is the same taken back: nothing is changed then. Of
    services that we hold their address, code, owner, newer checks of ours and confidential places stay as they are.
    With `trusted`, for what we wrote ourselves and have checked, owners' listings are changed too. Otherwise two wait
    for each other, words that tell where a confidential place is are refused, and another place there is one too.
    """
    report = Report(source=source, dry_run=dry_run, unit=unit)
    with transaction.atomic():
        if not trusted:
            _wait_for_others()
        moved = False
        with Seen() as seen:
            for entries in _batches(records, report, progress):
                moved |= _take_in_batch(entries, seen, report, trusted)
        if report.is_refused or dry_run:
            transaction.set_rollback(True)
        elif moved:
            places.learn()
    if report.is_refused:
        report.counts.clear()
        report.examples.clear()
    return report


def _wait_for_others() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])


def _batches(
    records: Iterable[Record], report: Report, progress: Callable[[int], None] | None
) -> Iterator[list[tuple[int, Entry]]]:
    """The entries of each batch with the numbers of their records. Reads on after a fault, to tell of the others."""
    try:
        for batch in batched(records, BATCH):
            entries: list[tuple[int, Entry]] = []
            for record in batch:
                reading = Reading(faults=[*record.faults]) if record.faults else read(record.document, record.extent)
                report.refuse(record.number, (_in_words(fault, record) for fault in reading.faults))
                report.leave_out(reading.left_out)
                entries += [(record.number, entry) for entry in reading.entries]
            report.records += len(batch)
            if progress:
                progress(report.records)
            if not report.is_refused:
                yield entries
            elif not report.has_room:
                return
    except Unreadable as error:
        report.records = error.number - 1
        report.refuse(error.number, [str(error)])


def _in_words(fault: str, record: Record) -> str:
    """A spreadsheet's own name for a field, where the record knows it."""
    path, colon, reason = fault.partition(": ")
    return f"{record.columns.get(path, path)}{colon}{reason}"


def _take_in_batch(entries: list[tuple[int, Entry]], seen: Seen, report: Report, trusted: bool) -> bool:
    """Returns whether a place or an address changed."""
    matches = match([entry for _, entry in entries], source=report.source, owners_too=trusted, seen=seen)
    nodes = Nodes(left_alone=frozenset(matches.left_alone))
    for number, entry in entries:
        if entry.id in matches.kept:
            report.keep(number, f"“{entry.values['name']}” is looked after by its owner here, and stays as it is")
            continue
        nodes.add(entry, number)
    for model in (Organization, Location, Service):
        for theirs, node in nodes.by_model[model].items():
            nodes.note_meant(matches.our(theirs), theirs, node.number)
    clashes = [*nodes.clashes, *seen.clashes(nodes.facts.values())]
    for fact, first in clashes:
        report.refuse(fact.number, [f"{fact.id} is here twice with different content, first in {report.unit} {first}"])
    if clashes:
        return False
    private = set() if trusted else keep_hidden(entries, matches, report)
    if report.is_refused:
        return False
    merge = Merge(nodes, matches, report=report, source=report.source, private=private)
    merge.save()
    _refuse_circles(merge, report)
    if not report.is_refused and not report.dry_run:
        touched, undated = merge.touched()
        mark_changed(undated)
        index.refresh(touched)
    return merge.moves


def _refuse_circles(merge: Merge, report: Report) -> None:
    """Terms of this batch whose parents, and theirs in turn, lead back to themselves."""
    numbers: dict[uuid.UUID, int] = {pk: node.number for pk, node in merge.nodes.by_model[TaxonomyTerm].items()}
    changed = numbers.keys() & merge.changed
    if not changed:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH RECURSIVE above(start, name, id) AS (
                SELECT id, name, parent_id FROM directory_taxonomyterm WHERE id = ANY(%s::uuid[])
                UNION
                SELECT start, above.name, parent_id FROM above JOIN directory_taxonomyterm USING (id)
            )
            SELECT start, name FROM above WHERE id = start
            """,
            [list(map(str, changed))],
        )
        for pk, name in cursor.fetchall():
            report.refuse(numbers[pk], [f"the term “{name}” is, by way of its parents, its own parent"])
