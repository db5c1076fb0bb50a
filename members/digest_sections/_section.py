"""What a section is, in whatever part of membership it comes from."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from members.models import Membership


@dataclass(frozen=True)
class Line:
    """`path` is where it leads to on this site; none leads nowhere."""

    text: str
    path: str = ""


@dataclass(frozen=True)
class Section:
    """`headline` says the most interesting of it in a few words, for the mail's subject."""

    title: str
    headline: str
    lines: Sequence[Line]


def by_since(
    members: Sequence[Membership], since: Mapping[int, dt.datetime]
) -> list[tuple[dt.datetime, list[Membership]]]:
    """The members by the moment since when something is news: those who had the same digest have the same one."""
    groups: dict[dt.datetime, list[Membership]] = defaultdict(list)
    for member in members:
        groups[since[member.user_id]].append(member)  # type: ignore[index]
    return sorted(groups.items())
