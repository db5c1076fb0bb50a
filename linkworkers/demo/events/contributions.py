"""What people offer to the demo's conference, and what its panel makes of it so far."""

import datetime as dt
import tomllib
from pathlib import Path
from typing import Any

from events.models import CallForContributions, Contribution, Event, EventDuty, Review
from linkworkers.demo.clock import Clock
from linkworkers.demo.places import World

DATA = tomllib.loads((Path(__file__).parent / "contributions.toml").read_text(encoding="utf-8"))
NOTES = (
    ("Would fill a room. Ask them to leave the half hour for questions.", "Please say more about what did not work."),
    ("Practical, and by somebody who has done it.", "The list at the end is the best of it: begin with it."),
    ("Fits the afternoon better than the morning.", ""),
)


def build(world: World, clock: Clock) -> None:
    event = Event.objects.get(slug="annual-conference")
    EventDuty.objects.get_or_create(event=event, user=world.people["admin"], duty=EventDuty.Duty.PANEL)
    call = CallForContributions.objects.create(
        event=event,
        opens_at=clock.ago(28, 9),
        closes_at=clock.at(clock.today + dt.timedelta(days=14), 23, 59),
        decide_by=clock.at(clock.today + dt.timedelta(days=28), 12),
        guidance=DATA["guidance"].strip(),
    )
    panel = [world.people[name] for name in ("colleague", "admin", "link-worker")]
    for number, told in enumerate(DATA["contributions"], start=1):
        contribution = _contribution(call, number, told, world, clock)
        for reader, marks, notes in zip(panel, told["marks"], NOTES, strict=False):
            purpose, use, clarity = marks
            Review.objects.create(
                contribution=contribution,
                reviewer=reader,
                purpose=purpose,
                use=use,
                clarity=clarity,
                for_panel=notes[0],
                for_author=notes[1],
                at=clock.ago(3, 15),
            )


def _contribution(
    call: CallForContributions, number: int, told: dict[str, Any], world: World, clock: Clock
) -> Contribution:
    user = world.people.get(told["who"])
    sent = told["state"] == "sent"
    at = clock.ago(24 - 2 * number, 11)
    return Contribution.objects.create(
        call=call,
        number=number,
        state=told["state"],
        user=user,
        name=user.name if user else told["who"],
        email=user.email if user else f"{told['who'].rsplit(' ', 1)[-1].lower()}@example.com",
        **{
            key: told.get(key, "").strip()
            for key in ("organisation", "co_presenters", "kind", "title", "abstract", "takeaways", "audience", "needs")
        },
        created_at=at,
        changed_at=at,
        sent_at=at if sent else None,
        consented_at=at if sent else None,
    )
