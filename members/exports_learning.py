"""What is kept of somebody's learning, supervision and courses, for whoever asks for everything about themselves."""

import uuid
from collections.abc import Callable, Iterator
from functools import partial

from django.urls import reverse

from linkworkers.export import Row, Section
from members.exports import Lazy
from members.models import (
    CourseCertificate,
    CourseProgress,
    LearningEntry,
    LearningEvidence,
    StoredFile,
    Supervision,
    User,
)


def learning(user: User) -> Section:
    return Section(
        key="learning",
        title="Your learning record",
        why="So that you can show what you learned in a year. Kept until you delete it or leave; only you see it.",
        rows=Lazy(_learning, user),
        covers=frozenset({"members.learningentry.user"}),
        change=("See your learning record", reverse("learning")),
        files=_Evidence(user),
    )


def _learning(user: User) -> Iterator[Row]:
    for entry in LearningEntry.objects.filter(user=user).iterator(chunk_size=500):
        yield {
            "what it was": entry.title,
            "kind": entry.get_kind_display(),
            "day": entry.on,
            "days": entry.days,
            "who offered it": entry.provider,
            "points": entry.points,
            "formal hours": entry.formal_hours,
            "what you learned": entry.learned,
            "what you do differently": entry.next_step,
            "link": entry.link,
            "came from": entry.source,
        }


class _Evidence:
    """The files of somebody's entries, each read when it is written. The number before a name tells two apart."""

    def __init__(self, user: User) -> None:
        self.user = user

    def __iter__(self) -> Iterator[tuple[str, Callable[[], bytes]]]:
        kept = LearningEvidence.objects.filter(entry__user=self.user).values_list("pk", "file", "file__name")
        for number, file, name in kept:
            yield f"{number} {name}", partial(_content, file)


def _content(file: uuid.UUID) -> bytes:
    return bytes(StoredFile.objects.get(pk=file).content)


def supervision(user: User) -> Section:
    return Section(
        key="supervision",
        title="Your supervision log",
        why="So that you see whether you get enough of it. Kept until you delete it or leave; only you see it.",
        rows=Lazy(_supervision, user),
        covers=frozenset({"members.supervision.user"}),
        change=("See your supervision log", reverse("supervision")),
    )


def _supervision(user: User) -> Iterator[Row]:
    for session in Supervision.objects.filter(user=user).iterator(chunk_size=500):
        yield {
            "day": session.on,
            "minutes": session.minutes,
            "how": session.get_kind_display(),
            "with whom": session.with_whom,
            "about": ", ".join(session.theme_labels),
            "note": session.note,
        }


def courses(user: User) -> Section:
    return Section(
        key="courses",
        title="Courses you read, your last answers and your certificates",
        why="So that you can go on where you were, and others can see that a certificate is true. Kept till you leave.",
        rows=Lazy(_courses, user),
        covers=frozenset({"members.courseprogress.user", "members.coursecertificate.user"}),
        change=("See the courses", reverse("courses")),
    )


def _courses(user: User) -> Iterator[Row]:
    for progress in CourseProgress.objects.filter(user=user).select_related("course"):
        yield {
            "course": progress.course.title,
            "parts read": len(progress.read),
            "attempts": progress.attempts,
            "right, in per cent": progress.score,
            "last answers": progress.answers,
            "passed": progress.passed_at,
        }
    for certificate in CourseCertificate.objects.filter(user=user):
        yield {
            "certificate": certificate.title,
            "name on it": certificate.name,
            "day": certificate.on,
            "points": certificate.points,
            "formal hours": certificate.formal_hours,
            "code": certificate.spelled_code,
        }
