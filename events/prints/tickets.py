"""A ticket on paper."""

from collections.abc import Sequence

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator

from events.models import ProgrammeItem, Ticket
from events.ticket_code import scan_address
from events.wording import facts
from linkworkers.pdf import FACE, GREEN, INK, MUTED, Drawn, Page

SIDE = 58.0  # millimetres of the code: read from an arm's length, by any phone
LONGEST = 120  # letters of a name or title


def ticket_pdf(ticket: Ticket, chosen: Sequence[ProgrammeItem]) -> bytes:
    """One page of A4: whose, for what, when and where, its code for the door, and the sessions that were chosen. Never
    what its holder needs: it lies about. Needs `event` and `type`.
    """
    event = ticket.event
    title = Truncator(event.title).chars(LONGEST, truncate="…")
    name = Truncator(ticket.name).chars(LONGEST, truncate="…")
    about = [*facts(event), ("Ticket", ticket.type.name), ("Organisation", ticket.organisation)]
    lines = [_line(item) for item in chosen]
    everything = "".join([title, name, *(value for _, value in about), *lines])
    drawn = Drawn(everything)
    pdf = Page(drawn(everything), footer_text="")
    pdf.set_title(f"Ticket: {event.title}")
    pdf.set_lang("en-GB")
    pdf.set_text_color(*MUTED)
    pdf.write_block("Your ticket", size=13, after=1)
    pdf.set_text_color(*GREEN)
    pdf.write_block(drawn(title), size=24 if len(title) < 60 else 17, bold=True, after=4)
    pdf.set_text_color(*INK)
    pdf.write_block(drawn(name), size=19 if len(name) < 50 else 13, bold=True, after=5)
    for label, value in about:
        if value:
            pdf.set_font(FACE, "", 11.5)
            pdf.set_text_color(*MUTED)
            pdf.cell(32, 6.5, label)
            pdf.set_text_color(*INK)
            pdf.set_font(FACE, "B", 11.5)
            pdf.write_line(drawn(value), 6.5)
    pdf.ln(8)
    top = pdf.get_y()
    pdf.draw_code(scan_address(ticket.code), x=pdf.l_margin, y=top, side=SIDE)
    pdf.set_xy(pdf.l_margin, top + SIDE + 4)
    pdf.write_block("Show this code at the door, on paper or on your phone.", bold=True, after=1)
    pdf.set_text_color(*MUTED)
    pdf.write_block("It lets in one person, once. Whoever has it can come in with it: keep it to yourself.", after=6)
    if lines:
        pdf.set_text_color(*INK)
        pdf.write_block("Your sessions", size=14, bold=True, after=2)
        for line in lines:
            pdf.write_block(drawn(line), after=1)
    return bytes(pdf.output())


def _line(item: ProgrammeItem) -> str:
    starts, ends = timezone.localtime(item.starts_at), timezone.localtime(item.ends_at)
    hall = f", {item.hall}" if item.hall else ""
    return f"{date_format(starts, 'D j M H:i')} to {date_format(ends, 'H:i')}  {item}{hall}"
