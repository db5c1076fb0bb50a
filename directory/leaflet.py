"""Listings on paper: a leaflet of several, a poster of one, each with the code that leads to what is so today."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator

from directory import facts, qr
from directory.index import parts
from directory.listing import Listing, describe
from directory.models import Service
from linkworkers.pdf import BODY_SIZE, FACE, GREEN, INK, MUTED, Drawn, Page

LARGE_SIZE = 16  # points
LONGEST = 300  # letters of one fact: the code leads to the rest
CODE_SIDE, BIG_CODE_SIDE = 26, 95  # millimetres
ROOM_FOR_ONE = 48  # millimetres: a listing does not begin with less left on the page
POSTER_ROOM = 140  # millimetres above the code of a poster
POSTER_SCALES = (1.0, 0.85, 0.7, 0.55, 0.4, 0.3)


@dataclass(frozen=True)
class Entry:
    """What paper says of a listing. `facts` are label and words, in the order in which people ask."""

    name: str
    organization: str
    summary: str
    facts: list[tuple[str, str]]
    fresh: str
    link: str
    note: str = ""

    @property
    def texts(self) -> list[str]:
        own = [self.name, self.organization, self.summary, self.fresh, self.link, self.note]
        return own + [part for fact in self.facts for part in fact]


def short_link(service: Service) -> str:
    """The listing's short address, as it is printed: https://…/s/abc234."""
    return f"{settings.SITE_URL}{reverse('short_link', args=[service.code])}"


def entries(service_ids: Sequence[uuid.UUID], notes: Mapping[uuid.UUID, str] | None = None) -> list[Entry]:
    """Those of the services that are listed, in the order of their ids, with the note that somebody keeps beside each.

    The same number of queries however many there are. Nothing of a confidential place is in it.
    """
    notes = notes or {}
    services = parts(Service.objects.listed().filter(pk__in=service_ids)).prefetch_related("phones", "contacts__phones")
    found = {service.pk: service for service in services}
    return [_entry(found[pk], notes.get(pk, "")) for pk in service_ids if pk in found]


def _entry(service: Service, note: str) -> Entry:
    told = describe(service)
    ways = [*told.ways, *(way for person in told.people for way in person.ways)]
    said = [
        ("When", "; ".join(" ".join(filter(None, (time.words, time.place))) for time in told.times)),
        ("Where", _where(told)),
        ("Cost", "; ".join(told.costs)),
        ("How to come", service.application_process),
        ("Telephone", ", ".join(dict.fromkeys(way.text for way in ways if way.kind == "phone"))),
        ("Just now", "Full" if service.is_full else _standing(service)),
    ]
    return Entry(
        name=service.name,
        organization=service.organization.name,
        summary=facts.summary(service),
        facts=[(label, Truncator(words).chars(LONGEST, truncate=" …")) for label, words in said if words],
        fresh=_freshness(service),
        link=short_link(service),
        note=note,
    )


def _where(told: Listing) -> str:
    places = [", ".join(filter(None, (place.name, *place.lines))) for place in told.places]
    return "\n".join(places) or ("Online or by telephone" if told.is_online else told.areas)


def _standing(service: Service) -> str:
    return "Closed for now" if service.status == Service.Status.TEMPORARILY_CLOSED else ""


def _freshness(service: Service) -> str:
    day = date_format(service.clock_starts, "j F Y")
    if service.assured_date is None:
        return f"Not checked since it was listed on {day}"
    return f"Not checked since {day}" if service.is_stale else f"Checked on {day}"


def services_pdf(*, title: str, note: str, entries: Sequence[Entry], url: str, large: bool = False) -> bytes:
    """A leaflet on A4, in large print (16 point) when asked. `url` is where it stands today, and is on its front."""
    texts = [title, note, url, *(text for each in entries for text in each.texts)]
    pdf, drawn = _page(texts)
    size = LARGE_SIZE if large else BODY_SIZE
    pdf.set_title(drawn(title))
    pdf.set_text_color(*GREEN)
    pdf.write_block(drawn(title), size=size * 1.8, bold=True, after=2)
    pdf.set_text_color(*INK)
    for paragraph in drawn(note).splitlines():
        pdf.write_block(paragraph, size=size, after=1)
    pdf.set_text_color(*MUTED)
    pdf.write_block(drawn(url), size=size * 0.85, after=5)
    for each in entries:
        _write(pdf, each, drawn, size)
    if not entries:
        pdf.write_block("There is nothing in it just now.", size=size)
    return bytes(pdf.output())


def poster_pdf(*, title: str, lines: Iterable[str], link: str, caption: str) -> bytes:
    """One page of A4: a name, what there is to know, and a code as wide as a hand that leads to `link`."""
    title = Truncator(title).chars(LONGEST // 2, truncate=" …")
    lines = [Truncator(line).chars(LONGEST, truncate=" …") for line in lines if line]
    pdf, drawn = _page([title, caption, *lines])
    pdf.set_auto_page_break(False)
    pdf.set_title(drawn(title))
    blocks = [(drawn(title), 34.0, True), *((drawn(line), 17.0, False) for line in lines)]
    scale = next((each for each in POSTER_SCALES if _height(pdf, blocks, each) <= POSTER_ROOM), POSTER_SCALES[-1])
    for text, size, bold in blocks:
        pdf.set_text_color(*(GREEN if bold else INK))
        pdf.write_block(text, size=size * scale, bold=bold, after=4 * scale)
    bottom = pdf.h - 40
    _draw_code(pdf, link, x=(pdf.w - BIG_CODE_SIDE) / 2, y=bottom - BIG_CODE_SIDE, side=BIG_CODE_SIDE)
    pdf.set_y(bottom + 3)
    pdf.set_text_color(*INK)
    pdf.set_font(FACE, "B", 13)
    pdf.multi_cell(0, 7, drawn(caption), align="C")
    return bytes(pdf.output())


def _page(texts: Iterable[str]) -> tuple[Page, Drawn]:
    everything = "".join(texts)
    today = date_format(timezone.localdate(), "j F Y")
    drawn = Drawn(everything)
    pdf = Page(drawn(everything), footer_text=f"Printed on {today}. Check before you go.")
    pdf.set_lang("en-GB")
    return pdf, drawn


def _write(pdf: Page, each: Entry, drawn: Drawn, size: float) -> None:
    if pdf.will_page_break(ROOM_FOR_ONE * size / BODY_SIZE):
        pdf.add_page()
    margin = pdf.r_margin
    _draw_code(pdf, each.link, x=pdf.w - margin - CODE_SIDE, y=pdf.get_y(), side=CODE_SIDE)
    code_ends, page = pdf.get_y() + CODE_SIDE, pdf.page
    pdf.set_right_margin(margin + CODE_SIDE + 6)
    pdf.set_text_color(*INK)
    pdf.write_block(drawn(each.name), size=size * 1.25, bold=True, after=0)
    pdf.set_text_color(*MUTED)
    pdf.write_block(drawn(each.organization), size=size, after=1)
    pdf.set_text_color(*INK)
    for text in (each.note, each.summary):
        if text:
            pdf.write_block(drawn(text), size=size, after=1)
    for label, words in each.facts:
        pdf.set_font(FACE, "B", size)
        pdf.cell(size * 2.6, size * 0.5, label)
        pdf.set_font(FACE, "", size)
        pdf.write_line(drawn(words), size * 0.5)
    pdf.set_text_color(*MUTED)
    pdf.write_block(f"{each.fresh} · {each.link}", size=size * 0.85, after=6)
    pdf.set_right_margin(margin)
    if pdf.page == page:
        pdf.set_y(max(pdf.get_y(), code_ends + 6))


def _draw_code(pdf: Page, text: str, *, x: float, y: float, side: float) -> None:
    """The QR code of a text as rectangles, one for each run of dark modules."""
    rows = qr.modules(text)
    module = side / len(rows)
    pdf.set_fill_color(0)
    for number, row in enumerate(rows):
        at = 0
        for dark, run in groupby(row):
            length = len(list(run))
            if dark:
                pdf.rect(x + at * module, y + number * module, length * module, module, style="F")
            at += length


def _height(pdf: Page, blocks: Iterable[tuple[str, float, bool]], scale: float) -> float:
    """Millimetres that these blocks take; shaping apart, which changes little."""
    total = 0.0
    for text, size, bold in blocks:
        pdf.set_font(FACE, "B" if bold else "", size * scale)
        height: Any = pdf.multi_cell(0, size * scale * 0.5, text, dry_run=True, output="HEIGHT")
        total += height + 4 * scale
    return total
