"""Somebody is wanted for a volunteer's shift, or for a session's open place; who was asked, and what they answered."""

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from members.models import User
from volunteers.models.role import coordinated_by
from volunteers.models.session import ClinicSession, Shift
from volunteers.models.volunteer import Volunteer


class CoverRequestQuerySet(models.QuerySet["CoverRequest"]):
    def visible_to(self, user: User) -> "CoverRequestQuerySet":
        """What one asked for, whatever is about one's own shift, what one was asked, and coordinators' own."""
        asked = CoverAsk.objects.filter(request=OuterRef("pk"), volunteer__user=user)
        return self.filter(
            Q(asked_by=user) | Q(shift__user=user) | Exists(asked) | coordinated_by(user, "session__clinic__practice")
        )

    def live(self) -> "CoverRequestQuerySet":
        """Open, with nothing that `CoverRequest.why_void` would name: the same, asked of all at once."""
        wanted = Q(shift__isnull=False, shift__ended_at=None) | Q(
            shift=None, session__taken__lt=F("session__places"), session__cancelled_at=None
        )
        return self.filter(wanted, state=CoverRequest.State.OPEN, session__starts_at__gt=timezone.now())

    def void(self) -> "CoverRequestQuerySet":
        """Open by their state, and not wanted any more."""
        return self.filter(state=CoverRequest.State.OPEN).exclude(pk__in=CoverRequest.objects.live().values("pk"))


class CoverRequest(models.Model):
    """Somebody is wanted for `shift`, whose volunteer keeps it until then; without one, for a free place of a session.

    Three are asked at a time, a `round`; the next three when `next_round_at` has passed, or all have said no. When
    nobody is left to be asked, `exhausted_at` says since when. `place` numbers a session's requests without a shift.
    `reason` is for coordinators alone.
    """

    class State(models.TextChoices):
        OPEN = "open", "Looking for somebody"
        COVERED = "covered", "Covered"
        WITHDRAWN = "withdrawn", "Withdrawn"
        EXPIRED = "expired", "No longer needed"

    session = models.ForeignKey(ClinicSession, on_delete=models.PROTECT, related_name="cover_requests")
    shift = models.ForeignKey(Shift, on_delete=models.PROTECT, null=True, blank=True, related_name="cover_requests")
    place = models.PositiveSmallIntegerField(default=0, editable=False)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300, blank=True)
    opened_at = models.DateTimeField(default=timezone.now)
    round = models.PositiveSmallIntegerField(default=0)
    next_round_at = models.DateTimeField("the next are asked at", null=True, blank=True)
    exhausted_at = models.DateTimeField("nobody left to ask since", null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    why_closed = models.CharField("why it was closed", max_length=100, blank=True)
    covered_by = models.OneToOneField(Shift, on_delete=models.PROTECT, null=True, blank=True, related_name="covers")

    objects = CoverRequestQuerySet.as_manager()

    class Meta:
        ordering = ["opened_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["shift"],
                condition=Q(state="open", shift__isnull=False),
                name="cover_open_once_for_a_shift",
                violation_error_message="Cover is being asked for already.",
            ),
            models.UniqueConstraint(
                fields=["session", "place"],
                condition=Q(state="open", shift=None),
                name="cover_open_once_for_a_place",
                violation_error_message="Cover is being asked for already.",
            ),
            models.CheckConstraint(
                condition=Q(state="open", closed_at=None) | (~Q(state="open") & Q(closed_at__isnull=False)),
                name="cover_closed_has_facts",
            ),
            models.CheckConstraint(
                condition=Q(state="covered", covered_by__isnull=False) | (~Q(state="covered") & Q(covered_by=None)),
                name="cover_covered_by_a_shift",
            ),
        ]
        indexes = [
            models.Index("next_round_at", condition=Q(state="open"), name="cover_due"),
            models.Index("session", condition=Q(state="open"), name="cover_open_of_session"),
            models.Index("asked_by", name="cover_asked_by"),
        ]

    def __str__(self) -> str:
        return f"Cover for session {self.session_id}"

    @property
    def why_void(self) -> str:
        """Why nobody is wanted any more although nobody closed it, as a sentence; needs `session` and `shift`."""
        if self.session.is_cancelled:
            return "The session was cancelled."
        if self.session.has_begun:
            return "The session has begun."
        if self.shift and self.shift.ended_at:
            return "They are not on this session any more."
        if not self.shift and not self.session.free:
            return "All places are taken now."
        return ""

    @property
    def is_live(self) -> bool:
        return self.state == self.State.OPEN and not self.why_void

    @property
    def standing(self) -> str:
        """How it stands, in words."""
        if self.state == self.State.OPEN and self.why_void:
            return str(self.State.EXPIRED.label)
        return str(self.get_state_display())

    @property
    def why_over(self) -> str:
        return self.why_closed or (self.why_void if self.state == self.State.OPEN else "")


class CoverAsk(models.Model):
    """One volunteer who was asked. No answer is not a no: they may still say yes while it is open."""

    class Answer(models.TextChoices):
        YES = "yes", "Can come"
        NO = "no", "Cannot"

    request = models.ForeignKey(CoverRequest, on_delete=models.CASCADE, related_name="asks")
    volunteer = models.ForeignKey(Volunteer, on_delete=models.CASCADE, related_name="cover_asks")
    round = models.PositiveSmallIntegerField()
    asked_at = models.DateTimeField(default=timezone.now)
    answer = models.CharField(max_length=3, choices=Answer.choices, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["round", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["request", "volunteer"], name="cover_asked_once"),
            models.UniqueConstraint(fields=["request"], condition=Q(answer="yes"), name="cover_accepted_once"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None) | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="cover_answer_has_time",
            ),
        ]
        indexes = [models.Index("volunteer", "asked_at", name="cover_ask_of_volunteer")]

    def __str__(self) -> str:
        return f"{self.volunteer_id} asked in {self.request_id}"
