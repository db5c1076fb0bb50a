"""What employers are told once a month."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.urls import reverse

from linkworkers.outbox.actions import Draft
from members.mail_kinds import unsubscribe_path
from members.models import Association, Invoice, Membership

KIND = "employer-summary"


@dataclass
class Summary:
    """An employer's seats, what changed with them, and what is open. `ends` is set when there is something to renew."""

    seats: int
    taken: int
    offered: int
    ends: dt.date | None
    joined: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    invoices: Sequence[Invoice] = ()

    @property
    def free(self) -> int:
        return max(0, self.seats - self.taken - self.offered)

    @property
    def says_something(self) -> bool:
        return bool(self.joined or self.left or self.invoices or self.ends)


def summary_key(membership: Membership, month: dt.date) -> str:
    return f"{KIND}:{membership.pk}:{month:%Y-%m}"


def employer_summary(
    membership: Membership, summary: Summary, *, month: dt.date, asked_at: dt.datetime, association: Association
) -> Draft:
    """To the contact. `asked_at` is when its facts were gathered: the next one goes on from there."""
    return Draft(
        key=summary_key(membership, month),
        kind=KIND,
        to=membership.mailbox.email,
        template="employer-summary",
        context={
            "membership": membership,
            "reader": membership.mailbox,
            "summary": summary,
            "association": association,
            "path": reverse("employer", args=[membership.number]),
        },
        due_at=asked_at,
        unsubscribe=unsubscribe_path(membership.mailbox.pk, KIND),
    )
