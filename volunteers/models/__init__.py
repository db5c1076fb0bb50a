"""Volunteers, the clinics they run, who is on when, and who is booked with them."""

from volunteers.models.booking import Booking
from volunteers.models.clinic import GENERATED_AHEAD, Clinic, ClinicTime, Room
from volunteers.models.cover import CoverAsk, CoverRequest
from volunteers.models.role import CheckKind, Requirement, VolunteerRole, coordinated_by
from volunteers.models.session import ClinicSession, Shift
from volunteers.models.swap import Swap
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
    "PARTS",
    "Absence",
    "Booking",
    "Check",
    "CheckKind",
    "Clinic",
    "ClinicSession",
    "ClinicTime",
    "CoverAsk",
    "CoverRequest",
    "Requirement",
    "Room",
    "Shift",
    "Stage",
    "StageChange",
    "Swap",
    "Volunteer",
    "VolunteerRole",
    "availability_of",
    "coordinated_by",
]
