"""Spreadsheets that people send and take home: CSV as any office saves it, and XLSX to be opened anywhere."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

DELIMITERS = ",;\t|"
PREAMBLE = 20  # rows before the header that a bank or a database may put there
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Unreadable(Exception):
    """A file that is no spreadsheet we can read. Its text is for whoever sent it."""


@dataclass(frozen=True)
class Row:
    """A row that is not empty. `number` is what the spreadsheet shows beside it; `cells` are by column, stripped."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Problem:
    """What is wrong with a row."""

    number: int
    text: str


@dataclass
class Table:
    """What was read. `notes` say what had to be guessed."""

    columns: list[str]
    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read_table(
    upload: bytes, *, columns: Mapping[str, Sequence[str]], required: Sequence[str], most_rows: int = 5_000
) -> Table:
    """Reads a CSV: UTF-8 or Windows-1252; commas, semicolons, tabs or bars; the header anywhere in its first rows.

    `columns` maps the names of columns to what else people call them, in lower case. Rows with more or fewer cells
    than the header has are `problems`, with their numbers. Raises Unreadable when there is no such table in the file.
    """
    text, notes = _decoded(upload)
    for delimiter in DELIMITERS:
        lines, is_whole = _lines(text, delimiter)
        for at, line in enumerate(lines[:PREAMBLE]):
            names = [_column(cell, columns) for cell in line]
            if not all(name in names for name in required):
                continue
            if not is_whole:
                raise Unreadable(f"The quotation marks after row {len(lines)} do not pair up. Save the file again.")
            return _table(lines, at, names, notes, most_rows)
    raise Unreadable(f"We found no row with the columns’ names. These are needed: {', '.join(required)}.")


def _decoded(upload: bytes) -> tuple[str, list[str]]:
    if upload.startswith(b"PK"):
        raise Unreadable("This is a workbook. Save it as CSV in your spreadsheet program, and choose that file.")
    if b"\x00" in upload:
        raise Unreadable("This is not a text file. Save the spreadsheet as CSV, and choose that file.")
    if not upload.strip():
        raise Unreadable("This file is empty. Choose another one.")
    try:
        return upload.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        pass
    try:
        return upload.decode("cp1252"), ["The file was read as Windows text (cp1252). Look at its accents and £."]
    except UnicodeDecodeError as error:
        raise Unreadable("The letters in this file cannot be read. Save it again as CSV UTF-8.") from error


def _lines(text: str, delimiter: str) -> tuple[list[list[str]], bool]:
    """The rows as the spreadsheet numbers them (a cell of several lines is one row), and whether they are all."""
    lines: list[list[str]] = []
    try:
        for line in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            lines.append([" ".join(cell.split()) for cell in line])
    except csv.Error:
        return lines, False
    return lines, True


def _column(cell: str, columns: Mapping[str, Sequence[str]]) -> str:
    """Our name for a column, or what was written."""
    said = re.sub(r"[\s_]+", " ", cell).strip().lower().rstrip(":* ")
    return next((name for name, others in columns.items() if said == name or said in others), said)


def _table(lines: list[list[str]], at: int, names: list[str], notes: list[str], most_rows: int) -> Table:
    while names and not names[-1]:
        names.pop()
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice:
        raise Unreadable(f"The column {twice[0]} is there twice. Take one of the two out.")
    table = Table(columns=names, notes=notes)
    for number, line in enumerate(lines[at + 1 :], start=at + 2):
        if not any(line):
            continue
        if len(table.rows) == most_rows:
            raise Unreadable(f"There are more than {most_rows:,} rows. Cut the file into several.")
        extra = [cell for cell in line[len(names) :] if cell]
        if extra:
            table.problems.append(
                Problem(number, f"There are more cells than columns: “{extra[0][:40]}” is left over.")
            )
        elif len(line) < len(names):
            text = f"There are {len(line)} cells for {len(names)} columns. Fill in merged or missing cells."
            table.problems.append(Problem(number, text))
        cells = dict.fromkeys(names, "") | dict(zip(names, line, strict=False))
        table.rows.append(Row(number, cells))
    if not table.rows:
        raise Unreadable("There is no row beneath the columns’ names.")
    return table


def harmless(value: Any) -> Any:
    """Text that a spreadsheet will not take for a formula, whoever typed it; anything else as it is."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


# --- XLSX. What is text stays text, so that no number loses a nought and no date its day; amounts of money are numbers.

_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def as_xlsx(rows: Iterable[Sequence[Any]]) -> bytes:
    """A workbook of one sheet with these rows, the first of them the columns' names.

    A Decimal is a number with two places, that can be added up; everything else is text, and never a formula.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Sheet1")

    def cell(value: Any) -> WriteOnlyCell:
        if isinstance(value, Decimal):
            made = WriteOnlyCell(sheet, value)
            made.number_format = "0.00"
            return made
        made = WriteOnlyCell(sheet, _NOT_IN_XML.sub("", "" if value is None else str(value)))
        made.data_type = "s"  # or what begins with = would be a formula
        return made

    for row in rows:
        sheet.append([cell(value) for value in row])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def as_csv(rows: Iterable[Sequence[Any]]) -> bytes:
    """The same as CSV, in UTF-8 with the mark by which Excel knows it. What people typed has to be `harmless`."""
    written = io.StringIO(newline="")
    csv.writer(written).writerows(rows)
    return written.getvalue().encode("utf-8-sig")
