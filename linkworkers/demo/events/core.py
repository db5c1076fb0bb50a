"""The demo's events, their programmes, and who has tickets."""

import datetime as dt
import re
import tomllib
import uuid
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

from events.models import (
    AccessNeed,
    CheckIn,
    Diet,
    DiscountCode,
    Event,
    EventDuty,
    Hall,
    ItemPlace,
    Order,
    ProgrammeItem,
    Speaker,
    Ticket,
    TicketNeeds,
    TicketType,
    Track,
    WaitlistEntry,
)
from linkworkers.demo.clock import Clock
from linkworkers.demo.people import COMMUNITIES
from linkworkers.demo.places import World
from members.models import Role, User
from members.models.money import to_pence
from members.permissions import people_in_force

DATA = tomllib.loads((Path(__file__).parent / "events.toml").read_text(encoding="utf-8"))
SEED = 20_270_324
WEEK = dt.timedelta(weeks=1)
PLACES_OF_WORK = (
    "Harbour Road Surgery",
    "Bradford East Network",
    "Chapeltown Together",
    "Valleys Advice",
    "Tees Valley Link",
    "Selly Park Surgery",
    "Kirkgate Health Centre",
    "Good Neighbours Sheffield",
)
# What the members one logs in as have: none of them waits to be dealt a ticket by chance.
BY_HAND = ("member", "link-worker", "volunteer", "colleague", "coordinator", "outsider")
OWN = {
    "annual-conference": (("member", "Member"), ("colleague", "Standard")),
    "link-worker-day": (("member", "Member"), ("link-worker", "Standard"), ("volunteer", "Volunteer")),
    "introduction-to-link-work": (("member", "Free"),),
    "east-of-england-day": (("volunteer", "Volunteer"),),
}


def build(world: World, clock: Clock) -> None:
    rng = Random(SEED)  # noqa: S311 - the same world for everybody is the point
    crowd = _Crowd(world, rng)
    for told in DATA["events"]:
        event = _event(told, world, clock)
        types = _types(event, told)
        items = _programme(event, told)
        if told["sold"]:
            _sell(event, told, types, items, world, clock, crowd)
    for slug, name, duty in (
        ("annual-conference", "coordinator", EventDuty.Duty.DOOR),
        ("annual-conference", "link-worker", EventDuty.Duty.PANEL),
        ("annual-conference", "colleague", EventDuty.Duty.PANEL),
        ("link-worker-day", "coordinator", EventDuty.Duty.DOOR),
        ("east-of-england-day", "coordinator", EventDuty.Duty.DOOR),
    ):
        EventDuty.objects.create(event=Event.objects.get(slug=slug), user=world.people[name], duty=duty)


class _Crowd:
    """People for tickets: members of the demo, and strangers who are made up."""

    def __init__(self, world: World, rng: Random) -> None:
        self.rng = rng
        self.world = world
        own = {world.people[name].pk for name in BY_HAND}
        self.members = [each for each in people_in_force().order_by("pk") if each.pk not in own and not each.is_staff]
        self.volunteers = [
            each for each in world.people.values() if each.has_role(Role.VOLUNTEER) and each.pk not in own
        ]

    def deal(self, types: list[TicketType], told: dict[str, Any]) -> Iterator[tuple[TicketType, User | None, str, str]]:
        """Type, account, name and address of one ticket after the other, those of the accounts first."""
        by_name = {each.name: each for each in types}
        for name, type_name in OWN.get(told["slug"], ()):
            user = self.world.people[name]
            yield by_name[type_name], user, user.name, user.email
        members, volunteers = iter(self.members), iter(self.volunteers)
        open_types = [each for each in types if each.audience not in ("speaker", "employer")]
        for number in range(told["sold"]):
            type_ = open_types[number % len(open_types)] if number % 3 else open_types[0]
            person = next(volunteers if type_.audience == "volunteer" else members, None)
            if type_.audience == "non_member" or person is None:
                name = self.name()
                if type_.audience in ("member", "volunteer"):
                    type_ = next(each for each in types if each.audience == "non_member")
                yield type_, None, name, f"guest{number}.{told['slug']}@example.com"
            else:
                yield type_, person, person.name, person.email

    def name(self) -> str:
        group = self.rng.choices(COMMUNITIES, [each["share"] for each in COMMUNITIES])[0]
        given = self.rng.choice(group[self.rng.choice(("women", "men"))])
        return f"{given} {self.rng.choice(group['families'])}"


def _event(told: dict[str, Any], world: World, clock: Clock) -> Event:
    monday = clock.today - dt.timedelta(days=clock.today.weekday()) + told["weeks"] * WEEK
    first = monday + dt.timedelta(days=told["weekday"])
    starts_at, ends_at = _at(clock, first, told["from"]), _at(clock, first, told["until"], told["days"] - 1)
    weeks_before = told["refund_weeks_before"]
    return Event.objects.create(
        **{
            key: told[key]
            for key in (
                "slug",
                "title",
                "kind",
                "region",
                "summary",
                "venue",
                "address",
                "postcode",
                "capacity",
                "contact",
                "late_refund_percent",
            )
        },
        about=_unwrapped(told["about"]),
        access=_unwrapped(told["access"]),
        joining=_unwrapped(told["joining"]),
        online_link=told.get("online_link", ""),
        points=Decimal(told["points"]),
        formal_hours=Decimal(told["formal_hours"]),
        starts_at=starts_at,
        ends_at=ends_at,
        refund_until=starts_at - weeks_before * WEEK if weeks_before else None,
        published_at=None if told.get("draft") else clock.ago(7 * told["announced_weeks_ago"], 10),
        created_by=world.people["admin"],
        created_at=clock.ago(7 * told.get("announced_weeks_ago", 1) + 5, 10),
    )


def _unwrapped(text: str) -> str:
    """Without the line ends of the file, which Markdown here keeps; those before a list or a heading stay."""
    return re.sub(r"(?<!\n)\n(?![\n#*\d-])", " ", text.strip())


def _at(clock: Clock, day: dt.date, time: str, later: int = 0) -> dt.datetime:
    hour, minute = map(int, time.split(":"))
    return clock.at(day + dt.timedelta(days=later), hour, minute)


def _types(event: Event, told: dict[str, Any]) -> list[TicketType]:
    types = [
        TicketType.objects.create(
            event=event,
            name=each["name"],
            audience=each["audience"],
            about=each.get("about", ""),
            price=Decimal(each["price"]),
            vat_rate=Decimal(each["vat"]),
            quota=each.get("quota"),
            least=each.get("least", 1),
            sale_from=event.published_at,
            sale_until=event.starts_at,
            order=order,
        )
        for order, each in enumerate(told["types"])
    ]
    for each in told.get("discounts", ()):
        DiscountCode.objects.create(
            event=event,
            code=each["code"],
            about=each["about"],
            percent=each.get("percent"),
            amount=Decimal(each["amount"]) if "amount" in each else None,
            limit=each["limit"],
            valid_until=event.starts_at,
        )
    return types


def _programme(event: Event, told: dict[str, Any]) -> list[ProgrammeItem]:
    """Saves speakers, rooms, tracks and sessions; returns the sessions that people choose."""
    speakers = {
        each["name"]: Speaker.objects.create(
            event=event,
            name=each["name"],
            email=f"{each['name'].rsplit(' ', 1)[-1].lower()}@example.com",
            job=each["job"],
            organisation=each["organisation"],
            biography=each["biography"],
            consented_at=event.published_at if each["consented"] else None,
            order=order,
        )
        for order, each in enumerate(told.get("speakers", ()))
    }
    halls: dict[str, Hall] = {}
    tracks: dict[str, Track] = {}
    items = []
    for row in (row for programme in told.get("programme", ()) for row in programme["rows"]):
        day, start, end, kind, hall, track, title, names, *places = row
        first = event.on + dt.timedelta(days=day - 1)
        if hall not in halls:
            halls[hall] = Hall.objects.create(event=event, name=hall, order=len(halls))
        if track and track not in tracks:
            tracks[track] = Track.objects.create(event=event, name=track, order=len(tracks))
        zone = event.starts_at.tzinfo
        item = ProgrammeItem.objects.create(
            event=event,
            title=title,
            kind=kind,
            starts_at=dt.datetime.combine(first, dt.time.fromisoformat(start), tzinfo=zone),
            ends_at=dt.datetime.combine(first, dt.time.fromisoformat(end), tzinfo=zone),
            hall=halls[hall],
            track=tracks.get(track),
            books=bool(places),
            capacity=places[0] if places else None,
        )
        item.speakers.set(speakers[name] for name in names)
        if places:
            items.append(item)
    return items


def _sell(
    event: Event,
    told: dict[str, Any],
    types: list[TicketType],
    items: list[ProgrammeItem],
    world: World,
    clock: Clock,
    crowd: _Crowd,
) -> None:
    """Bookings of one ticket each, spread over the time since it was announced; invoices are not made for them."""
    rng = crowd.rng
    last = min(clock.now, event.starts_at)
    span = last - event.published_at if event.published_at else dt.timedelta(0)
    orders: list[Order] = []
    tickets: list[Ticket] = []
    quotas = {each.pk: each.quota for each in types}
    spare = next(each for each in types if each.quota is None and each.audience not in ("speaker", "employer"))
    for number, (dealt, user, name, email) in enumerate(crowd.deal(types, told)):
        if number == told["sold"]:
            break
        quota = quotas[dealt.pk]
        type_ = spare if quota is not None and sum(each.type == dealt for each in tickets) >= quota else dealt
        assert event.published_at  # noqa: S101 - it sells tickets
        at = event.published_at + span * (0.02 + 0.95 * (number / told["sold"]) ** 1.4)
        order = Order(
            event=event,
            state=Order.State.CONFIRMED,
            buyer=user,
            name=name,
            email=email,
            created_at=at,
            confirmed_at=at,
            pays=Order.Pays.INVOICE if type_.price else Order.Pays.NOTHING,
            bill_to=name if type_.price else "",
        )
        orders.append(order)
        tickets.append(
            Ticket(
                order=order,
                event=event,
                type=type_,
                state=Ticket.State.VALID,
                user=user,
                name=name,
                email=email,
                organisation=_workplace(user) if user else rng.choice(PLACES_OF_WORK),
                price=type_.price,
                vat_rate=type_.vat_rate,
                vat=to_pence(type_.price * type_.vat_rate / 100),
                listed=rng.random() < 0.6,
                created_at=at,
            )
        )
    Order.objects.bulk_create(orders)
    Ticket.objects.bulk_create(tickets)
    _needs(tickets, rng)
    _choose(tickets, items, rng)
    _let_in(event, tickets[: told.get("came", 0)], items, world, rng)
    _wait(event, told, types, clock, crowd)


def _workplace(user: User) -> str:
    return next((post.workplace.name for post in user.current_posts), "")


def _needs(tickets: list[Ticket], rng: Random) -> None:
    rows = []
    for ticket in tickets:
        if rng.random() < 0.3:
            rows.append(TicketNeeds(ticket=ticket, diet=[rng.choice(Diet.values)]))
        elif rng.random() < 0.1:
            access = [rng.choice(AccessNeed.values)]
            rows.append(TicketNeeds(ticket=ticket, access=access, quiet_room=rng.random() < 0.5))
    TicketNeeds.objects.bulk_create(rows)


def _choose(tickets: list[Ticket], items: list[ProgrammeItem], rng: Random) -> None:
    """Places in the sessions that people choose, two thirds of each taken, nobody in two at once."""
    places: list[ItemPlace] = []
    busy: dict[int, list[ProgrammeItem]] = {ticket.pk: [] for ticket in tickets}
    for item in items:
        free = [ticket for ticket in tickets if not any(item.overlaps(other) for other in busy[ticket.pk])]
        for ticket in rng.sample(free, min(len(free), (item.capacity or 0) * 2 // 3)):
            busy[ticket.pk].append(item)
            places.append(ItemPlace(ticket=ticket, item=item))
    ItemPlace.objects.bulk_create(places)


def _let_in(event: Event, came: list[Ticket], items: list[ProgrammeItem], world: World, rng: Random) -> None:
    check_ins = []
    door = world.people["coordinator"]
    for ticket in came:
        at = event.starts_at - dt.timedelta(minutes=rng.randint(-20, 35))
        ticket.arrived_at = at
        key = uuid.UUID(int=rng.getrandbits(128), version=4)
        check_ins.append(CheckIn(key=key, ticket=ticket, at=at, received_at=at, by=door))
    Ticket.objects.bulk_update(came, ["arrived_at"])
    for place in ItemPlace.objects.filter(ticket__in=came, item__in=items).select_related("item").order_by("pk"):
        key = uuid.UUID(int=rng.getrandbits(128), version=4)
        at = place.item.starts_at
        check_ins.append(CheckIn(key=key, ticket_id=place.ticket_id, item=place.item, at=at, received_at=at, by=door))
    CheckIn.objects.bulk_create(check_ins)


def _wait(event: Event, told: dict[str, Any], types: list[TicketType], clock: Clock, crowd: _Crowd) -> None:
    people = [crowd.world.people["member"], crowd.world.people["link-worker"]]
    for number in range(told.get("waiting", 0)):
        user = people[number] if number < len(people) else None
        name = user.name if user else crowd.name()
        email = user.email if user else f"waits{number}@example.com"
        WaitlistEntry.objects.create(
            event=event,
            type=types[0],
            buyer=user,
            buyer_name=name,
            buyer_email=email,
            name=name,
            email=email,
            joined_at=clock.ago(9 - number, 11),
        )
