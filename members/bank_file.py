"""Reading what a bank lets one download: a CSV, whatever its separator, its letters and the order of its columns."""

import csv
import datetime as dt
import hashlib
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

LARGEST = 2 * 1024 * 1024  # bytes
MOST_ROWS = 5_000
MOST_REASONS = 50
LONGEST_TEXT = 500  # characters
LARGEST_AMOUNT = Decimal("9999999.99")
HEADING_WITHIN = 20  # rows: banks write whose account it is above the columns
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]

# What a column is, by the words in its heading.
DATE = ("date",)
TEXT = (
    "description",
    "reference",
    "details",
    "narrative",
    "memo",
    "payee",
    "name",
    "particulars",
    "counter party",
    "counterparty",
)
AMOUNT = ("amount", "value")
IN = ("paid in", "money in", "credit", "credit amount", "in", "receipts", "deposits", "deposit")
OUT = ("paid out", "money out", "debit", "debit amount", "out", "payments", "withdrawals", "withdrawal")


class Unreadable(Exception):
    """A file that is refused whole. `reasons` are (row, why); row 0 is the file itself."""

    def __init__(self, *reasons: tuple[int, str]) -> None:
        super().__init__(reasons)
        self.reasons = reasons

    def __str__(self) -> str:
        return " ".join(f"Row {row}: {why}" if row else why for row, why in self.reasons)


@dataclass(frozen=True)
class ReadLine:
    """A payment in. `occurrence` counts lines of the same day, amount and text."""

    row: int
    booked_on: dt.date
    amount: Decimal
    text: str
    occurrence: int = 1

    @property
    def fingerprint(self) -> str:
        text = " ".join(self.text.casefold().split())
        return hashlib.sha256(f"{self.booked_on}|{self.amount}|{text}|{self.occurrence}".encode()).hexdigest()


@dataclass(frozen=True)
class Statement:
    lines: list[ReadLine]
    outgoing: int


@dataclass(frozen=True)
class Columns:
    """Where things stand in a row. Either `amount`, or `paid_in` and perhaps `paid_out`."""

    width: int
    date: int
    text: Sequence[int]
    amount: int | None
    paid_in: int | None
    paid_out: int | None


def read(content: bytes) -> Statement:
    """The payments in of a file. Raises Unreadable, with the rows that cannot be read, when there is one."""
    if len(content) > LARGEST:
        raise Unreadable((0, f"This file is larger than {LARGEST // 1024**2} MB. Ask the bank for fewer days."))
    rows = _rows(_decoded(content))
    heading, columns = _columns(rows)
    lines: list[ReadLine] = []
    reasons: list[tuple[int, str]] = []
    seen: Counter[tuple[dt.date, Decimal, str]] = Counter()
    outgoing = 0
    for number, row in rows[heading + 1 :]:
        try:
            day, amount, text = _line(row, columns)
        except ValueError as error:
            reasons.append((number, str(error)))
            continue
        if amount <= 0:
            outgoing += 1
            continue
        same = (day, amount, " ".join(text.casefold().split()))
        seen[same] += 1
        lines.append(ReadLine(number, day, amount, text, seen[same]))
    if reasons:
        more = len(reasons) - MOST_REASONS
        also = [(0, f"{more} more rows cannot be read.")] if more > 0 else []
        raise Unreadable(*reasons[:MOST_REASONS], *also)
    if not lines and not outgoing:
        raise Unreadable((0, "There is no payment in this file, only the headings of its columns."))
    return Statement(lines, outgoing)


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise Unreadable((0, "This is not a CSV file. In the bank’s pages choose “CSV” or “Spreadsheet (CSV)”."))


def _rows(text: str) -> list[tuple[int, list[str]]]:
    """The rows that have something in them, each with its number, under the separator that finds the most columns."""
    found: list[tuple[int, list[str]]] = []
    for separator in ",;\t|":
        try:
            reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
            rows = [(number, [" ".join(cell.split()) for cell in row]) for number, row in enumerate(reader, start=1)]
        except csv.Error:
            continue
        rows = [(number, row) for number, row in rows if any(row)]
        if len(rows) > MOST_ROWS:
            raise Unreadable((0, f"This file has more than {MOST_ROWS} rows. Ask the bank for fewer days."))
        widest = max((_told(row) for _, row in rows[:HEADING_WITHIN]), default=0)
        if widest > max((_told(row) for _, row in found[:HEADING_WITHIN]), default=0):
            found = rows
    if not found:
        raise Unreadable((0, _HEADINGS))
    return found


_HEADINGS = (
    "We cannot find the headings of its columns. It needs a row with Date, a Description or Reference,"
    " and an Amount, or Paid in and Paid out."
)


def _told(row: Sequence[str]) -> int:
    """How many cells of a row are headings that we know."""
    return sum(any(_is(cell, words) for words in (DATE, TEXT, AMOUNT, IN, OUT)) for cell in row)


def _is(cell: str, words: Sequence[str]) -> bool:
    """Whether a heading is one of these: Date, Transaction Date, Amount (GBP), Paid in £."""
    plain = " ".join(re.findall(r"[a-z]+", cell.casefold().replace("gbp", "")))
    if "account" in plain:  # one's own
        return False
    return any(plain == word or (len(word) > 3 and re.search(rf"\b{word}\b", plain) is not None) for word in words)


def _columns(rows: list[tuple[int, list[str]]]) -> tuple[int, Columns]:
    """Which row is the heading, and what its columns are."""
    for at, (_, row) in enumerate(rows[:HEADING_WITHIN]):
        dates = [place for place, cell in enumerate(row) if _is(cell, DATE)]
        paid_in = next((place for place, cell in enumerate(row) if _is(cell, IN)), None)
        paid_out = next((place for place, cell in enumerate(row) if _is(cell, OUT) and place != paid_in), None)
        amounts = [
            place for place, cell in enumerate(row) if _is(cell, AMOUNT) and place not in (*dates, paid_in, paid_out)
        ]
        taken = {*dates, *amounts, paid_in, paid_out}
        texts = [place for place, cell in enumerate(row) if _is(cell, TEXT) and place not in taken]
        if dates and texts and (amounts or paid_in is not None):
            return at, Columns(
                width=len(row),
                date=dates[0],
                text=texts,
                amount=amounts[0] if paid_in is None else None,
                paid_in=paid_in,
                paid_out=paid_out,
            )
    raise Unreadable((0, _HEADINGS))


def _line(row: list[str], columns: Columns) -> tuple[dt.date, Decimal, str]:
    """The day, the amount (zero or less when it went out) and the text of a row. Raises ValueError with the reason."""
    while len(row) > columns.width and not row[-1]:
        row = row[:-1]
    if len(row) != columns.width:
        raise ValueError(f"it has {len(row)} cells where the heading has {columns.width}.")
    day = _day(row[columns.date])
    text = " ".join(dict.fromkeys(filter(None, (row[place] for place in columns.text))))
    if columns.amount is not None:
        if not row[columns.amount]:
            raise ValueError("it has no amount.")
        amount = _amount(row[columns.amount])
    else:
        came = _amount(row[columns.paid_in or 0])
        went = _amount(row[columns.paid_out]) if columns.paid_out is not None else Decimal(0)
        if not came and not went:
            raise ValueError("it has no amount, neither in nor out.")
        if came and went:
            raise ValueError("it has an amount in and one out.")
        amount = came or -abs(went)
    if len(text) > LONGEST_TEXT:
        raise ValueError(f"its text is longer than {LONGEST_TEXT} letters.")
    if amount > 0 and not text:
        raise ValueError("it has no text, so nobody could tell whose it is.")
    return day, amount, text


def _day(cell: str) -> dt.date:
    """Day before month, or year first: 05/11/2026, 5 Nov 26, 05-Nov-2026, 2026-11-05, any with a time after it."""
    found = re.match(r"(\d{1,2})[\s/.\-]+(\d{1,2}|[A-Za-z]{3,9})[\s/.\-]+(\d{4}|\d{2})\b", cell)
    iso = re.match(r"(\d{4})-(\d{1,2})-(\d{1,2})\b", cell)
    try:
        if iso:
            year, month, day = iso.groups()
        elif found:
            day, month, year = found.groups()
        else:
            raise ValueError
        number = int(month) if month.isdigit() else MONTHS.index(month[:3].lower()) + 1
        return dt.date(int(year) + (2000 if len(year) == 2 else 0), number, int(day))
    except ValueError:
        raise ValueError(f"“{cell[:40]}” is not a day. We read 05/11/2026 as 5 November 2026.") from None


def _amount(cell: str) -> Decimal:
    """£1,234.50; (1.00), -1.00 and 1.00- are below zero; 1.00 CR and 1.00 DR. Zero when the cell is empty."""
    plain = cell.upper().replace("GBP", "").replace("£", "").replace("−", "-").replace(" ", "")
    if not plain:
        return Decimal(0)
    negative = (plain.startswith("(") and plain.endswith(")")) or plain.startswith("-") or plain.endswith(("-", "DR"))
    plain = plain.removesuffix("CR").removesuffix("DR").strip("()+-")
    if not re.fullmatch(r"(\d+|\d{1,3}(,\d{3})+)(\.\d{1,2})?", plain, re.ASCII):
        raise ValueError(f"“{cell[:40]}” is not an amount. We read 1,234.50.")
    amount = Decimal(plain.replace(",", "")).quantize(Decimal("0.01"))
    if amount > LARGEST_AMOUNT:
        raise ValueError(f"“{cell[:40]}” is more than we can take in.")
    return -amount if negative else amount
