"""Signing up for shifts and giving them up, putting volunteers on and taking them off, and who came."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from linkworkers.actions import Refused
from linkworkers.audit.actions import record
from members.models import User
from volunteers import permissions
from volunteers.actions._shifts import add_shift, end_shift, lock_session, lock_shift, lock_volunteers
from volunteers.emails import rota as emails
from volunteers.models import ClinicSession, Shift, Volunteer


@transaction.atomic
def take(session: ClinicSession, *, by: User) -> Shift:
    """A volunteer signs up for a session of a practice where they help. Mails them a confirmation.

    Raises PermissionDenied for somebody who does not volunteer there, and Refused, with the reason, when they cannot
    be on it.
    """
    own = lock_volunteers(Volunteer.objects.of(by).for_clinics_at(session.clinic.practice))
    if not own:
        raise PermissionDenied
    session = lock_session(session.pk)
    if session.shifts.standing().filter(user=by).exists():
        raise Refused("You are on this shift already.")
    # Somebody may help both at the practice and in its network: whichever of the two is cleared for it counts.
    able = (each for each in own if not permissions.why_not_on(each, session))
    shift = add_shift(session, next(able, own[0]), how=Shift.How.SIGNED_UP, by=by)
    emails.shift_confirmed(shift)
    return shift


@transaction.atomic
def assign(session: ClinicSession, volunteer: Volunteer, *, by: User) -> Shift:
    """A coordinator puts a volunteer on a session, and they are told by mail.

    Raises PermissionDenied, and Refused, with the reason, when they cannot be on it.
    """
    if not permissions.can_coordinate(by, session.clinic.practice):
        raise PermissionDenied
    (volunteer,) = lock_volunteers(Volunteer.objects.filter(pk=volunteer.pk))
    session = lock_session(session.pk)
    if session.shifts.standing().filter(volunteer=volunteer).exists():
        raise Refused(f"{volunteer} is on this session already.")
    shift = add_shift(session, volunteer, how=Shift.How.ASSIGNED, by=by)
    emails.shift_confirmed(shift)
    return shift


@transaction.atomic
def give_up(shift: Shift, *, why: str, by: User) -> Shift:
    """A volunteer says that they cannot come; `why` is one of `Shift.Why`. Who was booked with them is seen by whoever
    else is on, or falls to the case holder. The coordinators are told when the session is short now.

    Raises PermissionDenied when it is not theirs, and Refused once it has begun or when they are off it already.
    """
    shift = lock_shift(shift.pk)
    if not permissions.can_act_as(by, shift.volunteer):
        raise PermissionDenied
    if shift.session.has_begun and not shift.ended_at:
        raise Refused(f"This shift has begun. Ring {_whom_to_ring(shift)} and say that you cannot be there.")
    shift.why = Shift.Why(why)
    end_shift(shift, reason=Shift.Ended.GIVEN_UP, by=by)
    shift.save(update_fields=["why"])
    if shift.session.missing:
        emails.shift_given_up(shift)
    return shift


@transaction.atomic
def take_off(shift: Shift, *, by: User) -> Shift:
    """A coordinator takes a volunteer off a session that has not begun, and they are told by mail.

    Raises PermissionDenied, and Refused once it has begun or when they are off it already.
    """
    shift = lock_shift(shift.pk)
    if not permissions.can_coordinate(by, shift.session.clinic.practice):
        raise PermissionDenied
    if shift.session.has_begun:
        raise Refused("This session has begun. Say afterwards whether they came.")
    end_shift(shift, reason=Shift.Ended.TAKEN_OFF, by=by)
    emails.shift_taken_off(shift)
    return shift


@transaction.atomic
def mark_attended(shift: Shift, *, attended: bool, by: User) -> Shift:
    """A coordinator says whether a volunteer came; it may be said again. Hours are counted from it.

    Raises PermissionDenied, and Refused of oneself, before the session begins or when the volunteer was off it.
    """
    shift = lock_shift(shift.pk)
    if not permissions.can_coordinate(by, shift.session.clinic.practice):
        raise PermissionDenied
    if permissions.can_act_as(by, shift.volunteer):
        raise Refused("Somebody else says whether you came. Ask another coordinator.")
    if shift.ended_at:
        raise Refused(f"{shift.volunteer} was not on this session.")
    if not shift.has_begun:
        raise Refused("This session has not begun. Say afterwards whether they came.")
    shift.attended = attended
    shift.save(update_fields=["attended"])
    record("shift.attended", by=by, subject=shift, facts={"came": attended, "volunteer": shift.volunteer_id})
    return shift


def _whom_to_ring(shift: Shift) -> str:
    practice = shift.session.clinic.practice
    return f"{practice}, {practice.phone}," if practice.phone else f"{practice}"
