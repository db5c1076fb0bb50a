"""Small steps that several tests of referrals take: log in, fill in the form, send, look at what was mailed."""

import datetime as dt
import re
import uuid
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from linkworkers.outbox.models import Message
from members.models import User, Workplace
from referrals import actions
from referrals.details import PersonDetails, ReferralDetails
from referrals.models import Referral

NHS_NUMBER = "9990000018"

# What a practised nurse types: the required answers, and a few more.
ANSWERS: dict[str, Any] = {
    "nhs_number": "999 000 0018",
    "given_name": "Joan",
    "family_name": "Perry",
    "date_of_birth": "4 5 1951",
    "phone": "07700 900123",
    "contact_ways": ["phone"],
    "visit_risk": "none",
    "reasons": ["loneliness", "bereavement"],
    "urgency": "struggling",
    "why_now": "Her husband died in the spring.",
    "consent_method": "face_to_face",
    "share_back": "everything",
}


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def write(client: Client, **changes: Any) -> tuple[str, HttpResponse]:
    """Opens an empty form and posts ANSWERS with `changes`; returns the draft's address and the response."""
    page = client.get(reverse("referral_new")).content.decode()
    draft = re.search(r'action="(/referrals/drafts/[^"]+)"', page)[1]
    return draft, client.post(draft, ANSWERS | changes)


def refer(client: Client, **changes: Any) -> Referral:
    """The whole way through the form: write, check, send."""
    draft, written = write(client, **changes)
    assert written.url == f"{draft}check/"
    sent = client.post(f"{draft}check/")
    return Referral.objects.get(reference=sent.url.split("/")[-2])


def joan(**changes: Any) -> PersonDetails:
    """Joan Perry, as a referrer describes her."""
    described: dict[str, Any] = {
        "given_name": "Joan",
        "family_name": "Perry",
        "date_of_birth": dt.date(1951, 5, 4),
        "nhs_number": NHS_NUMBER,
        "contact_ways": ["letter"],
        "visit_risk": "none",
    }
    return PersonDetails(**described | changes)


def asked(practice: Workplace, **changes: Any) -> ReferralDetails:
    """What a practice asks for her."""
    answers: dict[str, Any] = {
        "referrer_name": "Dr P. Shah",
        "reasons": ["loneliness"],
        "urgency": "early",
        "why_now": "Her husband died in the spring.",
        "consent_method": "face_to_face",
        "share_back": "everything",
        "submission_key": uuid.uuid4(),
    }
    return ReferralDetails(practice=practice, **answers | changes)


def submit(by: User, practice: Workplace, *, person: dict[str, Any] | None = None, **changes: Any) -> Referral:
    return actions.submit(person=joan(**person or {}), referral=asked(practice, **changes), by=by)


def mailed(kind: str) -> list[str]:
    """The addresses that mails of this kind are waiting for, sorted: one for each mail."""
    return [to for each, to in all_mail() if each == kind]


def all_mail() -> list[tuple[str, str]]:
    """Each mail in the outbox as its kind and address, sorted."""
    return sorted(Message.objects.exclude(state=Message.State.NOTHING).values_list("kind", "to"))
