"""Which shifts of colleagues somebody could have for one of their own."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate

from members.models import Post, Role
from volunteers.models import Absence, Check, Requirement, Shift, Volunteer


def exchangeable_for(mine: Shift) -> QuerySet[Shift]:
    """Shifts to come of colleagues who may be on `mine`, at sessions that its volunteer may be on; by day.

    What is offered to be chosen from: `volunteers.actions.swaps` asks again, of the two that were chosen.
    """
    session, volunteer = mine.session, mine.volunteer
    fit = Volunteer.objects.for_clinics_at(session.clinic.practice).cleared_for(session.clinic.role, on=session.on)
    at_mine = Shift.objects.standing().filter(starts_at__lt=session.ends_at, ends_at__gt=session.starts_at)
    at_theirs = Shift.objects.standing().filter(starts_at__lt=OuterRef("ends_at"), ends_at__gt=OuterRef("starts_at"))

    # `cleared_for` asks who may be there on one day; here it is one person, on the day of each shift.
    day: Any = OuterRef("day")
    two_deep: Any = OuterRef(day)
    post = Post.objects.current(day).filter(user=mine.user, workplace=volunteer.workplace, role=Role.VOLUNTEER)
    in_order = Check.objects.in_order(two_deep).filter(volunteer=volunteer, requirement=OuterRef("pk"))
    missing = Requirement.objects.filter(roles=OuterRef("session__clinic__role"), is_active=True)
    away = Absence.objects.filter(volunteer=volunteer, first_day__lte=day, last_day__gte=day)
    workplace = volunteer.workplace_id
    return (
        Shift.objects.to_come()
        .annotate(day=TruncDate("starts_at"))
        .filter(
            Q(session__clinic__practice=workplace) | Q(session__clinic__practice__parent=workplace),
            Exists(post),
            ~Exists(missing.filter(~Exists(in_order))),
            ~Exists(away),
            # What they give away does not stand in their way.
            ~Exists(at_mine.filter(user=OuterRef("user")).exclude(pk=OuterRef("pk"))),
            ~Exists(at_theirs.filter(user=mine.user).exclude(pk=mine.pk)),
            volunteer__in=fit,
            session__clinic__role__in=volunteer.roles.all(),
        )
        .exclude(user=mine.user)
        .exclude(session=session)
        .select_related("volunteer", "session__clinic__practice")
        .order_by("starts_at", "pk")
    )
