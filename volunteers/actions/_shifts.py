"""Putting volunteers on a session and taking them off, whoever asks and why. The session is locked.

Locks: volunteers in the order of their ids, then sessions in theirs, then shifts. Pausing, leaving and days away lock
the volunteer first as well, so nobody is put on while they go.
"""

from typing import cast

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from linkworkers.actions import Refused
from linkworkers.audit.actions import record
from members.models import User
from referrals.models import Appointment
from volunteers import permissions
from volunteers.models import Booking, ClinicSession, Shift, Volunteer


def lock_volunteers(volunteers: QuerySet[Volunteer]) -> list[Volunteer]:
    """As they are now, locked until the transaction ends; before any session is."""
    return list(volunteers.select_for_update(of=("self",), no_key=True).order_by("pk"))


def lock_session(session_id: int) -> ClinicSession:
    """The session as it is now, with its clinic, practice and role, locked until the transaction ends."""
    ClinicSession.objects.select_for_update().values_list("pk").get(pk=session_id)
    return ClinicSession.objects.select_related("clinic__practice__parent", "clinic__role", "room").get(pk=session_id)


def lock_shift(shift_id: int) -> Shift:
    """The shift as it is now, with its volunteer and session; both it and the session are locked, the session first."""
    session_id = Shift.objects.values_list("session_id", flat=True).get(pk=shift_id)
    session = lock_session(session_id)
    shift = Shift.objects.select_for_update(of=("self",)).select_related("volunteer", "user").get(pk=shift_id)
    shift.session = session
    return shift


def add_shift(session: ClinicSession, volunteer: Volunteer, *, how: str, by: User | None) -> Shift:
    """Puts a volunteer on a locked session, and deals its bookings anew. Whoever calls has locked the volunteer before
    the session; where they have not, whoever changes them at this moment goes first.

    Raises Refused, with a sentence that names the reason, when they are not cleared for it, when no place is left, and
    when they are somewhere else at that time.
    """
    # Nobody waits here: to wait for a volunteer while holding a session could be for ever.
    now = Volunteer.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
    found = now.select_related("workplace").filter(pk=volunteer.pk).first()
    if found is None:
        raise Refused(f"Somebody is changing something about {volunteer} at this moment. Try again.")
    volunteer = found
    problem = permissions.why_not_on(volunteer, session)
    if problem:
        raise Refused(problem)
    if session.free == 0:
        raise Refused("All places on this session are taken. Somebody was quicker.")
    try:
        with transaction.atomic():
            shift = Shift.objects.create(
                session=session,
                volunteer=volunteer,
                user_id=cast(int, volunteer.user_id),  # whoever is active has an account: the database sees to it
                starts_at=session.starts_at,
                ends_at=session.ends_at,
                how=how,
                created_by=by,
            )
    except IntegrityError as error:
        if "shift_one_place_at_a_time" in str(error):
            raise Refused(f"{volunteer} is on another shift at that time.") from error
        raise
    session.refresh_from_db(fields=["taken"])
    record("shift.taken", by=by, subject=shift, facts={"how": str(how), "volunteer": volunteer.pk})
    deal(session)
    return shift


def end_shift(shift: Shift, *, reason: str, by: User | None) -> Shift:
    """Takes a volunteer off a session; both are locked. Whoever was booked with them is dealt anew.

    Raises Refused when they are off it already.
    """
    if shift.ended_at:
        raise Refused("This shift was given up already.")
    shift.ended_at, shift.ended_by, shift.end_reason = timezone.now(), by, reason
    shift.save(update_fields=["ended_at", "ended_by", "end_reason"])
    shift.session.refresh_from_db(fields=["taken"])
    record("shift.ended", by=by, subject=shift, facts={"reason": str(reason), "volunteer": shift.volunteer_id})
    deal(shift.session)
    return shift


def deal(session: ClinicSession) -> None:
    """Gives each booking that waits to be seen a volunteer who stands, keeping those who have one; the appointment of
    the case goes with it. Where nobody is rostered it is the case holder's, so that somebody always expects them.

    The session is locked. In one slot each volunteer sees one person, as far as there are volunteers.
    """
    shifts = list(session.shifts.standing().select_related("user").order_by("created_at", "pk"))
    if not session.clinic.role.meets_people:
        shifts = []
    waiting = list(
        session.bookings.filter(state__in=[Booking.State.BOOKED, Booking.State.HELD])
        .select_related("appointment", "referral__episode")
        .order_by("starts_at", "lane")
    )
    standing = {shift.pk for shift in shifts}
    busy = {(each.starts_at, each.shift_id) for each in waiting if each.shift_id in standing}
    for booking in waiting:
        if booking.shift_id not in standing:
            free = (each for each in shifts if (booking.starts_at, each.pk) not in busy)
            chosen = next(free, shifts[0] if shifts else None)
            booking.shift = chosen
            booking.save(update_fields=["shift"])
            if chosen:
                busy.add((booking.starts_at, chosen.pk))
        if booking.appointment_id:
            user_id = booking.shift.user_id if booking.shift else booking.referral.episode.holder_id
            Appointment.objects.filter(pk=booking.appointment_id, cancelled_at=None).exclude(with_user=user_id).update(
                with_user=user_id
            )
