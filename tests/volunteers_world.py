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
from volunteers.factories_cover import CoverAskFactory, CoverRequestFactory, SwapFactory, of_cover
from volunteers.factories_expenses import ExpenseClaimFactory, ExpenseLineFactory, PaymentListFactory, keep_receipt
from volunteers.factories_journey import of_journey
from volunteers.factories_thanks import of_thanks, thank_in_world
from volunteers.factories_training import CalendarFeedFactory, TrainingPlaceFactory
from volunteers.models import (
    Booking,
    CalendarFeed,
    ClinicSession,
    ExpenseClaim,
    PaymentList,
    Receipt,
    Shift,
    Training,
    Volunteer,
)


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
    keep_receipt(ExpenseLineFactory(claim=ExpenseClaimFactory(volunteer=helper, state=ExpenseClaim.State.SENT)))
    PaymentListFactory(workplace=practice)
    shift = ShiftFactory(session=session, volunteer=helper)
    thank_in_world(helper)
    TrainingPlaceFactory(training__workplace=practice, volunteer=helper)
    CalendarFeedFactory(user=volunteer)
    CoverAskFactory(request=CoverRequestFactory(session=session, shift=None, place=1, asked_by=volunteer))
    SwapFactory(mine=shift)
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
    receipt = Receipt.objects.earliest("pk")
    return {
        "expense_id": receipt.line.claim_id,
        "line_id": receipt.line_id,
        "receipt_id": receipt.pk,
        "payment_list_id": PaymentList.objects.earliest("pk").pk,
        "workplace_id": session.clinic.practice_id,
        "sheet": "xlsx",
        "volunteer_key": shift.volunteer.key,
        "clinic_id": session.clinic_id,
        "room_id": session.room_id,
        "session_id": session.pk,
        "shift_id": shift.pk,
        "booking_id": booking.pk,
        "training_id": Training.objects.earliest("pk").pk,
        "feed_token": CalendarFeed.objects.earliest("pk").token,
        "practice_id": session.clinic.practice_id,
        **of_thanks(),
        **of_cover(),
        "day": session.on.isoformat(),
        **of_journey(),
    }
