"""Signed links by which applicants and referees, who have no account, get to their page: whoever reads the mail may."""

import datetime as dt

from django.core import signing
from django.urls import reverse

from volunteers.models import Volunteer, VolunteerReference

APPLICATION_LASTS = dt.timedelta(days=180)
REFERENCE_LASTS = dt.timedelta(days=60)

_applications = signing.TimestampSigner(salt="volunteers.application")
_references = signing.TimestampSigner(salt="volunteers.reference")


def application_path(volunteer: Volunteer) -> str:
    """The applicant's own page."""
    return reverse("volunteer_application", args=[_applications.sign_object(volunteer.pk)])


def reference_path(reference: VolunteerReference) -> str:
    """Where a referee answers. With the address in it: a link to one who was replaced opens nothing."""
    return reverse("volunteer_reference", args=[_references.sign_object([reference.pk, reference.email])])


def read_application(token: str) -> tuple[int, bool] | None:
    """The id of an application and whether the link has expired; None when it was altered."""
    found = _read(_applications, token, APPLICATION_LASTS)
    return (found[0], found[1]) if found and isinstance(found[0], int) else None


def read_reference(token: str) -> tuple[int, str, bool] | None:
    """The id of a reference, the address it was asked at, and whether the link has expired; None when altered."""
    found = _read(_references, token, REFERENCE_LASTS)
    return (found[0][0], found[0][1], found[1]) if found and isinstance(found[0], list) else None


def _read(signer: signing.TimestampSigner, token: str, lasts: dt.timedelta) -> tuple[object, bool] | None:
    try:
        return signer.unsign_object(token, max_age=lasts), False
    except signing.SignatureExpired:
        return signer.unsign_object(token), True
    except (signing.BadSignature, ValueError):
        return None
