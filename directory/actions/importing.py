"""Other people's data comes in: all of a file or feed, or nothing of it."""

import datetime as dt
import gzip
import tempfile
import uuid
from collections.abc import Callable, Iterable
from typing import Any, BinaryIO

from celery.exceptions import SoftTimeLimitExceeded
from django.core.exceptions import PermissionDenied
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from directory import permissions
from directory.importing import Record, Report, Unreadable, take_in
from directory.importing.feed import fetch
from directory.importing.sources import open_source
from directory.models import ImportRun, Service
from linkworkers.actions import Refused
from linkworkers.audit.actions import record
from members.models import User

Json = dict[str, Any]
State = ImportRun.State
LARGEST_UPLOAD = 25 * 1024**2  # bytes
LARGEST_FEED = 200 * 1024**2  # bytes, of one that is looked at in the office
FORGOTTEN_AFTER = dt.timedelta(days=2)  # a file that was only looked at
PICKED_UP_AFTER = dt.timedelta(minutes=2)  # by a worker, when one is there
GIVEN_UP_AFTER = dt.timedelta(hours=1)  # a worker has no run that long: it was interrupted


def import_documents(
    documents: Iterable[Json | Record],
    *,
    source: str,
    by: User | None,
    dry_run: bool,
    unit: str = "record",
    progress: Callable[[int], None] | None = None,
) -> Report:
    """Takes documents in, as `directory.importing.take_in` does, and records it; `by` is nobody for a command.

    Raises PermissionDenied.
    """
    _check(by)
    with transaction.atomic():
        report = take_in(_numbered(documents), source=source, dry_run=dry_run, unit=unit, progress=progress)
        if not dry_run:
            state = State.REFUSED if report.is_refused else State.DONE
            run = ImportRun(name=source, dry_run=False, state=state, by=by, report=report.as_json())
            run.done, run.finished_at = report.records, timezone.now()
            run.save()
            _record(run, report)
    return report


@transaction.atomic
def apply_documents(documents: Iterable[Json], *, by: User) -> list[Service]:
    """Brings listings to what these documents of ours say, each with all of its listing; returns the listings.

    The caller records why. Raises PermissionDenied, and Refused with every reason.
    """
    _check(by)
    given = list(documents)
    records = [Record(number, document, "whole") for number, document in enumerate(given, start=1)]
    report = take_in(records, trusted=True)
    if report.is_refused:
        raise Refused("; ".join(reason for _, reason in report.refused))
    found = Service.objects.in_bulk([uuid.UUID(document["id"]) for document in given])
    return [found[uuid.UUID(document["id"])] for document in given]


@transaction.atomic
def start_import(
    *, name: str, by: User, content: bytes | None = None, url: str = "", dry_run: bool = True
) -> ImportRun:
    """Has a worker take in a file or what is at an address, or only look. Raises PermissionDenied."""
    _check(by)
    ImportRun.objects.filter(created_at__lt=timezone.now() - FORGOTTEN_AFTER).update(content=None)
    run = ImportRun.objects.create(name=name, url=url, content=content, dry_run=dry_run, by=by)
    record("import.started", by=by, subject=run, summary=name, facts={"only_look": dry_run})
    return run


@transaction.atomic
def take_in_what_was_seen(run: ImportRun, *, by: User) -> ImportRun:
    """After a look, has the same content taken in. Raises PermissionDenied, and Refused when it is no longer there."""
    _check(by)
    seen = ImportRun.objects.select_for_update().get(pk=run.pk)
    if not can_be_taken_in(seen):
        raise Refused("What was looked at is no longer here, or was not found right. Send it again.")
    content, seen.content = bytes(seen.content or b""), None
    seen.save(update_fields=["content"])
    return start_import(name=seen.name, url=seen.url, content=content, dry_run=False, by=by)


@transaction.atomic
def start_again(run: ImportRun, *, by: User) -> ImportRun:
    """Puts back in the queue what a worker was interrupted in. Raises PermissionDenied, and Refused."""
    _check(by)
    stuck = ImportRun.objects.select_for_update().get(pk=run.pk)
    if not is_interrupted(stuck):
        raise Refused("This import is not interrupted.")
    stuck.state, stuck.created_at, stuck.done = State.WAITING, timezone.now(), 0
    stuck.save(update_fields=["state", "created_at", "done"])
    record("import.started_again", by=by, subject=stuck, summary=stuck.name)
    return stuck


def can_be_taken_in(run: ImportRun) -> bool:
    """Whether it was looked at and found right, and what was seen is still here. One query."""
    seen = run.dry_run and run.state == State.DONE
    return seen and ImportRun.objects.filter(pk=run.pk, content__isnull=False).exists()


def is_waiting_long(run: ImportRun) -> bool:
    return run.state == State.WAITING and run.created_at < timezone.now() - PICKED_UP_AFTER


def is_interrupted(run: ImportRun) -> bool:
    at_work = run.state in (State.READING, State.SAVING)
    return at_work and run.created_at < timezone.now() - GIVEN_UP_AFTER


def run_next_import() -> ImportRun | None:
    """Does the import that has waited longest; None when none waits. Two workers do not do the same one."""
    with transaction.atomic():
        waiting = ImportRun.objects.select_for_update(skip_locked=True).filter(state=State.WAITING)
        run = waiting.order_by("created_at").first()
        if run is None:
            return None
        run.state = State.READING
        run.save(update_fields=["state"])
    try:
        report = _work(run)
    except Unreadable as error:
        report = _refused(run, error.number, str(error))
    except SoftTimeLimitExceeded:
        report = _refused(run, 1, "This takes too long here. Whoever runs the server can use manage.py import_oruk.")
    except Exception:
        _finish(run, _refused(run, 1, "Something went wrong on our side, and nothing was changed."))
        raise
    _finish(run, report)
    return run


def _work(run: ImportRun) -> Report:
    with tempfile.TemporaryFile() as file, _Progress(run) as progress:
        if run.content is None:
            fetch(run.url, file, progress=progress.note)
            if run.dry_run:
                run.content = gzip.compress(_small_enough(file))
        else:
            file.write(run.content)
        file.seek(0)
        progress.note(0, State.SAVING)
        opened = open_source(file)
        report = take_in(
            opened.records,
            source=run.url or run.name,
            dry_run=run.dry_run,
            unit=opened.unit,
            progress=progress.note,
        )
        report.notes += opened.notes
        return report


def _small_enough(file: BinaryIO) -> bytes:
    content = file.read(LARGEST_FEED + 1)
    if len(content) > LARGEST_FEED:
        raise Unreadable("The feed is too large to be kept until you have looked. Use manage.py import_oruk for it.")
    return content


def _refused(run: ImportRun, number: int, reason: str) -> Report:
    report = Report(source=run.name, dry_run=run.dry_run)
    report.refuse(number, [reason])
    return report


@transaction.atomic
def _finish(run: ImportRun, report: Report) -> None:
    run.state = State.REFUSED if report.is_refused else State.DONE
    run.report, run.done, run.finished_at = report.as_json(), report.records, timezone.now()
    if report.is_refused or not run.dry_run:
        run.content = None
    run.save(update_fields=["state", "report", "done", "finished_at", "content"])
    _record(run, report)


def _record(run: ImportRun, report: Report) -> None:
    """What an import did is in the trail, with numbers and without what it said."""
    done = "import.looked_at" if run.dry_run else "import.taken_in"
    facts = {name: counts.__dict__ for name, counts in report.counts.items() if counts.changes}
    verb = "import.refused" if report.is_refused else done
    record(verb, by=run.by, subject=run, summary=f"{run.name}: {report.summary}", facts=facts)


def _check(by: User | None) -> None:
    if by is not None and not permissions.can_moderate(by):
        raise PermissionDenied


def _numbered(documents: Iterable[Json | Record]) -> Iterable[Record]:
    for number, each in enumerate(documents, start=1):
        yield each if isinstance(each, Record) else Record(number, each)


class _Progress:
    """Tells the page how far a run is, over a connection of its own: the import's work is not seen until it is done."""

    def __init__(self, run: ImportRun) -> None:
        self.run = run
        self.connection: BaseDatabaseWrapper = connections["default"].copy()

    def __enter__(self) -> "_Progress":
        return self

    def __exit__(self, *error: object) -> None:
        self.connection.close()

    def note(self, done: int, state: str = "") -> None:
        with self.connection.cursor() as cursor:
            cursor.execute(
                "UPDATE directory_importrun SET done = %s, state = coalesce(nullif(%s, ''), state) WHERE id = %s",
                [done, state, str(self.run.pk)],
            )
