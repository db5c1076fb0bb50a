"""Where somebody stands in their learning year, and how long ago their last supervision was."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Max, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.formats import date_format

from linkworkers.templatetags import plain_number
from members.models import Association, LearningEntry, Membership, Role, Supervision, User
from members.permissions import membership_of

NOTHING = Decimal(0)
ROLES_IN_SUPERVISION = (Role.LINK_WORKER, Role.VOLUNTEER)


@dataclass(frozen=True, order=True)
class LearningYear:
    """The days of one learning year, both ends included."""

    begins: dt.date
    ends: dt.date

    @classmethod
    def holding(cls, day: dt.date | None, association: Association) -> "LearningYear":
        """The one that holds a day; today's, unless told."""
        return cls(*association.learning_year(day))

    def __contains__(self, day: dt.date) -> bool:
        return self.begins <= day <= self.ends

    @property
    def key(self) -> str:
        """What an address calls it: the year in which it begins."""
        return str(self.begins.year)

    @property
    def label(self) -> str:
        """2026 to 2027; 2026 alone, where the year begins with January."""
        years = dict.fromkeys([self.begins.year, self.ends.year])
        return " to ".join(map(str, years))


@dataclass(frozen=True)
class Standing:
    """Points and formal hours of a learning year, beside what is asked for."""

    year: LearningYear
    points: Decimal
    formal_hours: Decimal
    points_asked: Decimal
    hours_asked: Decimal

    @property
    def points_missing(self) -> Decimal:
        return max(NOTHING, self.points_asked - self.points)

    @property
    def hours_missing(self) -> Decimal:
        return max(NOTHING, self.hours_asked - self.formal_hours)

    @property
    def is_reached(self) -> bool:
        return not self.points_missing and not self.hours_missing

    @property
    def words(self) -> str:
        """What is still missing, as one says it: the year's last day included, and whether that has gone by."""
        is_over = timezone.localdate() > self.year.ends
        if self.is_reached:
            return f"You reached what is asked for {'in that' if is_over else 'this'} year."
        need = "You needed" if is_over else "You need"
        return f"{need} {self._needed} by {date_format(self.year.ends)}."

    @property
    def _needed(self) -> str:
        points, hours = self.points_missing, self.hours_missing
        if not hours:
            return _more(points, "point")
        if not points:
            return _more(hours, "formal hour")
        if hours <= points:
            share = "all" if hours == points else plain_number(hours)
            return f"{_more(points, 'point')}, {share} of them in formal hours,"
        return f"{_more(hours, 'formal hour')} and {_more(points, 'point')} (one hour counts for both)"


def _more(number: Decimal, what: str) -> str:
    return f"{plain_number(number)} more {what}{'' if number == 1 else 's'}"


def standing(entries: Iterable[LearningEntry], year: LearningYear, association: Association) -> Standing:
    """Adds up the entries that are in the year."""
    counted = [entry for entry in entries if entry.on in year]
    return Standing(
        year=year,
        points=sum((entry.points for entry in counted), NOTHING),
        formal_hours=sum((entry.formal_hours for entry in counted), NOTHING),
        points_asked=association.points_a_year,
        hours_asked=association.formal_hours_a_year,
    )


@dataclass(frozen=True)
class Figures:
    """What one person's rows add up to."""

    standing: Standing
    last_supervision: dt.date | None


def figures(user_ids: Collection[int], association: Association, on: dt.date | None = None) -> dict[int, Figures]:
    """The learning year that holds a day, today unless told, and the last supervision of many people. One query."""
    year = LearningYear.holding(on, association)
    learned = LearningEntry.objects.filter(user=OuterRef("pk"), on__range=(year.begins, year.ends)).order_by()
    supervised = Supervision.objects.filter(user=OuterRef("pk")).order_by()
    points, hours = (
        Coalesce(Subquery(learned.values("user").annotate(total=Sum(field)).values("total")), NOTHING)
        for field in ("points", "formal_hours")
    )
    last = Subquery(supervised.values("user").annotate(last=Max("on")).values("last"))
    rows = User.objects.filter(pk__in=user_ids).values_list("pk", points, hours, last)
    asked = (association.points_a_year, association.formal_hours_a_year)
    return {pk: Figures(Standing(year, points, hours, *asked), last) for pk, points, hours, last in rows}


def gap_since(
    *, last: dt.date | None, member_since: dt.date, roles: Collection[str], association: Association
) -> dt.date | None:
    """Since when somebody has been without supervision, once that is too long; None while it is not.

    Asked are those who have noted a session, from the last one on, and those who work as link workers or volunteers,
    from the day they became members. Of others we do not know that they have any.
    """
    if last is None and not set(roles) & set(ROLES_IN_SUPERVISION):
        return None
    since = last or member_since
    longest = dt.timedelta(weeks=association.supervision_weeks)
    return since if since + longest <= timezone.localdate() else None


def member_since(membership: Membership) -> dt.date:
    return timezone.localdate(membership.created_at)


def own_gap(user: User, last: dt.date | None, association: Association) -> dt.date | None:
    """`gap_since` of somebody whose page this is; asks nothing that the request has not asked already."""
    membership = membership_of(user)
    if membership is None or not membership.is_in_force:
        return None
    roles = [post.role for post in user.current_posts]
    return gap_since(last=last, member_since=member_since(membership), roles=roles, association=association)


@dataclass(frozen=True)
class LearningPanel:
    """A member's learning year for their home page. `gap_since` is set when supervision is due to be asked about;
    `last_supervision` is None for whoever has noted none.
    """

    standing: Standing
    last_supervision: dt.date | None
    gap_since: dt.date | None


def learning_panel(user: User) -> LearningPanel:
    """Two queries, beside the membership and the posts, which the page has asked for already."""
    association = Association.get()
    found = figures([user.pk], association)[user.pk]
    gap = own_gap(user, found.last_supervision, association)
    return LearningPanel(found.standing, found.last_supervision, gap)
