"""The mails of looking for cover: when and where, and a link. Nothing about who is booked."""

from collections.abc import Iterable

from django.urls import reverse

from linkworkers.outbox.actions import queue
from members.mail_kinds import unsubscribe_path
from members.models import User
from volunteers.calendar import shift_ics
from volunteers.cover_links import answer_path
from volunteers.models import CoverAsk, CoverRequest, Shift, coordinators_of

KIND = "cover-request"


def asked(ask: CoverAsk) -> None:
    """To a volunteer who could come: when, where, and the two answers."""
    request, user = ask.request, _account(ask)
    queue(
        key=f"cover-request:{ask.pk}",
        kind=KIND,
        to=user.email,
        template="cover-request",
        context={
            "reader": ask.volunteer,
            "request": request,
            "session": request.session,
            "path": page_of(request),
            "no_path": answer_path(ask),
        },
        unsubscribe=unsubscribe_path(user.pk, KIND),
    )


def covered(request: CoverRequest, shift: Shift, tell: Iterable[User]) -> None:
    """To whoever asked, and whoever has the morning off now: who comes."""
    for user in tell:
        for_you = request.shift is not None and request.shift.user_id == user.pk
        context = {
            "reader": user,
            "shift": shift,
            "session": request.session,
            "for_you": for_you,
            "covers": "covers for you" if for_you else "comes",
            "path": page_of(request),
        }
        queue(
            key=f"cover-covered:{request.pk}:{user.pk}",
            kind="cover-covered",
            to=user.email,
            template="cover-covered",
            context=context,
        )


def yours(request: CoverRequest, shift: Shift) -> None:
    """To whoever said yes: that it is theirs, and how to get off it again."""
    queue(
        key=f"cover-yours:{request.pk}",
        kind="cover-yours",
        to=shift.user.email,
        template="cover-yours",
        context={"reader": shift.volunteer, "session": request.session, "path": reverse("my_shifts")},
        calendar=shift_ics(shift),
    )


def over(ask: CoverAsk, why: str) -> None:
    """To somebody who was asked and has not answered: they need not any more."""
    queue(
        key=f"cover-over:{ask.pk}",
        kind="cover-over",
        to=_account(ask).email,
        template="cover-over",
        context={"reader": ask.volunteer, "session": ask.request.session, "why": why},
    )


def nobody_left(request: CoverRequest) -> None:
    """To the coordinators, and to the volunteer who is still down for it: everybody was asked."""
    coordinators = coordinators_of(request.session.clinic.practice)
    others = [request.shift.user] if request.shift else []
    for user in dict.fromkeys([*coordinators, *others]):
        queue(
            key=f"cover-nobody:{request.pk}:{user.pk}",
            kind="cover-nobody",
            to=user.email,
            template="cover-nobody",
            context={
                "reader": user,
                "coordinates": user in coordinators,
                "request": request,
                "session": request.session,
                "path": page_of(request),
            },
        )


def page_of(request: CoverRequest) -> str:
    return reverse("cover", args=[request.pk])


def _account(ask: CoverAsk) -> User:
    user = ask.volunteer.user
    assert user is not None  # noqa: S101 - only who is active is asked, and they have an account
    return user
