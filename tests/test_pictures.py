"""Pictures that people send are drawn anew, or refused with what to do."""

import io
import struct
import zlib

import pytest
from django.core.exceptions import ValidationError
from PIL import Image, PngImagePlugin

from linkworkers.pictures import BROKEN, MOST_PIXELS, TOO_LARGE, clean_picture, clean_upload
from linkworkers.uploads import Upload

ORIENTATION, MAKER, GPS = 0x0112, 0x010F, 0x8825


def picture(size=(60, 40), *, kind="JPEG", mode="RGB", colour="red", **options) -> bytes:
    written = io.BytesIO()
    Image.new(mode, size, colour).save(written, kind, **options)
    return written.getvalue()


def opened(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


def png(width: int, height: int, data: bytes = b"") -> bytes:
    """A PNG that claims a size, whatever is in it."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_every_kind_comes_back_as_a_jpeg(kind):
    image = opened(clean_picture(picture(kind=kind)))
    assert (image.format, image.size, image.mode) == ("JPEG", (60, 40), "RGB")
    assert image.getpixel((30, 20))[0] > 240


def test_nothing_is_left_of_where_and_by_whom_it_was_taken():
    exif = Image.Exif()
    exif[MAKER] = "A telephone"
    exif.get_ifd(GPS)[1] = "N"
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", "At home")
    for sent in (
        picture(exif=exif, comment=b"At home", icc_profile=b"A telephone's colours"),
        picture(kind="PNG", pnginfo=notes, exif=exif),
        picture(kind="WEBP", exif=exif, xmp=b"<x>At home</x>"),
    ):
        clean = clean_picture(sent)
        assert b"telephone" in sent or b"At home" in sent
        assert b"telephone" not in clean
        assert b"At home" not in clean
        assert not opened(clean).getexif()
        assert set(opened(clean).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_what_is_hidden_behind_the_picture_is_gone():
    assert b"a program" not in clean_picture(picture() + b"PK\x03\x04 a program")


def test_it_is_turned_the_right_way_up():
    exif = Image.Exif()
    exif[ORIENTATION] = 6  # the telephone was held upright
    assert opened(clean_picture(picture((60, 40), exif=exif))).size == (40, 60)


def test_one_with_holes_is_turned_and_made_smaller_too():
    exif = Image.Exif()
    exif[ORIENTATION] = 8
    sent = picture((3000, 1500), kind="PNG", mode="RGBA", colour=(0, 0, 0, 0), exif=exif)
    image = opened(clean_picture(sent))
    assert image.size == (1000, 2000)
    assert min(image.getpixel((500, 500))) > 240


def test_it_is_made_smaller_and_never_larger():
    assert opened(clean_picture(picture((3000, 1500)))).size == (2000, 1000)
    assert opened(clean_picture(picture((3000, 1500), kind="PNG"), longest=400)).size == (400, 200)
    assert opened(clean_picture(picture((1, 1)))).size == (1, 1)


@pytest.mark.parametrize(
    ("mode", "colour", "kind"),
    [
        ("RGBA", (0, 0, 0, 0), "PNG"),
        ("LA", (0, 0), "PNG"),
        ("RGBA", (0, 0, 0, 0), "WEBP"),
        ("L", 255, "PNG"),
        ("1", 1, "PNG"),
        ("I;16", 65535, "PNG"),
        ("CMYK", (0, 0, 0, 0), "JPEG"),
    ],
)
def test_whatever_its_colours_it_is_drawn_on_white(mode, colour, kind):
    image = opened(clean_picture(picture(mode=mode, colour=colour, kind=kind)))
    assert min(image.getpixel((30, 20))) > 240


def test_a_palette_with_a_transparent_colour_is_drawn_on_white():
    written = io.BytesIO()
    Image.new("P", (10, 10), 0).save(written, "PNG", transparency=0)
    assert min(opened(clean_picture(written.getvalue())).getpixel((5, 5))) > 240


@pytest.mark.parametrize("size", [(10_000, 10_000), (60_000, 60_000), (MOST_PIXELS, 2)])
def test_a_bomb_is_refused_by_its_head(size):
    with pytest.raises(ValidationError, match="more than 50 million dots") as refusal:
        clean_picture(png(*size, data=bytes(1000)))
    assert refusal.value.message == TOO_LARGE


def test_a_small_file_that_unpacks_to_a_large_picture_is_refused():
    bomb = picture((8_000, 8_000), kind="PNG", mode="1", colour=1)
    assert len(bomb) < 100_000
    with pytest.raises(ValidationError, match="dots"):
        clean_picture(bomb)


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"MZ\x90\x00 a program",
        b"%PDF-1.7",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"\xff\xd8\xff\xe0",
        b"\x89PNG\r\n\x1a\n",
        b"RIFF\x10\x00\x00\x00WEBPVP8 ",
        png(20, 20, data=b"too short"),
    ],
)
def test_what_is_no_picture_is_refused_with_what_to_do(sent):
    with pytest.raises(ValidationError) as refusal:
        clean_picture(sent)
    assert refusal.value.message == BROKEN


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_that_is_cut_off_is_refused(kind):
    image = Image.effect_noise((300, 300), 80).convert("RGB")
    written = io.BytesIO()
    image.save(written, kind)
    for part in (0.02, 0.3, 0.8):
        with pytest.raises(ValidationError, match="cut off"):
            clean_picture(written.getvalue()[: int(len(written.getvalue()) * part)])


def test_other_formats_that_the_library_reads_are_not_for_us():
    for kind in ("GIF", "BMP", "TIFF", "PPM"):
        with pytest.raises(ValidationError):
            clean_picture(picture(kind=kind))


def test_it_keeps_its_name_and_says_what_it_is():
    clean = clean_upload(Upload("Train to Ware.final.png", "image/png", picture(kind="PNG")))
    assert (clean.name, clean.content_type) == ("Train to Ware.final.jpg", "image/jpeg")
    assert len(clean_upload(Upload(f"{'x' * 146}.png", "image/png", picture(kind="PNG"))).name) == 150
