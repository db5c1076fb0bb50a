"""Short courses: their parts, how far somebody has come, and the certificates that say so."""

import hashlib
import re
import secrets
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from members.models.learning import MOST_POINTS, QUARTER, in_quarters
from members.models.user import Role, User

LEAST_CHOICES, MOST_CHOICES = 2, 6
LONGEST_CHOICE = 300  # letters
CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # none is taken for another
CODE_LENGTH = 12
MOST_HOURS = Decimal(24)


def new_code() -> str:
    """What a certificate is found by: 58 random bits, so that guessing finds none."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


def read_choices(text: str) -> list[dict[str, Any]]:
    """The answers of a question, one a line: "* " before a right one, "- " before a wrong one.

    Raises ValidationError with a sentence for each thing to put right.
    """
    choices: list[dict[str, Any]] = []
    problems = []
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    for number, line in enumerate(lines, start=1):
        found = re.fullmatch(r"([*-])\s*(\S.*)", line)
        if not found:
            problems.append(f"Begin line {number} with * (right) or - (wrong) and a space: {line[:40]}")
            continue
        if len(found[2]) > LONGEST_CHOICE:
            problems.append(f"Line {number} is too long: {LONGEST_CHOICE} letters at most.")
        choices.append({"text": found[2], "right": found[1] == "*"})
    texts = [choice["text"] for choice in choices]
    if not LEAST_CHOICES <= len(lines) <= MOST_CHOICES:
        problems.append(f"Write {LEAST_CHOICES} to {MOST_CHOICES} answers, each on its own line.")
    if len(set(texts)) < len(texts):
        problems.append("Two answers are the same. Change one.")
    if choices and not any(choice["right"] for choice in choices):
        problems.append("Begin at least one line with *: the right answer.")
    if choices and all(choice["right"] for choice in choices):
        problems.append("Begin at least one line with -: a wrong answer.")
    if problems:
        raise ValidationError(problems)
    return choices


def write_choices(choices: Iterable[Mapping[str, Any]]) -> str:
    """The text that `read_choices` reads."""
    return "\n".join(f"{'*' if choice['right'] else '-'} {choice['text']}" for choice in choices)


LARGEST_DIVIDED = 1_000_000


def check_quarters(value: Decimal) -> None:
    """Of numbers that cannot be divided, those too large, other validators say so."""
    if abs(value) < LARGEST_DIVIDED and value % QUARTER:
        raise ValidationError("Round it to a quarter, for instance 1.25.")


class CourseQuerySet(models.QuerySet["Course"]):
    def visible_to(self, user: User | AnonymousUser) -> "CourseQuerySet":
        """What is published, for anybody; all for administrators, who look before they publish."""
        if isinstance(user, User) and user.has_role(Role.ADMINISTRATOR):
            return self.all()
        return self.filter(is_published=True)


class Course(models.Model):
    """Something to read and to answer questions about, free for anybody.

    The office changes it at any time: whoever is in the middle goes on with what it is now, and a certificate keeps
    the title and the points of its day.
    """

    RESERVED = ("certificates",)  # what else stands beneath /courses/

    slug = models.SlugField(max_length=80, unique=True, help_text="In the address of its page. Never changed.")
    title = models.CharField(max_length=120)
    summary = models.TextField(max_length=600, help_text="Whom it is for and what it brings, in a few sentences.")
    minutes = models.PositiveSmallIntegerField("minutes it takes", validators=[MinValueValidator(1)])
    points = models.DecimalField(
        max_digits=5,
        decimal_places=2,
        validators=[MinValueValidator(0), MaxValueValidator(MOST_POINTS), check_quarters],
        help_text="What it counts for in a learning record, in quarters.",
    )
    formal_hours = models.DecimalField(
        max_digits=5,
        decimal_places=2,
        default=0,
        validators=[MinValueValidator(0), MaxValueValidator(MOST_HOURS), check_quarters],
    )
    author = models.CharField(max_length=120)
    pass_mark = models.PositiveSmallIntegerField(
        "pass mark (%)", default=80, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    version_note = models.CharField(
        max_length=200, blank=True, help_text="What changed last, and when. Readers see it."
    )
    is_published = models.BooleanField("published", default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = CourseQuerySet.as_manager()

    class Meta:
        ordering = ["title", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(points__gte=0, points__lte=MOST_POINTS, formal_hours__gte=0, formal_hours__lte=MOST_HOURS),
                name="course_counts_for",
            ),
            models.CheckConstraint(condition=in_quarters("points"), name="course_points_in_quarters"),
            models.CheckConstraint(condition=in_quarters("formal_hours"), name="course_hours_in_quarters"),
            models.CheckConstraint(condition=Q(pass_mark__gte=1, pass_mark__lte=100), name="course_pass_mark_range"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("course", args=[self.slug])

    def clean(self) -> None:
        super().clean()
        if self.slug in self.RESERVED:
            raise ValidationError({"slug": "This address is taken. Choose another one."})


class CourseSection(models.Model):
    """One page of a course, in Markdown."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="sections")
    order = models.PositiveSmallIntegerField("place", default=1)
    title = models.CharField(max_length=120)
    text = models.TextField(max_length=20_000, help_text="Markdown: ## a heading, - a list, **bold**.")

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.title


class QuizQuestion(models.Model):
    """A question of a course. `choices` are {"text", "right"} as `read_choices` makes them."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="questions")
    order = models.PositiveSmallIntegerField("place", default=1)
    text = models.CharField("question", max_length=500)
    choices = models.JSONField()
    explanation = models.TextField(max_length=1000, help_text="Shown after it was answered: why this is so.")

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.text

    @cached_property
    def keys(self) -> list[str]:
        """What each choice is called in a form: it follows from the text, so that a page that was open while the
        question was changed never ticks another answer than the one that was read.
        """
        return [hashlib.sha256(choice["text"].encode()).hexdigest()[:12] for choice in self.choices]

    @property
    def right_keys(self) -> set[str]:
        return {key for key, choice in zip(self.keys, self.choices, strict=True) if choice["right"]}

    @property
    def takes_several(self) -> bool:
        return len(self.right_keys) > 1


@dataclass(frozen=True)
class Marked:
    """Answers that were looked at: each question as it was, with what was chosen and whether that was right."""

    answers: list[dict[str, Any]]
    score: int  # per cent, rounded down

    @property
    def right(self) -> int:
        return sum(bool(answer["right"]) for answer in self.answers)


def mark(questions: Iterable[QuizQuestion], chosen: Mapping[int, Collection[str]]) -> Marked:
    """Marks the answers, keys of choices by question. Right is who chose all the right ones and no other."""
    answers = []
    for question in questions:
        keys = set(chosen.get(question.pk, ()))
        answers.append(
            {
                "question": question.text,
                "explanation": question.explanation,
                "right": keys == question.right_keys,
                "choices": [
                    {**choice, "chosen": key in keys}
                    for key, choice in zip(question.keys, question.choices, strict=True)
                ],
            }
        )
    right = sum(bool(answer["right"]) for answer in answers)
    return Marked(answers, 100 * right // len(answers) if answers else 0)


class CourseProgress(models.Model):
    """How far somebody has come in a course: what they have read, and how they answered last.

    `answers` keeps the questions as they were that day, so that a result can be read whatever became of the course.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="courses")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="progress")
    read = ArrayField(models.BigIntegerField(), default=list, blank=True)  # ids of sections
    attempts = models.PositiveIntegerField(default=0)
    answers = models.JSONField(default=list, blank=True)  # as of `mark`
    score = models.PositiveSmallIntegerField(null=True, blank=True)
    passed_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "progress in courses"
        constraints = [
            models.UniqueConstraint(fields=["user", "course"], name="progress_once"),
            models.CheckConstraint(
                condition=Q(attempts=0, score=None, passed_at=None) | Q(attempts__gte=1, score__isnull=False),
                name="progress_score_of_attempt",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.course}"


class CourseCertificate(models.Model):
    """That somebody passed a course: with its title, its points and their name as they were that day."""

    code = models.CharField(max_length=CODE_LENGTH, unique=True, default=new_code, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="course_certificates")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="certificates")
    name = models.CharField(max_length=254)
    title = models.CharField(max_length=120)
    points = models.DecimalField(max_digits=5, decimal_places=2)
    formal_hours = models.DecimalField(max_digits=5, decimal_places=2)
    on = models.DateField(default=timezone.localdate)

    class Meta:
        ordering = ["-on", "-pk"]
        constraints = [models.UniqueConstraint(fields=["user", "course"], name="course_certificate_once")]

    def __str__(self) -> str:
        return f"{self.title}, {self.name}"

    def get_absolute_url(self) -> str:
        """Where anybody who holds the paper sees whether it is true."""
        return reverse("course_certificate_check", args=[self.code])

    @property
    def spelled_code(self) -> str:
        """The code in fours, as it is printed."""
        return "-".join(re.findall(".{4}", self.code))

    @property
    def initials(self) -> str:
        """All that the public page says of the holder: "A. O."."""
        return " ".join(f"{word[0]}." for word in self.name.split())
