"""The mails of joining and belonging."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from linkworkers.outbox.actions import queue
from members.models import Association, Membership, Plan, Seat, Term, User


def join_link(*, name: str, email: str, plan: Plan, path: str, key: str) -> None:
    """To somebody who wants to join: the link that goes on, read where the address is. It is kept nowhere else."""
    _mail(f"join-link:{key}", "join-link", email, {"name": name, "plan": plan, "path": path}, secret=True)


def join_known(user: User, plan: Plan, *, key: str) -> None:
    """To somebody with an account whose address was typed into the form: they log in and join from there."""
    path = reverse("join_plan", args=[plan.key])
    _mail(f"join-known:{key}", "join-known", user.email, {"user": user, "plan": plan, "path": path})


def applied(membership: Membership) -> None:
    """To whoever asked: the office looks at it."""
    assert membership.applied_at  # noqa: S101 - set by the action that calls this
    _about(membership, "membership-applied", membership.applied_at.isoformat())


def declined(membership: Membership) -> None:
    """To whoever asked: no, and why."""
    _about(membership, "membership-declined", str(membership.applied_at))


def begun(membership: Membership, term: Term) -> None:
    """To the holder: what they have now, and until when."""
    key = f"{term.pk}:{term.reason}:{term.plan_id}:{term.seats}"
    _about(membership, "membership-begun", key, {"term": term, "first": term.reason == Term.Reason.JOINED})


def cancelled(membership: Membership) -> None:
    """To the holder: nothing follows, and how to come back."""
    _about(membership, "membership-cancelled", f"{membership.cancelled_on}:{membership.ends_on}")


def seat_offered(seat: Seat) -> None:
    """To the address that is offered a seat, with the link that was made just now."""
    _mail(
        f"seat-offered:{seat.pk}:{seat.token_hash[:16]}",
        "seat-offered",
        seat.email,
        {"seat": seat, "employer": seat.membership.organization_name, "path": seat.path},
        secret=True,
    )


def seat_ended(seat: Seat) -> None:
    """To somebody who sat on it: what they keep, and how to go on."""
    context = {"seat": seat, "employer": seat.membership.organization_name, "path": reverse("join")}
    _mail(f"seat-ended:{seat.pk}", "seat-ended", seat.email, context)


def page_of(membership: Membership) -> str:
    """Where its holder looks after it."""
    return reverse("employer", args=[membership.number]) if membership.is_employers else reverse("members")


def _about(membership: Membership, kind: str, key: str, more: Mapping[str, Any] | None = None) -> None:
    context = {"membership": membership, "reader": membership.mailbox, "path": page_of(membership), **(more or {})}
    _mail(f"{kind}:{membership.pk}:{key}", kind, membership.mailbox.email, context)


def _mail(key: str, kind: str, to: str, context: Mapping[str, Any], *, secret: bool = False) -> None:
    queue(
        key=key,
        kind=kind,
        to=to,
        template=kind,
        context={**context, "association": Association.get()},
        secret=secret,
    )
