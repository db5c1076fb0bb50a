"""A month's rota of one practice for its wall: A4 across, who is on when, by what people call them."""

from dataclasses import dataclass
from typing import cast

from fpdf.enums import MethodReturnValue

from linkworkers.pdf import FACE, GREEN, INK, MUTED, Drawn, Page
from volunteers.rota import Entry, Rota
from volunteers.rota_table import WEEKDAYS

SIDE, TOP, HEAD = 12.0, 12.0, 7.0  # millimetres
WIDTH, HEIGHT = 297.0, 210.0
GRID_TOP, GRID_BOTTOM = 32.0, 198.0
PADDING, DATE = 1.2, 4.5
LEADING = 0.42  # millimetres a point
SIZES = (12.0, 11.0, 10.0, 9.0, 8.0, 7.0, 6.0, 5.0)  # points, the largest that fits
LINE = (226, 221, 211)


@dataclass(frozen=True)
class Line:
    text: str
    bold: bool = False


def poster_pdf(practice: str, rota: Rota) -> bytes:
    """One page: a column for each day of the week, a row for each week. The type is as large as the fullest day lets it
    be; what does not fit even so is cut, and the day says how many more there are.
    """
    period, columns, weeks = rota.period, rota.weekdays, rota.weeks
    written = {
        day: [line for entry in entries if not entry.is_cancelled for line in _lines(entry)]
        for day, entries in rota.days.items()
    }
    everything = "".join([practice, *(line.text for lines in written.values() for line in lines)])
    drawn = Drawn(everything)
    cells = {day: [Line(drawn(line.text), line.bold) for line in lines] for day, lines in written.items()}
    pdf = Page(everything, "", size=(WIDTH, HEIGHT))
    pdf.set_title(f"Volunteers, {practice}, {period.label}")
    pdf.set_lang("en-GB")
    pdf.set_margins(SIDE, TOP, SIDE)
    pdf.set_xy(SIDE, TOP)
    pdf.set_text_color(*GREEN)
    pdf.set_font(FACE, "B", 20)
    pdf.write_line(_fitting(pdf, drawn(practice), WIDTH - 2 * SIDE - 95), 9, width=WIDTH - 2 * SIDE - 90)
    pdf.set_xy(WIDTH - SIDE - 90, TOP)
    pdf.set_text_color(*INK)
    pdf.set_font(FACE, "", 15)
    pdf.write_line(f"Volunteers in {period.label}", 9, width=90, align="R")
    width = (WIDTH - 2 * SIDE) / len(columns)
    height = (GRID_BOTTOM - GRID_TOP) / len(weeks)
    pdf.set_draw_color(*LINE)
    for at, number in enumerate(columns):
        pdf.set_xy(SIDE + at * width, GRID_TOP - HEAD)
        pdf.set_font(FACE, "B", 11)
        pdf.cell(width, HEAD, WEEKDAYS[number])
    size = _size(pdf, list(cells.values()), width, height)
    for row, week in enumerate(weeks):
        for at, number in enumerate(columns):
            day, x, y = week[number], SIDE + at * width, GRID_TOP + row * height
            pdf.rect(x, y, width, height)
            if not period.first <= day <= period.last:
                continue
            pdf.set_xy(x + PADDING, y + PADDING)
            pdf.set_text_color(*MUTED)
            pdf.set_font(FACE, "B", 10)
            pdf.cell(width - 2 * PADDING, 4, str(day.day))
            pdf.set_text_color(*INK)
            _fill(pdf, cells.get(day, []), x, y, width, height, size)
    return bytes(pdf.output())


def _lines(entry: Entry) -> list[Line]:
    names = ", ".join(entry.on.values())
    return [
        Line(f"{entry.starts}–{entry.ends} {entry.clinic}"),
        Line(names or ("nobody yet" if not entry.has_begun else "nobody"), bold=bool(names)),
    ]


def _size(pdf: Page, cells: list[list[Line]], width: float, height: float) -> float:
    """The largest size in which every day fits into its cell, or the smallest there is."""
    room = height - 2 * PADDING - DATE
    fits = (size for size in SIZES if all(sum(_heights(pdf, lines, width, size)) <= room for lines in cells))
    return next(fits, SIZES[-1])


def _heights(pdf: Page, lines: list[Line], width: float, size: float) -> list[float]:
    """How high each line is when it is wrapped, in millimetres."""
    found = []
    for line in lines:
        pdf.set_font(FACE, "B" if line.bold else "", size)
        text = pdf.multi_cell(
            width - 2 * PADDING, size * LEADING, line.text, dry_run=True, output=MethodReturnValue.LINES
        )
        found.append(len(cast(list[str], text)) * size * LEADING)
    return found


def _fill(pdf: Page, lines: list[Line], x: float, y: float, width: float, height: float, size: float) -> None:
    heights, room, step = _heights(pdf, lines, width, size), height - 2 * PADDING - DATE, size * LEADING
    is_cut = sum(heights) > room + 0.01
    room -= step if is_cut else 0
    at = y + PADDING + DATE
    for line, needed in zip(lines, heights, strict=True):
        room -= needed
        if room < -0.01:
            break
        pdf.set_xy(x + PADDING, at)
        pdf.set_font(FACE, "B" if line.bold else "", size)
        pdf.write_line(line.text, step, width=width - 2 * PADDING)
        at += needed
    if is_cut:
        pdf.set_xy(x + PADDING, at)
        pdf.set_font(FACE, "", size)
        pdf.cell(width - 2 * PADDING, step, "and more: ask at the desk")


def _fitting(pdf: Page, text: str, width: float) -> str:
    """As much of a line as has room."""
    while text and pdf.get_string_width(text) > width:
        text = text[:-2].rstrip() + "…"
    return text
