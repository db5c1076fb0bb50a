"""What every source of records hands on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from directory.standard.read import Extent


@dataclass(frozen=True, slots=True)
class Record:
    """One document with its number, as whoever has the file counts, and how much it tells (`standard.read.Extent`).

    `faults` are what was wrong before it was a document; `columns` are the source's own names for paths of fields.
    """

    number: int
    document: Any
    extent: Extent = "record"
    faults: tuple[str, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)


class Unreadable(Exception):
    """A source that cannot be read, or not to its end. The text says why, and what to do; `number` is the record."""

    def __init__(self, reason: str, number: int = 1) -> None:
        super().__init__(reason)
        self.number = number
