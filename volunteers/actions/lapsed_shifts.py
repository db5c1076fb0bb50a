"""Shifts to come whose volunteer cannot be on them any more, whatever the reason was that nobody saw to it."""

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import TruncDate

from members.models import Post, Role
from volunteers.actions._shifts import end_shift, lock_shift, lock_volunteers
from volunteers.emails import journey as emails
from volunteers.emails import rota as rota_emails
from volunteers.models import Shift, Volunteer
from volunteers.models.session import ShiftQuerySet


def lapsed() -> ShiftQuerySet:
    """Shifts to come on whose day the volunteer holds no post there, or whose account is closed; or whose practice is
    not, or not any more, one of their workplace's; or whose role they do not have any more.

    A check that ends does not take anybody off by itself: they and their coordinators are written to before.
    """
    post = Post.objects.filter(
        Q(end_date=None) | Q(end_date__gte=OuterRef("day")),
        user=OuterRef("user"),
        user__is_active=True,
        workplace=OuterRef("volunteer__workplace"),
        role=Role.VOLUNTEER,
        start_date__lte=OuterRef("day"),
    )
    role = Volunteer.roles.through.objects.filter(
        volunteer=OuterRef("volunteer"), volunteerrole=OuterRef("session__clinic__role")
    )
    practice, workplace = "session__clinic__practice", F("volunteer__workplace")
    near = Q(**{practice: workplace}) | Q(**{f"{practice}__parent": workplace, f"{practice}__parent__isnull": False})
    return Shift.objects.to_come().annotate(day=TruncDate("starts_at")).exclude(near, Exists(post), Exists(role))


def end_lapsed() -> int:
    """Takes volunteers off such shifts, tells them, and the coordinators which sessions are short now. Returns how many
    shifts were ended. Safe to run twice, or two at once.
    """
    ids = lapsed().order_by("volunteer").values_list("volunteer", flat=True).distinct()
    return sum(_end_of(pk) for pk in list(ids))


@transaction.atomic
def _end_of(volunteer_id: int) -> int:
    (volunteer,) = lock_volunteers(Volunteer.objects.filter(pk=volunteer_id).select_related("workplace__parent"))
    freed = []
    for pk in lapsed().filter(volunteer=volunteer).order_by("session_id").values_list("pk", flat=True):
        shift = lock_shift(pk)
        if shift.ended_at is None:
            freed.append(end_shift(shift, reason=Shift.Ended.NOT_CLEARED, by=None).session)
            if shift.user.is_active:
                rota_emails.shift_lapsed(shift)
    short = sorted((each for each in freed if each.missing), key=lambda each: each.starts_at)
    why = f"{volunteer.name} is not down as a volunteer for these any more, and was taken off:"
    emails.sessions_short(volunteer, short, why=why)
    return len(freed)
