"""What an import did, or would do, in words and numbers."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

MOST_REFUSED = 100
MOST_EXAMPLES = 50
MOST_NEW = 10  # of the examples
NEW = "New: "
MOST_KEPT = 100
MOST_LEFT_OUT = 100  # different fields
LONGEST_VALUE = 80  # characters


@dataclass
class Counts:
    """How many of one entity."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0

    @property
    def changes(self) -> int:
        return self.created + self.updated + self.removed

    @property
    def in_words(self) -> str:
        named = {"new": self.created, "changed": self.updated, "taken out": self.removed, "as before": self.unchanged}
        return ", ".join(f"{number:,} {what}" for what, number in named.items() if number)


@dataclass
class Report:
    """`counts` are by the standard's name of an entity. With anything in `refused` nothing was changed.

    `refused` and `kept` are (number of the record, reason); `unit` says what is counted: a record of a file or feed,
    or a row of a spreadsheet. `left_out` counts fields that we do not keep. No word of a confidential place is in it.
    """

    source: str = ""
    dry_run: bool = False
    unit: str = "record"
    records: int = 0
    counts: dict[str, Counts] = field(default_factory=dict)
    refused: list[tuple[int, str]] = field(default_factory=list)
    kept: list[tuple[int, str]] = field(default_factory=list)
    left_out: dict[str, int] = field(default_factory=dict)
    examples: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def is_refused(self) -> bool:
        return bool(self.refused)

    @property
    def is_unchanged(self) -> bool:
        return not self.refused and not any(each.changes for each in self.counts.values())

    @property
    def has_room(self) -> bool:
        """Whether another refusal would still be told."""
        return len(self.refused) < MOST_REFUSED

    @property
    def in_words(self) -> list[tuple[str, str]]:
        """Each entity that there is any of, listings first, with what became of them."""
        named = sorted(self.counts.items(), key=lambda each: (each[0] != "service", each[0]))
        return [(entity.replace("_", " "), words) for entity, counts in named if (words := counts.in_words)]

    @property
    def has_room_for_examples(self) -> bool:
        return len(self.examples) < MOST_EXAMPLES

    def count(self, entity: str) -> Counts:
        return self.counts.setdefault(entity, Counts())

    def refuse(self, number: int, reasons: Iterable[str]) -> None:
        self.refused += [(number, reason) for reason in reasons][: MOST_REFUSED - len(self.refused)]

    def leave_out(self, names: Iterable[str]) -> None:
        for name in names:
            if name in self.left_out or len(self.left_out) < MOST_LEFT_OUT:
                self.left_out[name] = self.left_out.get(name, 0) + 1

    def keep(self, number: int, reason: str) -> None:
        if len(self.kept) < MOST_KEPT:
            self.kept.append((number, reason))

    def example(self, text: str) -> None:
        if self.has_room_for_examples:
            self.examples.append(text)

    def example_of_new(self, name: str) -> None:
        if sum(each.startswith(NEW) for each in self.examples) < MOST_NEW:
            self.example(f"{NEW}{told(name)}")

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Report":
        """What `as_json` gave."""
        counts = {entity: Counts(**each) for entity, each in kept["counts"].items()}
        return cls(**{**kept, "counts": counts})

    def lines(self) -> Iterator[str]:
        """The whole report in words."""
        if self.refused:
            yield f"Refused, and nothing was changed. {plural(self.records, self.unit)} looked at."
            yield from (f"{self.unit.capitalize()} {number}: {reason}" for number, reason in self.refused)
            if not self.has_room:
                yield f"There may be more: only the first {MOST_REFUSED} are told."
        else:
            yield self.summary
            yield from (f"{entity}: {words}" for entity, words in self.in_words)
            yield from self.examples
            yield from (f"{self.unit.capitalize()} {number}: {reason}" for number, reason in self.kept)
        yield from self.notes
        for name, times in sorted(self.left_out.items()):
            yield f"Left out: {name} (in {plural(times, self.unit)}), which we do not keep."

    @property
    def summary(self) -> str:
        read = f"{plural(self.records, self.unit)} read."
        if self.refused:
            return f"{read} Refused; nothing was changed."
        if self.is_unchanged:
            return f"{read} Everything is as it was."
        services = self.count("service")
        did = "would be" if self.dry_run else "was" if services.created == 1 else "were"
        return f"{read} {plural(services.created, 'listing')} {did} added and {services.updated} changed."


def plural(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def told(value: Any) -> str:
    """A value in an example, short enough for a line."""
    if value in (None, ""):
        return "nothing"
    text = " ".join(str(value).split())
    return f"{text[:LONGEST_VALUE]}…" if len(text) > LONGEST_VALUE else text
