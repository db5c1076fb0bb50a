"""Files of records: JSON of four kinds or a spreadsheet, plain or packed, told by what is in them."""

import codecs
import gzip
import io
import json
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, BinaryIO, cast

import ijson

from directory.importing import csv_columns
from directory.importing.records import Record, Unreadable

CHUNK = 64 * 1024  # bytes
MOST_UNPACKED = 4 * 1024**3  # bytes: a packed file may be a bomb
HEAD = 1024 * 1024  # bytes: what is looked at to tell one kind of JSON from another
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
UTF_32 = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)


@dataclass
class Source:
    """A file that was opened. `notes` are complete once the records were read."""

    records: Iterator[Record]
    unit: str = "record"
    notes: list[str] = field(default_factory=list)


def open_source(file: BinaryIO) -> Source:
    """The records of a file that can be sought in, read one by one. Raises Unreadable, here or from the records."""
    file = _unpacked(file)
    encoding, head = _encoding(file)
    start = head.lstrip()[:1]
    if not start:
        raise Unreadable("The file is empty.")
    if start in "{[":
        return Source(_json_records(_Utf8(file, encoding), head.lstrip()))
    if start == "<":
        raise Unreadable("This is a web page or XML. We read JSON of the open standard, and CSV.")
    return _spreadsheet(file, encoding, head)


# --- Packed files


def _unpacked(file: BinaryIO) -> BinaryIO:
    magic = file.read(4)
    file.seek(0)
    if magic.startswith(b"\x1f\x8b"):
        return cast(BinaryIO, gzip.GzipFile(fileobj=file))
    if not magic.startswith(b"PK\x03\x04"):
        return file
    with reading():
        archive = zipfile.ZipFile(file)
        members = [
            each for each in archive.infolist() if not each.is_dir() and not each.filename.startswith("__MACOSX/")
        ]
        if len(members) != 1:
            raise Unreadable(f"The packed file holds {len(members)} files. Pack one, or send them one by one.")
        if members[0].filename.startswith("xl/") or members[0].flag_bits & 1:
            raise Unreadable("The packed file cannot be opened: it asks for a password.")
        return cast(BinaryIO, archive.open(members[0]))


@contextmanager
def reading(number: int = 1) -> Iterator[None]:
    """Turns what goes wrong with a packed file into a sentence; `number` is the record that was to be read."""
    try:
        yield
    except EOFError:
        raise Unreadable(f"The file ends in the middle of record {number}. Was it sent whole?", number) from None
    except (zlib.error, gzip.BadGzipFile, zipfile.BadZipFile, NotImplementedError) as error:
        raise Unreadable(f"The packed file is damaged ({error}).", number) from None


# --- Letters


def _encoding(file: BinaryIO) -> tuple[str, str]:
    """The encoding that the first bytes tell of, and the beginning of the text in it."""
    with reading():
        head = file.read(HEAD)
        file.seek(0)
    if head.startswith(UTF_32):
        encoding = "utf-32"
    elif head.startswith(UTF_16):
        encoding = "utf-16"
    elif head[1:2] == b"\x00" and head[:1] in b"{[":
        encoding = "utf-16-le"
    elif head[:1] == b"\x00" and head[1:2] in (b"{", b"["):
        encoding = "utf-16-be"
    else:
        encoding = "utf-8-sig"
    return encoding, head.decode(encoding, errors="replace")


class _Utf8:
    """A file's text as UTF-8, which is what the reader of JSON takes; tells where a byte is wrong."""

    def __init__(self, file: BinaryIO, encoding: str) -> None:
        self.file = file
        self.decoder = codecs.getincrementaldecoder(encoding)()
        self.encoding = encoding.removesuffix("-sig").upper()
        self.position = 0

    def read(self, size: int = CHUNK) -> bytes:
        """About `size` bytes; none at the end, and none when asked for none."""
        text = ""
        while size and not text:
            chunk = self.file.read(CHUNK)
            waiting = len(self.decoder.getstate()[0])
            try:
                text = self.decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                at = self.position - waiting + error.start + 1
                raise Unreadable(
                    f"Byte {at:,} is not {self.encoding}. Save the file again as UTF-8, which the standard asks for."
                ) from None
            self.position += len(chunk)
            if self.position > MOST_UNPACKED:
                raise Unreadable(f"The file unpacks to more than {MOST_UNPACKED // 1024**3} GB.")
            if not chunk:
                break
        return text.encode()


# --- JSON


def _json_records(file: _Utf8, head: str) -> Iterator[Record]:
    """Of a page as the API sends them, of an array, of one record, or of one on each line."""
    prefix = "item" if head.startswith("[") else "contents.item" if _is_page(head) else ""
    documents = ijson.items(file, prefix, use_float=True, multiple_values=not prefix)
    number = 1
    while True:
        try:
            with reading(number):
                document = next(documents)
        except StopIteration:
            break
        except ijson.IncompleteJSONError as error:
            raise Unreadable(_where(error, number), number) from None
        except (ijson.JSONError, ValueError) as error:
            raise Unreadable(f"This is not JSON ({_reason(error)}).", number) from None
        yield Record(number, document)
        number += 1


def _is_page(head: str) -> bool:
    """Whether the first object has a list called contents: read as far as the beginning of the file goes."""
    try:
        for prefix, event, _ in ijson.parse(io.BytesIO(head.encode()), multiple_values=True):
            if prefix == "contents" and event == "start_array":
                return True
            if prefix == "" and event == "end_map":
                return False
    except (ijson.JSONError, ValueError):
        return False  # cut off in the middle of a long record, or no JSON at all: reading it will tell
    return False


def _where(error: Exception, number: int) -> str:
    if "premature EOF" in str(error) or "Incomplete" in str(error):
        return f"The file ends in the middle of record {number}. Was it sent whole?"
    return f"This is not JSON ({_reason(error)})."


def _reason(error: Exception) -> str:
    lines = str(error).splitlines()
    return lines[0].strip() if lines else type(error).__name__


def write_records(documents: Iterator[Any], file: BinaryIO) -> None:
    """Documents one on each line, as `open_source` reads them again."""
    for document in documents:
        file.write(json.dumps(document, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n")


# --- Spreadsheets


def _spreadsheet(file: BinaryIO, encoding: str, head: str) -> Source:
    if not csv_columns.is_spreadsheet(head):
        raise Unreadable("This is neither JSON nor a spreadsheet with a column called name. We read both of these.")
    notes: list[str] = []
    if encoding == "utf-8-sig" and (wrong := _first_wrong_byte(file)):
        encoding = "cp1252"
        notes.append(
            f"Byte {wrong:,} is not UTF-8, so the file was read as Windows (cp1252). Look at its accents and £."
        )
    return Source(csv_columns.records(file, encoding, notes), "row", notes)


def _first_wrong_byte(file: BinaryIO) -> int | None:
    """The position, from 1, of the first byte that is not UTF-8; the file stands at its beginning again."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    position = 0
    with reading():
        while True:
            chunk = file.read(CHUNK)
            waiting = len(decoder.getstate()[0])
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                file.seek(0)
                return position - waiting + error.start + 1
            position += len(chunk)
            if position > MOST_UNPACKED:
                raise Unreadable(f"The file unpacks to more than {MOST_UNPACKED // 1024**3} GB.")
            if not chunk:
                file.seek(0)
                return None
