"""What volunteers are given on paper: a letter of thanks, and a certificate of what they gave."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator

from linkworkers.pdf import FACE, GREEN, INK, MUTED, STAND_IN, Drawn, Page
from linkworkers.templatetags import plain_number
from volunteers.models import Milestone, Volunteer

MARIGOLD, TINT, HAIR = (243, 178, 60), (227, 241, 238), (226, 221, 211)
LANDSCAPE = (297.0, 210.0)  # millimetres
LONGEST_NAME = 90  # letters
SIGNATURE = 34  # millimetres that the end of a letter needs


def rings(pdf: Page, x: float, y: float, radius: float) -> None:
    """The two rings of the house, linked; `x` and `y` are the middle of both."""
    pdf.set_line_width(radius * 0.32)
    for middle, colour in ((x - radius * 0.55, MARIGOLD), (x + radius * 0.55, GREEN)):
        pdf.set_draw_color(*colour)
        pdf.ellipse(middle - radius, y - radius, 2 * radius, 2 * radius)


def thank_you_pdf(
    volunteer: Volunteer,
    *,
    text: str,
    signed_by: str,
    signed_as: str,
    on: dt.date,
    milestones: Sequence[Milestone] = (),
) -> bytes:
    """A letter of thanks on A4, in large type, as many pages as it takes, signed by coordinator and workplace."""
    workplace = Truncator(volunteer.workplace.name).chars(LONGEST_NAME, truncate="…")
    reached = " · ".join(milestone.label for milestone in milestones)
    everything = "".join([text, signed_by, signed_as, workplace, volunteer.name])
    drawn = Drawn(everything)
    pdf = Page(drawn(everything) + STAND_IN, footer_text=drawn(workplace))
    pdf.set_title(f"Thank you, {volunteer.short_name}")
    pdf.set_lang("en-GB")
    pdf.set_margins(28, 24, 28)
    pdf.set_fill_color(*TINT)
    pdf.rect(0, 0, pdf.w, 78, style="F")
    rings(pdf, 38, 30, 7)
    pdf.set_xy(54, 26.5)
    pdf.set_text_color(*GREEN)
    _line(pdf, drawn(workplace), 13, bold=True, width=pdf.w - 54 - 28)
    pdf.set_xy(28, 47)
    _line(pdf, "Thank you", 38, bold=True, height=16)
    if reached:
        pdf.set_xy(28, 65)
        pdf.set_text_color(*INK)
        _line(pdf, drawn(reached), 12.5, bold=True)
    pdf.set_xy(28, 90)
    pdf.set_text_color(*MUTED)
    _line(pdf, date_format(on), 11.5)
    pdf.ln(5)
    pdf.set_text_color(*INK)
    size = 13.5 if len(text) < 1400 else 12
    for line in drawn(text).splitlines():
        if line.strip():
            pdf.set_font(FACE, "", size)
            pdf.write_line(line, size * 0.53)
        pdf.ln(size * 0.26)
    if pdf.get_y() + SIGNATURE > pdf.h - 24:
        pdf.add_page()
    pdf.ln(16)
    top, width = pdf.get_y(), (pdf.epw - 14) / 2
    _signature(pdf, 28, top, width, drawn(signed_by), drawn(signed_as))
    _signature(pdf, 28 + width + 14, top, width, "", f"For {drawn(workplace)}")
    return bytes(pdf.output())


def certificate_pdf(
    volunteer: Volunteer, *, hours: Decimal, roles: Sequence[str], signed_by: str, signed_as: str
) -> bytes:
    """One page of A4 sideways: who gave how many hours, as what, where, from when until when. It is no reference."""
    name = Truncator(volunteer.name).chars(LONGEST_NAME, truncate="…")
    workplace = Truncator(volunteer.workplace.name).chars(LONGEST_NAME, truncate="…")
    role = Truncator(" and ".join(roles[:3]) or "Volunteer").chars(LONGEST_NAME, truncate="…")
    everything = "".join([name, workplace, role, signed_by, signed_as])
    drawn = Drawn(everything)
    name, workplace, role = drawn(name), drawn(workplace), drawn(role)
    pdf = Page(drawn(everything), footer_text="", size=LANDSCAPE)
    pdf.set_title(f"Certificate of volunteering: {volunteer.name}")
    pdf.set_lang("en-GB")
    _frame(pdf)
    rings(pdf, pdf.w / 2, 36, 8)
    pdf.set_margins(36, 20, 36)
    pdf.set_xy(36, 52)
    given = f"{plain_number(hours)} {'hour' if hours == 1 else 'hours'}" if hours else "their time"
    until = volunteer.left_on or timezone.localdate()
    began = volunteer.started_on or until
    for text, size, bold, colour, after in (
        ("Certificate of volunteering", 17, True, GREEN, 8),
        (name, 36 if len(name) < 36 else 22, True, INK, 7),
        (f"gave {given} as {_lowered(role)} at", 15, False, MUTED, 2.5),
        (workplace, 19 if len(workplace) < 60 else 15, True, INK, 2.5),
        (f"from {date_format(began)} to {date_format(until)}.", 15, False, MUTED, 6),
        ("Thank you for every one of them." if hours else "Thank you.", 15, False, INK, 0),
    ):
        pdf.set_text_color(*colour)
        pdf.set_font(FACE, "B" if bold else "", size)
        pdf.write_line(text, size * 0.5, align="C")
        pdf.ln(after)
    width = 82.0
    _signature(pdf, 40, 162, width, drawn(signed_by), drawn(signed_as))
    _signature(pdf, pdf.w - 40 - width, 162, width, "", f"For {workplace}")
    pdf.set_xy(36, 186)
    pdf.set_text_color(*MUTED)
    pdf.set_font(FACE, "", 9.5)
    today = date_format(timezone.localdate())
    pdf.write_line(f"It says what somebody gave, and is not a reference. Printed on {today}.", 5, align="C")
    return bytes(pdf.output())


def _frame(pdf: Page) -> None:
    pdf.set_draw_color(*GREEN)
    pdf.set_line_width(1.4)
    pdf.rect(10, 10, pdf.w - 20, pdf.h - 20, round_corners=True, corner_radius=5)
    pdf.set_draw_color(*MARIGOLD)
    pdf.set_line_width(0.5)
    pdf.rect(13, 13, pdf.w - 26, pdf.h - 26, round_corners=True, corner_radius=3.5)


def _signature(pdf: Page, x: float, y: float, width: float, name: str, role: str) -> None:
    """A line to sign on, with who signs beneath it."""
    pdf.set_draw_color(*MUTED)
    pdf.set_line_width(0.3)
    pdf.line(x, y, x + width, y)
    pdf.set_y(y + 2)
    pdf.set_text_color(*INK)
    for text, bold in ((name, True), (role, False)):
        if text:
            pdf.set_x(x)
            _line(pdf, Truncator(text).chars(80, truncate="…"), 11 if bold else 10, bold=bold, width=width)
            pdf.set_text_color(*MUTED)


def _line(pdf: Page, text: str, size: float, *, bold: bool = False, width: float = 0, height: float = 0) -> None:
    pdf.set_font(FACE, "B" if bold else "", size)
    pdf.write_line(text, height or size * 0.48, width=width)


def _lowered(role: str) -> str:
    """A role within a sentence: "Volunteer link worker" as "volunteer link worker", "NHS responder" as it is."""
    return role[:1].lower() + role[1:] if role[1:2].islower() else role
