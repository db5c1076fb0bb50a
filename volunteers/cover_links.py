"""The link in a mail with which somebody who was asked to cover says that they cannot, without logging in."""

from django.core import signing
from django.urls import reverse

from volunteers.models import CoverAsk

_signer = signing.Signer(salt="volunteers.cover")


def answer_path(ask: CoverAsk) -> str:
    return reverse("cover_answer", args=[_signer.sign_object(ask.pk)])


def read_answer(token: str) -> int | None:
    """The id of the CoverAsk in such a link; None when it was altered."""
    try:
        ask = _signer.unsign_object(token)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return ask if isinstance(ask, int) else None
