"""A postcode file into the tables, whole or not at all, in the memory of a few thousand rows."""

import io
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import IO

from django.db import connection, transaction
from pyproj import Transformer

from directory.models import OutwardCode
from directory.places.files import (
    NATIONS_AND_REGIONS,
    BadRow,
    Format,
    Row,
    is_area_code,
    names_of_areas,
    recognise,
    split,
)
from linkworkers.geo import in_the_united_kingdom

LONGEST_LINE = 65_536  # bytes
BATCH = 10_000  # rows
TOLD = 10  # bad rows
KNOWN = "ONS Postcode Directory, OS Code-Point Open or GeoNames postal codes"


class Unreadable(Exception):
    """A file that cannot be loaded. The message is a sentence for whoever gave it; nothing of it was kept."""


@dataclass(frozen=True)
class Part:
    """One file: that which was given, or one in the zip or folder that was given. `size` is in bytes, unpacked."""

    name: str
    size: int
    open: Callable[[], IO[bytes]]


@dataclass
class Report:
    """What became of a file. `bad` tells the first ten of `bad_rows`."""

    format: str
    rows: int = 0
    passed_over: int = 0
    bad_rows: int = 0
    bad: list[str] = field(default_factory=list)
    outward_codes: int = 0

    def spoilt(self, where: str, why: str) -> None:
        self.bad_rows += 1
        if len(self.bad) < TOLD:
            self.bad.append(f"{where}: {why}")


@dataclass
class Around:
    """What the rows of one outward code add up to."""

    rows: int = 0
    latitudes: float = 0.0
    longitudes: float = 0.0
    names: Counter[str] = field(default_factory=Counter)
    areas: set[str] = field(default_factory=set)

    def add(self, row: Row) -> None:
        self.rows += 1
        self.latitudes += row.y
        self.longitudes += row.x
        self.areas.update(row.areas)
        if row.name:
            self.names[row.name] += 1


class PostcodeFile:
    """A file, folder or zip of one of the three formats.

    Raises `Unreadable` when it is not there, or none of the three. `size` is the bytes that a load reads.
    """

    def __init__(self, path: Path) -> None:
        with _refusing(path.name):
            parts = list(_parts(path))
            known = [(part, recognised) for part in parts if (recognised := recognise(next(_peek(part), "")))]
            if not known:
                raise Unreadable(f"{path.name} is not a file of {KNOWN}.")
            self.format: Format = known[0][1]
            if any(recognised.name != self.format.name for _, recognised in known):
                raise Unreadable(f"{path.name} holds files of several formats. Load them one by one.")
            # The ONS packs the same rows twice: whole, and a folder deeper in pieces.
            depth = min(part.name.count("/") for part, _ in known)
            self.parts = [(part, each) for part, each in known if part.name.count("/") == depth]
            self.size = sum(part.size for part, _ in self.parts)
            self.names = dict(NATIONS_AND_REGIONS)
            for part in parts:
                self.names.update(names_of_areas(_peek(part)))

    def load(self, progress: Callable[[int], object] = lambda read: None) -> Report:
        """Put its rows into the tables, in one transaction. Rows that are there and not in the file stay.

        `progress` is told the bytes of each line read. Raises `Unreadable`, and then nothing was changed.
        """
        report = Report(self.format.name)
        around: dict[str, Around] = {}
        with _refusing(self.parts[0][0].name), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "CREATE TEMPORARY TABLE loading (number serial, code text, latitude float8, longitude float8)"
            )
            rows = self._rows(report, progress)
            while batch := list(islice(rows, BATCH)):
                for row in batch:
                    around.setdefault(row.outward_code, Around()).add(row)
                copied = "".join(f"{row.code}\t{row.y}\t{row.x}\n" for row in batch if row.code != row.outward_code)
                cursor.copy_expert("COPY loading (code, latitude, longitude) FROM STDIN", io.StringIO(copied))
                report.rows += len(batch)
            if not report.rows:
                raise Unreadable(f"There is no row in it to load. {' '.join(report.bad[:1])}".strip())
            cursor.execute("""
                INSERT INTO directory_postcode AS p (code, latitude, longitude)
                SELECT DISTINCT ON (code) code, latitude, longitude FROM loading ORDER BY code, number DESC
                ON CONFLICT (code) DO UPDATE SET latitude = excluded.latitude, longitude = excluded.longitude
                WHERE (p.latitude, p.longitude) <> (excluded.latitude, excluded.longitude)
            """)
            cursor.execute("DROP TABLE loading")
            _keep(around)
        report.outward_codes = len(around)
        return report

    def _rows(self, report: Report, progress: Callable[[int], object]) -> Iterator[Row]:
        """Every good row, with its position in degrees."""
        grid = Transformer.from_crs("EPSG:27700", "EPSG:4326", always_xy=True) if self.format.on_national_grid else None
        parsed = self._parsed(report, progress)
        while batch := list(islice(parsed, BATCH)):
            xs, ys = [row.x for _, row in batch], [row.y for _, row in batch]
            if grid:
                xs, ys = grid.transform(xs, ys)
            for (where, row), x, y in zip(batch, xs, ys, strict=True):
                longitude, latitude = round(x, 6), round(y, 6)  # to the breadth of a hand
                if in_the_united_kingdom(latitude, longitude):
                    yield row._replace(x=longitude, y=latitude)
                else:
                    report.spoilt(where, "Its position is not in the United Kingdom.")

    def _parsed(self, report: Report, progress: Callable[[int], object]) -> Iterator[tuple[str, Row]]:
        for part, form in self.parts:
            for number, (line, whole) in enumerate(_lines(part, progress), 1):
                if (number == 1 and form.has_header) or not line.strip():
                    continue
                where = f"{part.name}, line {number}"
                try:
                    row = form.parse(split(line, form.delimiter), self.names)
                except BadRow as bad:
                    if not whole:
                        raise Unreadable(f"It stops in the middle of {where}.") from None
                    report.spoilt(where, str(bad))
                    continue
                if row is None:
                    report.passed_over += 1
                else:
                    yield where, row


@contextmanager
def _refusing(name: str) -> Iterator[None]:
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError):
        raise Unreadable(f"{name} is a broken or half zip file.") from None
    except NotImplementedError as error:  # packed in a way that Python does not know
        raise Unreadable(f"{name} cannot be unpacked: {error}.") from error
    except OSError as error:
        raise Unreadable(f"{name} cannot be read: {error.strerror}.") from error


def _parts(path: Path) -> Iterator[Part]:
    if path.is_dir():
        for file in sorted(path.rglob("*")):
            if file.is_file():
                yield Part(file.relative_to(path).as_posix(), file.stat().st_size, _opener(file))
        return
    with path.open("rb") as start:
        packed = start.read(4) == b"PK\x03\x04"
    if packed:
        archive = zipfile.ZipFile(path)
        for member in sorted(archive.infolist(), key=lambda member: member.filename):
            if member.flag_bits & 1:
                raise Unreadable(f"{path.name} is locked with a password.")
            if not member.is_dir():
                yield Part(member.filename, member.file_size, partial(archive.open, member))
    else:
        yield Part(path.name, path.stat().st_size, _opener(path))


def _opener(path: Path) -> Callable[[], IO[bytes]]:
    return lambda: path.open("rb")


def _peek(part: Part) -> Iterator[str]:
    """The lines of a part that may be no text at all, as far as they are text. Not all tables of names are in UTF-8."""
    with part.open() as file:
        for line in iter(lambda: file.readline(LONGEST_LINE), b""):
            if b"\0" in line:
                return
            try:
                yield line.decode("utf-8-sig")
            except UnicodeDecodeError:
                yield line.decode("latin-1")


def _lines(part: Part, progress: Callable[[int], object]) -> Iterator[tuple[str, bool]]:
    """Each line, and whether its end is there. Raises `Unreadable` for what is no text in UTF-8."""
    with part.open() as file:
        for number, line in enumerate(iter(lambda: file.readline(LONGEST_LINE), b""), 1):
            progress(len(line))
            if len(line) == LONGEST_LINE:
                raise Unreadable(f"{part.name}, line {number} is longer than any line of {KNOWN}.")
            try:
                text = line.decode("utf-8-sig" if number == 1 else "utf-8")
            except UnicodeDecodeError:
                text = "\0"
            if "\0" in text:
                raise Unreadable(f"{part.name}, line {number} is not text in UTF-8.")
            yield text, line.endswith(b"\n")


def _keep(around: dict[str, Around]) -> None:
    """Write the outward codes that the file changes. What it says nothing about, names or codes, stays."""
    spread = Counter(name for each in around.values() for name in each.names)
    known = OutwardCode.objects.in_bulk(list(around))
    changed = []
    for code, sums in sorted(around.items()):
        before = known.get(code) or OutwardCode(code=code)
        after = OutwardCode(
            code=code,
            latitude=round(sums.latitudes / sums.rows, 6),
            longitude=round(sums.longitudes / sums.rows, 6),
            name=_commonest(sums.names, spread) or before.name,
            areas=_merged(sums.areas, before.areas),
            source=OutwardCode.Source.LOADED,
        )
        if any(getattr(before, name) != getattr(after, name) for name in _CHANGING):
            changed.append(after)
    OutwardCode.objects.bulk_create(
        changed, batch_size=500, update_conflicts=True, unique_fields=["code"], update_fields=_CHANGING
    )


_CHANGING = ["latitude", "longitude", "name", "areas", "source"]


def _commonest(names: Counter[str], spread: Counter[str]) -> str:
    """What most rows call it; of several the one that most outward codes share, the town rather than its villages."""
    return max(names, key=lambda name: (names[name], spread[name], name), default="")


def _merged(areas: set[str], before: list[str]) -> list[str]:
    codes_given = any(is_area_code(area) for area in areas)
    names_given = any(not is_area_code(area) for area in areas)
    return sorted(areas | {area for area in before if not (codes_given if is_area_code(area) else names_given)})
