"""What is measured of events: what everybody sees, booking, and the door on the day."""

import datetime as dt
import random
import uuid

from bench.cast import Cast
from bench.client import Request
from bench.sale import booking
from bench.scenarios import WORST, Scenario

BOOKING = 6.0  # most times the floor, where places are given


def _book(cast: Cast) -> list[Request]:
    form = booking(random.choice(cast.sold), f"buyer-{uuid.uuid4()}@bench.invalid")
    return [Request(f"/events/{cast.event}/book/", form=form)]


def _scan(cast: Cast) -> list[Request]:
    """A ticket at the door, or at a session: so that few have been scanned there before."""
    scan = {
        "key": str(uuid.uuid4()),
        "code": random.choice(cast.scan_codes),
        "item": random.choice([None, *cast.sessions]),
        "at": dt.datetime.now(dt.UTC).isoformat(),
    }
    return [Request(f"/events/{cast.event_today}/check-in/scans/", cast.coordinator, document=[scan])]


EVENTS = [
    Scenario("events", WORST, lambda cast: [Request("/events/")]),
    Scenario("event", WORST, lambda cast: [Request(f"/events/{cast.event}/", cast.member)]),
    Scenario("event, no account", WORST, lambda cast: [Request(f"/events/{cast.event}/")]),
    Scenario("event’s programme", WORST, lambda cast: [Request(f"/events/{cast.event}/programme/")]),
    Scenario("booking form", BOOKING, lambda cast: [Request(f"/events/{cast.event}/book/", cast.member)]),
    Scenario("post: book a ticket", BOOKING, _book),
    Scenario("check-in list", WORST, lambda cast: [Request(f"/events/{cast.event_today}/check-in/", cast.coordinator)]),
    Scenario(
        "check-in, by name",
        WORST,
        lambda cast: [Request(f"/events/{cast.event_today}/check-in/?q=smith", cast.coordinator)],
    ),
    Scenario("post: scan a ticket", WORST, _scan),
]
