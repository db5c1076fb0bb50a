"""A session moved, changed, added, cancelled, with what follows for whoever is on it or booked."""

import datetime as dt
from collections.abc import Collection

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from linkworkers.actions import Refused
from linkworkers.audit.actions import record
from members.models import User
from volunteers import permissions
from volunteers.actions import _slots
from volunteers.actions._slots import next_free_slot
from volunteers.actions.generation import hold_rooms
from volunteers.emails.clinics import News, in_words
from volunteers.models import Clinic, ClinicSession, Room, Shift
from volunteers.pattern import LONGEST

__all__ = ["add_session", "cancel_session", "change_session", "move_session", "next_free_slot", "why_elsewhere"]


@transaction.atomic
def cancel_session(session: ClinicSession, *, reason: str, by: User) -> News:
    """Cancels a session that has not begun, and says what followed.

    Its volunteers are told. Whoever was booked is taken out, with their appointment; the next free slot of the clinic,
    else of another with the same role at the practice, is kept for them (HELD) until their practice has asked them,
    and the practice is mailed that there is somebody to ask. Raises PermissionDenied and Refused.
    """
    locked = _slots.lock_sessions(session.clinic, [session.pk])
    session = _to_change(locked[session.pk], by)
    news = News(session.clinic)
    _slots.release(session, reason=reason, by=by, news=news)
    _slots.offer(news, locked.values(), by=by)
    news.tell()
    return news


@transaction.atomic
def move_session(
    session: ClinicSession, *, starts_at: dt.datetime, ends_at: dt.datetime, room: Room | None, by: User
) -> News:
    """Holds a session that has not begun at another time, or in another room. Its volunteers come along and are told;
    so do bookings, each in the same slot counted from the beginning, and their practices are mailed.

    Raises PermissionDenied, and Refused with a sentence that names what is in the way: the room, a volunteer who is
    elsewhere or not cleared then, the clinic's own session, or somebody booked who has no slot then.
    """
    session = _locked(session)
    session = _to_change(session, by)
    _check_times(session.clinic, starts_at, ends_at, but=session)
    _check_room(session.clinic, room, starts_at, ends_at, but=session)
    was, then = in_words(session), {"starts_at": starts_at, "ends_at": ends_at, "room_id": room.pk if room else None}
    if all(getattr(session, name) == value for name, value in then.items()):
        raise Refused("It is at that time and in that room already.")
    shifts = list(session.shifts.standing().select_related("volunteer", "user"))
    for shift in shifts:
        if problem := why_elsewhere(shift, session, starts_at, ends_at, by=by):
            raise Refused(f"{problem} Take them off this session first, or choose another time.")
    bookings = _slots.standing(session)
    _, unfit = _slots.fitting(session, bookings, then)
    if unfit:
        raise Refused(
            f"{len(unfit)} of the people booked would have no slot then, or have another appointment. Choose another "
            "time, or cancel the session, and they are offered new times."
        )
    news = News(session.clinic)
    try:
        with transaction.atomic():
            _slots.relocate(session, then, bookings, news=news)
    except IntegrityError as error:
        raise Refused(_clash(session, room, starts_at, ends_at)) from error
    where = f" in {session.room}" if session.room else ""
    for shift in shifts:
        news.volunteers[shift.user].append(f"{was} is now {in_words(session)}{where}.")
    record(
        "session.moved", by=by, subject=session, facts={"from": was, "to": in_words(session), "room": session.room_id}
    )
    news.tell()
    return news


@transaction.atomic
def add_session(
    clinic: Clinic,
    *,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    room: Room | None,
    places: int,
    note: str = "",
    by: User,
) -> ClinicSession:
    """A session outside the clinic's pattern. Raises PermissionDenied, and Refused when time or room is taken."""
    clinic = lock_clinic(clinic)
    if not permissions.can_coordinate(by, clinic.practice):
        raise PermissionDenied
    _check_times(clinic, starts_at, ends_at)
    _check_room(clinic, room, starts_at, ends_at)
    try:
        with transaction.atomic():
            session = ClinicSession.objects.create(
                clinic=clinic,
                room=room,
                starts_at=starts_at,
                ends_at=ends_at,
                slot_minutes=clinic.slot_minutes,
                at_once=clinic.at_once,
                places=places,
                at_least=min(clinic.at_least, places),
                note=note,
            )
    except IntegrityError as error:
        raise Refused(_clash(None, room, starts_at, ends_at)) from error
    record("session.added", by=by, subject=session, facts={"clinic": clinic.pk})
    return session


@transaction.atomic
def change_session(session: ClinicSession, *, places: int, at_least: int, note: str, by: User) -> ClinicSession:
    """Its places and its note for the day. Raises PermissionDenied, and Refused when more are on it than would fit."""
    session = _to_change(_locked(session), by)
    if places < session.taken:
        raise Refused(f"{session.taken} volunteers are on it. Take somebody off first, or leave as many places.")
    if at_least > places:
        raise Refused("It cannot need more volunteers than it has places.")
    session.places, session.at_least, session.note = places, at_least, note
    session.save(update_fields=["places", "at_least", "note"])
    record("session.changed", by=by, subject=session, facts={"places": places, "at least": at_least})
    return session


def lock_clinic(clinic: Clinic) -> Clinic:
    """The clinic as it is now, locked before its sessions."""
    locked = Clinic.objects.select_for_update(of=("self",), no_key=True)
    return locked.select_related("practice__parent", "role", "room").get(pk=clinic.pk)


def why_elsewhere(
    shift: Shift,
    session: ClinicSession,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    *,
    by: User,
    leaving: Collection[int] = (),
) -> str:
    """Why a volunteer of a session could not come at another time, as a sentence; empty when they could. Sessions in
    `leaving` move away with this one.
    """
    volunteer, clinic = shift.volunteer, session.clinic
    on = timezone.localdate(starts_at)
    if on != session.on and (problem := permissions.why_not_cleared(volunteer, clinic.role, clinic.practice, on=on)):
        return problem
    other = (
        Shift.objects.standing()
        .filter(user=shift.user_id, starts_at__lt=ends_at, ends_at__gt=starts_at)
        .exclude(session__in={session.pk, *leaving})
        .select_related("session__clinic__practice__parent")
        .first()
    )
    if other is None:
        return ""
    practice = other.session.clinic.practice
    seen = permissions.can_coordinate(by, practice)
    return f"{volunteer} is {f'at {other.session.clinic}' if seen else 'on a shift elsewhere'} then."


def _locked(session: ClinicSession) -> ClinicSession:
    """The session as it is now, locked after its clinic, so that nothing is put beside it meanwhile."""
    clinic = lock_clinic(session.clinic)
    ClinicSession.objects.select_for_update().values_list("pk").get(pk=session.pk)
    fresh = ClinicSession.objects.select_related("room").get(pk=session.pk)
    fresh.clinic = clinic
    return fresh


def _to_change(session: ClinicSession, by: User) -> ClinicSession:
    if not permissions.can_coordinate(by, session.clinic.practice):
        raise PermissionDenied
    if session.is_cancelled:
        raise Refused("This session was cancelled already.")
    if session.has_begun:
        raise Refused("This session has begun. What is past stays as it was.")
    return session


def _check_times(
    clinic: Clinic, starts_at: dt.datetime, ends_at: dt.datetime, *, but: ClinicSession | None = None
) -> None:
    if starts_at <= timezone.now():
        raise Refused("This time is over. Choose one that is to come.")
    if not dt.timedelta() < ends_at - starts_at <= LONGEST:
        raise Refused("It has to end after it begins, and within twelve hours.")
    beside = clinic.sessions.on().filter(starts_at__lt=ends_at, ends_at__gt=starts_at)
    other = (beside.exclude(pk=but.pk) if but else beside).first()
    if other:
        raise Refused(f"{clinic.name} has a session then: {in_words(other)}.")


def _check_room(
    clinic: Clinic,
    room: Room | None,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    *,
    but: ClinicSession | None = None,
) -> None:
    if room is None:
        return
    if room.practice_id != clinic.practice_id:
        raise PermissionDenied
    hold_rooms([room.pk])
    if _slots.in_room(but, room.pk, starts_at, ends_at):
        raise Refused(_clash(but, room, starts_at, ends_at))


def _clash(session: ClinicSession | None, room: Room | None, starts_at: dt.datetime, ends_at: dt.datetime) -> str:
    """What has the room at that time, as a sentence; else that somebody was quicker."""
    other = _slots.in_room(session, room.pk, starts_at, ends_at) if room else None
    if other is None:
        return "Somebody changed this at the same moment. Look again, and try once more."
    begins, ends = timezone.localtime(other.starts_at), timezone.localtime(other.ends_at)
    return f"{room} is taken {begins:%H:%M}–{ends:%H:%M} by {other.clinic.name}."
