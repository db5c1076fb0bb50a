"""What is kept of somebody as a speaker."""

import uuid
from collections.abc import Callable, Iterator
from functools import partial

from events.models import Speaker
from linkworkers.export import Row, Section
from members.exports import Lazy
from members.models import StoredFile, User


def speaking(user: User) -> Section:
    return Section(
        key="speaking",
        title="Where you speak, and what you said about yourself",
        why="To put you on the programme, and to introduce you as far as you agreed.",
        rows=Lazy(_speaking, user),
        covers=frozenset({"events.speaker.user"}),
        files=_Photos(user),
    )


def _speaking(user: User) -> Iterator[Row]:
    for speaker in Speaker.objects.filter(user=user).select_related("event").order_by("pk"):
        yield {
            "event": speaker.event.title,
            "name": speaker.name,
            "job": speaker.job,
            "organisation": speaker.organisation,
            "about you": speaker.biography,
            "agreed to be public": speaker.consented_at,
        }


class _Photos:
    """Each read when it is written."""

    def __init__(self, user: User) -> None:
        self.user = user

    def __iter__(self) -> Iterator[tuple[str, Callable[[], bytes]]]:
        kept = Speaker.objects.filter(user=self.user, photo__isnull=False).values_list("pk", "photo")
        for number, file in kept:
            yield f"speaker-{number}.jpg", partial(_content, file)


def _content(file: uuid.UUID) -> bytes:
    return bytes(StoredFile.objects.values_list("content", flat=True).get(pk=file))
