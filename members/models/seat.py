"""Seats that an employer lends."""

import datetime as dt

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone

from members.models._triggers import keep_column
from members.models.membership import Membership
from members.models.user import Role, User


class SeatQuerySet(models.QuerySet["Seat"]):
    def taken(self) -> "SeatQuerySet":
        """Seats that somebody sits on or has been offered: what counts against what the employer bought."""
        return self.filter(ended_at=None)

    def visible_to(self, user: User) -> "SeatQuerySet":
        """Seats of employers whose membership this person looks after; all for administrators."""
        if user.has_role(Role.ADMINISTRATOR):
            return self.all()
        return self.filter(membership__in=Membership.objects.kept_by(user))


class Seat(models.Model):
    """A place in an employer's membership, offered to an address and then sat on by a person.

    Who leaves loses the seat and keeps their own membership's row, with its number and their records. Only a hash of
    the link's secret is kept.
    """

    LIFETIME = dt.timedelta(days=28)  # of the link

    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="lent")
    email = models.EmailField("e-mail address", max_length=254)
    name = models.CharField(max_length=150, blank=True)
    member = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="held")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    offered_at = models.DateTimeField(default=timezone.now, editable=False)
    offered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, editable=False, related_name="+")
    expires_at = models.DateTimeField(editable=False)
    accepted_at = models.DateTimeField(null=True, blank=True, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    # Where it is accepted: known to whoever made the link just now, and kept nowhere.
    path = ""

    objects = SeatQuerySet.as_manager()

    class Meta:
        ordering = ["offered_at"]
        constraints = [
            models.UniqueConstraint(
                "membership",
                "email",
                condition=Q(ended_at=None),
                name="seat_one_for_an_address",
                violation_error_message="This person has a seat, or has been offered one, already.",
            ),
            models.UniqueConstraint("member", condition=Q(ended_at=None), name="seat_one_for_a_person"),
            models.CheckConstraint(
                condition=Q(member=None, accepted_at=None) | Q(member__isnull=False, accepted_at__isnull=False),
                name="seat_accepted_has_person",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="keep_sponsor",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=keep_column(
                    "sponsor_id",
                    "SELECT membership_id FROM members_seat"
                    " WHERE member_id = members_membership.id AND ended_at IS NULL",
                    "member_id",
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.name or self.email} at {self.membership.organization_name}"

    @property
    def state(self) -> str:
        if self.ended_at:
            return "Ended"
        if self.accepted_at:
            return "Taken"
        return "Expired" if self.expires_at <= timezone.now() else "Offered"
