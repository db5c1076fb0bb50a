"""Whom mails about referrals go to, and how they are queued; for the mails of the apps above too."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from linkworkers.outbox.actions import queue
from members.models import Post, Role, User, Workplace
from referrals.models import Referral


def send(kind: str, about: object, to: Iterable[str], **context: Any) -> None:
    """Queues one mail for each address, each once about the same thing."""
    for address in sorted(set(to)):
        queue(
            key=f"{kind}:{about}:{address}",
            kind=kind,
            to=address,
            template=kind,
            context=context,
        )


def page(name: str, *args: object) -> str:
    """The path of a page; the mail's layout puts the site's address before it."""
    return reverse(name, args=args)


def addresses_at(workplace: Workplace, *roles: str) -> set[str]:
    """Where a workplace is told things: its shared mailbox, else everybody in these roles today."""
    if workplace.email:
        return {workplace.email}
    return set(people_at(workplace, *roles).values_list("email", flat=True))


def people_at(workplace: Workplace, *roles: str) -> QuerySet[User]:
    posts = Post.objects.current().filter(workplace=workplace, role__in=roles)
    return User.objects.filter(pk__in=posts.values("user"))


def practice_addresses(referral: Referral) -> set[str]:
    """The practice's mailbox, and whoever referred while they still work there."""
    referrer = people_at(referral.practice, Role.PRACTICE_STAFF).filter(pk=referral.submitted_by_id)
    found = set(referrer.values_list("email", flat=True))
    if referral.practice.email or not found:
        found |= addresses_at(referral.practice, Role.PRACTICE_STAFF)
    return found


def network_addresses(network: Workplace, first: User | None) -> set[str]:
    """The link worker whose business it is, while they still are one of the network's; else the network."""
    known = people_at(network, Role.LINK_WORKER).filter(pk=first.pk) if first else User.objects.none()
    return set(known.values_list("email", flat=True)) or addresses_at(network, Role.LINK_WORKER)
