"""An episode: one person's time with one network's link workers, from first referral to close."""

import pghistory
from django.apps import apps
from django.db import models
from django.db.models import F, Max, Min, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Least, TruncDate
from django.utils import timezone

from members.models import Post, Role, User, Workplace
from referrals.models.person import Person


class ShareBack(models.TextChoices):
    """What the person agreed that their practice may be told.

    "If the person does not agree to share everything, only the codes go back": NHS social prescribing information
    standard v1.1.
    """

    EVERYTHING = "everything", "How it is going, and the codes"
    CODES = "codes", "Only the codes"


class Outcome(models.TextChoices):
    GOALS_MET = "goals_met", "Did what they set out to do"
    CONNECTED = "connected", "Settled with a group or service"
    INFORMED = "informed", "Had the advice they needed"
    STOPPED = "stopped", "Stopped coming"
    PERSON_DECLINED = "person_declined", "Did not want social prescribing"
    MOVED = "moved", "Moved away"
    ELSEWHERE = "elsewhere", "Handed to another service"
    DIED = "died", "Died"
    NOT_ACCEPTED = "not_accepted", "No referral was accepted"
    WITHDRAWN = "withdrawn", "Withdrawn by the practice"


# What a link worker can choose when closing; the rest is set by declining and withdrawing.
CLOSING_OUTCOMES = [
    Outcome.GOALS_MET,
    Outcome.CONNECTED,
    Outcome.INFORMED,
    Outcome.STOPPED,
    Outcome.PERSON_DECLINED,
    Outcome.MOVED,
    Outcome.ELSEWHERE,
    Outcome.DIED,
]


class Complexity(models.TextChoices):
    LIGHT = "light", "Light"
    MODERATE = "moderate", "Moderate"
    COMPLEX = "complex", "Complex"


class EpisodeQuerySet(models.QuerySet["Episode"]):
    def visible_to(self, user: User) -> "EpisodeQuerySet":
        """Cases of the networks where this person is a link worker today. Nobody else opens a case."""
        return self.filter(network__in=user.workplace_ids(Role.LINK_WORKER))

    def open(self) -> "EpisodeQuerySet":
        return self.filter(closed_at=None)

    def on_caseload(self) -> "EpisodeQuerySet":
        """Open and accepted: somebody holds it."""
        return self.filter(closed_at=None, accepted_at__isnull=False)

    def held_by(self, user: User) -> "EpisodeQuerySet":
        return self.filter(holder=user)

    def without_a_current_holder(self) -> "EpisodeQuerySet":
        """Open cases whose holder is no longer a link worker of the network: nobody is looking after them."""
        posts = Post.objects.current().filter(
            user=OuterRef("holder"), workplace=OuterRef("network"), role=Role.LINK_WORKER
        )
        return self.on_caseload().filter(~models.Exists(posts))

    def with_next_steps(self) -> "EpisodeQuerySet":
        """Adds `next_follow_up_on`, `next_follow_up`, `next_appointment_at` and `last_contact_at`, for a list."""
        waiting = _of_episode("FollowUp").filter(done_at=None).order_by("due_on", "pk")
        coming = _of_episode("Appointment").filter(cancelled_at=None, contact=None, starts_at__gte=timezone.now())
        contacts = _of_episode("CareContact").order_by().values("episode")
        return self.annotate(
            next_follow_up_on=Subquery(waiting.values("due_on")[:1]),
            next_follow_up=Subquery(waiting.values("what")[:1]),
            next_appointment_at=Subquery(
                coming.order_by().values("episode").annotate(at=Min("starts_at")).values("at")
            ),
            last_contact_at=Subquery(contacts.annotate(at=Max("happened_at")).values("at")),
        )

    def by_next_step(self) -> "EpisodeQuerySet":
        """Whoever needs somebody soonest first; a case without a next step needs one today. Of `with_next_steps()`."""
        planned = Least(F("next_follow_up_on"), TruncDate("next_appointment_at"))
        return self.order_by(Coalesce(planned, timezone.localdate()), "accepted_at", "pk")


def _of_episode(model: str) -> models.QuerySet:
    """Rows of a model that points here, for a subquery; by name, for it is defined after this one."""
    return apps.get_model("referrals", model)._default_manager.filter(episode=OuterRef("pk"))


@pghistory.track()
class Episode(models.Model):
    """What happens from a person's first referral until their case is closed. At most one is open in each network.

    Further referrals join the open episode. `reference` is its first referral's, and is the case's address.
    """

    reference = models.CharField(max_length=12, unique=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="episodes")
    network = models.ForeignKey(Workplace, on_delete=models.PROTECT, related_name="episodes")
    holder = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="episodes")
    opened_at = models.DateTimeField(default=timezone.now)
    accepted_at = models.DateTimeField(null=True, blank=True)
    first_contact_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    outcome = models.CharField(max_length=20, choices=Outcome.choices, blank=True)
    closing_note = models.TextField(blank=True)
    share_back = models.CharField("shared with the practice", max_length=12, choices=ShareBack.choices)
    share_back_changed_at = models.DateTimeField(null=True, blank=True)
    what_matters = models.TextField("what matters to them", blank=True)
    complexity = models.CharField(max_length=10, choices=Complexity.choices, blank=True)

    objects = EpisodeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "network"],
                condition=Q(closed_at=None),
                name="episode_one_open",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, outcome="") | (Q(closed_at__isnull=False) & ~Q(outcome="")),
                name="episode_closed_has_outcome",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(holder__isnull=False),
                name="episode_accepted_has_holder",
            ),
            models.CheckConstraint(
                condition=Q(first_contact_at=None) | Q(accepted_at__isnull=False),
                name="episode_contact_after_accepted",
            ),
        ]
        indexes = [
            models.Index(
                "holder",
                "accepted_at",
                condition=Q(closed_at=None),
                name="episode_caseload",
            ),
            models.Index(
                "network",
                "holder",
                condition=Q(closed_at=None),
                name="episode_network_open",
            ),
            models.Index(F("network"), F("closed_at").desc(), name="episode_network_closed"),
            models.Index("holder", "accepted_at", name="episode_holder_accepted"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def is_accepted(self) -> bool:
        return self.accepted_at is not None

    @property
    def is_active(self) -> bool:
        return self.is_open and self.first_contact_at is not None

    @property
    def shares_everything(self) -> bool:
        return self.share_back == ShareBack.EVERYTHING


def known_case(episode: Episode) -> dict[str, str]:
    """What is written of the case as a whole."""
    return {"what_matters": episode.what_matters, "complexity": episode.complexity}


def known_consent(episode: Episode) -> dict[str, str]:
    """What the person agrees to now."""
    return {"share_back": episode.share_back}
