"""Two volunteers exchange their shifts."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least
from django.utils import timezone

from members.models import User
from volunteers.models.role import coordinated_by
from volunteers.models.session import Shift


class SwapQuerySet(models.QuerySet["Swap"]):
    def visible_to(self, user: User) -> "SwapQuerySet":
        """One's own, on either side, and those at the practices whose volunteers this person coordinates."""
        return self.filter(Q(mine__user=user) | Q(theirs__user=user) | self._coordinated_by(user))

    def live(self) -> "SwapQuerySet":
        """Open, with nothing that `Swap.why_void` would name: the same, asked of all at once."""
        now = timezone.now()
        return self.filter(
            state__in=Swap.OPEN,
            mine__ended_at=None,
            mine__starts_at__gt=now,
            theirs__ended_at=None,
            theirs__starts_at__gt=now,
        )

    def void(self) -> "SwapQuerySet":
        """Open by their state, and cannot take place any more."""
        return self.filter(state__in=Swap.OPEN).exclude(pk__in=Swap.objects.live().values("pk"))

    def to_decide(self, user: User) -> "SwapQuerySet":
        """Agreed by both, waiting for this coordinator."""
        needs = [
            Q(**{f"{side}__session__clinic__swaps_need_approval": True})
            & coordinated_by(user, f"{side}__session__clinic__practice")
            for side in ("mine", "theirs")
        ]
        return self.live().filter(needs[0] | needs[1], state=Swap.State.AGREED)

    @staticmethod
    def _coordinated_by(user: User) -> Q:
        return coordinated_by(user, "mine__session__clinic__practice") | coordinated_by(
            user, "theirs__session__clinic__practice"
        )


class Swap(models.Model):
    """The offer of one's shift (`mine`, of whoever offers) for a colleague's (`theirs`).

    AGREED waits for a coordinator, where a clinic of either shift asks for that. When it is DONE both shifts have ended
    as swapped, and each volunteer has one on the other's session.
    """

    class State(models.TextChoices):
        OFFERED = "offered", "Waiting for an answer"
        AGREED = "agreed", "Waiting for the coordinator"
        DONE = "done", "Swapped"
        DECLINED = "declined", "Declined"
        WITHDRAWN = "withdrawn", "Withdrawn"
        REFUSED = "refused", "Not approved"
        EXPIRED = "expired", "Fell through"

    OPEN: ClassVar = (State.OFFERED, State.AGREED)

    mine = models.ForeignKey(Shift, on_delete=models.PROTECT, related_name="swaps_offered")
    theirs = models.ForeignKey(Shift, on_delete=models.PROTECT, related_name="swaps_asked")
    offered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    offered_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OFFERED)
    answered_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    why_closed = models.CharField("why it was closed", max_length=300, blank=True)

    objects = SwapQuerySet.as_manager()

    class Meta:
        ordering = ["offered_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                Least("mine", "theirs"),
                Greatest("mine", "theirs"),
                condition=Q(state__in=["offered", "agreed"]),
                name="swap_open_once_for_two_shifts",
                violation_error_message="This swap is on offer already.",
            ),
            models.CheckConstraint(condition=~Q(mine=F("theirs")), name="swap_of_two_shifts"),
            models.CheckConstraint(
                condition=Q(state__in=["offered", "agreed"], closed_at=None)
                | (~Q(state__in=["offered", "agreed"]) & Q(closed_at__isnull=False)),
                name="swap_closed_has_facts",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["agreed", "done", "declined", "refused"]) | Q(answered_at__isnull=False),
                name="swap_answered_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="swap_refused_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"Swap of shifts {self.mine_id} and {self.theirs_id}"

    @property
    def why_void(self) -> str:
        """Why it cannot take place although nobody closed it, as a sentence; needs both shifts and their volunteers."""
        for shift in (self.mine, self.theirs):
            if shift.ended_at:
                return f"{shift.volunteer.short_name} is not on that shift any more."
            if shift.has_begun:
                return f"The shift of {shift.volunteer.short_name} has begun."
        return ""

    @property
    def is_live(self) -> bool:
        return self.state in self.OPEN and not self.why_void

    @property
    def standing(self) -> str:
        """How it stands, in words."""
        if self.state in self.OPEN and self.why_void:
            return str(self.State.EXPIRED.label)
        return str(self.get_state_display())

    @property
    def why_over(self) -> str:
        return self.why_closed or (self.why_void if self.state in self.OPEN else "")

    @property
    def needs_approval(self) -> bool:
        """Needs both sessions with their clinics."""
        return any(shift.session.clinic.swaps_need_approval for shift in (self.mine, self.theirs))
