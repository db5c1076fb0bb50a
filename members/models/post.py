"""A role at a workplace from a date to a date: what all access follows from."""

import datetime as dt

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone

from members.models.user import Role, User
from members.models.workplace import Workplace


def daterange(start: str, end: str) -> Func:
    """A Postgres daterange over two columns that holds both its ends; an empty end never comes."""
    both_ends = RangeBoundary(inclusive_lower=True, inclusive_upper=True)
    return Func(F(start), F(end), both_ends, function="daterange")


class PostQuerySet(models.QuerySet["Post"]):
    def current(self, on: dt.date | None = None) -> "PostQuerySet":
        """Posts held on a day, today in London unless told: begun, and not ended before it."""
        day = on or timezone.localdate()
        return self.filter(
            Q(end_date=None) | Q(end_date__gte=day),
            start_date__lte=day,
            user__is_active=True,
        )

    def not_ended(self, on: dt.date | None = None) -> "PostQuerySet":
        """Posts held on a day or beginning after it."""
        day = on or timezone.localdate()
        return self.filter(Q(end_date=None) | Q(end_date__gte=day))

    def visible_to(self, user: User) -> "PostQuerySet":
        """Posts of the team this person manages; everybody's for administrators."""
        return self.filter(workplace__in=Workplace.objects.managed_by(user))


class Post(models.Model):
    """A role that a person holds at a workplace from a date to a date. No post, no access.

    `end_date` is the last day with access. `wte` is the whole-time equivalent: 1.0 is full time.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="posts", verbose_name="person")
    workplace = models.ForeignKey(Workplace, on_delete=models.PROTECT, related_name="posts")
    role = models.CharField(max_length=20, choices=Role.choices)
    start_date = models.DateField("from", default=timezone.localdate)
    end_date = models.DateField("last day", null=True, blank=True, help_text="Access ends after this day.")
    wte = models.DecimalField(
        "WTE",
        max_digits=3,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text="Whole-time equivalent of a paid post: 1.00 is full time.",
    )

    objects = PostQuerySet.as_manager()

    class Meta:
        ordering = ["user__name", "start_date", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(end_date=None) | Q(end_date__gte=F("start_date")),
                name="post_ends_after_it_begins",
                violation_error_message="The last day is before the first.",
            ),
            ExclusionConstraint(
                name="post_no_overlap",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("workplace", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    (daterange("start_date", "end_date"), RangeOperators.OVERLAPS),
                ],
                violation_error_message="This person already holds this role there at that time.",
            ),
        ]
        indexes = [models.Index(fields=["workplace", "role"], name="post_workplace_role")]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display().lower()} at {self.workplace}"

    def clean(self) -> None:
        super().clean()
        # Before the constraints are asked: Postgres makes no range of days that ends before it begins.
        if self.end_date and self.start_date and self.end_date < self.start_date:
            raise ValidationError({"end_date": "The last day is before the first."})
        if self.workplace_id and self.role and self.role not in self.workplace.roles:
            raise ValidationError({"role": self.workplace.advice_on_roles()})
