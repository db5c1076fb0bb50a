"""What the demo's people made of the day that is over: feedback, stories, and what counts as learning."""

import datetime as dt
import tomllib
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from django.utils import timezone

from events.actions import attendance
from events.actions.reflections import credit_line, permission_for, region_of
from events.models import (
    Event,
    Feedback,
    FeedbackGiven,
    FeedbackQuestion,
    FeedbackReply,
    Introduction,
    Reflection,
    SessionMark,
    Ticket,
)
from linkworkers.demo.clock import Clock
from linkworkers.demo.places import World
from members.models import Region, User

DATA = tomllib.loads((Path(__file__).parent / "after.toml").read_text(encoding="utf-8"))
SEED = 20_261_015
ANSWERED = 70
ASKED = "I would like to begin this where I work. May I ask you how you got the others to agree?"


def build(world: World, clock: Clock) -> None:
    rng = Random(SEED)  # noqa: S311 - the same world for everybody is the point
    event = Event.objects.get(slug="link-worker-day")
    came = list(event.tickets.arrived().select_related("event", "user").order_by("pk"))
    _feedback(event, came, rng)
    _reflections(came, world, clock)
    attendance.credit_all()


def _feedback(event: Event, came: list[Ticket], rng: Random) -> None:
    scale, text = (
        FeedbackQuestion.objects.create(event=event, order=order, **told)
        for order, told in enumerate(DATA["questions"])
    )
    sessions = list(event.items.filter(books=True))
    first = timezone.localdate(event.ends_at) + dt.timedelta(days=1)
    for ticket in rng.sample(came, min(ANSWERED, len(came))):
        FeedbackGiven.objects.create(ticket=ticket)
        Feedback.objects.create(
            id=_chance(rng),
            event=event,
            on=first + dt.timedelta(days=rng.choice((0, 0, 0, 1, 1, 4, 7))),
            overall=_mark(rng, 4.3),
            content=_mark(rng, 4.2),
            place=_mark(rng, 3.4),
            recommend=min(10, max(0, round(rng.gauss(8.4, 1.6)))),
            best=rng.choice(DATA["best"]) if rng.random() < 0.5 else "",
            change=rng.choice(DATA["change"]) if rng.random() < 0.4 else "",
        )
        FeedbackReply.objects.create(id=_chance(rng), question=scale, mark=_mark(rng, 3.6))
        if rng.random() < 0.3:
            FeedbackReply.objects.create(id=_chance(rng), question=text, text=rng.choice(DATA["speakers"]))
        for item in rng.sample(sessions, min(2, len(sessions))):
            SessionMark.objects.create(id=_chance(rng), item=item, mark=_mark(rng, 4.1))


def _chance(rng: Random) -> UUID:
    return UUID(int=rng.getrandbits(128), version=4)


def _mark(rng: Random, about: float) -> int:
    return min(5, max(1, round(rng.gauss(about, 0.8))))


def _reflections(came: list[Ticket], world: World, clock: Clock) -> None:
    own = next(ticket for ticket in came if ticket.user == world.people["member"])
    others = [ticket for ticket in came if ticket.user is not None and ticket.pk != own.pk]
    writers = [own, *others[3:]]
    for number, (told, ticket) in enumerate(zip(DATA["reflections"], writers, strict=False)):
        written = clock.ago(36 - 3 * number, 19)
        story = _reflection(told, ticket, world.people["admin"], written, clock)
        for name in told.get("asked", ()):
            Introduction.objects.create(story=story, by=world.people[name], text=ASKED, asked_at=clock.ago(4, 10))


def _reflection(told: dict[str, Any], ticket: Ticket, admin: User, at: dt.datetime, clock: Clock) -> Reflection:
    region = region_of(ticket) or Region.YORKSHIRE
    shown, published = told["visibility"] != "private", told["state"] == "published"
    read = at + dt.timedelta(days=1)
    return Reflection.objects.create(
        ticket=ticket,
        event=ticket.event,
        user=ticket.user,
        title=told["title"],
        takes=told["takes"],
        does=told["does"],
        visibility=told["visibility"],
        region=region if told["visibility"] == "region" else "",
        credit=told["credit"],
        line=credit_line(ticket, told["credit"], region),
        permission=permission_for(told["visibility"], region),
        permitted_at=at if shown else None,
        state=told["state"],
        written_at=at,
        decided_at=read if published else None,
        decided_by=admin if published else None,
        published_at=read if published else None,
    )
