"""Letters as PDF, on A4, in the site's own type, whatever script a name is written in."""

import unicodedata
from collections.abc import Iterable
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from django.conf import settings
from fontTools.ttLib import TTFont
from fpdf import FPDF
from fpdf.enums import XPos, YPos

from linkworkers import qr

INK, MUTED, GREEN = (22, 38, 43), (77, 96, 104), (11, 101, 95)
BODY_SIZE = 11.5  # points
LABEL_WIDTH = 38  # millimetres

FACE = "AtkinsonHyperlegibleNext"
STAND_IN = "\N{REPLACEMENT CHARACTER}"
# Scripts our own face lacks: more Latin, Greek and Cyrillic; those most read in England after it; pictures.
PACKAGES = {
    FACE: "atkinson-hyperlegible-next",
    "NotoSans": "noto-sans",
    "NotoSansArabic": "noto-sans-arabic",
    "NotoSansHebrew": "noto-sans-hebrew",
    "NotoSansBengali": "noto-sans-bengali",
    "NotoSansDevanagari": "noto-sans-devanagari",
    "NotoSansGujarati": "noto-sans-gujarati",
    "NotoSansGurmukhi": "noto-sans-gurmukhi",
    "NotoSansTamil": "noto-sans-tamil",
    "NotoEmoji": "noto-emoji",
}


def font_file(family: str, style: str) -> Path:
    """The file of a family; style "" is regular, "B" bold."""
    weight = "700Bold" if style else "400Regular"
    return settings.NODE_MODULES / "@expo-google-fonts" / PACKAGES[family] / weight / f"{family}_{weight}.ttf"


@cache
def covered(family: str) -> frozenset[int]:
    """The code points that a family can draw."""
    with TTFont(font_file(family, "")) as font:
        return frozenset(font.getBestCmap())


def families_for(text: str) -> list[str]:
    """Our face, and of the others those that it needs help from: loading a face takes a tenth of a second."""
    missing, chosen = {ord(letter) for letter in text if not letter.isspace()}, []
    for family in PACKAGES:
        if family == FACE or missing & covered(family):
            chosen.append(family)
            missing -= covered(family)
    return chosen


def needs_shaping(text: str) -> bool:
    """Whether a text holds letters that join, stack, or run from right to left."""
    return any(
        unicodedata.bidirectional(letter) in ("R", "AL", "AN") or "\u0900" <= letter <= "\u0dff" for letter in text
    )


def missing_from(text: str) -> set[int]:
    """The code points of a text that none of our faces can draw."""
    missing = {ord(letter) for letter in text if not letter.isspace()}
    for family in PACKAGES:
        if missing:
            missing -= covered(family)
    return missing


class Drawn:
    """Texts as our faces can draw them. What has no shape of its own (a control character) is left out; a letter that
    none of them has is seen to be missing.
    """

    def __init__(self, everything: str) -> None:
        self.marks = {
            code: None if unicodedata.category(chr(code)).startswith("C") else STAND_IN
            for code in missing_from(everything)
        }

    def __call__(self, text: str) -> str:
        return text.translate(self.marks)

    @property
    def lacks_some(self) -> bool:
        return STAND_IN in self.marks.values()


class Page(FPDF):
    """A page in our type, able to draw `text`, with a footer that numbers it: A4 upright unless told otherwise.

    `size` is in millimetres, width first. Without a `footer_text` there is no footer, and nothing breaks by itself.
    """

    def __init__(self, text: str, footer_text: str, *, size: tuple[float, float] = (210, 297)) -> None:
        super().__init__(format=size)
        self.footer_text = footer_text
        families = families_for(text)
        for family in families:
            for style in ("", "B"):
                self.add_font(family, style, font_file(family, style))
        self.set_fallback_fonts(families[1:])
        self.set_margins(22, 20, 22)
        self.set_auto_page_break(bool(footer_text), margin=24)
        self.add_page()

    def header(self) -> None:
        """Nothing to be seen. A page that began with a letter of another face would print no line of ours after it."""
        self.set_font(FACE, size=BODY_SIZE)
        self.cell(0, 0, " ", new_x=XPos.LMARGIN, new_y=YPos.TOP)

    def footer(self) -> None:
        if not self.footer_text:
            return
        self.set_y(-16)
        self.set_font(FACE, size=9)
        self.set_text_color(*MUTED)
        self.cell(0, 5, f"{self.footer_text}   Page {self.page_no()}")

    def write_block(self, text: str, *, size: float = BODY_SIZE, bold: bool = False, after: float = 3) -> None:
        """Text over the whole width, then `after` millimetres of room."""
        self.set_font(FACE, "B" if bold else "", size)
        self.write_line(text, size * 0.5)
        self.ln(after)

    def write_line(self, text: str, height: float, *, width: float = 0, align: str = "L") -> None:
        """Text in the current font from where we are, wrapped; shaped and ordered where its script asks for that. A
        `width` of 0 is what is left of the line.

        The library orders a long run of digits or signs by recursion, one level a character; past Python's limit the
        text is written in the order in which it was typed, rather than not at all.
        """
        where: dict[str, Any] = {"new_x": XPos.LMARGIN, "new_y": YPos.NEXT, "align": align}
        self.set_text_shaping(needs_shaping(text))
        try:
            self.multi_cell(width, height, text, **where)
        except RecursionError:
            self.set_text_shaping(False)
            self.multi_cell(width, height, text, **where)

    def draw_code(self, text: str, *, x: float, y: float, side: float) -> None:
        """The QR code of an address as rectangles, one for each run of dark modules; on a screen it is a link.

        Places and sizes are in millimetres.
        """
        rows = qr.modules(text)
        module = side / len(rows)
        self.set_fill_color(0)
        self.link(x, y, side, side, text, alt_text=text)
        for number, row in enumerate(rows):
            at = 0
            for dark, run in groupby(row):
                length = len(list(run))
                if dark:
                    self.rect(x + at * module, y + number * module, length * module, module, style="F")
                at += length


def letter_pdf(
    *,
    title: str,
    sender: str,
    recipient: str,
    date: str,
    about: Iterable[tuple[str, str]],
    paragraphs: Iterable[str],
    codes: Iterable[str],
) -> bytes:
    """A letter: who writes to whom and when, whom it is about, what there is to say, and the codes to record."""
    about, paragraphs, codes = list(about), list(paragraphs), list(codes)
    everything = [title, sender, recipient, date, *(value for _, value in about), *paragraphs, *codes]
    drawn = Drawn("".join(everything))
    title, sender, recipient = drawn(title), drawn(sender), drawn(recipient)
    about = [(label, drawn(value)) for label, value in about]
    paragraphs = [drawn(paragraph) for paragraph in paragraphs]
    codes = [drawn(code) for code in codes]
    if drawn.lacks_some:
        paragraphs.append(f"A letter that could not be printed is shown as {STAND_IN}. The page online has it.")
    pdf = Page(
        "".join([*everything, *paragraphs]),
        footer_text=" · ".join(value for label, value in about if label == "Reference"),
    )
    pdf.set_title(title)
    pdf.set_lang("en-GB")
    pdf.set_text_color(*MUTED)
    pdf.write_block(sender, after=0)
    pdf.write_block(date, after=5)
    pdf.set_text_color(*INK)
    pdf.write_block(f"To {recipient}", after=6)
    pdf.set_text_color(*GREEN)
    pdf.write_block(title, size=18, bold=True, after=4)
    pdf.set_text_color(*INK)
    for label, value in about:
        pdf.set_font(FACE, "", BODY_SIZE)
        pdf.cell(LABEL_WIDTH, 6.5, label)
        pdf.set_font(FACE, "B", BODY_SIZE)
        pdf.write_line(value, 6.5)
    pdf.ln(5)
    for paragraph in paragraphs:
        # Line by line: each runs in its own direction, whatever the script of the one before.
        for line in paragraph.splitlines():
            pdf.write_block(line, after=1)
        pdf.ln(3)
    if codes:
        pdf.write_block("To record, once", size=13, bold=True, after=2)
        for code in codes:
            pdf.write_block(code, after=1.5)
    return bytes(pdf.output())
