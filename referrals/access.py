"""Who gets past the door of a page. Out of one's scope, a page does not exist."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from members.models import Role
from referrals.models import Episode, Referral

View = Callable[..., HttpResponse]


def for_roles(*roles: Role) -> Callable[[View], View]:
    """Lets in whoever holds one of the roles today; for everybody else the page is not there. Comes after log-in."""

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.has_role(*roles):
                raise Http404
            return view(request, *args, **kwargs)

        return wrapped

    return decorate


def get_referral(request: HttpRequest, reference: str) -> Referral:
    """The referral, with all that its page shows, or 404."""
    return get_object_or_404(
        Referral.objects.visible_to(request.user).select_related(
            "episode__person__practice",
            "episode__network",
            "episode__holder",
            "episode__closed_by",
            "practice",
            "network",
            "submitted_by",
            "accepted_by",
            "declined_by",
            "withdrawn_by",
        ),
        reference=reference,
    )


def get_case(request: HttpRequest, reference: str) -> Episode:
    """The case at this address, or 404."""
    return get_object_or_404(
        Episode.objects.visible_to(request.user).select_related("person__practice", "network", "holder"),
        reference=reference,
    )
