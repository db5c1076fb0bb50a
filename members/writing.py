"""What the office writes as a page: HTML with places to jump to, and what changed between two versions."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from html import unescape

from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe

from linkworkers.markdown import render

_HEADING = re.compile(r"<(/?)h([3-6])>")
_PART = re.compile(r'<h2 id="(part-\d+)">(.*?)</h2>', re.DOTALL)


def as_part(text: str, level: int) -> SafeString:
    """Markdown within a page: its headings begin at this level, however its writer numbered them."""
    html = render(text)
    shift = min((int(found[2]) for found in _HEADING.finditer(html)), default=level) - level
    moved = _HEADING.sub(lambda found: f"<{found[1]}h{min(int(found[2]) - shift, 6)}>", html)
    return mark_safe(moved)  # noqa: S308 - cleaned by `render`, and only numbers of headings changed


def as_page(text: str) -> str:
    """Markdown as the body of a page of its own: its headings begin at the second level, where each has an id."""
    pieces = as_part(text, 2).split("<h2>")
    return pieces[0] + "".join(f'<h2 id="part-{number}">{piece}' for number, piece in enumerate(pieces[1:], start=1))


def contents(html: str) -> list[tuple[str, str]]:
    """The headings of such a page: the id of each, and its words."""
    return [(found[1], unescape(strip_tags(found[2]))) for found in _PART.finditer(html)]


@dataclass(frozen=True)
class Line:
    """One line of a comparison: its pieces, each with what became of it: "same", "out" or "in"."""

    kind: str
    pieces: list[tuple[str, str]]


def differences(before: str, after: str) -> list[Line]:
    """Two texts as one: what was taken out and what was put in, by the line and within a changed line by the word."""
    return list(_lines(before.splitlines(), after.splitlines()))


def _lines(before: list[str], after: list[str]) -> Iterator[Line]:
    for what, start, end, other_start, other_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        old, new = before[start:end], after[other_start:other_end]
        if what == "equal":
            yield from (Line("same", [("same", line)]) for line in old)
            continue
        together = min(len(old), len(new))
        yield from (Line("changed", _words(one, other)) for one, other in zip(old, new, strict=False))
        yield from (Line("out", [("out", line)]) for line in old[together:])
        yield from (Line("in", [("in", line)]) for line in new[together:])


def _words(before: str, after: str) -> list[tuple[str, str]]:
    old, new = re.findall(r"\s+|\S+", before), re.findall(r"\s+|\S+", after)
    pieces = []
    for what, start, end, other_start, other_end in SequenceMatcher(None, old, new).get_opcodes():
        if what == "equal":
            pieces.append(("same", "".join(old[start:end])))
            continue
        pieces += [("out", "".join(old[start:end]))] if end > start else []
        pieces += [("in", "".join(new[other_start:other_end]))] if other_end > other_start else []
    return pieces
