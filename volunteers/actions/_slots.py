"""Slots of sessions: which are free, who gets the next one, and what follows when a session is not held."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q
from django.utils import timezone

from linkworkers.audit.actions import record
from members.models import User
from referrals.models import Appointment
from volunteers.actions._shifts import deal, end_shift
from volunteers.emails.clinics import News, in_words
from volunteers.models import Booking, Clinic, ClinicSession, Shift

ASIDE = 1_000  # lanes that nobody is seen in


@dataclass(frozen=True)
class Slot:
    """A place for one person in a session; `lane` tells apart those who are seen at once."""

    session: ClinicSession
    starts_at: dt.datetime
    lane: int

    @property
    def ends_at(self) -> dt.datetime:
        return self.starts_at + dt.timedelta(minutes=self.session.slot_minutes)


class FreeSlots:
    """The free slots of some sessions, as they are when this is made. Whoever means to take one locks them before."""

    def __init__(self, sessions: Iterable[ClinicSession]) -> None:
        self.sessions = sorted(sessions, key=lambda session: (session.starts_at, session.pk))
        standing = Booking.objects.standing().filter(session__in=self.sessions)
        self._taken = set(standing.values_list("session_id", "starts_at", "lane"))

    def of(self, session: ClinicSession) -> list[Slot]:
        lanes = range(1, session.at_once + 1)
        slots = (Slot(session, starts_at, lane) for starts_at in session.slots for lane in lanes)
        return [slot for slot in slots if (session.pk, slot.starts_at, slot.lane) not in self._taken]

    def first(self, *, after: dt.datetime, clinic_id: int | None = None) -> Slot | None:
        """The earliest that begins after a time, in one clinic or in any."""
        for session in self.sessions:
            if session.ends_at > after and clinic_id in (None, session.clinic_id):
                found = next((slot for slot in self.of(session) if slot.starts_at > after), None)
                if found:
                    return found
        return None

    def take(self, slot: Slot) -> None:
        self._taken.add((slot.session.pk, slot.starts_at, slot.lane))


def next_free_slot(where: Clinic | ClinicSession, after: dt.datetime) -> Slot | None:
    """The earliest free slot of a session, or of a clinic's sessions to come, that begins after a time. Nothing is
    locked: whoever takes it locks its session and asks again.
    """
    if isinstance(where, ClinicSession):
        sessions = ClinicSession.objects.to_come().filter(pk=where.pk)
    else:
        sessions = where.sessions.to_come().filter(ends_at__gt=after)
    sessions = sessions.filter(clinic__role__meets_people=True)
    return FreeSlots(sessions).first(after=max(after, timezone.now()))


def lock_sessions(clinic: Clinic, ids: Iterable[int] = ()) -> dict[int, ClinicSession]:
    """Locks some sessions, together with those in which their people could be offered a slot: all that are to come at
    the practice in the same role. In the order of their ids, as everybody does.
    """
    kin = Q(clinic__practice=clinic.practice_id, clinic__role=clinic.role_id, starts_at__gt=timezone.now())
    rows = ClinicSession.objects.filter(Q(pk__in=ids) | kin & Q(cancelled_at=None)).order_by("pk")
    wanted = list(rows.values_list("pk", flat=True))
    locked = ClinicSession.objects.filter(pk__in=wanted).order_by("pk").select_for_update()
    list(locked.values_list("pk"))  # what they waited for is read after it
    found = ClinicSession.objects.filter(pk__in=wanted)
    return found.select_related("clinic__practice__parent", "clinic__role", "room").in_bulk()


def release(session: ClinicSession, *, reason: str, by: User, news: News) -> None:
    """Cancels a locked session: its bookings with their appointments, then its shifts. Nobody is offered anything."""
    for booking in standing(session):
        release_booking(booking, reason=reason, by=by, news=news)
    for shift in session.shifts.standing().select_related("volunteer", "user"):
        shift.session = session
        end_shift(shift, reason=Shift.Ended.CANCELLED, by=by)
        news.volunteers[shift.user].append(f"{in_words(session)} is cancelled. You need not come.")
    session.refresh_from_db(fields=["taken", "booked"])
    session.cancelled_at, session.cancelled_by, session.cancel_reason = timezone.now(), by, reason
    session.save(update_fields=["cancelled_at", "cancelled_by", "cancel_reason"])
    record("session.cancelled", by=by, subject=session, facts={"clinic": session.clinic_id})


def standing(session: ClinicSession) -> list[Booking]:
    """Its bookings, locked, with what is needed of their referrals."""
    found = session.bookings.standing().select_for_update(of=("self",))
    return list(found.select_related("referral__episode", "referral__practice").order_by("starts_at", "lane"))


def release_booking(booking: Booking, *, reason: str, by: User, news: News) -> None:
    """Takes somebody out of their slot; their appointment is cancelled with it."""
    now = timezone.now()
    booking.state, booking.cancelled_at, booking.cancelled_by = Booking.State.CANCELLED, now, by
    booking.cancel_reason = reason
    booking.save(update_fields=["state", "cancelled_at", "cancelled_by", "cancel_reason"])
    person_id = booking.referral.episode.person_id
    record("booking.cancelled", by=by, subject=booking, person_id=person_id)
    appointment = Appointment.objects.filter(booking=booking, cancelled_at=None).first()
    if appointment:
        appointment.cancelled_at, appointment.cancelled_by = now, by
        appointment.cancel_note = f"The clinic cancelled it: {reason}"
        appointment.save(update_fields=["cancelled_at", "cancelled_by", "cancel_note"])
        record("appointment.cancelled", by=by, subject=appointment, person_id=person_id)
    news.released.append(booking)


def offer(news: News, sessions: Iterable[ClinicSession], *, by: User) -> None:
    """Keeps another slot for everybody who was released: the next one after theirs at the same clinic, else at another
    of these sessions, all of which are locked. Nothing is kept where none is free.
    """
    open_to = [each for each in sessions if not each.is_cancelled and not each.has_begun]
    if not news.released or not news.clinic.role.meets_people:
        return
    free, used = FreeSlots(open_to), dict[int, ClinicSession]()
    for old in news.released:
        after = max(old.starts_at, timezone.now())
        slot = free.first(after=after, clinic_id=news.clinic.pk) or free.first(after=after)
        if slot is None:
            continue
        free.take(slot)
        used[slot.session.pk] = slot.session
        kept = Booking.objects.create(
            session=slot.session,
            referral=old.referral,
            starts_at=slot.starts_at,
            ends_at=slot.ends_at,
            lane=slot.lane,
            state=Booking.State.HELD,
            booked_by_id=old.booked_by_id,
            replaces=old,
        )
        record("booking.offered", by=by, subject=kept, person_id=old.referral.episode.person_id)
        news.offered.append(kept)
    for session in used.values():
        deal(session)


def relocate(session: ClinicSession, values: Mapping[str, Any], bookings: Sequence[Booking], *, news: News) -> None:
    """Gives a locked session other times, another room or slots. Its bookings keep their order, slot by slot, and take
    their appointments along: each of them has to fit (`fitting`). Shifts follow by themselves.

    Raises IntegrityError where the database has the room, or a volunteer, elsewhere.
    """
    was = (session.starts_at, session.slot_minutes, session.room_id)
    numbers = [_number(session, booking) for booking in bookings]
    for name, value in values.items():
        setattr(session, name, value)
    session.save(update_fields=list(values))
    if (session.starts_at, session.slot_minutes, session.room_id) == was or not bookings:
        return
    slots, place = session.slots, place_of(session)
    length = dt.timedelta(minutes=session.slot_minutes)
    # Out of each other's way first: of two that change slots, one would be in the other's for a moment.
    Booking.objects.filter(pk__in=[each.pk for each in bookings]).update(lane=F("lane") + ASIDE)
    for booking, number in zip(bookings, numbers, strict=True):
        booking.starts_at, booking.ends_at = slots[number], slots[number] + length
        booking.save(update_fields=["starts_at", "ends_at", "lane"])
        Appointment.objects.filter(booking=booking, cancelled_at=None).update(
            starts_at=booking.starts_at, minutes=session.slot_minutes, place=place
        )
        news.moved.append(booking)


def fitting(
    session: ClinicSession, bookings: Iterable[Booking], values: Mapping[str, Any]
) -> tuple[list[Booking], list[Booking]]:
    """Which bookings have a slot when the session gets these values, and which do not: theirs is not there any more, or
    the person has another appointment at just that time.
    """
    then = ClinicSession(
        **{name: values.get(name, getattr(session, name)) for name in ("starts_at", "ends_at", "slot_minutes")}
    )
    slots, lanes = then.slots, values.get("at_once", session.at_once)
    fit, unfit = [], []
    for booking in bookings:
        number = _number(session, booking)
        there = number < len(slots) and booking.lane <= lanes
        elsewhere = Appointment.objects.filter(episode=booking.referral.episode_id, cancelled_at=None)
        elsewhere = elsewhere.exclude(booking=booking)
        if there and (slots[number] == booking.starts_at or not elsewhere.filter(starts_at=slots[number]).exists()):
            fit.append(booking)
        else:
            unfit.append(booking)
    return fit, unfit


def _number(session: ClinicSession, booking: Booking) -> int:
    """Which slot of its session a booking is in, the first being 0."""
    return round((booking.starts_at - session.starts_at) / dt.timedelta(minutes=session.slot_minutes))


def in_room(
    session: ClinicSession | None, room_id: int, starts_at: dt.datetime, ends_at: dt.datetime
) -> ClinicSession | None:
    """What else is in a room at some time. Whoever holds the room (`generation.hold_rooms`) can rely on it."""
    there = ClinicSession.objects.on().filter(room=room_id, starts_at__lt=ends_at, ends_at__gt=starts_at)
    others = there.exclude(pk=session.pk) if session else there
    return others.select_related("clinic").first()


def place_of(session: ClinicSession) -> str:
    """Where it is, as an appointment says it."""
    room = f", {session.room}" if session.room else ""
    return f"{session.clinic.practice}{room}"[:200]
