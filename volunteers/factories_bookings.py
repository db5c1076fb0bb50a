"""Clinics with free times, people booked into them and times held for them, for tests."""

import datetime as dt
from typing import Any

from django.utils import timezone

from members.models import User, Workplace
from referrals.factories import EpisodeFactory, PersonFactory, ReferralFactory
from referrals.models import Referral
from volunteers.factories import (
    BookingFactory,
    ClinicFactory,
    ClinicSessionFactory,
    ShiftFactory,
    VolunteerRoleFactory,
    clear,
    volunteer_of,
)
from volunteers.models import Booking, ClinicSession, Shift


def free_session(practice: Workplace, link_worker: User | None, **facts: Any) -> ClinicSession:
    """Of a clinic at the practice that this link worker stands behind: 9 to 12 in three days, six slots."""
    return ClinicSessionFactory.create(clinic=ClinicFactory.create(practice=practice, link_worker=link_worker), **facts)


def waiting_referral(practice: Workplace, **person: Any) -> Referral:
    return ReferralFactory.create(
        episode=EpisodeFactory.create(person=PersonFactory.create(practice=practice, **person))
    )


def put_on(session: ClinicSession, volunteer: User) -> Shift:
    """The cast's volunteer on a session."""
    helper = volunteer.volunteering.first() or volunteer_of(volunteer)
    clear(helper, session.clinic.role)
    return ShiftFactory.create(session=session, volunteer=helper)


def seen_now(practice: Workplace, volunteer: User, holder: User, *, ago: dt.timedelta, **person: Any) -> Booking:
    """Somebody whose time with the cast's volunteer began so long ago, in a session of three hours."""
    clinic = ClinicFactory.create(practice=practice, link_worker=holder, role=VolunteerRoleFactory.create())
    session = ClinicSessionFactory.create(clinic=clinic, starts_at=timezone.now() - ago)
    episode = EpisodeFactory.create(
        person=PersonFactory.create(practice=practice, **person), accepted=True, holder=holder
    )
    return BookingFactory.create(
        session=session, shift=put_on(session, volunteer), referral=ReferralFactory.create(episode=episode)
    )


def hold(booking: Booking, session: ClinicSession, starts_at: dt.datetime) -> Booking:
    """A time kept for somebody whose session was cancelled, as cancelling it does."""
    now = timezone.now()
    if booking.appointment:
        booking.appointment.cancelled_at, booking.appointment.cancelled_by = now, booking.booked_by
        booking.appointment.save()
    booking.state, booking.cancelled_at, booking.cancelled_by = Booking.State.CANCELLED, now, booking.booked_by
    booking.save()
    return Booking.objects.create(
        session=session,
        referral=booking.referral,
        starts_at=starts_at,
        ends_at=starts_at + dt.timedelta(minutes=session.slot_minutes),
        state=Booking.State.HELD,
        booked_by=booking.booked_by,
        replaces=booking,
    )
