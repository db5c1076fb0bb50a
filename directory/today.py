"""The directory's part of the office's front page and sidebar."""

from typing import NamedTuple

from django.db.models import CharField, Count, QuerySet, Value

from directory.models import Claim, Decision, Revision, Suggestion


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


def _count(kind: str, rows: QuerySet) -> QuerySet:
    named = rows.filter(state=Decision.WAITING).order_by().annotate(kind=Value(kind, CharField())).values("kind")
    return named.annotate(number=Count("pk")).values_list("kind", "number")
