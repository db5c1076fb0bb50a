"""What the roles of volunteers need, and how each of it stands, for many at once."""

from collections.abc import Collection

from django.db.models import F

from volunteers.clearance import Standing
from volunteers.models import Check, Requirement


def standings_of(volunteers: Collection[int]) -> dict[int, list[Standing]]:
    """By the volunteer's id, in the order of the requirements. Two queries, with the courses that count for them."""
    checks: dict[tuple[int, int], list[Check]] = {}
    for check in Check.objects.filter(volunteer__in=volunteers).order_by("-done_on", "-pk"):
        checks.setdefault((check.volunteer_id, check.requirement_id), []).append(check)
    needed = (
        Requirement.objects.filter(roles__volunteers__in=volunteers, is_active=True)
        .annotate(volunteer_id=F("roles__volunteers"), role=F("roles__name"))
        .select_related("course")
        .order_by("pk", "roles__pk")
    )
    found: dict[int, dict[int, Standing]] = {pk: {} for pk in volunteers}
    for need in needed:
        mine, key = found[need.volunteer_id], (need.volunteer_id, need.pk)
        mine.setdefault(need.pk, Standing(need, [], checks.get(key, []))).roles.append(need.role)
    return {pk: list(standings.values()) for pk, standings in found.items()}
