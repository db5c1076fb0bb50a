"""How the letters of volunteering are put together: a few paragraphs and one link, to one or to each coordinator."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from linkworkers.outbox.actions import Draft, queue
from members.models import User
from volunteers.models import Volunteer, coordinators_of


def letter(
    *,
    key: str,
    kind: str,
    to: str,
    hello: str,
    subject: str,
    says: Sequence[str],
    path: str,
    label: str,
    **facts: Any,
) -> Draft:
    """A letter of a few paragraphs and one link."""
    context = {"hello": hello, "title": subject, "says": says, "path": path, "label": label}
    return Draft(key=key, kind=kind, to=to, template="volunteer-letter", context=context, **facts)


def send(draft: Draft) -> None:
    queue(**vars(draft))


def tell_coordinators(
    volunteer: Volunteer,
    kind: str,
    about: object,
    subject: str,
    *says: str,
    besides: User | None = None,
) -> None:
    """To each who looks after the volunteers there, but for who did it."""
    for user in coordinators_of(volunteer.workplace).exclude(pk=besides.pk if besides else 0):
        send(
            letter(
                key=f"{kind}:{volunteer.pk}:{about}:{user.pk}",
                kind=kind,
                to=user.email,
                hello=user.get_short_name(),
                subject=subject,
                says=says,
                path=reverse("volunteer", args=[volunteer.key]),
                label=f"Open {volunteer.short_name}’s page",
            )
        )
