"""What one referral form says, as the action that sends it takes it."""

import datetime as dt
import uuid
from dataclasses import dataclass, field

from members.models import Workplace


@dataclass(frozen=True)
class PersonDetails:
    """The person as the referrer describes them. `same_person_id` is the referrer's word that they are known."""

    given_name: str
    family_name: str
    date_of_birth: dt.date
    contact_ways: list[str]
    visit_risk: str
    nhs_number: str | None = None
    known_as: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    postcode: str = ""
    safe_contact: str = ""
    language: str = ""
    needs_interpreter: bool = False
    access_needs: str = ""
    risk_details: str = ""
    same_person_id: int | None = None


@dataclass(frozen=True)
class ReferralDetails:
    """What the referrer asks for."""

    practice: Workplace
    referrer_name: str
    reasons: list[str]
    urgency: str
    why_now: str
    consent_method: str
    share_back: str
    hopes: str = ""
    submission_key: uuid.UUID = field(default_factory=uuid.uuid4)
