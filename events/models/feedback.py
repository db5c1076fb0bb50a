"""What people thought of an event. No row of an answer leads to whoever gave it, nor to the other answers of theirs."""

import uuid

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from events.models.event import Event
from events.models.order import Ticket
from events.models.programme import ProgrammeItem

BEST, LIKELIEST = 5, 10  # the highest of a mark, and of how likely somebody is to recommend it
FEWEST = 5  # answers, from which on results are shown


class FeedbackQuestion(models.Model):
    """What the office asks of one event beside what is asked of all."""

    class Kind(models.TextChoices):
        SCALE = "scale", "A mark from 1 to 5"
        TEXT = "text", "In their own words"

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="questions")
    text = models.CharField("question", max_length=200)
    kind = models.CharField(max_length=5, choices=Kind.choices, default=Kind.TEXT)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["event", "text"], name="feedback_question_once")]

    def __str__(self) -> str:
        return self.text


class FeedbackGiven(models.Model):
    """That somebody has answered, so that nobody answers twice. Not what, and not when."""

    ticket = models.OneToOneField(Ticket, on_delete=models.CASCADE, primary_key=True, related_name="feedback_given")

    class Meta:
        verbose_name = "feedback given"
        verbose_name_plural = "feedback given"

    def __str__(self) -> str:
        return f"Ticket {self.ticket_id}"


class Feedback(models.Model):
    """One person's answers to what is asked of every event: marks from 1 to 5, and how likely they are, from 0 to 10,
    to recommend it. Its key is chance and its day is all that is known of when: rows tell no order.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="feedback")
    on = models.DateField(default=timezone.localdate)
    overall = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(BEST)])
    content = models.PositiveSmallIntegerField(null=True, validators=[MinValueValidator(1), MaxValueValidator(BEST)])
    place = models.PositiveSmallIntegerField(null=True, validators=[MinValueValidator(1), MaxValueValidator(BEST)])
    recommend = models.PositiveSmallIntegerField(null=True, validators=[MaxValueValidator(LIKELIEST)])
    best = models.TextField("most useful", max_length=2000, blank=True)
    change = models.TextField("what to change", max_length=2000, blank=True)

    class Meta:
        verbose_name_plural = "feedback"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(overall__gte=1, overall__lte=BEST)
                & (Q(content=None) | Q(content__gte=1, content__lte=BEST))
                & (Q(place=None) | Q(place__gte=1, place__lte=BEST))
                & (Q(recommend=None) | Q(recommend__lte=LIKELIEST)),
                name="feedback_marks",
            )
        ]

    def __str__(self) -> str:
        return f"{self.overall} of {BEST}"


class FeedbackReply(models.Model):
    """One answer to one of the office's own questions, by itself."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    question = models.ForeignKey(FeedbackQuestion, on_delete=models.CASCADE, related_name="replies")
    mark = models.PositiveSmallIntegerField(null=True)
    text = models.TextField(max_length=2000, blank=True)

    class Meta:
        verbose_name_plural = "feedback replies"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(mark=None) | Q(mark__gte=1, mark__lte=BEST), name="feedback_reply_mark")
        ]

    def __str__(self) -> str:
        return self.text or str(self.mark)


class SessionMark(models.Model):
    """What somebody thought of one session, by itself: which sessions somebody was at may tell who they are."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    item = models.ForeignKey(ProgrammeItem, on_delete=models.CASCADE, related_name="marks", verbose_name="session")
    mark = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=Q(mark__gte=1, mark__lte=BEST), name="session_mark_range")]

    def __str__(self) -> str:
        return f"{self.mark} of {BEST}"
