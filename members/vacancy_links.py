"""Signed links by which somebody without an account keeps what they posted: whoever reads their mailbox may."""

import datetime as dt

from django.core import signing
from django.urls import reverse

from members.models import Vacancy

# Every mail brings a new link, and the last comes after the closing day, which is at most six months off.
LASTS = dt.timedelta(days=220)

_signer = signing.TimestampSigner(salt="members.vacancy")


def own_path(vacancy: Vacancy) -> str:
    """The private page of what somebody posted."""
    return reverse("vacancy_own", args=[_signer.sign_object(vacancy.pk)])


def read_link(token: str) -> tuple[int, bool] | None:
    """The number of what was posted and whether the link has expired; None when it was altered."""
    try:
        return _signer.unsign_object(token, max_age=LASTS), False
    except signing.SignatureExpired:
        return _signer.unsign_object(token), True
    except signing.BadSignature:
        return None
