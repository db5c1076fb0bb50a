"""A conference that five thousand people come to, another that is on today, and sales that are about to open."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.utils import timezone

from bench.made_up import DAY, MadeUp
from bench.sale import SALE_PLACES
from bench.tables import Table, last_id
from events.models import (
    Event,
    EventDuty,
    Hall,
    ItemPlace,
    Order,
    ProgrammeItem,
    Speaker,
    Ticket,
    TicketType,
    Track,
)
from members.models import Role, User

WHOLE = 0.1  # of England and more have all of it
ATTENDEES = 5_000
ARRIVED = 0.4  # share of those whose event is on today
CHOSEN = 0.3  # share of the attendees who have chosen a workshop
HALLS, HOURS, SPEAKERS = 6, 7, 30
TO_COME, TODAY = "bench-conference", "bench-day"
LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
COUNT_CHOSEN = """
UPDATE events_programmeitem item SET taken = chosen.number
  FROM (SELECT item_id, count(*) AS number FROM events_itemplace GROUP BY item_id) chosen WHERE chosen.item_id = item.id
"""
MODELS: list[type[Model]] = [  # each after those it points to
    Event,
    EventDuty,
    TicketType,
    Track,
    Hall,
    Speaker,
    ProgrammeItem,
    ProgrammeItem.speakers.through,
    Order,
    Ticket,
    ItemPlace,
]


@dataclass(frozen=True)
class EventsSize:
    attendees: int

    @classmethod
    def of(cls, share: float) -> "EventsSize":
        """5,000 attendees of each event with a tenth of England and more; twenty at least."""
        return cls(max(20, round(ATTENDEES * min(1.0, share / WHOLE))))


def write_events(cursor: Any, size: EventsSize, now: dt.datetime) -> None:
    """Add two events with their programme and attendees through a psycopg2 cursor, in the caller's transaction. The
    first coordinator has a duty at the door of both.

    The triggers that count stand still meanwhile: the counts are written with the rows.
    """
    books = _Books(now)
    for slug, starts_at in ((TO_COME, now + 60 * DAY), (TODAY, now - dt.timedelta(hours=1))):
        books.event(slug, starts_at, size.attendees)
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for table in books.tables.values():
        cursor.execute(f"ALTER TABLE {table.name} DISABLE TRIGGER USER")
        table.copy(cursor)
        table.finish(cursor)
        cursor.execute(f"ALTER TABLE {table.name} ENABLE TRIGGER USER")
    cursor.execute(COUNT_CHOSEN)


def write_sales(count: int) -> None:
    """Events with fifty places each, `sale-1` to `sale-<count>`, of which none is taken: free tickets for anybody."""
    now = timezone.now()
    facts = {"starts_at": now + 60 * DAY, "ends_at": now + 60 * DAY + dt.timedelta(hours=8), "published_at": now}
    sales = Event.objects.bulk_create(
        Event(slug=f"sale-{number + 1}", title="A day that many want", venue="Hall", capacity=SALE_PLACES, **facts)
        for number in range(count)
    )
    TicketType.objects.bulk_create(
        TicketType(event=each, name="Free", audience=TicketType.Audience.FREE) for each in sales
    )


class _Books:
    """Rows for the tables, put together event by event."""

    def __init__(self, now: dt.datetime) -> None:
        self.now = now
        self.made_up = MadeUp(now)
        self.tables = {model: Table(model, after=last_id(model)) for model in MODELS}
        self.coordinator = User.objects.filter(posts__role=Role.COORDINATOR).order_by("pk")[0].pk
        self.number = 0

    def event(self, slug: str, starts_at: dt.datetime, attendees: int) -> None:
        event = self.tables[Event].add(
            slug=slug,
            title=f"Conference in {self.made_up.town()}",
            kind=Event.Kind.CONFERENCE,
            summary=self.made_up.text(1)[:240],
            about="\n\n".join(self.made_up.text(4) for _ in range(4)),
            access=self.made_up.text(5),
            venue="Guildhall",
            address="High Street",
            postcode="AL1 3JQ",
            starts_at=starts_at,
            ends_at=starts_at + dt.timedelta(hours=HOURS + 1),
            capacity=20_000,
            taken=attendees,
            published_at=self.now - 30 * DAY,
            created_at=self.now - 30 * DAY,
        )
        self.tables[EventDuty].add(event_id=event, user_id=self.coordinator, duty=EventDuty.Duty.DOOR)
        workshops = self._programme(event, starts_at)
        types = self._types(event, attendees)
        for number in range(attendees):
            self._ticket(event, types[number % len(types)], workshops, today=starts_at <= self.now)

    def _types(self, event: int, attendees: int) -> list[int]:
        audiences = [each for each in TicketType.Audience if each != TicketType.Audience.EMPLOYER]
        each, more = divmod(attendees, len(audiences))
        return [
            self.tables[TicketType].add(
                event_id=event,
                name=audience.label,
                audience=audience,
                price="0.00" if audience in ("free", "speaker") else "90.00",
                vat_rate="20.00",
                taken=each + (order < more),
                order=order,
            )
            for order, audience in enumerate(audiences)
        ]

    def _programme(self, event: int, starts_at: dt.datetime) -> list[int]:
        """Sessions each hour in each room. Those of the last room are chosen beforehand; returns them."""
        tracks = [self.tables[Track].add(event_id=event, name=f"Track {number}") for number in range(3)]
        halls = [self.tables[Hall].add(event_id=event, name=f"Room {number}", order=number) for number in range(HALLS)]
        speakers = [
            self.tables[Speaker].add(
                event_id=event,
                key=self._key(),
                name=self.made_up.name(),
                job="Link worker",
                organisation=f"{self.made_up.town()} Trust",
                biography=self.made_up.text(4),
                consented_at=self.now - 10 * DAY,
            )
            for _ in range(SPEAKERS)
        ]
        chosen = []
        for hour in range(HOURS):
            for number, hall in enumerate(halls):
                books = number == HALLS - 1
                item = self.tables[ProgrammeItem].add(
                    event_id=event,
                    title=self.made_up.text(1)[:150],
                    about=self.made_up.text(3),
                    kind=ProgrammeItem.Kind.WORKSHOP if books else ProgrammeItem.Kind.TALK,
                    starts_at=starts_at + dt.timedelta(hours=hour),
                    ends_at=starts_at + dt.timedelta(hours=hour, minutes=50),
                    track_id=tracks[number % len(tracks)],
                    hall_id=hall,
                    books=books,
                    capacity=10_000 if books else None,
                )
                if books:
                    chosen.append(item)
                for speaker in self.made_up.random.sample(speakers, 2):
                    self.tables[ProgrammeItem.speakers.through].add(programmeitem_id=item, speaker_id=speaker)
        return chosen

    def _ticket(self, event: int, type_: int, workshops: list[int], *, today: bool) -> None:
        self.number += 1
        name, email = self.made_up.name(), f"attendee-{self.number}@bench.invalid"
        at = self.made_up.ago(1, 29)
        order = self.tables[Order].add(
            event_id=event,
            key=self._key(),
            reference=f"B-{self._letters(8)}",
            state=Order.State.CONFIRMED,
            pays=Order.Pays.NOTHING,
            name=name,
            email=email,
            created_at=at,
            confirmed_at=at,
        )
        ticket = self.tables[Ticket].add(
            order_id=order,
            event_id=event,
            type_id=type_,
            state=Ticket.State.VALID,
            key=self._key(),
            code=self._letters(16),
            name=name,
            email=email,
            organisation=f"{self.made_up.town()} Surgery",
            listed=self.made_up.happens(0.5),
            arrived_at=self.now - dt.timedelta(minutes=20) if today and self.made_up.happens(ARRIVED) else None,
            created_at=at,
        )
        if self.made_up.happens(CHOSEN):
            item = self.made_up.random.choice(workshops)
            self.tables[ItemPlace].add(ticket_id=ticket, item_id=item, chosen_at=at)

    def _key(self) -> str:
        return f"{self.made_up.random.getrandbits(88):022x}"

    def _letters(self, count: int) -> str:
        return "".join(self.made_up.random.choices(LETTERS, k=count))
