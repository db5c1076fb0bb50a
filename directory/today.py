"""The directory's part of a provider's day, and of the office's front page and sidebar."""

from typing import NamedTuple

from django.db.models import CharField, Count, Q, QuerySet, Value
from django.utils import timezone

from directory.models import ASK_AFTER, Claim, Decision, Revision, Service, Suggestion
from members.models import Role, User


class Waiting(NamedTuple):
    """How much waits for a moderator."""

    suggestions: int = 0
    claims: int = 0
    revisions: int = 0


def waiting() -> Waiting:
    """One query, over the indexes of what waits."""
    suggestions, claims, revisions = (
        _count(kind, model.objects.all())
        for kind, model in (("suggestions", Suggestion), ("claims", Claim), ("revisions", Revision))
    )
    return Waiting(**dict(suggestions.union(claims, revisions, all=True)))


class Kept(NamedTuple):
    """Somebody's listings: how many are public, how many of those nobody has checked for six months, and how many
    changes and new ones wait for the office.
    """

    listed: int = 0
    to_check: int = 0
    waiting: int = 0


def panel(user: User) -> Kept | None:
    """One query for a provider; none, and nothing, for anybody else."""
    if not user.has_role(Role.PROVIDER):
        return None
    listed = Service.objects.kept_by(user).listed()
    day = timezone.localdate() - ASK_AFTER
    old = listed.filter(Q(assured_date__lte=day) | Q(assured_date=None, created_at__date__lte=day))
    waiting = Revision.objects.filter(
        state=Decision.WAITING, organization__workplace__in=user.workplace_ids(Role.PROVIDER)
    )
    first, *others = (
        _number(kind, rows) for kind, rows in (("listed", listed), ("to_check", old), ("waiting", waiting))
    )
    return Kept(**dict(first.union(*others, all=True)))


def _count(kind: str, rows: QuerySet) -> QuerySet:
    return _number(kind, rows.filter(state=Decision.WAITING))


def _number(kind: str, rows: QuerySet) -> QuerySet:
    named = rows.order_by().annotate(kind=Value(kind, CharField())).values("kind")
    return named.annotate(number=Count("pk")).values_list("kind", "number")
