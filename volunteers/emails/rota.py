"""The mails of who is on when."""

from django.urls import reverse

from linkworkers.outbox.actions import queue
from volunteers.calendar import shift_ics
from volunteers.models import Shift, coordinators_of


def shift_confirmed(shift: Shift) -> None:
    """To a volunteer who is on a session now: when and where, for their calendar. Needs the session with its clinic,
    practice and room.
    """
    _to_volunteer("shift-confirmed", shift, calendar=shift_ics(shift))


def shift_taken_off(shift: Shift) -> None:
    """To a volunteer whom the coordinator took off a session. Needs the session with its clinic and practice."""
    _to_volunteer("shift-taken-off", shift, calendar=shift_ics(shift, cancelled=True))


def shift_lapsed(shift: Shift) -> None:
    """To a volunteer who is no longer down for what a session needs, or for where it is. Needs the same."""
    _to_volunteer("shift-lapsed", shift, calendar=shift_ics(shift, cancelled=True))


def shift_given_up(shift: Shift) -> None:
    """To the coordinators: somebody cannot come, and the session is short of volunteers now. Needs the session with
    its clinic and practice. Why they cannot come is behind the log-in.
    """
    path = reverse("session_assign", args=[shift.session_id])
    for coordinator in coordinators_of(shift.session.clinic.practice):
        queue(
            key=f"shift-given-up:{shift.pk}:{coordinator.pk}",
            kind="shift-given-up",
            to=coordinator.email,
            template="shift-given-up",
            context={"reader": coordinator, "shift": shift, "session": shift.session, "path": path},
        )


def _to_volunteer(kind: str, shift: Shift, *, calendar: str = "") -> None:
    queue(
        key=f"{kind}:{shift.pk}",
        kind=kind,
        to=shift.user.email,
        template=kind,
        context={"shift": shift, "session": shift.session, "path": reverse("my_shifts")},
        calendar=calendar,
    )
