"""Learning, supervision and courses for tests: each valid, with nothing a test did not ask for."""

import datetime as dt
from decimal import Decimal
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from members.actions.courses import answer_quiz
from members.factories import UserFactory
from members.models import (
    Course,
    CourseCertificate,
    CourseSection,
    LearningEntry,
    LearningEvidence,
    LearningKind,
    QuizQuestion,
    StoredFile,
    Supervision,
    SupervisionKind,
    User,
)
from members.models.course import read_choices


class LearningEntryFactory(DjangoModelFactory[LearningEntry]):
    """A point for an hour's reading today."""

    class Meta:
        model = LearningEntry

    user = factory.SubFactory(UserFactory)
    title = factory.Sequence(lambda n: f"Learning {n}")
    kind = LearningKind.READING
    on = factory.LazyFunction(timezone.localdate)
    points = Decimal(1)


class SupervisionFactory(DjangoModelFactory[Supervision]):
    """An hour with one's manager, today."""

    class Meta:
        model = Supervision

    user = factory.SubFactory(UserFactory)
    on = factory.LazyFunction(timezone.localdate)
    minutes = 60
    kind = SupervisionKind.ONE_TO_ONE
    with_whom = "My manager"


class CourseFactory(DjangoModelFactory[Course]):
    """A published course of two parts and two questions, the second with two right answers. `parts=0` has none."""

    class Meta:
        model = Course
        skip_postgeneration_save = True

    title = factory.Sequence(lambda n: f"Course {n}")
    slug = factory.Sequence(lambda n: f"course-{n}")
    summary = "How to begin well."
    minutes = 20
    points = Decimal("1.5")
    formal_hours = Decimal("0.5")
    author = "The association"
    is_published = True

    @factory.post_generation
    def parts(self: Course, create: bool, extracted: int | None, **kwargs: Any) -> None:
        if extracted == 0:
            return
        for number in (1, 2):
            CourseSection.objects.create(course=self, order=number, title=f"Part {number}", text=f"Text **{number}**")
        for number, answers in enumerate(["* Yes\n- No", "* One\n* Two\n- Three"], start=1):
            QuizQuestion.objects.create(
                course=self,
                order=number,
                text=f"Question {number}?",
                choices=read_choices(answers),
                explanation=f"Because of {number}.",
            )


def right_answers(course: Course) -> dict[int, set[str]]:
    return {question.pk: question.right_keys for question in course.questions.all()}


def keep_evidence(entry: LearningEntry, name: str = "notes.txt", content: bytes = b"What I heard.") -> StoredFile:
    file = StoredFile.keep(name=name, content_type="text/plain", content=content, by=entry.user)
    LearningEvidence.objects.create(entry=entry, file=file)
    return file


def days_ago(days: int) -> dt.date:
    return timezone.localdate() - dt.timedelta(days=days)


def let_learn(member: User) -> None:
    """Gives the member an entry with a file, a session of supervision, and a course that they have passed."""
    keep_evidence(LearningEntryFactory.create(user=member))
    SupervisionFactory(user=member)
    course = CourseFactory.create()
    answer_quiz(course, chosen=right_answers(course), by=member)


def of_learning() -> dict[str, object]:
    """What fills in the addresses of these pages: the first of each."""
    evidence, course = LearningEvidence.objects.earliest("pk"), Course.objects.earliest("pk")
    return {
        "entry_id": evidence.entry_id,
        "file_id": evidence.file_id,
        "supervision_id": Supervision.objects.earliest("pk").pk,
        "course_slug": course.slug,
        "section_id": course.sections.earliest("pk").pk,
        "certificate_code": CourseCertificate.objects.earliest("pk").code,
    }
