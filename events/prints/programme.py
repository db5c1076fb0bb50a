"""The programme of an event on A4: by day and time, with rooms and speakers."""

from collections.abc import Sequence

from django.utils import timezone
from django.utils.formats import date_format

from events.models import Event, ProgrammeItem
from events.programme import Day
from events.wording import when
from linkworkers.pdf import BODY_SIZE, FACE, GREEN, INK, MUTED, Drawn, Page

LEFT, TIME = 22.0, 30.0  # millimetres
ROOM_FOR_ONE = 24.0  # a session begins no lower than so many millimetres above the margin
LINE = (226, 221, 211)


def programme_pdf(event: Event, days: Sequence[Day]) -> bytes:
    """As many pages as it takes. Sessions need their room, track and speakers."""
    texts = [event.title, event.where, *(text for day in days for item in day.items for text in _texts(item))]
    drawn = Drawn("".join(texts))
    pdf = Page("".join(texts), drawn(event.title))
    pdf.set_title(f"Programme, {event.title}")
    pdf.set_lang("en-GB")
    pdf.set_text_color(*GREEN)
    pdf.write_block(drawn(event.title), size=20, bold=True, after=1)
    pdf.set_text_color(*INK)
    pdf.write_block(when(event), after=0)
    pdf.write_block(drawn(event.where), after=5)
    if event.is_cancelled:
        pdf.write_block("This event was cancelled.", bold=True)
    for day in days:
        if pdf.will_page_break(ROOM_FOR_ONE + 12):
            pdf.add_page()
        pdf.set_text_color(*GREEN)
        pdf.write_block(date_format(day.on, "l j F Y"), size=14, bold=True, after=2)
        for item in day.items:
            _write(pdf, drawn, item)
        pdf.ln(4)
    if not days:
        pdf.write_block("The programme is not out yet.")
    return bytes(pdf.output())


def _write(pdf: Page, drawn: Drawn, item: ProgrammeItem) -> None:
    if pdf.will_page_break(ROOM_FOR_ONE):
        pdf.add_page()
    pdf.set_draw_color(*LINE)
    pdf.line(LEFT, pdf.get_y(), pdf.w - LEFT, pdf.get_y())
    pdf.ln(1.5)
    starts, ends = timezone.localtime(item.starts_at), timezone.localtime(item.ends_at)
    pdf.set_text_color(*INK)
    pdf.set_font(FACE, "", BODY_SIZE)
    pdf.set_x(LEFT)
    pdf.cell(TIME, 5.8, f"{starts:%H:%M}–{ends:%H:%M}")
    pdf.set_left_margin(LEFT + TIME)
    pdf.set_font(FACE, "" if item.kind == ProgrammeItem.Kind.BREAK else "B", BODY_SIZE)
    pdf.write_line(drawn(item.title), 5.8)
    pdf.set_text_color(*MUTED)
    pdf.set_font(FACE, "", 10)
    for text in _texts(item)[1:]:
        pdf.write_line(drawn(text), 5)
    pdf.set_left_margin(LEFT)
    pdf.set_x(LEFT)
    pdf.ln(1.5)


def _texts(item: ProgrammeItem) -> list[str]:
    """The title, then a line where it is and one for each who speaks."""
    where = " · ".join(str(part) for part in (item.hall, item.track) if part)
    speakers = [", ".join(filter(None, [each.name, each.line])) for each in item.speakers.all()]
    return [item.title, *filter(None, [where, *speakers])]
