"""Friendly drawn faces for the demo's photo board. Nobody looks like this, and nobody has to."""

import io
from random import Random

from PIL import Image, ImageDraw

SIDE, SCALE = 600, 3  # pixels, and how much larger it is drawn
GROUNDS = ("#e3f1ee", "#fdf1d8", "#e9eef1", "#f4e3dc", "#e6e9d8", "#e8e2f0")
SKINS = ("#f2c9a5", "#8d5a3b", "#e0aa80", "#5d3a26", "#f6d8bf", "#b97a50")
HAIRS = ("#d9d6d0", "#2b2320", "#6b4226", "#1f1a19", "#b5782d", "#8f8c88")
CLOTHES = ("#0b655f", "#b3543a", "#3d5a80", "#74508b", "#c58a1c", "#4c6b3c")


def portrait(number: int) -> bytes:
    """A JPEG of a drawn face: the same for the same number."""
    rng = Random(number)  # noqa: S311 - the same face each time is the point
    size = SIDE * SCALE
    picture = Image.new("RGB", (size, size), GROUNDS[number % len(GROUNDS)])
    pen = ImageDraw.Draw(picture)
    skin, hair, cloth = SKINS[number % 6], HAIRS[(number * 5 + 1) % 6], CLOTHES[(number * 7 + 2) % 6]

    def box(x: float, y: float, wide: float, high: float) -> tuple[float, float, float, float]:
        """A box around a point, in hundredths of the picture."""
        part = size / 100
        return ((x - wide) * part, (y - high) * part, (x + wide) * part, (y + high) * part)

    long_hair = number % 3 == 0
    if long_hair:
        pen.rounded_rectangle(box(50, 55, 24, 25), radius=size * 0.16, fill=hair)
    pen.ellipse(box(50, 106, 38, 32), fill=cloth)
    pen.rounded_rectangle(box(50, 72, 8, 12), radius=size * 0.06, fill=_darker(skin))
    pen.ellipse(box(28.5, 50, 4, 5), fill=_darker(skin))
    pen.ellipse(box(71.5, 50, 4, 5), fill=_darker(skin))
    pen.ellipse(box(50, 36, 23, 20), fill=hair)
    pen.ellipse(box(50, 50, 21.5, 25), fill=skin)
    _fringe(pen, box, hair, style=number % 4)
    for side in (-1, 1):
        pen.ellipse(box(50 + side * 13, 59, 4.6, 3), fill=_rosy(skin))
        pen.ellipse(box(50 + side * 8.5, 49, 1.9, 2.4), fill="#241c1a")
        pen.ellipse(box(50 + side * 8.5 + 0.7, 48.2, 0.6, 0.7), fill="#ffffff")
        pen.arc(box(50 + side * 8.5, 44.5, 4.2, 2.6), 200, 340, fill=_darker(hair), width=size // 110)
    pen.arc(box(50, 54.5, 2.6, 2.6), 20, 160, fill=_darker(skin), width=size // 120)
    pen.chord(box(50, 59, 8, 7), 15, 165, fill="#7c2f2a")
    pen.chord(box(50, 58.4, 6.6, 4.6), 22, 158, fill="#fffaf5")
    if number % 2:
        for side in (-1, 1):
            pen.ellipse(box(50 + side * 8.5, 49.5, 6.3, 5.6), outline="#3b3533", width=size // 130)
        pen.line((*box(47.8, 49, 0, 0)[:2], *box(52.2, 49, 0, 0)[:2]), fill="#3b3533", width=size // 130)
    if number % 4 == 1:
        pen.chord(box(50, 61, 19, 15), 25, 155, fill=hair)
        pen.chord(box(50, 62.5, 7, 5.5), 15, 165, fill="#7c2f2a")
    pen.arc(box(50, 84, 11, 8), 20, 160, fill=_darker(cloth), width=size // 70)
    picture = picture.resize((SIDE, SIDE), Image.Resampling.LANCZOS).rotate(
        rng.uniform(-3, 3), Image.Resampling.BICUBIC, fillcolor=GROUNDS[number % len(GROUNDS)]
    )
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=88)
    return written.getvalue()


def _fringe(pen: ImageDraw.ImageDraw, box, hair: str, *, style: int) -> None:  # type: ignore[no-untyped-def]
    """Hair over the forehead, combed in one of four ways."""
    if style == 0:
        pen.chord(box(44, 34, 19, 15), 150, 350, fill=hair)
    elif style == 1:
        pen.chord(box(50, 35, 21, 14), 180, 360, fill=hair)
    elif style == 2:
        for place in range(5):
            pen.ellipse(box(34 + place * 8, 31 + (place % 2) * 1.5, 6.5, 6.5), fill=hair)
    else:
        pen.chord(box(56, 34, 19, 15), 190, 30, fill=hair)


def _darker(colour: str) -> str:
    return "#" + "".join(f"{int(int(colour[at : at + 2], 16) * 0.84):02x}" for at in (1, 3, 5))


def _rosy(colour: str) -> str:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"#{min(255, red + 10):02x}{int(green * 0.86):02x}{int(blue * 0.84):02x}"
