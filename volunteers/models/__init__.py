"""Volunteers, the clinics they run, who is on when, and who is booked with them."""

from volunteers.models.booking import Booking
from volunteers.models.clinic import GENERATED_AHEAD, Clinic, ClinicTime, Room
from volunteers.models.cover import CoverAsk, CoverRequest
from volunteers.models.expenses import (
    ExpenseClaim,
    ExpenseLine,
    MileageRate,
    MilesElsewhere,
    PaymentList,
    Receipt,
    Vehicle,
)
from volunteers.models.feed import CalendarFeed
from volunteers.models.journey import KINDS_THAT_TAKE, ExitAnswer, VolunteerReference, coordinators_of, open_places
from volunteers.models.role import CheckKind, Requirement, VolunteerRole, coordinated_by
from volunteers.models.session import ClinicSession, Shift
from volunteers.models.swap import Swap
from volunteers.models.thanks import ClinicMonth, ExtraHours, HealthAnswer, Milestone, ThankYouLetter
from volunteers.models.training import LEARNING, TAUGHT, Training, TrainingPlace, learners
from volunteers.models.volunteer import (
    AVAILABILITY,
    DAYS,
    GONE,
    HERE,
    JOINING,
    PARTS,
    Absence,
    Check,
    Stage,
    StageChange,
    Volunteer,
    availability_of,
)

__all__ = [
    "AVAILABILITY",
    "DAYS",
    "GENERATED_AHEAD",
    "GONE",
    "HERE",
    "JOINING",
    "KINDS_THAT_TAKE",
    "LEARNING",
    "PARTS",
    "TAUGHT",
    "Absence",
    "Booking",
    "CalendarFeed",
    "Check",
    "CheckKind",
    "Clinic",
    "ClinicMonth",
    "ClinicSession",
    "ClinicTime",
    "CoverAsk",
    "CoverRequest",
    "ExitAnswer",
    "ExpenseClaim",
    "ExpenseLine",
    "ExtraHours",
    "HealthAnswer",
    "MileageRate",
    "MilesElsewhere",
    "Milestone",
    "PaymentList",
    "Receipt",
    "Requirement",
    "Room",
    "Shift",
    "Stage",
    "StageChange",
    "Swap",
    "ThankYouLetter",
    "Training",
    "TrainingPlace",
    "Vehicle",
    "Volunteer",
    "VolunteerReference",
    "VolunteerRole",
    "availability_of",
    "coordinated_by",
    "coordinators_of",
    "learners",
    "open_places",
]
