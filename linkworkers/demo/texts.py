"""The stories: what is written about a case, in `stories/*.toml`.

A line may begin with a strand ("damp: ") and then belongs to the cases that began with that strand; a note may end
with the kind of contact it fits ("@home"). Gaps such as {He}, {his} and {name} are filled in for each person.
"""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

STORIES = Path(__file__).parent / "stories"
STRAND = re.compile(r"^([a-z]+): ")
KIND = re.compile(r" @([a-z]+)$")
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
MOST_TRIES = 200

Lines = tuple[str, ...]


@dataclass(frozen=True)
class Theme:
    """What a case is about, and everything that may be said in one. `weight` says how common it is."""

    name: str
    weight: int
    reasons: Lines
    also: Lines
    ages: tuple[int, int]
    outcomes: Lines
    why_now: Lines
    hopes: Lines
    matters: Lines
    first: Lines
    along: Lines
    last: Lines
    steps: Lines
    news: Lines
    ending: Lines
    letter: Lines
    crisis: int = 0  # in how many of a hundred cases it is one


def _frozen(value: Any) -> Any:
    """Lists as tuples, so that a pool of texts can name its own deck."""
    if isinstance(value, dict):
        return {name: _frozen(inner) for name, inner in value.items()}
    return tuple(_frozen(inner) for inner in value) if isinstance(value, list) else value


def _read(path: Path) -> dict[str, Any]:
    frozen: dict[str, Any] = _frozen(tomllib.loads(path.read_text(encoding="utf-8")))
    return frozen


COMMON = _read(STORIES / "common.toml")
THEMES = {
    path.stem: Theme(name=path.stem, **_read(path)) for path in sorted(STORIES.glob("*.toml")) if path.stem != "common"
}


class Storyteller:
    """Deals lines as from shuffled packs of cards: none comes again before every other one has come."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.decks: dict[tuple[Any, ...], list[Any]] = {}
        self.told: set[str] = set()

    def draw(self, pool: tuple[Any, ...]) -> Any:
        deck = self.decks.setdefault(pool, [])
        if not deck:
            deck.extend(self.rng.sample(pool, len(pool)))
        return deck.pop()

    def deal(self, pool: Lines, words: dict[str, str]) -> str:
        """The next line of the pool, with its gaps filled."""
        return self.fill(self.draw(pool), words)

    def tell(self, pool: Lines, words: dict[str, str], *, beside: Lines = ("",)) -> str:
        """A line of the pool followed by one from `beside`, as nobody else in the demo has it."""
        return self.tell_note(pool, words, beside=beside, but=set())[0]

    def tell_note(self, pool: Lines, words: dict[str, str], *, beside: Lines, but: set[str]) -> tuple[str, str]:
        """The same of a line that is not in `but`, to which it is added; and the kind of contact it fits."""
        for _ in range(MOST_TRIES):
            drawn = self.draw(pool)
            line, kind = kind_of(drawn)
            text = f"{self.fill(line, words)} {self.deal(beside, words)}".strip()
            if drawn not in but and text not in self.told:
                but.add(drawn)
                self.told.add(text)
                return text, kind
        raise LookupError(f"Everything has been said that begins like: {pool[0]}")

    def fill(self, line: str, words: dict[str, str]) -> str:
        return line.format_map(words | {"day": self.rng.choice(DAYS)})


def strand_of(line: str) -> str:
    """The strand at the head of a line, or nothing."""
    found = STRAND.match(line)
    return found[1] if found else ""


def of_strand(pool: Lines, strand: str) -> Lines:
    """The lines that fit a strand, its name taken off: its own and those that fit all."""
    return tuple(STRAND.sub("", line) for line in pool if strand_of(line) in ("", strand))


def kind_of(line: str) -> tuple[str, str]:
    """A note without its mark, and the kind of contact it fits: home, out, phone, clinic, or nothing for any."""
    found = KIND.search(line)
    return (line[: found.start()], found[1]) if found else (line, "")
