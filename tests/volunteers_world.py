"""The cast's volunteer on a session with somebody booked, for tests that visit every page of volunteering."""

from dataclasses import dataclass

from members.models import User, Workplace
from referrals.models import Referral
from volunteers.factories import (
    ApplicantFactory,
    BookingFactory,
    ClinicFactory,
    ClinicSessionFactory,
    ShiftFactory,
    VolunteerRoleFactory,
    clear,
    volunteer_of,
)
from volunteers.factories_journey import of_journey
from volunteers.models import Booking, ClinicSession, Shift, Volunteer


@dataclass(frozen=True)
class Roster:
    """At `practice`: an applicant, and a session in three days on which the cast's volunteer sees `booking`."""

    volunteer: Volunteer
    applicant: Volunteer
    session: ClinicSession
    shift: Shift
    booking: Booking


def roster_of(volunteer: User, *, practice: Workplace, referral: Referral) -> Roster:
    """The referral's episode is accepted, and is of the practice."""
    role = VolunteerRoleFactory(name="Volunteer at the desk")
    helper = volunteer_of(volunteer)
    clear(helper, role)
    clinic = ClinicFactory(
        practice=practice,
        name="Tuesday clinic",
        role=role,
        link_worker=referral.episode.holder,
        times=[(1, "09:00", "12:00")],
        places=2,
    )
    session = ClinicSessionFactory(clinic=clinic)
    shift = ShiftFactory(session=session, volunteer=helper)
    return Roster(
        volunteer=helper,
        applicant=ApplicantFactory(workplace=practice, roles=[role]),
        session=session,
        shift=shift,
        booking=BookingFactory(session=session, shift=shift, referral=referral),
    )


def of_volunteers() -> dict[str, object]:
    """What fills in the addresses of these pages: the rows of `roster_of`."""
    booking = Booking.objects.earliest("pk")
    session, shift = booking.session, booking.shift
    assert shift is not None
    return {
        "volunteer_key": shift.volunteer.key,
        "clinic_id": session.clinic_id,
        "room_id": session.room_id,
        "session_id": session.pk,
        "shift_id": shift.pk,
        "booking_id": booking.pk,
        "practice_id": session.clinic.practice_id,
        **of_journey(),
    }
