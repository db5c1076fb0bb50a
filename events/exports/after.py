"""What is kept of somebody's reflections, and of whom they wanted to be introduced to."""

import uuid
from collections.abc import Callable, Iterator
from functools import partial

from events.models import Introduction, Reflection
from linkworkers.export import Row, Section
from members.exports import Lazy
from members.models import StoredFile, User


def reflections(user: User) -> Section:
    return Section(
        key="event-reflections",
        title="What you wrote about events",
        why="For yourself and, where you agreed, for others to read. Feedback is not here: nobody knows whose it is.",
        rows=Lazy(_reflections, user),
        covers=frozenset({"events.reflection.user", "events.introduction.by"}),
        files=_Photos(user),
    )


def _reflections(user: User) -> Iterator[Row]:
    for each in Reflection.objects.filter(user=user).select_related("event").order_by("pk"):
        yield {
            "event": each.event.title,
            "title": each.title,
            "what you take with you": each.takes,
            "what you will do": each.does,
            "who may read it": each.get_visibility_display(),
            "state": each.get_state_display(),
            "named as": each.line,
            "you agreed to": each.permission,
            "you agreed at": each.permitted_at,
        }
    for asked in Introduction.objects.filter(by=user).select_related("story").order_by("pk"):
        yield {"you wanted to do this too": str(asked.story), "asked": asked.asked_at, "you wrote": asked.text}


class _Photos:
    """Each read when it is written."""

    def __init__(self, user: User) -> None:
        self.user = user

    def __iter__(self) -> Iterator[tuple[str, Callable[[], bytes]]]:
        kept = Reflection.objects.filter(user=self.user, photo__isnull=False).values_list("pk", "photo")
        for number, file in kept:
            yield f"reflection-{number}.jpg", partial(_content, file)


def _content(file: uuid.UUID) -> bytes:
    return bytes(StoredFile.objects.values_list("content", flat=True).get(pk=file))
