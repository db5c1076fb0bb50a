"""Everything about a person as one file: parts that each app gives, in a ZIP that people and programs read."""

import json
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import IO, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.template.loader import render_to_string

IN_MEMORY = 2 * 1024 * 1024  # bytes; what is longer lies on the disk
Row = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Section:
    """One part of what is kept about a person. Nothing is asked of the database before `rows` is read.

    `key` names its file. `why` says in plain words what it is kept for, and for how long. `change` is where it is put
    right, as (label, path). `files` are (name, content), each read when it is written. `covers` are the foreign keys to
    a person that it answers for, as "members.post.user".
    """

    key: str
    title: str
    why: str
    rows: Iterable[Row]
    covers: frozenset[str] = frozenset()
    change: tuple[str, str] | None = None
    files: Iterable[tuple[str, Callable[[], bytes]]] = ()


def write_zip(sections: Iterable[Section], *, name: str, on: str) -> IO[bytes]:
    """A ZIP with index.html for people, a JSON file for each section, and its files; at its beginning, to be read.

    Holds one row and one file in memory, however many there are. The caller closes it, which deletes it.
    """
    target = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the caller closes it
    with (
        tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as page,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        page.write(render_to_string("export/head.html", {"name": name, "on": on}).encode())
        for section in sections:
            _write_section(section, archive, page)
        page.write(render_to_string("export/foot.html").encode())
        page.seek(0)
        with archive.open("index.html", "w") as index:
            for piece in iter(lambda: page.read(64 * 1024), b""):
                index.write(piece)
    target.seek(0)
    return target


def _write_section(section: Section, archive: zipfile.ZipFile, page: IO[bytes]) -> None:
    page.write(render_to_string("export/section.html", {"section": section}).encode())
    count = 0
    with archive.open(f"{section.key}.json", "w") as rows:
        rows.write(b"[")
        for count, row in enumerate(section.rows, start=1):
            text = json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)
            rows.write((",\n" if count > 1 else "\n").encode() + text.encode())
            page.write(render_to_string("export/row.html", {"row": row}).encode())
        rows.write(b"\n]\n")
    if not count:
        page.write(b"<p>Nothing.</p>")
    for name, content in section.files:
        archive.writestr(f"{section.key}/{name}", content())
        page.write(render_to_string("export/file.html", {"section": section, "name": name}).encode())
