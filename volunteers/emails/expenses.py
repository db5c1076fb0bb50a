"""The mails of expenses: what somebody asks back, and what became of it."""

import datetime as dt

from django.urls import reverse

from linkworkers.outbox.actions import Draft, queue, queue_all
from members.mail_kinds import unsubscribe_path
from members.models import Post, Role, User
from volunteers.models import ExpenseClaim

NUDGE = "expenses-nudge"


def sent(claim: ExpenseClaim) -> None:
    """To everybody who coordinates that volunteer, but for the volunteer themselves: a claim waits."""
    workplace = claim.volunteer.workplace
    places = [workplace.pk, workplace.parent_id or workplace.pk]
    posts = Post.objects.current().filter(role=Role.COORDINATOR, workplace__in=places, user__is_active=True)
    people = User.objects.filter(pk__in=posts.values("user")).exclude(pk=claim.claimant_id).order_by("pk")
    queue_all(
        Draft(
            key=f"expenses-sent:{claim.pk}:{claim.sent_at}:{person.pk}",
            kind="expenses-sent",
            to=person.email,
            template="expenses-sent",
            context={"person": person, "claim": claim, "path": reverse("expense_claim", args=[claim.pk])},
        )
        for person in people
    )


def returned(claim: ExpenseClaim) -> None:
    """To the volunteer: something is to be put right, and what."""
    _answer(claim, "expenses-returned", str(claim.decided_at))


def declined(claim: ExpenseClaim) -> None:
    """To the volunteer: no, and why."""
    _answer(claim, "expenses-declined")


def paid(claim: ExpenseClaim) -> None:
    """To the volunteer: the money is on its way."""
    _answer(claim, "expenses-paid")


def nudge(user: User, *, month: dt.date, shifts: int) -> Draft:
    """To somebody who was on shifts in a month and claimed nothing for it."""
    return Draft(
        key=nudge_key(user.pk, month),
        kind=NUDGE,
        to=user.email,
        template="expenses-nudge",
        context={"person": user, "month": month, "shifts": shifts, "path": reverse("expenses")},
        unsubscribe=unsubscribe_path(user.pk, NUDGE),
    )


def nudge_key(user_id: int, month: dt.date) -> str:
    return f"{NUDGE}:{user_id}:{month:%Y-%m}"


def _answer(claim: ExpenseClaim, kind: str, occasion: str = "") -> None:
    queue(
        key=f"{kind}:{claim.pk}:{occasion}",
        kind=kind,
        to=claim.claimant.email,
        template=kind,
        context={"person": claim.claimant, "claim": claim, "path": reverse("expense_claim", args=[claim.pk])},
    )
