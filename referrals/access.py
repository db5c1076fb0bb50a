"""Who gets past the door of a page. Out of one's scope, a page does not exist."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db.models import Model, Value
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404

from linkworkers.audit.actions import record_look
from members.http import Request
from members.models import Role, User, Workplace
from referrals.models import Episode, Referral

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
    """The referral, with its episode and person, or 404. A page that shows it is a look, and is recorded."""
    referral = get_object_or_404(
        Referral.objects.visible_to(request.user).select_related(
            "episode__person", "episode__holder", "practice", "network"
        ),
        reference=reference,
    )
    if request.method == "GET":
        record_look(request, referral, person_id=referral.episode.person_id)
    return referral


def get_referral_and_others(request: Request, reference: str) -> tuple[Referral, list[Referral]]:
    """The referral, and with it those of its episode that this person may see, oldest first. Or 404.

    Two queries: the names of people and places are fetched apart, for with a dozen joins Postgres takes longer to
    plan than to answer.
    """
    together = list(
        Referral.objects.visible_to(request.user)
        .filter(episode__referrals__reference=reference)
        .select_related("episode__person")
        .order_by("submitted_at", "pk")
    )
    chosen = next((each for each in together if each.reference == reference), None)
    if chosen is None:
        raise Http404
    for each in together:
        each.episode = chosen.episode
    owners: list[Model] = [*together, chosen.episode, chosen.episode.person]
    name_them(owners)
    return chosen, together


PEOPLE = ("submitted_by", "accepted_by", "declined_by", "withdrawn_by", "holder", "closed_by")
PLACES = ("practice", "network")


def name_them(owners: list[Model]) -> None:
    """Fills foreign keys to people and places whose names alone are shown: one query for all of them."""
    keys = [
        (owner, field, model, getattr(owner, f"{field}_id"))
        for model, fields in ((User, PEOPLE), (Workplace, PLACES))
        for owner in owners
        for field in fields
        if hasattr(owner, f"{field}_id")
    ]
    people, places = (
        model._default_manager.order_by()
        .filter(pk__in={key for _, _, wanted, key in keys if wanted is model and key})
        .annotate(model=Value(model.__name__))
        .values_list("model", "pk", "name")
        for model in (User, Workplace)
    )
    names = {(model, key): name for model, key, name in people.union(places, all=True)}
    for owner, field, model, key in keys:
        # As `only("name")` would have it: whatever else is asked for is fetched then.
        found = names.get((model.__name__, key))
        setattr(owner, field, None if found is None else model.from_db("default", ["id", "name"], [key, found]))


def get_case(request: Request, reference: str) -> Episode:
    """The case at this address, or 404. A page that shows it is a look, and is recorded."""
    episode = get_object_or_404(
        Episode.objects.visible_to(request.user).select_related("person__practice", "network", "holder"),
        reference=reference,
    )
    if request.method == "GET":
        record_look(request, episode, person_id=episode.person_id)
    return episode
