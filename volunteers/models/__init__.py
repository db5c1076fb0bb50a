"""Volunteers, the clinics they run, who is on when, and who is booked with them."""

from volunteers.models.booking import Booking
from volunteers.models.clinic import GENERATED_AHEAD, Clinic, ClinicTime, Room
from volunteers.models.journey import (
    KINDS_THAT_TAKE,
    ExitAnswer,
    VolunteerReference,
    coordinators_of,
    open_places,
)
from volunteers.models.role import CheckKind, Requirement, VolunteerRole, coordinated_by
from volunteers.models.session import ClinicSession, Shift
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
    "PARTS",
    "Absence",
    "Booking",
    "Check",
    "CheckKind",
    "Clinic",
    "ClinicSession",
    "ClinicTime",
    "ExitAnswer",
    "Requirement",
    "Room",
    "Shift",
    "Stage",
    "StageChange",
    "Volunteer",
    "VolunteerReference",
    "VolunteerRole",
    "availability_of",
    "coordinated_by",
    "coordinators_of",
    "open_places",
]
