"""Going through a course: reading, answering, and the certificate."""

from collections.abc import Collection, Mapping

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from linkworkers.actions import Refused
from linkworkers.audit.actions import record
from members.actions import learning
from members.models import Course, CourseCertificate, CourseProgress, CourseSection, LearningKind, User
from members.models.course import mark


@transaction.atomic
def mark_read(section: CourseSection, *, by: User) -> CourseProgress:
    """Notes that somebody has read a part of a course. Raises PermissionDenied when it is not open to them."""
    progress = _progress(section.course, by)
    if section.pk not in progress.read:
        progress.read.append(section.pk)
        _save(progress)
    return progress


@transaction.atomic
def answer_quiz(course: Course, *, chosen: Mapping[int, Collection[str]], by: User) -> CourseProgress:
    """Marks somebody's answers, keys of choices by question, and keeps them in place of those before.

    Who passes for the first time gets a certificate with today's title and points, and the points in their learning
    record: once, even when two answers arrive at once. Raises PermissionDenied when the course is not open to them,
    and Refused when it has no questions.
    """
    progress = _progress(course, by)
    course = progress.course
    marked = mark(course.questions.all(), chosen)
    if not marked.answers:
        raise Refused("There are no questions in this course just now.")
    progress.attempts += 1
    progress.answers, progress.score = marked.answers, marked.score
    if marked.score >= course.pass_mark and progress.passed_at is None:
        progress.passed_at = timezone.now()
        _certify(course, by)
    _save(progress)
    record("course.answered", by=by, subject=course, facts={"score": marked.score})
    return progress


def _certify(course: Course, by: User) -> None:
    certificate = CourseCertificate.objects.create(
        user=by,
        course=course,
        name=str(by),
        title=course.title,
        points=course.points,
        formal_hours=course.formal_hours,
    )
    record("course.passed", by=by, subject=certificate, summary=course.title)
    learning.credit(
        user=by,
        source=f"course:{course.pk}",
        title=course.title,
        on=certificate.on,
        kind=LearningKind.COURSE,
        points=course.points,
        formal_hours=course.formal_hours,
        provider=course.author,
    )


def _progress(course: Course, by: User) -> CourseProgress:
    """The person's row of the course, locked, with the course as it is now."""
    found = Course.objects.visible_to(by).filter(pk=course.pk).first()
    if found is None:
        raise PermissionDenied
    CourseProgress.objects.get_or_create(user=by, course=found)
    progress = CourseProgress.objects.select_for_update().get(user=by, course=found)
    progress.course = found
    return progress


def _save(progress: CourseProgress) -> None:
    progress.updated_at = timezone.now()
    progress.save()
