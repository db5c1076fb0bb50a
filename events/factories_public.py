"""What speakers say about themselves, for tests."""

import io
from typing import Any

from django.utils import timezone
from PIL import Image

from members.models import StoredFile


def jpeg(colour: str = "teal", size: tuple[int, int] = (300, 300)) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", size, colour).save(written, "JPEG")
    return written.getvalue()


def agreed(**more: Any) -> dict[str, Any]:
    """For `SpeakerFactory`: a biography and a photo that the speaker agreed to."""
    photo = StoredFile.keep(name="photo.jpg", content_type="image/jpeg", content=jpeg(), by=None)
    return {"biography": "I listen for a living.", "photo": photo, "consented_at": timezone.now()} | more
