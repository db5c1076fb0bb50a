"""The photo board as a poster: faces large enough to be known again across a waiting room."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator
from PIL import Image, ImageOps

from linkworkers.batches import batched
from linkworkers.pdf import FACE, GREEN, INK, MUTED, Drawn, Page
from members.models import Workplace
from volunteers.board import Face
from volunteers.prints.thanks import MARIGOLD, TINT

SIZES = {"a4": (210.0, 297.0), "a3": (297.0, 420.0)}  # millimetres
SIDE = 700  # pixels of a face on paper
LONGEST = 60  # letters of a role
FACE_SIDE = 46  # millimetres on A4, beside text of ordinary size
SCALES = (2.3, 2.0, 1.7, 1.5, 1.4, 1.3, 1.2, 1.1, 1.0, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.65, 0.6, 0.5)
LINE = 0.46  # millimetres of a line for a point of type


@dataclass(frozen=True)
class Grid:
    columns: int
    rows: int

    @property
    def places(self) -> int:
        return self.columns * self.rows


@dataclass(frozen=True)
class Text:
    text: str
    size: float  # points on A4
    bold: bool
    colour: tuple[int, int, int]


def grid(count: int) -> Grid:
    """As few columns as hold everybody on one page: few faces are large ones."""
    for columns, rows in ((1, 1), (2, 2), (2, 3), (3, 3)):
        if count <= columns * rows:
            return Grid(columns, rows)
    return Grid(3, 4) if count <= 12 else Grid(4, 5)


def poster_pdf(practice: Workplace, people: Sequence[Face], *, size: str = "a4") -> bytes:
    """A4 or A3 upright, as many pages as there are faces. It says until when it may hang: paper does not expire."""
    name = Truncator(practice.name).chars(90, truncate="…")
    everything = "".join(
        [name, *(text for face in people for text in (face.name, face.initials, face.role, face.volunteer.board_line))]
    )
    drawn = Drawn(everything)
    pdf = Page(drawn(everything), footer_text="", size=SIZES[size])
    pdf.set_title(f"The volunteers of {practice.name}")
    pdf.set_lang("en-GB")
    unit = pdf.w / 210  # what is a millimetre on A4
    layout = grid(len(people))
    for number, some in enumerate(batched(people, layout.places)):
        if number:
            pdf.add_page()
        _head(pdf, drawn(name), unit)
        _faces(pdf, some, layout, drawn, unit)
        _foot(pdf, people, unit)
    if not people:
        _head(pdf, drawn(name), unit)
        pdf.set_xy(20 * unit, 110 * unit)
        pdf.set_text_color(*MUTED)
        _centred(pdf, "Nobody is on this board yet.", 16 * unit, width=pdf.w - 40 * unit)
    return bytes(pdf.output())


def _head(pdf: Page, practice: str, unit: float) -> None:
    pdf.set_fill_color(*GREEN)
    pdf.rect(0, 0, pdf.w, 50 * unit, style="F")
    pdf.set_fill_color(*MARIGOLD)
    pdf.rect(0, 50 * unit, pdf.w, 1.6 * unit, style="F")
    pdf.set_text_color(255, 255, 255)
    pdf.set_xy(14 * unit, 10 * unit)
    _centred(pdf, "Our volunteers", 34 * unit, width=pdf.w - 28 * unit, bold=True)
    pdf.set_x(14 * unit)
    _centred(pdf, practice, (15 if len(practice) < 50 else 11) * unit, width=pdf.w - 28 * unit, bold=True)
    pdf.set_xy(14 * unit, 39 * unit)
    _centred(pdf, "Say hello. They have time to listen.", 12 * unit, width=pdf.w - 28 * unit)


def _faces(pdf: Page, people: Sequence[Face], layout: Grid, drawn: Drawn, unit: float) -> None:
    left, top, bottom = 10 * unit, 57 * unit, pdf.h - 16 * unit
    width, height = (pdf.w - 2 * left) / layout.columns, (bottom - top) / layout.rows
    texts = [_texts(face, drawn) for face in people]
    scale = next(
        (scale for scale in SCALES if _fits(pdf, texts, scale * unit, width=width, height=height, unit=unit)),
        SCALES[-1],
    )
    side = FACE_SIDE * scale * unit
    for place, face in enumerate(people):
        row, column = divmod(place, layout.columns)
        in_row = min(layout.columns, len(people) - row * layout.columns)
        x = left + column * width + (layout.columns - in_row) * width / 2  # a short row stands in the middle
        y = top + row * height
        _portrait(pdf, face, drawn, x + width / 2, y + side / 2, side / 2, unit)
        pdf.set_y(y + side + 2 * unit)
        for text in texts[place]:
            pdf.set_x(x + 3 * unit)
            pdf.set_text_color(*text.colour)
            _centred(pdf, text.text, text.size * unit * scale, width=width - 6 * unit, bold=text.bold)


def _texts(face: Face, drawn: Drawn) -> list[Text]:
    role = Truncator(face.role).chars(LONGEST, truncate="…")
    texts = [
        Text(drawn(face.name), 17, True, INK),
        Text(drawn(role), 11.5, True, GREEN),
        Text(face.days, 11, False, INK),
        Text(drawn(face.volunteer.board_line), 10.5, False, MUTED),
    ]
    return [text for text in texts if text.text]


def _fits(pdf: Page, texts: Sequence[Sequence[Text]], size: float, *, width: float, height: float, unit: float) -> bool:
    """Whether the faces and what is beneath them fit into their places, drawn `size` millimetres to one."""
    side = FACE_SIDE * size
    if side > width - 8 * unit:
        return False
    for some in texts:
        lines = 0.0
        for text in some:
            pdf.set_text_shaping(False)
            pdf.set_font(FACE, "B" if text.bold else "", text.size * size)
            lines += float(
                pdf.multi_cell(
                    width - 6 * unit, text.size * size * LINE, text.text, align="C", dry_run=True, output="HEIGHT"
                )  # type: ignore[arg-type]
            )
        if side + 2 * unit + lines > height - 3 * unit:
            return False
    return True


def _portrait(pdf: Page, face: Face, drawn: Drawn, x: float, y: float, radius: float, unit: float) -> None:
    """A photo in a circle, or somebody's initials in one."""
    photo = face.volunteer.photo
    if photo:
        with pdf.round_clip(x - radius, y - radius, 2 * radius):
            pdf.image(_square(bytes(photo.content)), x - radius, y - radius, 2 * radius, 2 * radius, alt_text=face.name)
    else:
        pdf.set_fill_color(*TINT)
        pdf.ellipse(x - radius, y - radius, 2 * radius, 2 * radius, style="F")
        size = radius * 1.75
        pdf.set_text_color(*GREEN)
        pdf.set_xy(x - radius, y - size * 0.21)  # capitals stand in the middle
        _centred(pdf, drawn(face.initials), size, width=2 * radius, bold=True)
    pdf.set_draw_color(*MARIGOLD)
    pdf.set_line_width(0.9 * unit)
    pdf.ellipse(x - radius, y - radius, 2 * radius, 2 * radius)


def _square(content: bytes) -> Image.Image:
    """The middle of a photo, a little towards its top, where the face is."""
    with Image.open(io.BytesIO(content), formats=("JPEG",)) as opened:
        return ImageOps.fit(opened.convert("RGB"), (SIDE, SIDE), centering=(0.5, 0.35))


def _foot(pdf: Page, people: Sequence[Face], unit: float) -> None:
    until = min(face.volunteer.photo_until for face in people if face.volunteer.photo_until)
    today = date_format(timezone.localdate())
    pdf.set_xy(14 * unit, pdf.h - 13 * unit)
    pdf.set_text_color(*MUTED)
    text = f"Shown because each of them agreed. Printed on {today}. Take this down after {date_format(until)}."
    _centred(pdf, text, 9 * unit, width=pdf.w - 28 * unit)


def _centred(pdf: Page, text: str, size: float, *, width: float, bold: bool = False) -> None:
    x = pdf.get_x()
    pdf.set_font(FACE, "B" if bold else "", size)
    pdf.write_line(text, size * LINE, width=width, align="C")
    pdf.set_x(x)
