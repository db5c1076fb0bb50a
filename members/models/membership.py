"""Who belongs, as what, and from when to when."""

import datetime as dt
import secrets
from typing import Any, TypeVar

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Case, ExpressionWrapper, F, Q, Value, When
from django.utils import timezone

from members.models._triggers import keep_column
from members.models.plan import Plan
from members.models.post import daterange
from members.models.user import Role, User
from members.models.workplace import Region, Workplace

Rows = TypeVar("Rows", bound=models.QuerySet[Any])

FOREVER = dt.date.max  # the last day of a term for life


class Status(models.TextChoices):
    """Where a membership stands: it follows from its dates and is kept nowhere."""

    APPLIED = "applied", "Applied"
    CURRENT = "current", "Current"
    GRACE = "grace", "In grace"
    LAPSED = "lapsed", "Lapsed"
    CANCELLED = "cancelled", "Cancelled"


IN_FORCE = frozenset({Status.CURRENT, Status.GRACE})  # what members have is open to these


def luhn(digits: str) -> int:
    """The check digit that makes a number pass the Luhn test (ISO/IEC 7812-1, annex B)."""
    doubled = [int(digit) * (2 - position % 2) for position, digit in enumerate(reversed(digits))]
    return -sum(number // 10 + number % 10 for number in doubled) % 10


def new_number() -> str:
    """Six random digits and their check digit, by which a mistyped number is told from somebody else's."""
    digits = str(secrets.randbelow(900_000) + 100_000)
    return f"M{digits}{luhn(digits)}"


def new_numbers(count: int) -> list[str]:
    """So many numbers that nobody has. One query; with a sixth of them given, one in six made up is."""
    taken = set(Membership.objects.values_list("number", flat=True))
    found: set[str] = set()
    while len(found) < count:
        found.add(new_number())
        found -= taken
    return list(found)


def is_number(text: str) -> bool:
    """Whether this could be a membership's number, by its form and its check digit."""
    digits = text[1:]
    is_formed = len(text) == 8 and text[0] == "M" and digits.isascii() and digits.isdigit()
    return is_formed and luhn(digits[:-1]) == int(digits[-1])


def _grace_ends(path: str = "") -> ExpressionWrapper:
    """The last day of grace after the membership at `path` has ended."""
    return ExpressionWrapper(F(f"{path}ends_on") + F(f"{path}plan__grace_days"), output_field=models.DateField())


def _is_in_force(path: str, day: dt.date) -> Q:
    """That the membership at `path` is current or in grace, where `own_grace` and `lent_grace` are known."""
    return (
        Q((f"{path}ends_on__gte", day))
        | Q((f"{path}sponsor__ends_on__gte", day))
        | Q((f"{path}cancelled_on", None), own_grace__gte=day)
        | Q((f"{path}sponsor__cancelled_on", None), lent_grace__gte=day)
    )


def leading_to_one_in_force(rows: Rows, path: str) -> Rows:
    """Those rows whose `path` ("user__membership__") leads to a membership that is in force today."""
    known = rows.alias(own_grace=_grace_ends(path), lent_grace=_grace_ends(f"{path}sponsor__"))
    return known.filter(_is_in_force(path, timezone.localdate()))


class MembershipQuerySet(models.QuerySet["Membership"]):
    def with_status(self, on: dt.date | None = None) -> "MembershipQuerySet":
        """Each with `status` as of a day, today in London unless told; `Membership.status_on` says the same."""
        day = on or timezone.localdate()
        in_grace = Q(cancelled_on=None, own_grace__gte=day) | Q(sponsor__cancelled_on=None, lent_grace__gte=day)
        # Not selected: the grace of a term for life ends on a day that Python cannot hold.
        return self.alias(own_grace=_grace_ends(), lent_grace=_grace_ends("sponsor__")).annotate(
            status=Case(
                When(Q(ends_on__gte=day) | Q(sponsor__ends_on__gte=day), then=Value(Status.CURRENT)),
                When(in_grace, then=Value(Status.GRACE)),
                When(~Q(cancelled_on=None), then=Value(Status.CANCELLED)),
                When(ends_on=None, sponsor=None, applied_at__isnull=False, then=Value(Status.APPLIED)),
                default=Value(Status.LAPSED),
                output_field=models.CharField(),
            )
        )

    def in_force(self, on: dt.date | None = None) -> "MembershipQuerySet":
        """Those that are current or in grace on a day."""
        return self.with_status(on).filter(_is_in_force("", on or timezone.localdate()))

    def waiting(self) -> "MembershipQuerySet":
        """Those on which the office has to decide, as `Membership.waits_for_approval` says of one."""
        return self.filter(
            Q(ends_on=None) | Q(ends_on__lt=timezone.localdate()),
            plan__needs_approval=True,
            applied_at__isnull=False,
            approved_at=None,
            cancelled_on=None,
        )

    def visible_to(self, user: User) -> "MembershipQuerySet":
        """A person's own, and the employer's that they look after; all for administrators."""
        if user.has_role(Role.ADMINISTRATOR):
            return self.all()
        return self.filter(Q(user=user) | _is_kept_by(user))

    def kept_by(self, user: User) -> "MembershipQuerySet":
        """Employers' memberships that this person looks after: as their contact, or as a manager at the workplace."""
        return self.filter(_is_kept_by(user))


def _is_kept_by(user: User) -> Q:
    return Q(contact=user) | Q(user=None, workplace__in=user.workplace_ids(Role.MANAGER))


class Membership(models.Model):
    """Somebody's belonging, for as long as they live or exist: one row for a person or an employer, whatever plans and
    terms come and go. Its number never changes.

    A person belongs by terms of their own, by a seat that an employer lends them, or by both. `ends_on` (the last day
    of the last term) and `sponsor` (whose seat they sit on) are kept by triggers of `Term` and `Seat`.
    """

    number = models.CharField(max_length=8, unique=True, default=new_number, editable=False)
    user = models.OneToOneField(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="membership", verbose_name="person"
    )
    workplace = models.OneToOneField(
        Workplace, on_delete=models.PROTECT, null=True, blank=True, related_name="membership", verbose_name="employer"
    )
    organization_name = models.CharField("organisation", max_length=200, blank=True)
    contact = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships_kept",
        help_text="Who looks after an employer’s membership.",
    )
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="memberships")
    seats = models.PositiveSmallIntegerField(default=0, help_text="An employer’s, as agreed for the next invoice.")
    region = models.CharField(max_length=20, choices=Region.choices, blank=True)
    billing_address = models.TextField(blank=True)
    purchase_order = models.CharField("purchase order number", max_length=60, blank=True)
    answer = models.TextField("what they told us", blank=True, help_text="Their answer to what the plan asks.")
    applied_at = models.DateTimeField(null=True, blank=True, editable=False)
    approved_at = models.DateTimeField(null=True, blank=True, editable=False)
    approved_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    cancelled_on = models.DateField(null=True, blank=True, editable=False)
    cancel_reason = models.TextField(blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    ends_on = models.DateField(null=True, blank=True, editable=False)
    sponsor = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="sponsored"
    )

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, workplace=None, contact=None, organization_name="", seats=0)
                | Q(user=None, contact__isnull=False, seats__gte=1) & ~Q(organization_name=""),
                name="membership_person_or_employer",
            ),
            models.CheckConstraint(
                condition=Q(sponsor=None) | Q(user__isnull=False), name="membership_person_sponsored"
            ),
            models.CheckConstraint(
                condition=Q(approved_at=None, approved_by=None)
                | Q(approved_at__isnull=False, approved_by__isnull=False),
                name="membership_approved_has_facts",
            ),
        ]
        indexes = [
            models.Index(fields=["ends_on"], name="membership_ends"),
            models.Index(fields=["region", "plan"], name="membership_region_plan"),
            models.Index(fields=["created_at"], name="membership_created"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.holder}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """With a number that nobody has: of twenty thousand members one in fifty new ones would have drawn theirs."""
        while self._state.adding and Membership.objects.filter(number=self.number).exists():
            self.number = new_number()
        super().save(*args, **kwargs)

    @property
    def holder(self) -> str:
        """Whose it is, in words."""
        return self.user.name if self.user else self.organization_name

    @property
    def is_employers(self) -> bool:
        return self.user_id is None

    @property
    def mailbox(self) -> User:
        """Who reads the mails about it."""
        reader = self.user or self.contact
        assert reader is not None  # noqa: S101 - the database sees to it
        return reader

    @property
    def for_life(self) -> bool:
        return self.ends_on == FOREVER

    def status_on(self, day: dt.date) -> Status:
        """Where it stands on a day: the Python of `MembershipQuerySet.with_status`. Needs plan and sponsor's plan."""
        if self._covered(day) or (self.sponsor and self.sponsor._covered(day)):
            return Status.CURRENT
        if self._in_grace(day) or (self.sponsor and self.sponsor._in_grace(day)):
            return Status.GRACE
        if self.cancelled_on:
            return Status.CANCELLED
        applied = self.ends_on is None and self.sponsor is None and self.applied_at is not None
        return Status.APPLIED if applied else Status.LAPSED

    @property
    def status_today(self) -> Status:
        return self.status_on(timezone.localdate())

    @property
    def is_in_force(self) -> bool:
        return self.status_today in IN_FORCE

    @property
    def waits_for_approval(self) -> bool:
        undecided = self.applied_at is not None and self.approved_at is None and self.cancelled_on is None
        return self.plan.needs_approval and undecided and not self._covered(timezone.localdate())

    @property
    def grace_ends_on(self) -> dt.date | None:
        """The last day of grace of its own terms."""
        if self.ends_on is None or self.for_life:
            return self.ends_on
        return self.ends_on + dt.timedelta(days=self.plan.grace_days)

    def _covered(self, day: dt.date) -> bool:
        return self.ends_on is not None and self.ends_on >= day

    def _in_grace(self, day: dt.date) -> bool:
        grace = self.grace_ends_on
        return self.cancelled_on is None and grace is not None and grace >= day


class Term(models.Model):
    """Days that a membership covers, both ends included, under one plan. No day of a membership is in two terms.

    Terms come from `members.actions.memberships` alone. `seats` is what an employer may lend meanwhile.
    """

    class Reason(models.TextChoices):
        JOINED = "joined", "Joined"
        RENEWED = "renewed", "Renewed"
        RETURNED = "returned", "Came back"
        UPGRADED = "upgraded", "Changed plan"
        MORE_SEATS = "more_seats", "More seats"
        GIVEN = "given", "Given by the office"
        IMPORTED = "imported", "Taken over"

    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="terms")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+")
    start_date = models.DateField("from")
    end_date = models.DateField("last day")
    seats = models.PositiveSmallIntegerField(default=0)
    reason = models.CharField(max_length=10, choices=Reason.choices)
    invoice = models.ForeignKey(
        "members.Invoice", on_delete=models.PROTECT, null=True, blank=True, related_name="terms"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["start_date"]
        constraints = [
            models.CheckConstraint(condition=Q(end_date__gte=F("start_date")), name="term_ends_after_it_begins"),
            ExclusionConstraint(
                name="term_no_overlap",
                expressions=[
                    ("membership", RangeOperators.EQUAL),
                    (daterange("start_date", "end_date"), RangeOperators.OVERLAPS),
                ],
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="keep_ends_on",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=keep_column(
                    "ends_on",
                    "SELECT max(end_date) FROM members_term WHERE membership_id = members_membership.id",
                    "membership_id",
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.start_date:%Y-%m-%d} to {self.end_date:%Y-%m-%d}"

    @property
    def days(self) -> int:
        return (self.end_date - self.start_date).days + 1
