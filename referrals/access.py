"""Who gets past the door of a page. Out of one's scope, a page does not exist."""

from collections.abc import Callable
from functools import cache, wraps
from typing import Any

from django.db.models import Model
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404

from members.http import Request
from members.models import Role
from referrals.models import Episode, Person, Referral
from referrals.models.referral import ReferralQuerySet

View = Callable[..., HttpResponse]


def for_roles(*roles: Role) -> Callable[[View], View]:
    """Lets in whoever holds one of the roles today; for everybody else the page is not there. Comes after log-in."""

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapped(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.has_role(*roles):
                raise Http404
            return view(request, *args, **kwargs)

        return wrapped

    return decorate


def get_referral(request: Request, reference: str) -> Referral:
    """The referral, with its episode and person, or 404."""
    return get_object_or_404(
        Referral.objects.visible_to(request.user).select_related("episode__person", "practice", "network"),
        reference=reference,
    )


def get_referral_and_others(request: Request, reference: str) -> tuple[Referral, list[Referral]]:
    """The referral, and with it those of its episode that this person may see, oldest first: one query. Or 404."""
    together = list(
        with_everything()
        .visible_to(request.user)
        .filter(episode__referrals__reference=reference)
        .order_by("submitted_at", "pk")
    )
    chosen = next((each for each in together if each.reference == reference), None)
    if chosen is None:
        raise Http404
    return chosen, together


@cache
def with_everything() -> ReferralQuerySet:
    """Referrals with all that their page shows: themselves, episode and person whole, of everybody else the name."""
    return Referral.objects.select_related(*NAMED, "episode__person").only(
        *columns(Referral),
        *columns(Episode, "episode"),
        *columns(Person, "episode__person"),
        *(f"{path}__name" for path in NAMED),
    )


# Whose names a referral's page shows.
NAMED = (
    "practice",
    "network",
    "submitted_by",
    "accepted_by",
    "declined_by",
    "withdrawn_by",
    "episode__holder",
    "episode__closed_by",
    "episode__person__practice",
)


def columns(model: type[Model], path: str = "") -> list[str]:
    """Every column of a model reached by `path`, for `only()`."""
    before = f"{path}__" if path else ""
    return [before + field.name for field in model._meta.concrete_fields]


def get_case(request: Request, reference: str) -> Episode:
    """The case at this address, or 404."""
    return get_object_or_404(
        Episode.objects.visible_to(request.user).select_related("person__practice", "network", "holder"),
        reference=reference,
    )
