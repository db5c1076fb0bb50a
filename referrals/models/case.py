"""What a link worker records in a case."""

import uuid

import pghistory
import pgtrigger
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from members.models import User
from referrals.models.episode import Episode


@pghistory.track()
class Appointment(models.Model):
    """A time agreed with the person."""

    class Kind(models.TextChoices):
        CLINIC = "clinic", "Clinic appointment"
        HOME_VISIT = "home_visit", "Home visit"
        PHONE = "phone", "Phone call"
        VIDEO = "video", "Video call"
        ELSEWHERE = "elsewhere", "Meeting elsewhere"

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="appointments")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(default=45, validators=[MinValueValidator(5), MaxValueValidator(480)])
    place = models.CharField(max_length=200, blank=True)
    note = models.TextField(blank=True)
    with_user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="appointments")
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    cancel_note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["episode", "starts_at"],
                condition=Q(cancelled_at=None),
                name="appointment_once_at_a_time",
                violation_error_message="This person has an appointment at that time already.",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at=None) | Q(cancelled_by__isnull=False),
                name="appointment_cancelled_has_facts",
            ),
        ]
        indexes = [
            models.Index(
                "with_user",
                "starts_at",
                condition=Q(cancelled_at=None),
                name="appointment_diary",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} at {self.starts_at:%Y-%m-%d %H:%M}"


class CareContact(models.Model):
    """One contact with the person, or an attempt at one. A missed appointment is a contact, not a failure.

    Written once: the database refuses changes. What proves wrong is put right by an `Amendment` beside it.
    """

    class Kind(models.TextChoices):
        PHONE = "phone", "Phone call"
        CLINIC = "clinic", "Clinic appointment"
        HOME_VISIT = "home_visit", "Home visit"
        VIDEO = "video", "Video call"
        WRITTEN = "written", "Text, e-mail or letter"
        ELSEWHERE = "elsewhere", "Meeting elsewhere"
        ABOUT = "about", "With somebody else about them"

    class Result(models.TextChoices):
        TOOK_PART = "took_part", "We were in touch"
        NO_ANSWER = "no_answer", "No answer, or left a message"
        DID_NOT_ATTEND = "did_not_attend", "Did not attend"
        CANCELLED = "cancelled", "They cancelled"

    submission_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="contacts")
    kind = models.CharField("how", max_length=12, choices=Kind.choices)
    result = models.CharField("how it went", max_length=16, choices=Result.choices)
    happened_at = models.DateTimeField("when", default=timezone.now)
    minutes = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MaxValueValidator(600)])
    note = models.TextField("what happened", blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    appointment = models.OneToOneField(
        Appointment,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="contact",
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(F("episode"), F("happened_at").desc(), name="contact_episode_recent")]
        triggers = [
            pgtrigger.Protect(
                name="contact_is_written_once",
                operation=pgtrigger.Update | pgtrigger.Delete,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.happened_at:%Y-%m-%d}"

    @property
    def is_interaction(self) -> bool:
        """Whether the person themselves took part: the first such contact makes a case active."""
        return self.result == self.Result.TOOK_PART and self.kind != self.Kind.ABOUT


class Amendment(models.Model):
    """What a contact's note should have said, and why. The first note stays readable below it."""

    contact = models.ForeignKey(CareContact, on_delete=models.PROTECT, related_name="amendments")
    note = models.TextField()
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["contact", "at"], name="amendment_contact")]
        triggers = [
            pgtrigger.Protect(
                name="amendment_is_written_once",
                operation=pgtrigger.Update | pgtrigger.Delete,
            ),
        ]

    def __str__(self) -> str:
        return f"Amendment of contact {self.contact_id}"


class FollowUpQuerySet(models.QuerySet["FollowUp"]):
    def waiting_for(self, user: User) -> "FollowUpQuerySet":
        """Not done, on the open cases this person holds; the earliest due first."""
        return self.filter(done_at=None, episode__holder=user, episode__closed_at=None).order_by("due_on", "pk")


@pghistory.track()
class FollowUp(models.Model):
    """The next thing to do for the person, and the day it is due. It is the case holder's to do."""

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="followups")
    what = models.CharField("what to do", max_length=200)
    due_on = models.DateField("when")
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at=None, done_by=None) | Q(done_at__isnull=False, done_by__isnull=False),
                name="follow_up_done_has_facts",
            ),
            models.UniqueConstraint(
                fields=["episode", "what", "due_on"],
                condition=Q(done_at=None),
                name="follow_up_not_twice",
                violation_error_message="This is on the list already.",
            ),
        ]
        indexes = [models.Index("episode", "due_on", condition=Q(done_at=None), name="follow_up_waiting")]

    def __str__(self) -> str:
        return self.what

    @property
    def days_overdue(self) -> int:
        """Days since it was due; 0 or less when it is not overdue."""
        return (timezone.localdate() - self.due_on).days
