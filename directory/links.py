"""Signed links that a listing's mailbox gets: whoever reads that mailbox may answer for the listing."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.urls import reverse

from directory.models import Claim, Service

STILL_RIGHT_LASTS = dt.timedelta(days=60)
CLAIM_LASTS = dt.timedelta(days=7)

_still_right = signing.TimestampSigner(salt="directory.still-right")
_claim = signing.TimestampSigner(salt="directory.claim")


@dataclass(frozen=True)
class StillRight:
    """What a link about a listing says: which listing, and from which day it aged when the link was made."""

    service_id: uuid.UUID
    clock: dt.date
    expired: bool


def still_right_path(service: Service) -> str:
    """Where the owner says that the listing is still right. The link has done its work once the clock moves on."""
    token = _still_right.sign_object([str(service.pk), service.clock_starts.isoformat()])
    return reverse("service_confirm", args=[token])


def read_still_right(token: str) -> StillRight | None:
    """What the link says, expired or not; None when it was altered."""
    facts, expired = _read(_still_right, token, STILL_RIGHT_LASTS)
    return facts and StillRight(uuid.UUID(facts[0]), dt.date.fromisoformat(facts[1]), expired)


def claim_path(claim: Claim) -> str:
    """Where the organisation's mailbox answers a claim."""
    return reverse("claim_confirm", args=[_claim.sign_object(claim.pk)])


def read_claim(token: str) -> tuple[int, bool] | None:
    """The claim's number and whether the link has expired; None when it was altered."""
    number, expired = _read(_claim, token, CLAIM_LASTS)
    return number and (number, expired)


def _read(signer: signing.TimestampSigner, token: str, lasts: dt.timedelta) -> tuple[Any, bool]:
    try:
        return signer.unsign_object(token, max_age=lasts), False
    except signing.SignatureExpired:
        return signer.unsign_object(token), True
    except signing.BadSignature:
        return None, False
