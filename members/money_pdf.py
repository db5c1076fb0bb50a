"""Invoices, receipts and credit notes on paper."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from django.utils import timezone
from django.utils.formats import date_format
from fpdf.enums import XPos, YPos

from linkworkers.pdf import FACE, GREEN, INK, MUTED, STAND_IN, Drawn, Page
from linkworkers.templatetags import pounds
from members.models import Association, CreditNote, Invoice, InvoiceLine, Payment
from members.models.money import ZERO

LINE = 5.2  # millimetres
MIDDLE, RIGHT = 112.0, 188.0  # where the second column begins, and where the page ends
LABEL = 34.0
SHORTEST_LINE = 25  # letters of the widest kind in the first column of a table
LINES = ((22.0, 86.0, "L"), (108.0, 14.0, "R"), (122.0, 24.0, "R"), (146.0, 16.0, "R"), (162.0, 26.0, "R"))
RATES = ((22.0, 18.0, "L"), (40.0, 24.0, "R"), (64.0, 24.0, "R"))
SUMS = ((MIDDLE, 50.0, "L"), (162.0, 26.0, "R"))
Columns = Sequence[tuple[float, float, str]]


@dataclass(frozen=True)
class Sheet:
    """What stands on a page. `sums` are (label, amount, whether it counts most); `rates` has the VAT of each rate."""

    title: str
    facts: Sequence[tuple[str, str]]
    recipient: Sequence[str]
    head: Sequence[str] = ()
    lines: Sequence[Sequence[str]] = ()
    rates: Sequence[Sequence[str]] = ()
    sums: Sequence[tuple[str, str, bool]] = ()
    notes: Sequence[tuple[str, Sequence[tuple[str, str]]]] = ()  # a heading, and labels with values


def invoice_pdf(invoice: Invoice) -> bytes:
    """The invoice as it was sent, with its purchase order and with what was paid and taken back until today."""
    association = Association.get()
    lines = list(invoice.lines.all())
    payments = list(invoice.payments.order_by("received_on", "pk"))
    notes = list(invoice.credit_notes.order_by("issued_on", "pk"))
    balance = invoice.total - sum((each.amount for each in payments), ZERO) - sum((each.total for each in notes), ZERO)
    sums = [
        ("Without VAT", pounds(invoice.net), False),
        ("VAT", pounds(invoice.vat), False),
        ("Total", pounds(invoice.total), True),
        *((_moved(payment), pounds(-payment.amount), False) for payment in payments),
        *((f"Credit note {note.number}", pounds(-note.total), False) for note in notes),
    ]
    if balance < 0:
        sums.append(("Paid too much", pounds(-balance), True))
    elif payments or notes:
        sums.append(("Still to pay", pounds(balance), True) if balance else ("Nothing left to pay", pounds(ZERO), True))
    sheet = Sheet(
        title="Invoice",
        facts=[
            ("Number", invoice.number),
            ("Date", date_format(invoice.issued_on)),
            ("Due", date_format(invoice.due_on)),
            *([("Purchase order", invoice.purchase_order)] if invoice.purchase_order else []),
            *([("Membership", invoice.membership.number)] if invoice.membership else []),
        ],
        recipient=[invoice.bill_to, *invoice.address.splitlines()],
        head=["What for", "Number", "Price", "VAT", "Amount"],
        lines=[
            [line.description, str(line.quantity), pounds(line.unit_price), _rate(line.vat_rate), pounds(line.net)]
            for line in lines
        ],
        rates=list(_rates(lines)),
        sums=sums,
        notes=[("How to pay", _how_to_pay(association, invoice))] if balance > 0 else [],
    )
    return _drawn(sheet, association)


def receipt_pdf(payment: Payment) -> bytes:
    """What was received or paid back, when and how, and for which invoice."""
    invoice = payment.invoice
    assert invoice is not None  # noqa: S101 - what belongs to no invoice has no receipt
    back = payment.amount < 0
    sheet = Sheet(
        title="Money paid back" if back else "Receipt",
        facts=[
            ("Number", payment.number),
            ("Date", date_format(payment.received_on)),
            ("For invoice", invoice.number),
            *([("Purchase order", invoice.purchase_order)] if invoice.purchase_order else []),
            ("Paid by", payment.get_method_display()),
            *([("Reference", payment.reference)] if payment.reference else []),
        ],
        recipient=[invoice.bill_to, *invoice.address.splitlines()],
        sums=[("Paid back to you" if back else "Received, with thanks", pounds(abs(payment.amount)), True)],
    )
    return _drawn(sheet, Association.get())


def credit_note_pdf(note: CreditNote) -> bytes:
    """What is taken back of an invoice, and why."""
    invoice = note.invoice
    sheet = Sheet(
        title="Credit note",
        facts=[
            ("Number", note.number),
            ("Date", date_format(note.issued_on)),
            ("For invoice", invoice.number),
            *([("Purchase order", invoice.purchase_order)] if invoice.purchase_order else []),
        ],
        recipient=[invoice.bill_to, *invoice.address.splitlines()],
        head=["Why", "", "", "", "Amount"],
        lines=[[note.reason, "", "", "", pounds(note.net)]],
        sums=[
            ("Without VAT", pounds(note.net), False),
            ("VAT", pounds(note.vat), False),
            ("Taken back", pounds(note.total), True),
        ],
    )
    return _drawn(sheet, Association.get())


def _moved(payment: Payment) -> str:
    verb = "Paid back" if payment.amount < 0 else "Paid"
    return f"{verb} {payment.received_on:%d.%m.%Y}, {payment.number}"


def _rate(rate: Decimal) -> str:
    return f"{rate.normalize():f}%"


def _rates(lines: Iterable[InvoiceLine]) -> Iterable[list[str]]:
    for rate, some in groupby(sorted(lines, key=lambda line: line.vat_rate), key=lambda line: line.vat_rate):
        same = list(some)
        yield [
            _rate(rate),
            pounds(sum((line.net for line in same), ZERO)),
            pounds(sum((line.vat for line in same), ZERO)),
        ]


def _how_to_pay(association: Association, invoice: Invoice) -> list[tuple[str, str]]:
    return [
        (label, value)
        for label, value in (
            ("Account name", association.account_name),
            ("Sort code", association.sort_code),
            ("Account number", association.account_number),
            ("Reference", invoice.number),
            ("By", date_format(invoice.due_on)),
        )
        if value
    ]


def _sender(association: Association) -> list[str]:
    return [
        *association.address.splitlines(),
        *filter(None, (association.email, association.phone)),
        *([f"Registered number {association.company_number}"] if association.company_number else []),
        *([f"VAT number {association.vat_number}"] if association.vat_number else []),
    ]


def _drawn(sheet: Sheet, association: Association) -> bytes:
    sender = _sender(association)
    everything = "".join(
        [
            *(association.name, *sender, sheet.title, *sheet.recipient, *sheet.head, STAND_IN),
            *(part for pair in sheet.facts for part in pair),
            *(cell for row in (*sheet.lines, *sheet.rates) for cell in row),
            *(part for label, amount, _ in sheet.sums for part in (label, amount)),
            *(part for _, pairs in sheet.notes for pair in pairs for part in pair),
        ]
    )
    number = sheet.facts[0][1]
    paper = Paper(everything, f"{sheet.title} {number}", Drawn(everything))
    paper.set_title(f"{sheet.title} {number}")
    paper.set_author(association.name)
    paper.set_lang("en-GB")
    paper.set_creation_date(timezone.now())
    paper.heads(sheet, association.name, sender)
    if sheet.lines:
        paper.ruled(LINES, sheet.lines, sheet.head)
    paper.totals(sheet)
    for heading, pairs in sheet.notes:
        paper.note(heading, pairs)
    if paper.drawn.lacks_some:
        paper.ln(4)
        paper.say(f"A letter that could not be printed is shown as {STAND_IN}. The page online has it.", size=9)
    return bytes(paper.output())


class Paper(Page):
    """An A4 page with two columns at its top, a table below them, and sums at the right."""

    def __init__(self, text: str, footer_text: str, drawn: Drawn) -> None:
        super().__init__(text, footer_text)
        self.drawn = drawn

    def say(
        self,
        text: str,
        *,
        x: float = 22,
        width: float = 166,
        align: str = "L",
        size: float = 10.5,
        bold: bool = False,
        colour: tuple[int, int, int] = INK,
    ) -> None:
        """Wrapped text in a column, on to the next line."""
        self.set_font(FACE, "B" if bold else "", size)
        self.set_text_color(*colour)
        self.set_x(x)
        self.write_line(self.drawn(text), max(LINE, size * 0.46), width=width, align=align)

    def pair(self, label: str, value: str, *, x: float = 22, width: float = 84) -> None:
        self.make_room(LINE)
        y = self.get_y()
        self.say(label, x=x, width=LABEL, colour=MUTED)
        self.set_y(y)
        self.say(value, x=x + LABEL, width=width - LABEL, bold=True)

    def heads(self, sheet: Sheet, name: str, sender: Sequence[str]) -> None:
        """What this is and its facts at the left, who sends it at the right; below them to whom."""
        top = self.get_y()
        self.say(name, x=MIDDLE + 6, width=RIGHT - MIDDLE - 6, bold=True, colour=GREEN)
        for line in sender:
            self.say(line, x=MIDDLE + 6, width=RIGHT - MIDDLE - 6, size=9.5, colour=MUTED)
        beside, page = self.get_y(), self.page
        self.set_y(top)
        self.say(sheet.title, width=84, size=24, bold=True, colour=GREEN)
        self.ln(4)
        for label, value in sheet.facts:
            self.pair(label, value)
        if self.page == page:
            self.set_y(max(beside, self.get_y()))
        self.ln(7)
        self.say("To", size=9.5, colour=MUTED)
        for number, line in enumerate(sheet.recipient):
            self.say(line, width=110, bold=number == 0)
        self.ln(8)

    def ruled(self, columns: Columns, rows: Iterable[Sequence[str]], head: Sequence[str]) -> None:
        self._row(columns, head, colour=MUTED, size=9.5)
        for row in rows:
            self.rule(*self._ends(columns))
            self._row(columns, row)
        self.rule(*self._ends(columns))

    def totals(self, sheet: Sheet) -> None:
        """The sums at the right; the VAT of each rate beside them."""
        self.ln(4)
        self.make_room(LINE * (len(sheet.sums) + 2))
        top, page = self.get_y(), self.page
        if sheet.rates:
            self.ruled(RATES, sheet.rates, ["VAT at", "of", "is"])
        beside = self.get_y()
        if self.page == page:
            self.set_y(top)
        for label, amount, counts in sheet.sums:
            self._row(SUMS, [label, amount], bold=counts, size=12 if counts else 10.5)
        self.set_y(max(beside, self.get_y()) if self.page == page else self.get_y())

    def note(self, heading: str, pairs: Sequence[tuple[str, str]]) -> None:
        self.ln(10)
        self.make_room(LINE * (len(pairs) + 3))
        self.rule(22, RIGHT)
        self.ln(3)
        self.say(heading, size=13, bold=True, colour=GREEN)
        self.ln(1.5)
        for label, value in pairs:
            self.pair(label, value, width=166)

    def rule(self, start: float, end: float) -> None:
        self.set_draw_color(226, 221, 211)
        self.line(start, self.get_y(), end, self.get_y())

    def make_room(self, height: float) -> None:
        """Goes on to the next page unless so much is left of this one."""
        if self.will_page_break(height):
            self.add_page()

    def _ends(self, columns: Columns) -> tuple[float, float]:
        return columns[0][0], columns[-1][0] + columns[-1][1]

    def _row(
        self,
        columns: Columns,
        cells: Sequence[str],
        *,
        bold: bool = False,
        size: float = 10.5,
        colour: tuple[int, int, int] = INK,
    ) -> None:
        """The first cell may run over several lines, which stay on one page; the others stand beside its first line."""
        first = cells[0]
        self.make_room(LINE * (2 + len(first) // SHORTEST_LINE + first.count("\n")))
        self.ln(1.2)
        y = self.get_y()
        x, width, align = columns[0]
        self.say(first, x=x, width=width, align=align, size=size, bold=bold, colour=colour)
        end = self.get_y()
        self.set_font(FACE, "B" if bold else "", size)
        self.set_text_color(*colour)
        for (x, width, align), cell in zip(columns[1:], cells[1:], strict=True):
            self.set_xy(x, y)
            self.cell(width, LINE, cell, align=align, new_x=XPos.RIGHT, new_y=YPos.TOP)
        self.set_y(end)
        self.ln(1.2)
