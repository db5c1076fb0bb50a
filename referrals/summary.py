"""Answers as words, for the page on which one checks them and for the referral as it was sent."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from members.models import User
from referrals.forms import ReferralForm
from referrals.models import Referral
from referrals.models.episode import ShareBack
from referrals.models.person import ContactWay, VisitRisk
from referrals.models.referral import ConsentMethod, Reason, State, Urgency

CHOICES: dict[str, Any] = {
    "contact_ways": ContactWay,
    "visit_risk": VisitRisk,
    "reasons": Reason,
    "urgency": Urgency,
    "consent_method": ConsentMethod,
    "share_back": ShareBack,
}
SECTIONS: list[tuple[str, list[tuple[str, str]]]] = [
    (
        "The person",
        [
            ("nhs_number", "NHS number"),
            ("given_name", "First name"),
            ("family_name", "Last name"),
            ("known_as", "Likes to be called"),
            ("date_of_birth", "Date of birth"),
            ("phone", "Phone"),
            ("email", "E-mail"),
            ("address", "Address"),
            ("postcode", "Postcode"),
            ("contact_ways", "Safe ways to get in touch"),
            ("safe_contact", "Take care with"),
            ("language", "Language"),
            ("needs_interpreter", "Interpreter"),
            ("access_needs", "Access needs"),
            ("visit_risk", "Risk for somebody who visits"),
            ("risk_details", "What the risk is"),
        ],
    ),
    (
        "What it is about",
        [
            ("reasons", "Reasons"),
            ("urgency", "How things are"),
            ("why_now", "Why now"),
            ("hopes", "What they hope for"),
        ],
    ),
    (
        "What they agreed",
        [
            ("consent_method", "Consent"),
            ("share_back", "The practice may be told"),
            ("practice", "Practice"),
            ("referrer_name", "Referred by"),
        ],
    ),
]


@dataclass(frozen=True)
class Answer:
    """One answer: the field it came from, what was asked, and what was said."""

    name: str
    label: str
    text: str

    @property
    def anchor(self) -> str:
        """The id of the form's field; of a group of ticks, its first."""
        return f"id_{self.name}_0" if self.name in CHOICES else f"id_{self.name}"


Sections = list[tuple[str, list[Answer]]]


def answers_in_words(form: ReferralForm, user: User) -> Sections:
    """The answers of a valid form; what was left empty and is optional is left out."""
    return _in_words(
        form.cleaned_data
        | {"practice": form.chosen_practice, "referrer_name": form.cleaned_data["referrer_name"] or user}
    )


def referral_in_words(referral: Referral) -> Sections:
    """A referral as it was sent."""
    asked = {name: getattr(referral, name) for _, rows in SECTIONS for name, _ in rows if hasattr(referral, name)}
    return _in_words(asked | referral.as_given)


def differences_in_words(referral: Referral) -> list[Answer]:
    """What the referral says of the person that their record says otherwise."""
    labels = {name: label for _, rows in SECTIONS for name, label in rows}
    return [Answer(name, labels[name], words(name, value)) for name, value in referral.differences.items()]


def _in_words(values: dict[str, Any]) -> Sections:
    return [
        (title, [Answer(name, label, text) for name, label in rows if (text := words(name, values.get(name)))])
        for title, rows in SECTIONS
    ]


def words(name: str, value: Any) -> str:
    """A stored or cleaned value as a person reads it."""
    if value in (None, "", [], False):
        return ""
    if name in CHOICES:
        values = value if isinstance(value, list) else [value]
        return ", ".join(str(CHOICES[name](one).label) for one in values)
    if name == "date_of_birth":
        day = dt.date.fromisoformat(value) if isinstance(value, str) else value
        return f"{day.day} {day:%B %Y}"
    if name == "nhs_number":
        return f"{value[:3]} {value[3:6]} {value[6:]}"
    return "Yes" if value is True else str(value)


@dataclass(frozen=True)
class Step:
    """One step of a referral's way. `state` is done, now, next or stopped."""

    label: str
    note: str
    state: str


def steps(referral: Referral) -> list[Step]:
    """How far a referral has come, in the practice's words."""
    episode, state = referral.episode, State(referral.state)
    sent = Step("Sent", day(referral.submitted_at), "done")
    if state == State.DECLINED:
        return [sent, Step("Declined", day(referral.declined_at), "stopped")]
    if state == State.WITHDRAWN:
        return [sent, Step("Withdrawn", day(referral.withdrawn_at), "stopped")]
    if state == State.MORE_ASKED:
        answered = Step("Your answer is needed", "now", "now")
    elif referral.accepted_at:
        answered = Step("Accepted", day(referral.accepted_at), "done")
    else:
        answered = Step("With the network", "now", "now")
    met = referral.accepted_at is not None and episode.first_contact_at is not None
    ended = state == State.CLOSED
    return [
        sent,
        answered,
        Step("First conversation", day(episode.first_contact_at), "done")
        if met
        else Step("First conversation", "did not happen" if ended else "not yet", "next"),
        Step("Support has ended", day(referral.closed_at), "done")
        if ended
        else Step("Being supported", "now", "now")
        if met
        else Step("Support has ended", "not yet", "next"),
    ]


def day(moment: dt.datetime | None) -> str:
    """A day in London, short: 12 Oct 2026."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    return f"{local.day} {local:%b %Y}"
