"""Badges on A4, ten to a sheet, and the list for the desk: the day without a network, or without electricity."""

import io
from collections.abc import Sequence
from itertools import groupby

from django.conf import settings
from PIL import Image

from events.models import Event, Ticket
from linkworkers.batches import batched
from linkworkers.pdf import FACE, INK, MUTED, Drawn, Page, needs_shaping
from linkworkers.qr import modules

WIDTH, HEIGHT, LEFT, TOP = 85.0, 54.0, 20.0, 13.5  # millimetres: two across and five down in the middle of A4
PER_SHEET = 10
CODE_SIDE = 23.0  # millimetres
DOT = 6  # pixels of a module: enough that no printer blurs it
# A band of each ticket type, in their order, dark enough for white words.
TINTS = ((11, 101, 95), (95, 65, 4), (138, 36, 16), (42, 74, 122), (90, 46, 110), (60, 72, 78))


def scan_address(ticket: Ticket) -> str:
    return f"{settings.SITE_URL}/events/scan/{ticket.code}/"


def badges_pdf(event: Event, tickets: Sequence[Ticket], *, blank: int = 0) -> bytes:
    """A badge for each ticket, which needs its type, and so many blank ones to write on. Nothing about needs."""
    everything = "".join([event.title, *(f"{each.name}{each.organisation}{each.type}" for each in tickets)])
    drawn = Drawn(everything)
    pdf = Page(everything, "")
    pdf.set_title(f"Badges: {drawn(event.title)}")
    pdf.set_lang("en-GB")
    types = sorted({each.type_id for each in tickets})
    places: list[Ticket | None] = [*tickets, *[None] * blank]
    for number, some in enumerate(batched(places, PER_SHEET)):
        if number:
            pdf.add_page()
        _marks(pdf)
        for place, ticket in enumerate(some):
            x, y = LEFT + place % 2 * WIDTH, TOP + place // 2 * HEIGHT
            tint = TINTS[types.index(ticket.type_id) % len(TINTS)] if ticket else TINTS[-1]
            _badge(pdf, event, ticket, drawn, x, y, tint)
    return bytes(pdf.output())


def _marks(pdf: Page) -> None:
    """Where to cut: ticks outside the badges."""
    pdf.set_draw_color(*MUTED)
    pdf.set_line_width(0.2)
    for column in range(3):
        x = LEFT + column * WIDTH
        pdf.line(x, TOP - 7, x, TOP - 2)
        pdf.line(x, TOP + 5 * HEIGHT + 2, x, TOP + 5 * HEIGHT + 7)
    for row in range(6):
        y = TOP + row * HEIGHT
        pdf.line(LEFT - 8, y, LEFT - 2, y)
        pdf.line(LEFT + 2 * WIDTH + 2, y, LEFT + 2 * WIDTH + 8, y)


def _badge(
    pdf: Page, event: Event, ticket: Ticket | None, drawn: Drawn, x: float, y: float, tint: tuple[int, int, int]
) -> None:
    inner = WIDTH - 8
    pdf.set_text_color(*MUTED)
    _line(pdf, drawn(event.title), x + 4, y + 3.5, inner, most=9, least=6)
    pdf.set_fill_color(*tint)
    pdf.rect(x, y + HEIGHT - 8, WIDTH, 8, style="F")
    if ticket is None:
        pdf.set_draw_color(*MUTED)
        pdf.line(x + 4, y + 24, x + WIDTH - 4, y + 24)
        pdf.line(x + 4, y + 36, x + WIDTH - 4, y + 36)
        return
    first, _, rest = ticket.name.partition(" ")
    pdf.set_text_color(*INK)
    _line(pdf, drawn(first), x + 4, y + 9, inner, most=30, least=9, bold=True)
    beside = inner - CODE_SIDE - 2
    if rest:
        _line(pdf, drawn(ticket.name), x + 4, y + 23, beside, most=13, least=6)
    pdf.set_text_color(*MUTED)
    _line(pdf, drawn(ticket.organisation), x + 4, y + 31, beside, most=11, least=6)
    pdf.set_text_color(255, 255, 255)
    _line(pdf, drawn(str(ticket.type)), x + 4, y + HEIGHT - 6.5, inner, most=11, least=6, bold=True)
    pdf.image(_code(scan_address(ticket)), x + WIDTH - 4 - CODE_SIDE, y + 21.5, CODE_SIDE, CODE_SIDE)


def _code(text: str) -> io.BytesIO:
    """A QR code as a picture of one bit a dot: a thousandth of what its squares would take as shapes."""
    rows = modules.__wrapped__(text)  # each is drawn once: nothing to remember
    small = Image.new("1", (len(rows), len(rows)), 1)
    small.putdata([0 if dark else 1 for row in rows for dark in row])
    large = small.resize((len(rows) * DOT, len(rows) * DOT), Image.Resampling.NEAREST)
    file = io.BytesIO()
    large.save(file, "PNG")
    file.seek(0)
    return file


def _line(
    pdf: Page, text: str, x: float, y: float, width: float, *, most: float, least: float, bold: bool = False
) -> None:
    """One line, as large as it fits between `most` and `least` points; longer ones end in dots."""
    if not text:
        return
    pdf.set_text_shaping(needs_shaping(text))
    pdf.set_font(FACE, "B" if bold else "", most)
    size = max(least, min(most, most * width / max(pdf.get_string_width(text), 0.1) * 0.97))
    pdf.set_font(FACE, "B" if bold else "", size)
    while len(text) > 1 and pdf.get_string_width(text) > width:
        text = f"{text.removesuffix('…')[:-1].rstrip()}…"
    pdf.set_xy(x, y)
    pdf.cell(width, size * 0.42, text)
    pdf.set_text_shaping(False)


def desk_list_pdf(event: Event, tickets: Sequence[Ticket]) -> bytes:
    """Everybody by the first letter of their name, with a box to tick. Tickets need type and booking."""
    everything = "".join([event.title, *(f"{each.name}{each.organisation}{each.type}" for each in tickets)])
    drawn = Drawn(everything)
    pdf = Page(everything, f"{drawn(event.title)[:80]} – who comes")
    pdf.set_title(f"Who comes: {drawn(event.title)}")
    pdf.set_lang("en-GB")
    pdf.set_text_color(*INK)
    pdf.write_block(drawn(event.title), size=18, bold=True, after=1)
    pdf.write_block(f"{len(tickets)} people. Tick whoever is here, and enter it when the network is back.", after=4)
    rows = sorted(tickets, key=lambda each: each.name.casefold())
    for letter, some in groupby(rows, key=lambda each: each.name[:1].upper()):
        if pdf.get_y() > 250:
            pdf.add_page()
        pdf.write_block(drawn(letter), size=13, bold=True, after=0)
        for ticket in some:
            _row(pdf, ticket, drawn)
    return bytes(pdf.output())


def _row(pdf: Page, ticket: Ticket, drawn: Drawn) -> None:
    if pdf.get_y() > 265:
        pdf.add_page()
    y = pdf.get_y() + 1
    pdf.set_draw_color(*INK)
    pdf.set_line_width(0.3)
    pdf.rect(22, y, 4, 4)
    if ticket.arrived_at:
        pdf.line(22.6, y + 2, 23.6, y + 3.2)
        pdf.line(23.6, y + 3.2, 25.4, y + 0.8)
    pdf.set_text_color(*INK)
    _line(pdf, drawn(ticket.name), 29, y - 0.4, 62, most=11, least=7, bold=True)
    pdf.set_text_color(*MUTED)
    _line(pdf, drawn(ticket.organisation), 93, y - 0.2, 48, most=10, least=7)
    _line(pdf, drawn(str(ticket.type)), 143, y - 0.2, 28, most=10, least=7)
    _line(pdf, ticket.order.reference, 172, y - 0.2, 20, most=10, least=7)
    pdf.set_y(y + 5.5)
