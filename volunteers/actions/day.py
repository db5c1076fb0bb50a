"""The volunteer's day: whether people came, and what came of it."""

import datetime as dt
import uuid

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from linkworkers.actions import Refused
from linkworkers.audit.actions import record
from members.models import User
from referrals.actions import log_contact
from referrals.models import CareContact
from volunteers import permissions
from volunteers.actions.bookings import lock_booking
from volunteers.emails import bookings as emails
from volunteers.models import Booking

EARLY = dt.timedelta(minutes=30)  # people come before their time
WRITTEN_DOWN_AFTER = dt.timedelta(hours=2)  # from the end of a session: whoever is late has come by then


@transaction.atomic
def mark(*, booking: Booking, came: bool, by: User) -> Booking:
    """Notes whether somebody came; it can be changed until it is written up. Whoever did not come gets a contact in
    their case two hours after the session, by `write_down_missed`, or as soon as the volunteer writes it up.
    """
    locked = _lock_own(booking, by)
    state = Booking.State.ATTENDED if came else Booking.State.MISSED
    if locked.state == state:
        return locked
    if CareContact.objects.filter(appointment=locked.appointment_id).exists():
        raise Refused("What came of this is written down already. If it is wrong, ask the link worker to put it right.")
    locked.state = state
    locked.save(update_fields=["state"])
    record(
        "booking.marked",
        by=by,
        subject=locked,
        person_id=locked.referral.episode.person_id,
        facts={"state": str(state)},
    )
    return locked


@transaction.atomic
def write_up(
    *,
    booking: Booking,
    came: bool,
    note: str,
    by: User,
    next_step: str = "",
    minutes: int | None = None,
    take_over: str = "",
    submission_key: uuid.UUID | None = None,
) -> CareContact:
    """Writes down what came of a booking, as a contact of the case, once for each `submission_key`.

    With `take_over`, why the link worker should, the case's holder gets a follow-up due today and a mail. Raises
    Refused as `log_contact` does, and before the time has come.
    """
    locked = _lock_own(booking, by)
    contact = log_contact(
        episode=locked.referral.episode,
        by=by,
        kind=CareContact.Kind.CLINIC,
        result=CareContact.Result.TOOK_PART if came else CareContact.Result.DID_NOT_ATTEND,
        note="\n\n".join(filter(None, [note, next_step and f"Next step: {next_step}"])),
        happened_at=min(locked.starts_at, timezone.now()),
        minutes=minutes if came else None,
        follow_up_on=timezone.localdate() if take_over else None,
        follow_up=f"{by} asks you to take over: {take_over}"[:200] if take_over else "",
        appointment=locked.appointment,
        submission_key=submission_key,
    )
    if take_over:
        emails.take_over(locked, contact)
    return contact


def write_down_missed() -> int:
    """Writes "did not attend" into the cases of those who were marked so, two hours after the session has ended, in the
    name of the volunteer who expected them. Returns how many. Safe to run twice, or a day late.

    Where that volunteer's post has ended it stays with the link workers, whose case asks what came of it.
    """
    count = 0
    due = Booking.objects.filter(
        state=Booking.State.MISSED,
        appointment__contact=None,
        appointment__cancelled_at=None,
        referral__episode__closed_at=None,
        session__ends_at__lte=timezone.now() - WRITTEN_DOWN_AFTER,
        shift__ended_at=None,
    )
    for booking in due.select_related("shift__user"):
        try:
            if booking.shift:
                write_up(booking=booking, came=False, note="", by=booking.shift.user)
                count += 1
        except (Refused, PermissionDenied):
            continue
    return count


def _lock_own(booking: Booking, by: User) -> Booking:
    locked = lock_booking(booking.pk)
    if not permissions.is_booked_with(by, locked):
        raise PermissionDenied
    if locked.starts_at > timezone.now() + EARLY:
        raise Refused("This is still to come.")
    return locked
