"""PDFs that people send: what runs or hides in one is found by reading it, for its bytes alone do not show it."""

import io
from typing import Any

from django.core.exceptions import ValidationError
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

MOST_OBJECTS = 20_000
MOST_PAGES = 50
# Keys and kinds of actions by which a PDF does something on its own, reaches out, or carries another file.
RUNS = {"/JS", "/JavaScript", "/AA", "/XFA", "/RichMedia", "/EmbeddedFiles", "/EmbeddedFile", "/EF", "/Launch"}
ACTIONS = {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/GoToE", "/GoToR", "/Rendition", "/Movie", "/Sound"}
ANNOTATIONS = {"/FileAttachment", "/RichMedia", "/Screen", "/Movie", "/Sound", "/3D"}

LOCKED = "This PDF is locked with a password. Save it without one, or send a photo of the paper."
LIVELY = (
    "There is more in this PDF than pages: a script, a form or another file. Print it to a new PDF, or send a photo."
)
BROKEN = "This PDF cannot be read. Save it again, or send a photo of the paper."
LONG = f"This PDF is very long. Send the pages that show what you paid, {MOST_PAGES} at most."


def check_pdf(content: bytes) -> None:
    """Raises ValidationError, with what to do instead, for a PDF that is locked, broken, very long, or more than pages.

    Everything that a viewer can get to from its root is looked at; nothing of it is drawn or run.
    """
    try:
        reader = PdfReader(io.BytesIO(content), strict=False)
        if reader.is_encrypted:
            raise ValidationError(LOCKED)
        found = _is_lively(reader)
        if reader.get_num_pages() == 0:
            raise ValidationError(BROKEN)
        if reader.get_num_pages() > MOST_PAGES:
            raise ValidationError(LONG)
    except ValidationError:
        raise
    except Exception as error:  # a parser of what strangers made: it fails in more ways than it can name
        raise ValidationError(BROKEN) from error
    if found:
        raise ValidationError(LIVELY)


def _is_lively(reader: PdfReader) -> bool:
    waiting: list[Any] = [reader.trailer]
    seen: set[int] = set()
    looked_at = 0
    while waiting:
        value = waiting.pop()
        looked_at += 1
        if looked_at > MOST_OBJECTS * 10:
            raise ValidationError(LONG)
        if isinstance(value, IndirectObject):
            if value.idnum in seen:
                continue
            seen.add(value.idnum)
            if len(seen) > MOST_OBJECTS:
                raise ValidationError(LONG)
            value = value.get_object()
        if isinstance(value, DictionaryObject):
            if not RUNS.isdisjoint(value) or _kind(value, "/S") in ACTIONS or _kind(value, "/Subtype") in ANNOTATIONS:
                return True
            waiting.extend(value.raw_get(key) for key in value)
        elif isinstance(value, ArrayObject):
            waiting.extend(list.__iter__(value))
    return False


def _kind(found: DictionaryObject, key: str) -> str:
    return str(found[key]) if key in found else ""
