"""Listings on paper: a leaflet of several, a poster of one, each with the code that leads to what is so today."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator

from directory import facts
from directory.index import parts
from directory.listing import Listing, describe
from directory.models import Service, ServiceAtLocation
from linkworkers.pdf import BODY_SIZE, FACE, GREEN, INK, MUTED, Drawn, Page

LARGE_SIZE = 16  # points
LONGEST = 300  # letters of one fact: the code leads to the rest
CODE_SIDE, BIG_CODE_SIDE = 26, 95  # millimetres
POSTER_ROOM = 140  # millimetres above the code of a poster
POSTER_SCALES = (1.3, 1.15, 1.0, 0.85, 0.7, 0.55, 0.4, 0.3)


@dataclass(frozen=True)
class Entry:
    """What paper says of a listing. `facts` are label and words, in the order in which people ask; `standing` is why
    nobody can come just now.
    """

    name: str
    organization: str
    summary: str
    facts: list[tuple[str, str]]
    fresh: str
    link: str
    note: str = ""
    standing: str = ""

    @property
    def texts(self) -> list[str]:
        own = [self.name, self.organization, self.summary, self.fresh, self.link, self.note, self.standing]
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
    hidden = ServiceAtLocation.objects.filter(service__in=found, location__confidential=True)
    private = set(hidden.values_list("service", flat=True))
    return [_entry(found[pk], notes.get(pk, ""), is_private=pk in private) for pk in service_ids if pk in found]


def _entry(service: Service, note: str, *, is_private: bool) -> Entry:
    told = describe(service)
    ways = [*told.ways, *(way for person in told.people for way in person.ways)]
    phones = list(dict.fromkeys(way.text for way in ways if way.kind == "phone"))
    said = [
        ("When", "; ".join(" ".join(filter(None, (time.words, time.place))) for time in told.times)),
        ("Where", "\n".join(filter(None, (_where(told), _private(phones) if is_private else "")))),
        ("Cost", "; ".join(told.costs)),
        ("How to come", service.application_process),
        ("Telephone", ", ".join(phones)),
    ]
    return Entry(
        name=service.name,
        organization=service.organization.name,
        summary=facts.summary(service),
        facts=[(label, Truncator(words).chars(LONGEST, truncate=" …")) for label, words in said if words],
        fresh=_freshness(service),
        link=short_link(service),
        note=note,
        standing=_standing(service),
    )


def _where(told: Listing) -> str:
    places = [", ".join(filter(None, (place.name, *place.lines))) for place in told.places]
    return "\n".join(places) or ("Online or by telephone" if told.is_online else told.areas)


def _private(phones: Sequence[str]) -> str:
    return f"The address is kept private. {f'Ring {phones[0]}.' if phones else 'Ask where to come.'}"


def _standing(service: Service) -> str:
    if service.status == Service.Status.TEMPORARILY_CLOSED:
        return "Closed for now"
    return "Full just now" if service.is_full else ""


def _freshness(service: Service) -> str:
    day = date_format(service.clock_starts, "j F Y")
    if service.assured_date is None:
        return f"Not checked since it was listed on {day}"
    return f"Not checked since {day}" if service.is_stale else f"Checked on {day}"


def services_pdf(*, title: str, note: str, entries: Sequence[Entry], url: str, large: bool = False) -> bytes:
    """A leaflet on A4, in large print (16 point) when asked. The code on its front leads to `url`, where it stands
    today; there is none without a `url` that whoever holds the paper may open.
    """
    size = LARGE_SIZE if large else BODY_SIZE
    pdf, drawn = _page([title, note, *(text for each in entries for text in each.texts)], large=large)
    pdf.set_title(drawn(title))
    front = [
        Line(drawn(title), size * 1.8, after=2, colour=GREEN, bold=True),
        *(Line(paragraph, size, after=1) for paragraph in drawn(note).splitlines()),
        *([Line("The code leads to this list as it is today.", size, colour=MUTED)] if url else []),
    ]
    _write(pdf, front, url)
    for each in entries:
        _write(pdf, _lines(each, drawn, size), each.link)
    if not entries:
        pdf.set_text_color(*INK)
        pdf.write_block("There is nothing in it just now.", size=size)
    return bytes(pdf.output())


def poster_pdf(*, title: str, lines: Iterable[str], link: str, caption: str) -> bytes:
    """One page of A4: a name, what there is to know, and a code as wide as a hand that leads to `link`."""
    title = Truncator(title).chars(LONGEST // 2, truncate=" …")
    lines = [Truncator(line).chars(LONGEST, truncate=" …") for line in lines if line]
    pdf, drawn = _page([title, caption, *lines])
    pdf.set_auto_page_break(False)
    pdf.set_title(drawn(title))
    for scale in POSTER_SCALES:
        text = [Line(drawn(title), 34 * scale, after=4 * scale, colour=GREEN, bold=True)]
        text += [Line(drawn(line), 17 * scale, after=4 * scale) for line in lines]
        if _height(pdf, text) <= POSTER_ROOM:
            break
    for line in text:
        _write_line(pdf, line)
    bottom = pdf.h - 40
    pdf.draw_code(link, x=(pdf.w - BIG_CODE_SIDE) / 2, y=bottom - BIG_CODE_SIDE, side=BIG_CODE_SIDE)
    pdf.set_y(bottom + 3)
    pdf.set_text_color(*INK)
    pdf.set_font(FACE, "B", 13)
    pdf.multi_cell(0, 7, drawn(caption), align="C")
    return bytes(pdf.output())


class _LargePage(Page):
    """A page whose footer is as large as its text, for it says to check before going."""

    def footer(self) -> None:
        self.set_y(-22)
        self.set_font(FACE, size=LARGE_SIZE)
        self.set_text_color(*MUTED)
        self.multi_cell(0, LARGE_SIZE * 0.45, f"{self.footer_text} Page {self.page_no()}", align="L")


@dataclass(frozen=True)
class Line:
    """A paragraph, or a fact with its label. `size` is in points, `after` the millimetres of room below."""

    text: str
    size: float
    after: float = 0
    colour: tuple[int, int, int] = INK
    bold: bool = False
    label: str = ""

    @property
    def indent(self) -> float:
        """Millimetres that the label takes."""
        return self.size * 2.6 if self.label else 0


def _page(texts: Iterable[str], *, large: bool = False) -> tuple[Page, Drawn]:
    everything = "".join(texts)
    today = date_format(timezone.localdate(), "j F Y")
    drawn = Drawn(everything)
    sheet = _LargePage if large else Page
    pdf = sheet(drawn(everything), footer_text=f"Printed on {today}. Check before you go.")
    pdf.set_lang("en-GB")
    return pdf, drawn


def _lines(each: Entry, drawn: Drawn, size: float) -> list[Line]:
    name = " · ".join(filter(None, (each.name, each.standing)))
    return [
        Line(drawn(name), size * 1.25, bold=True),
        Line(drawn(each.organization), size, after=1, colour=MUTED),
        *(Line(drawn(text), size, after=1) for text in (each.note, each.summary) if text),
        *(Line(drawn(words), size, label=label) for label, words in each.facts),
        Line(f"{each.fresh} · {each.link}", size if size == LARGE_SIZE else size * 0.85, colour=MUTED),
    ]


def _write(pdf: Page, lines: Sequence[Line], link: str) -> None:
    """Lines with the code of `link`, if any, beside them; all on one page unless they are longer than one."""
    margin = pdf.r_margin
    pdf.set_right_margin(margin + CODE_SIDE + 6)
    if pdf.get_y() > pdf.t_margin and pdf.will_page_break(max(_height(pdf, lines), CODE_SIDE)):
        pdf.add_page()
    if link:
        pdf.draw_code(link, x=pdf.w - margin - CODE_SIDE, y=pdf.get_y(), side=CODE_SIDE)
    code_ends, page = pdf.get_y() + (CODE_SIDE if link else 0), pdf.page
    for line in lines:
        _write_line(pdf, line)
    pdf.set_right_margin(margin)
    pdf.set_y((max(pdf.get_y(), code_ends) if pdf.page == page else pdf.get_y()) + 6)


def _write_line(pdf: Page, line: Line) -> None:
    pdf.set_text_color(*line.colour)
    if line.label:
        pdf.set_font(FACE, "B", line.size)
        pdf.cell(line.indent, line.size * 0.5, line.label)
    pdf.write_block(line.text, size=line.size, bold=line.bold, after=line.after)


def _height(pdf: Page, lines: Iterable[Line]) -> float:
    """Millimetres that these lines take; shaping apart, which changes little."""
    pdf.set_text_shaping(False)
    total = 0.0
    for line in lines:
        pdf.set_font(FACE, "B" if line.bold else "", line.size)
        width = pdf.epw - line.indent
        height: Any = pdf.multi_cell(width, line.size * 0.5, line.text, align="L", dry_run=True, output="HEIGHT")
        total += height + line.after
    return total
