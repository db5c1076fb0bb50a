"""Who was seen in the demo's clinics, and who is going to be."""

import datetime as dt
from collections.abc import Iterator
from itertools import product

from linkworkers.audit.models import AuditEvent
from linkworkers.demo.clock import Clock
from linkworkers.demo.places import World
from members.models import User
from referrals.models import Appointment, CareContact, Referral
from referrals.models.referral import State
from volunteers.models import (
    Booking,
    Clinic,
    ClinicSession,
    Shift,
)


def book(clinic: Clinic, world: World, clock: Clock, notes: Iterator[str]) -> None:
    """Referrals of the practice: seen while their cases were open, or to be seen."""
    referrals = (
        Referral.objects.filter(practice=clinic.practice, state__in=[State.ACTIVE, State.CLOSED])
        .exclude(episode__appointments__contact=None, episode__appointments__cancelled_at=None)
        .select_related("episode", "submitted_by")
        .order_by("-submitted_at", "pk")
    )
    waiting = [each for each in referrals if each.episode.first_contact_at]
    desk = world.staff[clinic.practice_id][0]
    sessions = clinic.sessions.filter(taken__gt=0, starts_at__lt=clock.now + dt.timedelta(days=16))
    # Today's and those to come first, then the past from the latest on, for there are not enough people for all.
    for session in sorted(sessions, key=lambda one: (one.on < clock.today, abs(one.on - clock.today), one.pk)):
        shift = session.shifts.standing().select_related("volunteer").first()
        for number, starts_at in enumerate(session.slots[:4] if session.on == clock.today else session.slots[:2]):
            able = [each for each in waiting if _can_be_seen(each, starts_at)]
            if shift is None or not able:
                break
            waiting.remove(able[0])
            _see(able[0], session, shift, starts_at, desk, clock, notes, missed=number == 1 and session.pk % 3 == 0)


def _can_be_seen(referral: Referral, starts_at: dt.datetime) -> bool:
    """Known for a while by then, and not closed yet."""
    first, closed = referral.episode.first_contact_at, referral.episode.closed_at
    return first is not None and first < starts_at - dt.timedelta(days=2) and (closed is None or starts_at < closed)


def _see(
    referral: Referral,
    session: ClinicSession,
    shift: Shift,
    starts_at: dt.datetime,
    desk: User,
    clock: Clock,
    notes: Iterator[str],
    *,
    missed: bool,
) -> None:
    booked_at = min(starts_at - dt.timedelta(days=6), clock.now - dt.timedelta(hours=2))
    ends_at = starts_at + dt.timedelta(minutes=session.slot_minutes)
    appointment = Appointment.objects.create(
        episode=referral.episode,
        kind=Appointment.Kind.CLINIC,
        starts_at=starts_at,
        minutes=session.slot_minutes,
        place=f"{session.clinic.practice}, {session.room}",
        with_user=shift.user,
        created_by=desk,
        created_at=booked_at,
    )
    state = Booking.State.BOOKED
    if session.on < clock.today:
        state = Booking.State.MISSED if missed else Booking.State.ATTENDED
        _write_up(appointment, shift, ends_at, notes, missed=missed)
    Booking.objects.create(
        session=session,
        referral=referral,
        appointment=appointment,
        shift=shift,
        starts_at=starts_at,
        ends_at=ends_at,
        state=state,
        booked_by=desk,
        booked_at=booked_at,
    )


OPENINGS = (
    "Came in early and was glad of the tea.",
    "A quiet start, then it all came out.",
    "Brought the letters from the council; we went through them together.",
    "Talked about the garden for a while, and then about being on their own.",
    "Sleeping a little better since last time.",
    "Was in two minds about coming, and stayed the whole half hour.",
    "The grandchildren had been; that did more than anything.",
    "Worried about the winter and the heating.",
    "Has not seen anybody since Sunday, and said so straight away.",
    "In good spirits: the knee is better.",
    "Came with a neighbour, who waited outside.",
    "We needed the half hour and could have done with more.",
)
ENDINGS = (
    "We looked up the choir at the hall and the bus that goes there.",
    "The form for the blue badge is filled in; it goes off tomorrow.",
    "Wanted to be heard more than anything. We meet again in a fortnight.",
    "Has been to the Talking Café and met somebody from the old street.",
    "Will ring the advice line on Thursday and tell me how it went.",
    "Took the leaflet of the walking group and will think about it.",
    "We wrote down three things to ask the housing officer.",
    "The library has a computer morning; a place is booked for Wednesday.",
    "Next time we look at the bus pass together.",
    "Agreed that a call in between would help, so I will ring on Friday.",
)
NOTES = [f"{opening} {ending}" for ending, opening in product(ENDINGS, OPENINGS)]


def _write_up(appointment: Appointment, shift: Shift, at: dt.datetime, notes: Iterator[str], *, missed: bool) -> None:
    contact = CareContact.objects.create(
        episode=appointment.episode,
        kind=CareContact.Kind.CLINIC,
        result=CareContact.Result.DID_NOT_ATTEND if missed else CareContact.Result.TOOK_PART,
        happened_at=appointment.starts_at,
        minutes=None if missed else appointment.minutes,
        note="" if missed else next(notes),
        by=shift.user,
        appointment=appointment,
        created_at=at,
    )
    AuditEvent.objects.create(
        at=at,
        verb="contact.logged",
        actor_id=shift.user_id,
        actor=f"{shift.user.name} <{shift.user.email}>",
        subject_type="referrals.carecontact",
        subject_id=str(contact.pk),
        person_id=appointment.episode.person_id,
        facts={"result": str(contact.result)},
    )
