"""Learning on paper: the statement of a year, and the certificate of a course."""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.conf import settings
from django.utils.formats import date_format

from linkworkers.pdf import BODY_SIZE, FACE, GREEN, INK, MUTED, STAND_IN, Drawn, Page
from linkworkers.templatetags import plain_number
from members.learning_year import Standing
from members.models import CourseCertificate, LearningEntry

SMALL = 10  # points
LINE = 5.2  # millimetres, of a line in the table
DAY_WIDTH, NUMBER_WIDTH, GAP = 31, 17, 4  # millimetres
CODE_SIDE = 42  # millimetres
HAIR = (226, 221, 211)


def statement_pdf(
    *,
    name: str,
    number: str,
    association: str,
    standing: Standing,
    entries: Sequence[LearningEntry],
    made_on: dt.date,
) -> bytes:
    """A learning year: whose, the totals against what is asked for, and each entry, the first first.

    What the person wrote of what they learned is not in it: it is theirs.
    """
    year = standing.year
    drawn = Drawn("".join([name, association, *(entry.title + entry.provider for entry in entries)]))
    rows = [
        (
            date_format(entry.on, "j M Y"),
            drawn(entry.title),
            drawn(" · ".join(filter(None, [entry.get_kind_display(), entry.provider]))),
            plain_number(entry.points),
            plain_number(entry.formal_hours),
        )
        for entry in entries
    ]
    footer = " · ".join(filter(None, [drawn(association), number, f"Learning year {year.label}"]))
    note = f"A letter that could not be printed is shown as {STAND_IN}." if drawn.lacks_some else ""
    pdf = Page("".join([drawn(name), footer, note, *("".join(row) for row in rows)]), footer_text=footer)
    _head(pdf, title=f"Learning in the year {year.label}", above=drawn(association))
    for label, value in [
        ("Name", drawn(name)),
        ("Membership", number),
        ("Learning year", f"{date_format(year.begins)} to {date_format(year.ends)}"),
        ("Points", f"{plain_number(standing.points)} of {plain_number(standing.points_asked)} asked for"),
        ("Formal hours", f"{plain_number(standing.formal_hours)} of {plain_number(standing.hours_asked)} asked for"),
        ("Made on", date_format(made_on)),
    ]:
        if value:
            _fact(pdf, label, value)
    pdf.ln(6)
    if rows:
        _table(pdf, rows)
    else:
        pdf.write_block("Nothing is written down for this year.")
    if note:
        pdf.ln(4)
        pdf.write_block(note, size=SMALL)
    return bytes(pdf.output())


def _head(pdf: Page, *, title: str, above: str) -> None:
    pdf.set_title(title)
    pdf.set_lang("en-GB")
    pdf.set_text_color(*MUTED)
    pdf.write_block(above, after=2)
    pdf.set_text_color(*GREEN)
    pdf.write_block(title, size=22, bold=True, after=5)
    pdf.set_text_color(*INK)


def _fact(pdf: Page, label: str, value: str) -> None:
    pdf.set_text_color(*MUTED)
    pdf.set_font(FACE, "", BODY_SIZE)
    pdf.cell(38, 6.5, label)
    pdf.set_text_color(*INK)
    pdf.set_font(FACE, "B", BODY_SIZE)
    pdf.write_line(value, 6.5)


def _table(pdf: Page, rows: Iterable[tuple[str, str, str, str, str]]) -> None:
    """The entries. A row is on one page, and each page begins with what the columns are."""
    left, right = pdf.l_margin, pdf.r_margin
    what_left = left + DAY_WIDTH
    what_right = right + 2 * NUMBER_WIDTH + GAP
    _columns(pdf)
    for day, title, about, points, hours in rows:
        pdf.set_margins(what_left, pdf.t_margin, what_right)
        height = _height(pdf, title, "B") + _height(pdf, about, "") + 5
        pdf.set_margins(left, pdf.t_margin, right)
        if pdf.will_page_break(height):
            pdf.add_page()
            _columns(pdf)
        top = pdf.get_y() + 2.5
        pdf.set_text_color(*INK)
        pdf.set_font(FACE, "", SMALL)
        pdf.set_xy(left, top)
        pdf.cell(DAY_WIDTH, LINE, day)
        pdf.set_x(pdf.w - right - 2 * NUMBER_WIDTH)
        pdf.cell(NUMBER_WIDTH, LINE, points, align="R")
        pdf.cell(NUMBER_WIDTH, LINE, hours, align="R")
        pdf.set_margins(what_left, pdf.t_margin, what_right)
        pdf.set_xy(what_left, top)
        pdf.set_font(FACE, "B", SMALL)
        pdf.write_line(title, LINE)
        pdf.set_text_color(*MUTED)
        pdf.set_font(FACE, "", SMALL)
        pdf.write_line(about, LINE)
        pdf.set_margins(left, pdf.t_margin, right)
        pdf.set_xy(left, pdf.get_y() + 2.5)
        _rule(pdf)


def _columns(pdf: Page) -> None:
    pdf.set_text_color(*MUTED)
    pdf.set_font(FACE, "B", SMALL)
    pdf.cell(DAY_WIDTH, LINE, "Day")
    pdf.cell(pdf.epw - DAY_WIDTH - 2 * NUMBER_WIDTH, LINE, "What")
    pdf.cell(NUMBER_WIDTH, LINE, "Points", align="R")
    pdf.cell(NUMBER_WIDTH, LINE, "Hours", align="R")
    pdf.set_xy(pdf.l_margin, pdf.get_y() + LINE + 2)
    _rule(pdf)


def _rule(pdf: Page) -> None:
    pdf.set_draw_color(*HAIR)
    pdf.line(pdf.l_margin, pdf.get_y(), pdf.w - pdf.r_margin, pdf.get_y())


def _height(pdf: Page, text: str, style: str) -> float:
    """Millimetres that a text takes between the margins as they are."""
    pdf.set_text_shaping(False)
    pdf.set_font(FACE, style, SMALL)
    height = pdf.multi_cell(pdf.epw, LINE, text, align="L", dry_run=True, output="HEIGHT")
    return float(height)  # type: ignore[arg-type]


def course_certificate_pdf(certificate: CourseCertificate, *, association: str) -> bytes:
    """The certificate of a course."""
    counts = [f"{plain_number(certificate.points)} point{'' if certificate.points == 1 else 's'}"]
    if certificate.formal_hours:
        hours = plain_number(certificate.formal_hours)
        counts.append(f"{hours} formal hour{'' if certificate.formal_hours == 1 else 's'}")
    return certificate_pdf(
        heading="Certificate of learning",
        name=certificate.name,
        did="read this course and answered its questions:",
        title=certificate.title,
        facts=[date_format(certificate.on), " and ".join(counts)],
        association=association,
        code=certificate.spelled_code,
        link=f"{settings.SITE_URL}{certificate.get_absolute_url()}",
    )


def certificate_pdf(
    *, heading: str, name: str, did: str, title: str, facts: Sequence[str], association: str, code: str, link: str
) -> bytes:
    """A page that says what somebody did, with a code that leads to `link`, where anybody sees whether it is true."""
    drawn = Drawn("".join([name, title, association]))
    name, title, association = drawn(name), drawn(title), drawn(association)
    pdf = Page("".join([name, title, association]), footer_text=association)
    pdf.set_title(f"Certificate: {title}")
    pdf.set_lang("en-GB")
    pdf.set_auto_page_break(False)  # a name and a title, however long, fit on the page above the code
    pdf.set_draw_color(*GREEN)
    pdf.set_line_width(1.2)
    pdf.line(pdf.l_margin, 22, pdf.w - pdf.r_margin, 22)
    pdf.set_y(30)
    for text, size, bold, colour, after in [
        (association, 13, False, MUTED, 26),
        (heading, 16, True, GREEN, 14),
        (name, 30 if len(name) < 60 else 18, True, INK, 8),
        (did, 13, False, MUTED, 8),
        (title, 22 if len(title) < 60 else 16, True, INK, 10),
        *((fact, 13, False, INK, 2) for fact in facts if fact),
    ]:
        pdf.set_text_color(*colour)
        pdf.write_block(text, size=size, bold=bold, after=after)
    top = pdf.h - 24 - CODE_SIDE
    pdf.draw_code(link, x=pdf.l_margin, y=top, side=CODE_SIDE)
    pdf.set_margins(pdf.l_margin + CODE_SIDE + 8, pdf.t_margin, pdf.r_margin)
    pdf.set_y(top + 4)
    pdf.set_text_color(*INK)
    pdf.write_block("Is it true?", size=13, bold=True, after=2)
    pdf.write_block("The code leads to a page that says so.", after=3)
    pdf.write_block(code, size=13, bold=True, after=2)
    pdf.set_text_color(*MUTED)
    pdf.write_block(link, size=9, after=0)
    pdf.set_margins(22, pdf.t_margin, pdf.r_margin)
    return bytes(pdf.output())
