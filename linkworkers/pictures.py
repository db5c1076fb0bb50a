"""Pictures that people send, drawn anew: of what they chose nothing is left but what one sees."""

import io
from pathlib import PurePath

from django.core.exceptions import ValidationError
from PIL import Image, ImageOps

from linkworkers.uploads import LONGEST_NAME, Upload

FORMATS = ("JPEG", "PNG", "WEBP")
MOST_PIXELS = 50_000_000  # what a good telephone takes (48 million); a bomb is many times that
QUALITY = 85

BROKEN = "This picture is cut off or damaged. Take it again, or send it anew."
TOO_LARGE = "This picture has more than 50 million dots. Save it smaller, or take it again."


def clean_picture(content: bytes, *, longest: int = 2000) -> bytes:
    """Returns a picture as a JPEG the right way up, at most `longest` pixels on its longer side.

    Whatever else was in it is gone: where and when it was taken, by which telephone, what was hidden behind it. Of one
    that moves there is its first frame; what was transparent is white. How large it is, is read from its head: what
    has too many pixels is never unpacked. Raises ValidationError for that, and for what is no whole picture.
    """
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise ValidationError(TOO_LARGE)
            opened.draft("RGB", (longest, longest))  # a JPEG is unpacked no larger than it is needed
            picture = _in_plain_colours(opened)
            picture.thumbnail((longest, longest), Image.Resampling.LANCZOS)
            picture = _on_white(ImageOps.exif_transpose(picture))
        picture.info = {}  # or its comment would be written again
        written = io.BytesIO()
        picture.save(written, "JPEG", quality=QUALITY, optimize=True)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ValidationError(TOO_LARGE) from error
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError, OverflowError) as error:
        # Pillow’s readers say in many ways that a file is not what it promised.
        raise ValidationError(BROKEN) from error
    return written.getvalue()


def clean_upload(upload: Upload, *, longest: int = 2000) -> Upload:
    """A picture that `linkworkers.uploads` let in, drawn anew under its name. Raises ValidationError."""
    content = clean_picture(upload.content, longest=longest)
    return Upload(f"{PurePath(upload.name).stem[: LONGEST_NAME - 4]}.jpg", "image/jpeg", content)


def _in_plain_colours(picture: Image.Image) -> Image.Image:
    """The same in colours that can be made smaller: without a palette, and without a scanner's 65,536 greys."""
    if picture.mode.startswith("I"):
        return picture.convert("I").point(lambda grey: grey / 256).convert("L")
    if picture.has_transparency_data:
        return picture if picture.mode == "RGBA" else picture.convert("RGBA")
    return picture if picture.mode in ("RGB", "L", "CMYK") else picture.convert("RGB")


def _on_white(picture: Image.Image) -> Image.Image:
    """The same in three colours, without anything that shines through."""
    if picture.mode != "RGBA":
        return picture.convert("RGB")
    white = Image.new("RGBA", picture.size, "white")
    white.alpha_composite(picture)
    return white.convert("RGB")
