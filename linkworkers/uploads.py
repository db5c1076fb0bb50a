"""Files that people send: how large they may be, and that they are what their names say."""

import io
import zipfile
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

import filetype
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.utils.http import content_disposition_header

LARGEST = 10 * 1024 * 1024  # bytes
LONGEST_NAME = 150  # characters

PDF = {".pdf": "application/pdf"}
IMAGES = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".webp": "image/webp"}
OFFICE = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".odp": "application/vnd.oasis.opendocument.presentation",
}
TEXTS = {".txt": "text/plain", ".csv": "text/csv", ".md": "text/markdown"}
DOCUMENTS = PDF | IMAGES | OFFICE | TEXTS


@dataclass(frozen=True)
class Upload:
    """A file that was read and looked at. `content_type` follows from what is in it, not from what was claimed."""

    name: str
    content_type: str
    content: bytes


class UploadField(forms.FileField):
    """A file of one of the kinds in `allowed` (extension to content type) and of `largest` bytes at most.

    Cleans to an `Upload`, or None when nothing was sent and nothing is required.
    """

    default_error_messages = {"required": "Choose a file.", "empty": "This file is empty. Choose another one."}

    def __init__(self, *, allowed: dict[str, str] = DOCUMENTS, largest: int = LARGEST, **kwargs: Any) -> None:
        self.allowed, self.largest = allowed, largest
        kwargs.setdefault("help_text", f"{kinds(allowed)}, {largest // 1024**2} MB at most.")
        kwargs.setdefault("widget", forms.FileInput(attrs={"accept": ",".join(allowed)}))
        super().__init__(**kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        file = super().clean(data, initial)
        return checked(file, self.allowed, self.largest) if isinstance(file, UploadedFile) else None


class SeveralFiles(forms.FileInput):
    allow_multiple_selected = True


class UploadsField(UploadField):
    """Several files at once, `most` at the most. Cleans to a list of `Upload`, empty when nothing was sent."""

    def __init__(self, *, most: int, allowed: dict[str, str] = DOCUMENTS, **kwargs: Any) -> None:
        self.most = most
        kwargs.setdefault("widget", SeveralFiles(attrs={"accept": ",".join(allowed)}))
        super().__init__(allowed=allowed, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        files = [file for file in data or [] if file]
        if not files:
            super().clean(None)  # asks whether one is required
        if len(files) > self.most:
            raise ValidationError(f"These are {len(files)} files. Choose {self.most} at most.")
        uploads, problems = [], []
        for file in files:
            try:
                uploads.append(super().clean(file))
            except ValidationError as error:
                problems += [f"{file.name[-LONGEST_NAME:]}: {message}" for message in error.messages]
        if problems:
            raise ValidationError(problems)
        return uploads


def kinds(allowed: Collection[str]) -> str:
    return ", ".join(sorted({extension[1:].upper().replace("JPEG", "JPG") for extension in allowed}))


def checked(file: UploadedFile, allowed: dict[str, str] = DOCUMENTS, largest: int = LARGEST) -> Upload:
    """Reads the file. Raises ValidationError when it is too large, or is not what its name says."""
    if (file.size or 0) > largest:
        raise ValidationError(
            f"This file has {(file.size or 0) / 1024**2:.0f} MB. Choose one of {largest // 1024**2} MB at most."
        )
    name = PurePath((file.name or "file").replace("\\", "/")).name
    name = "".join(letter for letter in name if letter.isprintable())
    extension = PurePath(name).suffix.lower()
    if extension not in allowed:
        raise ValidationError(f"We cannot take {extension or 'a file without an ending'}. Choose {kinds(allowed)}.")
    content = file.read()
    if not _is(content, extension, allowed[extension]):
        raise ValidationError(f"What is in this file is not {extension[1:].upper()}. Save it again and choose it anew.")
    return Upload(name[-LONGEST_NAME:], allowed[extension], content)


def _is(content: bytes, extension: str, content_type: str) -> bool:
    """Whether the bytes are of the kind that the name promises."""
    if extension in TEXTS:
        return b"\x00" not in content and filetype.guess(content) is None
    if extension in OFFICE:
        return _is_office_file(content, extension)
    found = filetype.guess(content)
    return found is not None and found.mime == content_type


def _is_office_file(content: bytes, extension: str) -> bool:
    """A zip with what such a document has in it, and without macros."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            if extension.startswith(".od"):
                return archive.read("mimetype").decode("ascii", "replace").strip() == OFFICE[extension]
    except (zipfile.BadZipFile, KeyError, RuntimeError, NotImplementedError):
        return False
    folder = {".docx": "word/", ".xlsx": "xl/", ".pptx": "ppt/"}[extension]
    has_macros = any(name.endswith("vbaProject.bin") for name in names)
    return not has_macros and any(name.startswith(folder) for name in names)


def as_download(name: str, content_type: str, content: bytes) -> HttpResponse:
    """Saved by the browser and never opened within our pages, whatever is in it."""
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
