"""The whole directory as files for whoever wants all of it. Written at night, and taken away when something in them
must not be told any more.
"""

import csv
import datetime as dt
import fcntl
import gzip
import io
import json
import logging
import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from celery import current_app
from django.conf import settings
from django.utils import timezone
from kombu.exceptions import OperationalError

from directory.columns import COLUMNS, rows_of
from directory.standard.stream import whole_services

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Licence:
    """On what terms anybody may use the data."""

    name: str
    url: str


LICENCE = Licence("Creative Commons Attribution 4.0", "https://creativecommons.org/licenses/by/4.0/")
JSON, LINES, TABLE = "services.json.gz", "services.ndjson.gz", "services.csv.gz"
NAMES = {
    TABLE: "The common facts as a table, for a spreadsheet: a line for each place of a service",
    JSON: "One list of services in the standard’s JSON",
    LINES: "The same JSON, a service a line: for programs that read as they go",
}
TRIES = 3
ABANDONED = 60 * 60  # seconds: longer than any task runs
# Its bytes change whenever files are taken away; whoever writes meanwhile sees that, and begins anew.
MARK = "taken-away"


@dataclass(frozen=True)
class Dump:
    """A file that is there. `size` is in bytes."""

    name: str
    says: str
    size: int
    written_at: dt.datetime

    @property
    def path(self) -> Path:
        return _folder() / self.name


def find(name: str) -> Dump | None:
    """The file of that name, if it is one of ours and there."""
    if name not in NAMES:
        return None
    try:
        facts = (_folder() / name).stat()
    except FileNotFoundError:
        return None
    return Dump(name, NAMES[name], facts.st_size, dt.datetime.fromtimestamp(facts.st_mtime, tz=dt.UTC))


def available() -> list[Dump]:
    return [dump for dump in map(find, NAMES) if dump]


def write_all() -> int:
    """Writes every file anew, in constant memory, and puts all in place at once. Returns how many services are in them.

    Raises RuntimeError when files were taken away again and again meanwhile; then there are none.
    """
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob("writing-*"):
        if left.stat().st_mtime < time.time() - ABANDONED:  # its writer was killed
            shutil.rmtree(left)
    for _ in range(TRIES):
        mark = _mark()
        with tempfile.TemporaryDirectory(prefix="writing-", dir=folder) as temporary:
            count = _write(Path(temporary))
            with _alone():
                if _mark() == mark:
                    for name in NAMES:
                        os.replace(Path(temporary) / name, folder / name)
                    return count
    raise RuntimeError("The files of open data were taken away each time before they were complete.")


def forget() -> None:
    """Takes every file away at once and asks for new ones. To be called after the commit of what must not be told."""
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    with _alone():
        (folder / MARK).write_text(timezone.now().isoformat(), encoding="ascii")
        for name in NAMES:
            (folder / name).unlink(missing_ok=True)
    try:
        current_app.send_task("directory.tasks.write_dumps")
    except OperationalError as error:
        logger.warning("The broker is away (%s); the night will write the files.", type(error).__name__)


def _folder() -> Path:
    return Path(settings.DUMPS_DIR)


def _mark() -> str:
    try:
        return (_folder() / MARK).read_text(encoding="ascii")
    except FileNotFoundError:
        return ""


@contextmanager
def _alone() -> Iterator[None]:
    """Nobody else puts files in place or takes them away meanwhile."""
    with open(_folder() / "lock", "a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _write(folder: Path) -> int:
    """One reading of the directory, into every file."""
    count = 0
    with ExitStack() as stack:

        def opened(name: str) -> IO[str]:
            raw = stack.enter_context(gzip.open(folder / name, "wb", compresslevel=6))
            return stack.enter_context(io.TextIOWrapper(raw, encoding="utf-8", newline=""))

        array, lines, table = opened(JSON), opened(LINES), opened(TABLE)
        rows = csv.writer(table)
        rows.writerow(COLUMNS)
        array.write("[")
        for service in whole_services():
            text = json.dumps(service, ensure_ascii=False, separators=(",", ":"))
            array.write(("," if count else "") + "\n" + text)
            lines.write(text + "\n")
            rows.writerows([_harmless(cell) for cell in row] for row in rows_of(service))
            count += 1
        array.write("\n]\n")
    return count


def _harmless(cell: str) -> str:
    """What a spreadsheet would run is text to it behind an apostrophe; a number that is below zero stays one."""
    runs = cell.startswith(("=", "+", "-", "@", "\t", "\r")) and not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", cell)
    return f"'{cell}" if runs else cell
