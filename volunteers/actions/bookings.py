"""Putting people into slots, moving them, taking them out; times offered to those whose session was cancelled.

Locks: the case's episode, then sessions in the order of their ids, then the booking, then the appointment.
"""

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.dispatch import receiver
from django.utils import timezone

from linkworkers.actions import Refused
from linkworkers.audit.actions import record
from members.models import User
from referrals.actions import book_clinic, cancel_clinic_appointment, lock_episode
from referrals.models import Appointment, CareContact, Episode, Referral
from referrals.signals import appointment_cancelled, contact_logged
from volunteers import permissions
from volunteers.actions._shifts import deal, lock_session
from volunteers.emails import bookings as emails
from volunteers.models import Booking, ClinicSession

LAPSED = "The time was kept as long as it could be, and nobody answered."


def lock_booking(booking_id: int) -> Booking:
    """The booking as it is now, with its session, referral and case; the case, the session and it are locked."""
    episode_id, session_id = Booking.objects.values_list("referral__episode_id", "session_id").get(pk=booking_id)
    episode, session = lock_episode(episode_id), lock_session(session_id)
    booking = (
        Booking.objects.select_for_update(of=("self",))
        .select_related("referral__practice", "referral__network", "appointment", "shift__user")
        .get(pk=booking_id)
    )
    booking.session, booking.referral.episode = session, episode
    return booking


@transaction.atomic
def book(*, referral: Referral, session: ClinicSession, starts_at: dt.datetime, by: User) -> Booking:
    """Puts the person of a referral into a slot, with an appointment in their case; a referral that waits is accepted
    into the hands of the clinic's link worker.

    Raises Refused, with a sentence, when the slot is taken, over or no longer there, when they are booked into the
    session or elsewhere then, when the referral has ended, and when nobody would hold the case.
    """
    episode = lock_episode(referral.episode_id)
    return _put(referral, episode, lock_session(session.pk), starts_at, by=by)


@transaction.atomic
def move(*, booking: Booking, session: ClinicSession, starts_at: dt.datetime, by: User) -> Booking:
    """Gives somebody another slot, in this session or another, in place of one that is booked or held. The new booking
    is told apart by `replaces`. Raises Refused as `book` does, and then nothing has changed.
    """
    lock_episode(booking.referral.episode_id)
    for session_id in sorted({booking.session_id, session.pk}):
        lock_session(session_id)
    old = lock_booking(booking.pk)
    if not permissions.can_change_booking(by, old):
        raise PermissionDenied
    _check_can_change(old)
    _take_out(old, reason="Moved to another time.", by=by)
    return _put(old.referral, old.referral.episode, lock_session(session.pk), starts_at, by=by, replaces=old)


@transaction.atomic
def cancel(*, booking: Booking, reason: str, by: User) -> Booking:
    """Takes somebody out of their slot, and calls the appointment off. Their case stays open."""
    locked = lock_booking(booking.pk)
    if not permissions.can_change_booking(by, locked):
        raise PermissionDenied
    _check_can_change(locked)
    _take_out(locked, reason=reason, by=by)
    return lock_booking(locked.pk)


@transaction.atomic
def confirm(*, booking: Booking, by: User) -> Booking:
    """The person agrees to the time that was held for them: it is booked, with a new appointment in their case."""
    locked = lock_booking(booking.pk)
    session, referral = locked.session, locked.referral
    if not permissions.can_change_booking(by, locked):
        raise PermissionDenied
    if locked.state == Booking.State.BOOKED:
        raise Refused("They have this time already.")
    if locked.state != Booking.State.HELD:
        raise Refused("This time is no longer kept for them. Choose another.")
    if session.is_cancelled or locked.starts_at <= timezone.now():
        raise Refused("This time is over, or its session was cancelled. Choose another.")
    locked.appointment = _agree(referral, session, locked.starts_at, by=by)
    locked.state = Booking.State.BOOKED
    locked.save(update_fields=["appointment", "state"])
    _record("booking.confirmed", locked, by=by)
    deal(session)
    return locked


def release_offers() -> int:
    """Gives back held times that nobody answered for; see `BookingQuerySet.lapsed`. Tells the practice and the link
    worker, while the case is open. Returns how many. Safe to run twice, or two at once.
    """
    count = 0
    for booking_id in list(Booking.objects.lapsed().values_list("pk", flat=True)):
        with transaction.atomic():
            booking = lock_booking(booking_id)
            if not Booking.objects.lapsed().filter(pk=booking_id).exists():
                continue
            _let_go(booking, reason=LAPSED, by=None)
            if booking.referral.is_live and booking.referral.episode.is_open:
                emails.offer_lapsed(booking)
            count += 1
    return count


@receiver(appointment_cancelled)
def free_the_slot(sender: type, *, appointment: Appointment, note: str, by: User, **kwargs: Any) -> None:
    """Whoever cancels the appointment of a booking, from wherever, frees its slot."""
    booking_id = Booking.objects.standing().filter(appointment=appointment).values_list("pk", flat=True).first()
    if booking_id:
        locked = lock_booking(booking_id)
        if locked.state != Booking.State.CANCELLED:
            _let_go(locked, reason=note, by=by)


@receiver(contact_logged)
def note_whether_they_came(sender: type, *, contact: CareContact, **kwargs: Any) -> None:
    """What is written of a booking's appointment, by whomever, says whether they came."""
    if contact.appointment_id:
        came = contact.result == CareContact.Result.TOOK_PART
        Booking.objects.standing().filter(appointment=contact.appointment_id).update(
            state=Booking.State.ATTENDED if came else Booking.State.MISSED
        )


def _put(
    referral: Referral,
    episode: Episode,
    session: ClinicSession,
    starts_at: dt.datetime,
    *,
    by: User,
    replaces: Booking | None = None,
) -> Booking:
    """A new booking, the episode and the session being locked."""
    if not permissions.can_book(by, referral, session.clinic):
        raise PermissionDenied
    lane = _free_lane(session, starts_at, episode)
    booking = Booking.objects.create(
        session=session,
        referral=referral,
        appointment=_agree(referral, session, starts_at, by=by),
        starts_at=starts_at,
        ends_at=starts_at + dt.timedelta(minutes=session.slot_minutes),
        lane=lane,
        booked_by=by,
        replaces=replaces,
    )
    _record("booking.made", booking, by=by, session=session.pk)
    deal(session)
    return Booking.objects.select_related("session__clinic", "referral__episode", "appointment").get(pk=booking.pk)


def _agree(referral: Referral, session: ClinicSession, starts_at: dt.datetime, *, by: User) -> Appointment:
    """The appointment in the case. It is the holder's until the session is dealt."""
    practice = session.clinic.practice
    return book_clinic(
        referral=referral,
        holder=session.clinic.link_worker,
        with_user=None,
        starts_at=starts_at,
        minutes=session.slot_minutes,
        place=(f"{practice}, {session.room}" if session.room else str(practice))[:200],
        by=by,
    )


def _free_lane(session: ClinicSession, starts_at: dt.datetime, episode: Episode) -> int:
    if session.is_cancelled:
        raise Refused("This session has just been cancelled. Choose another time.")
    if not session.clinic.role.meets_people or starts_at not in session.slots:
        raise Refused("The times of this session have changed. Choose another time.")
    if starts_at <= timezone.now():
        raise Refused("That time is over. Choose a later one.")
    ends_at = starts_at + dt.timedelta(minutes=session.slot_minutes)
    standing = list(session.bookings.standing().select_related("referral"))
    for other in standing:
        if other.referral.episode_id == episode.pk and other.state != Booking.State.MISSED:
            at = timezone.localtime(other.starts_at)
            raise Refused(f"{episode.person.called} has a time in this session already, at {at:%H:%M}.")
    taken = {each.lane for each in standing if each.starts_at < ends_at and each.ends_at > starts_at}
    lane = next((lane for lane in range(1, session.at_once + 1) if lane not in taken), None)
    if lane is None:
        raise Refused("That time was taken just now. Choose another.")
    return lane


def _check_can_change(booking: Booking) -> None:
    if booking.state == Booking.State.CANCELLED:
        raise Refused("This booking is cancelled already.")
    if not booking.can_change:
        raise Refused("This time has been, and what came of it is noted. Book a new one instead.")


def _take_out(booking: Booking, *, reason: str, by: User) -> None:
    """Out of a slot, both ways: a held time is let go, a booked one with its appointment."""
    if booking.appointment:
        cancel_clinic_appointment(appointment=booking.appointment, note=reason, by=by)
    else:
        _let_go(booking, reason=reason, by=by)


def _let_go(booking: Booking, *, reason: str, by: User | None) -> None:
    booking.state, booking.cancelled_at, booking.cancelled_by = Booking.State.CANCELLED, timezone.now(), by
    booking.cancel_reason = reason[:300]
    booking.save(update_fields=["state", "cancelled_at", "cancelled_by", "cancel_reason"])
    _record("booking.cancelled", booking, by=by)


def _record(verb: str, booking: Booking, *, by: User | None, **facts: Any) -> None:
    record(verb, by=by, subject=booking, person_id=booking.referral.episode.person_id, facts=facts)
