"""A referral: what a practice asks, and where it stands."""

import datetime as dt
import uuid
from typing import Any

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, F, IntegerField, Q, Value, When
from django.utils import timezone
from django.utils.crypto import get_random_string

from members.models import Role, User, Workplace
from referrals.models.episode import Episode, ShareBack
from referrals.models.person import DETAIL_FIELDS

UNANSWERED_AFTER = dt.timedelta(days=14)
DRAFT_LIFETIME = dt.timedelta(days=30)


def new_reference() -> str:
    """A reference such as LW-7K3M-9QXD: easy to read out (no 0, 1, I, L, O or U), not to be guessed from another."""
    letters = get_random_string(8, "23456789ABCDEFGHJKMNPQRSTVWXYZ")
    return f"LW-{letters[:4]}-{letters[4:]}"


class Reason(models.TextChoices):
    LONELINESS = "loneliness", "Loneliness"
    BEREAVEMENT = "bereavement", "Bereavement"
    LOW_MOOD = "low_mood", "Low mood or worry"
    MONEY = "money", "Debt or money"
    BENEFITS = "benefits", "Benefits"
    HOUSING = "housing", "Housing"
    WORK = "work", "Work or training"
    CARER = "carer", "Caring for somebody"
    FAMILY = "family", "Family or relationship"
    LONG_TERM_CONDITION = "long_term_condition", "Living with a condition"
    ACTIVITY = "activity", "Being more active"
    ALCOHOL_DRUGS = "alcohol_drugs", "Alcohol or drugs"
    FOOD_FUEL = "food_fuel", "Food or heating"
    ABUSE = "abuse", "Abuse or feeling unsafe"
    PRACTICAL = "practical", "Transport, forms or getting online"
    OTHER = "other", "Something else"


class Urgency(models.TextChoices):
    EARLY = "early", "Early: before it gets worse"
    STRUGGLING = "struggling", "Struggling: it affects daily life"
    CRISIS = "crisis", "Crisis: needs somebody soon"


class ConsentMethod(models.TextChoices):
    FACE_TO_FACE = "face_to_face", "They agreed, face to face"
    PHONE = "phone", "They agreed, by phone or video"
    WRITTEN = "written", "They agreed in writing"
    BEST_INTERESTS = (
        "best_interests",
        "They cannot decide this; it is in their best interests",
    )


class DeclineReason(models.TextChoices):
    PERSON_DECLINED = "person_declined", "The person does not want social prescribing"
    NOT_REACHED = "not_reached", "The person could not be reached"
    OUT_OF_AREA = "out_of_area", "The person is outside our area"
    CLINICAL = "clinical", "The need is medical or urgent; it belongs with the practice"
    OTHER_SERVICE = "other_service", "Another service fits better"
    DUPLICATE = "duplicate", "Sent by mistake, or twice"


class State(models.TextChoices):
    SUBMITTED = "submitted", "Sent"
    MORE_ASKED = "more_asked", "More information asked"
    ACCEPTED = "accepted", "Accepted"
    ACTIVE = "active", "Active"
    CLOSED = "closed", "Closed"
    DECLINED = "declined", "Declined"
    WITHDRAWN = "withdrawn", "Withdrawn"


# Every move a referral can make. Each is an action in `referrals.actions`, and nothing else changes a state.
MOVES: dict[State, frozenset[State]] = {
    State.SUBMITTED: frozenset({State.MORE_ASKED, State.ACCEPTED, State.DECLINED, State.WITHDRAWN}),
    State.MORE_ASKED: frozenset({State.SUBMITTED, State.ACCEPTED, State.DECLINED, State.WITHDRAWN}),
    State.ACCEPTED: frozenset({State.ACTIVE, State.CLOSED, State.WITHDRAWN}),
    State.ACTIVE: frozenset({State.CLOSED}),
    State.CLOSED: frozenset(),
    State.DECLINED: frozenset(),
    State.WITHDRAWN: frozenset(),
}
WAITING = (State.SUBMITTED, State.MORE_ASKED)
HELD = (State.ACCEPTED, State.ACTIVE)
LIVE = WAITING + HELD


class ReferralQuerySet(models.QuerySet["Referral"]):
    def visible_to(self, user: User) -> "ReferralQuerySet":
        """Those of the practices where this person is staff today, and of the networks where they are a link worker."""
        return self.filter(
            Q(practice__in=user.workplace_ids(Role.PRACTICE_STAFF))
            | Q(network__in=user.workplace_ids(Role.LINK_WORKER))
        )

    def for_triage_by(self, user: User) -> "ReferralQuerySet":
        """The inbox: what waits for an answer in the networks where this person is a link worker."""
        return self.filter(state__in=WAITING, network__in=user.workplace_ids(Role.LINK_WORKER))

    def by_urgency_and_wait(self) -> "ReferralQuerySet":
        """Those who wait for us before those we wait for; crisis first; then whoever has waited longest."""
        return self.annotate(
            asked=Case(
                When(state=State.MORE_ASKED, then=1),
                default=0,
                output_field=IntegerField(),
            ),
            rank=Case(
                When(urgency=Urgency.CRISIS, then=Value(0)),
                When(urgency=Urgency.STRUGGLING, then=Value(1)),
                default=Value(2),
                output_field=IntegerField(),
            ),
        ).order_by("asked", "rank", "waiting_since", "pk")

    def unanswered(self, *, at: dt.datetime | None = None) -> "ReferralQuerySet":
        """Those for which nothing has happened for 14 days: the network has not answered, or the practice has not."""
        return self.filter(
            state__in=WAITING,
            waiting_since__lte=(at or timezone.now()) - UNANSWERED_AFTER,
        )


@pghistory.track()
class Referral(models.Model):
    """A practice's request for one person. It is not edited after it is sent: `as_given` keeps what was written of
    the person on the day, whatever becomes known later.

    `waiting_since` is when it last became somebody's turn: sent, a question asked, a question answered.
    `network` repeats the episode's, so that the inbox is one small partial index.
    """

    reference = models.CharField(max_length=12, unique=True, default=new_reference)
    submission_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="referrals")
    practice = models.ForeignKey(Workplace, on_delete=models.PROTECT, related_name="referrals_made")
    network = models.ForeignKey(Workplace, on_delete=models.PROTECT, related_name="referrals_received")
    submitted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    referrer_name = models.CharField("referred by", max_length=150)
    submitted_at = models.DateTimeField(default=timezone.now)
    waiting_since = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=12, choices=State.choices, default=State.SUBMITTED)

    reasons = ArrayField(models.CharField(max_length=20, choices=Reason.choices))
    urgency = models.CharField(max_length=12, choices=Urgency.choices)
    why_now = models.TextField("why now")
    hopes = models.TextField("what they hope for", blank=True)
    consent_method = models.CharField("consent", max_length=16, choices=ConsentMethod.choices)
    share_back = models.CharField("shared with the practice", max_length=12, choices=ShareBack.choices)
    as_given = models.JSONField(default=dict)

    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    declined_at = models.DateTimeField(null=True, blank=True)
    declined_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decline_reason = models.CharField(max_length=20, choices=DeclineReason.choices, blank=True)
    decline_note = models.TextField(blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    withdraw_note = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    flagged_at = models.DateTimeField(null=True, blank=True)

    objects = ReferralQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["accepted", "active", "closed"])
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="referral_accepted_has_facts",
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False) | (~Q(state="closed") & Q(closed_at=None)),
                name="referral_closed_has_facts",
            ),
            models.CheckConstraint(
                condition=(
                    Q(
                        state="declined",
                        declined_at__isnull=False,
                        declined_by__isnull=False,
                    )
                    & ~Q(decline_reason="")
                )
                | (~Q(state="declined") & Q(declined_at=None)),
                name="referral_declined_has_facts",
            ),
            models.CheckConstraint(
                condition=Q(
                    state="withdrawn",
                    withdrawn_at__isnull=False,
                    withdrawn_by__isnull=False,
                )
                | (~Q(state="withdrawn") & Q(withdrawn_at=None)),
                name="referral_withdrawn_has_facts",
            ),
            models.CheckConstraint(condition=~Q(reasons=[]), name="referral_has_reasons"),
        ]
        indexes = [
            models.Index(
                "network",
                "waiting_since",
                condition=Q(state__in=["submitted", "more_asked"]),
                name="referral_inbox",
            ),
            models.Index(F("practice"), F("submitted_at").desc(), name="referral_practice_recent"),
            models.Index(
                "waiting_since",
                condition=Q(state__in=["submitted", "more_asked"], flagged_at=None),
                name="referral_to_flag",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_waiting(self) -> bool:
        return self.state in WAITING

    @property
    def is_live(self) -> bool:
        return self.state in LIVE

    def can_move_to(self, state: State) -> bool:
        return state in MOVES[State(self.state)]

    @property
    def reason_names(self) -> list[str]:
        return [str(Reason(reason).label) for reason in self.reasons]

    @property
    def standing(self) -> str:
        """Where it stands, in the practice's words. Needs `episode.holder`."""
        match State(self.state):
            case State.SUBMITTED:
                return "Waiting for a link worker"
            case State.MORE_ASKED:
                return "Your answer is needed"
            case State.ACCEPTED:
                return f"Accepted by {self.episode.holder}"
            case State.ACTIVE:
                return f"With {self.episode.holder}"
        return str(State(self.state).label)

    @property
    def differences(self) -> dict[str, Any]:
        """What this referral says of the person that their record says otherwise: field name to value as given.

        Only what the referrer filled in counts; an empty answer contradicts nothing. Neither does a referral that is
        older than the last time a link worker brought the details up to date.
        """
        person = self.episode.person
        if person.details_updated_at and person.details_updated_at > self.submitted_at:
            return {}
        return {
            name: self.as_given[name]
            for name in ("given_name", "family_name", *DETAIL_FIELDS)
            if self.as_given.get(name) and not _same(self.as_given[name], getattr(person, name))
        }


def _same(given: Any, known: Any) -> bool:
    return set(given) == set(known) if isinstance(given, list) else given == known


@pghistory.track()
class InformationRequest(models.Model):
    """A link worker's question to the practice about a referral, and its answer. One is open at a time."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="information_requests")
    question = models.TextField()
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["referral"],
                condition=Q(answered_at=None),
                name="information_request_one_open",
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, answer="") | (Q(answered_at__isnull=False) & ~Q(answer="")),
                name="information_request_answered_has_answer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.referral_id}: asked {self.asked_at:%Y-%m-%d}"


class ReferralDraftQuerySet(models.QuerySet["ReferralDraft"]):
    def visible_to(self, user: User) -> "ReferralDraftQuerySet":
        """One's own. It may hold half a sentence about somebody who has not agreed yet: nobody else reads it."""
        return self.filter(owner=user)


class ReferralDraft(models.Model):
    """A referral that is being written, kept as it is typed, deleted when it is sent or after 30 days."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="referral_drafts")
    answers = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ReferralDraftQuerySet.as_manager()

    class Meta:
        ordering = ["-updated_at"]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def title(self) -> str:
        """Who it is about, as far as it has been typed."""
        names = [str(part).strip() for key in ("given_name", "family_name") for part in self.answers.get(key, [])]
        return " ".join(filter(None, names)) or "No name yet"

    @property
    def expires_at(self) -> dt.datetime:
        return self.updated_at + DRAFT_LIFETIME
