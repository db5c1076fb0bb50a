"""The mails that the calendar asks for: drafts, for many are written at once."""

from collections.abc import Sequence

from django.urls import reverse

from linkworkers.outbox.actions import Draft
from members.mail_kinds import unsubscribe_path
from members.models import User
from volunteers.models import ClinicSession, Shift

SHIFT, WEEK, UNFILLED = "shift-reminder", "shift-week", "sessions-unfilled"


def shift_reminder(shift: Shift, *, key: str) -> Draft:
    """To whoever is on a shift that begins soon."""
    return Draft(
        key=key,
        kind=SHIFT,
        to=shift.user.email,
        template="shift-reminder",
        context={"shift": shift, "name": shift.volunteer.short_name, "path": reverse("my_shifts")},
        unsubscribe=unsubscribe_path(shift.user_id, SHIFT),
    )


def week(user: User, *, key: str, shifts: Sequence[Shift], open_ones: Sequence[ClinicSession]) -> Draft:
    """To a volunteer: their shifts of the week, and sessions of it that they could help out at."""
    context = {
        "person": user,
        "shifts": shifts,
        "open_ones": open_ones,
        "path": reverse("my_shifts"),
        "rota": reverse("rota"),
    }
    return Draft(
        key=key,
        kind=WEEK,
        to=user.email,
        template="shift-week",
        context=context,
        unsubscribe=unsubscribe_path(user.pk, WEEK),
    )


def unfilled(user: User, *, key: str, sessions: Sequence[ClinicSession], more: int) -> Draft:
    """To a coordinator: the sessions that are short of volunteers, and how many more there are."""
    context = {"person": user, "sessions": sessions, "more": more, "path": reverse("rota")}
    return Draft(
        key=key,
        kind=UNFILLED,
        to=user.email,
        template="sessions-unfilled",
        context=context,
        unsubscribe=unsubscribe_path(user.pk, UNFILLED),
    )
