"""Who is asked first when somebody is wanted for a session."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q

from volunteers.models import ClinicSession, Shift, Volunteer


@dataclass(frozen=True)
class Suggestion:
    """A volunteer who can come, the reasons for their place in the list, and the number behind it: most first."""

    volunteer: Volunteer
    reasons: list[str]
    score: float


def ranked(session: ClinicSession, *, leave_out: Collection[int] = ()) -> list[Suggestion]:
    """Everybody who is cleared for a session and free then, fewest shifts first. `leave_out`
    has ids of volunteers. One query."""
    role, practice = session.clinic.role, session.clinic.practice
    elsewhere = Shift.objects.standing().filter(
        user=OuterRef("user"), starts_at__lt=session.ends_at, ends_at__gt=session.starts_at
    )
    found = (
        Volunteer.objects.for_clinics_at(practice)
        .cleared_for(role, on=session.on)
        .filter(~Exists(elsewhere))
        .exclude(pk__in=leave_out)
        .annotate(shift_count=Count("shifts", filter=Q(shifts__ended_at=None)))
        .order_by("shift_count", "pk")
    )
    return [
        Suggestion(each, [f"{each.shift_count} shift{'' if each.shift_count == 1 else 's'} so far."], -each.shift_count)
        for each in found
    ]
