"""Whose payment a line from the bank is: by the reference in it, by one that was mistyped, by the payer's name."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from members.models import BankLine, Invoice, Membership
from members.models.membership import is_number

INVOICE = re.compile(r"I[\W_]*N[\W_]*V[\W_]*(\d[\d\s\W_]*)", re.IGNORECASE)
MEMBERSHIP = re.compile(r"M[\W_]*((?:\d[\W_]*){6}\d)(?!\d)", re.IGNORECASE)
SHORTEST_NAME = 5  # letters of an organisation's name that have to stand together
NAME_IN_BANKS = 12  # letters after which a bank may cut a name off
MOST_PARTS = 3  # of a text that may have been one reference


class Sure(StrEnum):
    EXACT = "exact"
    LIKELY = "likely"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Match:
    """The invoice that a line seems to pay, how sure that is, and why, in words. Likely ones are confirmed by hand."""

    line: BankLine
    sure: Sure
    invoice: Invoice | None = None
    why: str = ""

    @property
    def difference(self) -> Decimal:
        """What would be left to pay; below zero when it is too much."""
        return self.invoice.balance - self.line.amount if self.invoice else Decimal(0)


@dataclass
class Books:
    """What lines are compared with: the unpaid invoices, and those that the lines name. Three queries in all."""

    by_number: dict[str, Invoice] = field(default_factory=dict)
    by_membership: dict[str, list[Invoice]] = field(default_factory=lambda: defaultdict(list))
    by_amount: dict[Decimal, list[Invoice]] = field(default_factory=lambda: defaultdict(list))
    mistyped: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))  # what a reference can become
    memberships: set[str] = field(default_factory=set)

    @classmethod
    def open(cls, lines: Sequence[BankLine]) -> "Books":
        books = cls()
        numbers = {number for line in lines for number in invoice_numbers(line.text)}
        books.memberships = set(
            Membership.objects.filter(
                number__in={number for line in lines for number in membership_numbers(line.text)}
            ).values_list("number", flat=True)
        )
        invoices = Invoice.objects.with_balance().select_related("membership__user")
        for invoice in invoices.filter(number__in=numbers):
            books.by_number[invoice.number] = invoice
        for invoice in invoices.unpaid():
            books.by_number[invoice.number] = invoice
            books.by_amount[invoice.balance].append(invoice)
            references = [invoice.number]
            if invoice.membership:
                books.by_membership[invoice.membership.number].append(invoice)
                references.append(invoice.membership.number)
            for reference in references:
                for form in _one_letter_less(_letters(reference)):
                    books.mistyped[form].add(invoice.number)
        return books


def match_all(lines: Sequence[BankLine]) -> list[Match]:
    """What each of these lines pays. Reads the books as they are now."""
    books = Books.open(lines)
    return [match(line, books) for line in lines]


def match(line: BankLine, books: Books) -> Match:
    return _by_reference(line, books) or _by_likeness(line, books) or Match(line, Sure.UNKNOWN, why="Nothing fits.")


def _by_reference(line: BankLine, books: Books) -> Match | None:
    named = {number for number in invoice_numbers(line.text) if number in books.by_number}
    if len(named) > 1:
        return Match(line, Sure.UNKNOWN, why=f"It names {_and(sorted(named))}. Choose the one it pays.")
    if named:
        return Match(line, Sure.EXACT, books.by_number[named.pop()], "It names the invoice.")
    members = {number for number in membership_numbers(line.text) if number in books.memberships}
    if not members:
        return None
    owed = [invoice for number in members for invoice in books.by_membership.get(number, [])]
    fitting = [invoice for invoice in owed if invoice.balance == line.amount]
    chosen = owed if len(owed) == 1 else fitting
    if len(chosen) == 1:
        return Match(line, Sure.EXACT, chosen[0], "It names the membership.")
    if owed:
        return Match(line, Sure.UNKNOWN, why=f"It names a membership that owes for {_and(i.number for i in owed)}.")
    return Match(line, Sure.UNKNOWN, why=f"It names membership {_and(sorted(members))}, which owes nothing.")


def _by_likeness(line: BankLine, books: Books) -> Match | None:
    """Invoices of the very amount: with a reference one slip of the fingers away, or with the payer's name."""
    same = {invoice.number: invoice for invoice in books.by_amount.get(line.amount, [])}
    if not same:
        return None
    slips = {
        number
        for candidate in _candidates(line.text)
        for form in _one_letter_less(candidate)
        for number in books.mistyped.get(form, ())
        if number in same and _is_one_slip(candidate, same[number])
    }
    names = {number for number, invoice in same.items() if _names_payer(line.text, invoice)}
    for found, why in (
        (slips & names, "The reference is mistyped; amount and name fit."),
        (slips, "The reference is mistyped; the amount fits."),
        (names, "Amount and name fit; there is no reference."),
    ):
        if len(found) == 1:
            return Match(line, Sure.LIKELY, same[found.pop()], why)
    if several := sorted(slips | names):
        return Match(line, Sure.UNKNOWN, why=f"It could be for {_and(several[:5])}.")
    return None


def invoice_numbers(text: str) -> set[str]:
    """Every number that a text can be read to name: in “inv 000 42 7” both INV-00042 and INV-000427."""
    found = set()
    for run in INVOICE.findall(unicodedata.normalize("NFKC", text)):
        digits = ""
        for group in re.findall(r"\d+", run, re.ASCII):
            digits += group
            if 5 <= len(digits) <= 9:
                found.add(f"INV-{int(digits):05}")
    return found


def membership_numbers(text: str) -> set[str]:
    runs = MEMBERSHIP.findall(unicodedata.normalize("NFKC", text))
    return {number for run in runs if is_number(number := "M" + re.sub(r"\D", "", run))}


def _letters(text: str) -> str:
    return "".join(re.findall(r"[A-Z0-9]", _plain(text)))


def _plain(text: str) -> str:
    """In capitals, without accents."""
    return "".join(
        letter for letter in unicodedata.normalize("NFKD", text.upper()) if not unicodedata.combining(letter)
    )


def _candidates(text: str) -> Iterator[str]:
    """Parts of a text, up to three of them together, that are about as long as a reference."""
    parts = re.findall(r"[A-Z0-9]+", _plain(text))
    for start in range(len(parts)):
        for count in range(1, MOST_PARTS + 1):
            joined = "".join(parts[start : start + count])
            if 7 <= len(joined) <= 10 and any(letter.isdigit() for letter in joined):
                yield joined


def _one_letter_less(word: str) -> set[str]:
    """The word itself, and with any one letter left out: two words with one slip between them share one of these."""
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}


def _is_one_slip(candidate: str, invoice: Invoice) -> bool:
    references = [invoice.number, *([invoice.membership.number] if invoice.membership else [])]
    return any(one_edit_apart(candidate, _letters(reference)) for reference in references)


def one_edit_apart(one: str, other: str) -> bool:
    """Whether two words are equal, or one letter more, less or other, or two neighbours swapped, makes them so."""
    if len(one) > len(other):
        one, other = other, one
    start = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))
    a, b = one[start:], other[start:]
    if len(a) == len(b):
        return a[1:] == b[1:] or (len(a) > 1 and a[:2] == b[1::-1] and a[2:] == b[2:])
    return len(b) == len(a) + 1 and a == b[1:]


def _names_payer(text: str, invoice: Invoice) -> bool:
    """Whether a text has the payer's name in it: SHAH P for Priya Shah; an organisation's up to where banks cut it."""
    membership = invoice.membership
    names = {invoice.bill_to} | ({membership.holder} if membership else set())
    words, together = set(re.findall(r"\w+", _plain(text))), _letters(text)
    for name in names:
        parts = re.findall(r"\w+", _plain(name))
        if len(parts) >= 2 and len(parts[-1]) >= 2 and parts[-1] in words and words & {parts[0], parts[0][0]}:
            return True
        letters = _letters(name)
        if len(letters) >= SHORTEST_NAME and letters[:NAME_IN_BANKS] in together:
            return True
    return False


def _and(numbers: Iterable[str]) -> str:
    listed = list(numbers)
    return " and ".join([", ".join(listed[:-1]), listed[-1]]) if len(listed) > 1 else "".join(listed)
