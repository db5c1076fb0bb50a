"""The mails that a membership ends, or has ended."""

import datetime as dt

from django.urls import reverse

from linkworkers.outbox.actions import Draft
from members.models import Association, Invoice, Membership

KIND = "renewal"


def renewal_key(membership: Membership, stage: str) -> str:
    """Names the occasion: once renewed it ends on another day, and the occasions are new ones."""
    return f"{KIND}:{membership.pk}:{membership.ends_on}:{stage}"


def renewal(
    membership: Membership, *, stage: str, today: dt.date, waiting: Invoice | None, association: Association
) -> Draft:
    """To the holder: when it ends, and how to go on. `waiting` is their unpaid invoice, with its `balance`.

    Asks the database nothing when `membership` has its user, contact and plan.
    """
    assert membership.ends_on  # noqa: S101 - whoever never had a term has nothing to renew
    assert membership.grace_ends_on  # noqa: S101 - as above
    ended = membership.ends_on < today
    return Draft(
        key=renewal_key(membership, stage),
        kind=KIND,
        to=membership.mailbox.email,
        template="renewal-ended" if ended else "renewal-soon",
        context={
            "membership": membership,
            "reader": membership.mailbox,
            "plan": membership.plan,
            "price": membership.plan.price_for(membership.seats),
            "ends_today": membership.ends_on == today,
            "in_grace": ended and membership.grace_ends_on >= today,
            "invoice": waiting,
            "association": association,
            "path": reverse("membership_renew", args=[membership.number]),
        },
    )
