"""Events, tickets and who waits, for tests: each valid, with nothing a test did not ask for."""

import datetime as dt
from decimal import Decimal
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from events.models import (
    CheckIn,
    DiscountCode,
    Event,
    Hall,
    ItemPlace,
    Order,
    ProgrammeItem,
    Speaker,
    Ticket,
    TicketType,
    Track,
    WaitlistEntry,
)


def london(days: int, hour: int = 10) -> dt.datetime:
    """So many days from today at an hour of the clock in London."""
    on = timezone.localdate() + dt.timedelta(days=days)
    return dt.datetime.combine(on, dt.time(hour), tzinfo=timezone.get_default_timezone())


class EventFactory(DjangoModelFactory[Event]):
    """Announced, in 60 days from ten to four, with 50 places. `draft=True` is not announced, `past=True` was ten days
    ago, `cancelled=True` was called off.
    """

    class Meta:
        model = Event

    class Params:
        days = 60
        draft = factory.Trait(published_at=None)
        past = factory.Trait(days=-10)
        cancelled = factory.Trait(
            cancelled_at=factory.LazyFunction(timezone.now), cancel_reason="The hall has a burst pipe."
        )

    slug = factory.Sequence(lambda n: f"event-{n}")
    title = factory.Sequence(lambda n: f"Regional day {n}")
    summary = "A day with others who do this work."
    venue = "Verulam Hall"
    postcode = "AL1 3JE"
    starts_at = factory.LazyAttribute(lambda made: london(made.days))
    ends_at = factory.LazyAttribute(lambda made: made.starts_at + dt.timedelta(hours=6))
    capacity = 50
    published_at = factory.LazyFunction(lambda: timezone.now() - dt.timedelta(days=30))


class TicketTypeFactory(DjangoModelFactory[TicketType]):
    """For anybody, free, without a quota."""

    class Meta:
        model = TicketType

    event = factory.SubFactory(EventFactory)
    name = factory.Sequence(lambda n: f"Ticket {n}")
    audience = TicketType.Audience.FREE


class PaidTypeFactory(TicketTypeFactory):
    """For everybody, £50 and 20 per cent VAT: £60."""

    audience = TicketType.Audience.NON_MEMBER
    price = Decimal("50.00")
    vat_rate = Decimal(20)


class DiscountCodeFactory(DjangoModelFactory[DiscountCode]):
    """Half of the price, twice."""

    class Meta:
        model = DiscountCode

    event = factory.SubFactory(EventFactory)
    code = factory.Sequence(lambda n: f"HALF{n}")
    percent = 50
    limit = 2


class OrderFactory(DjangoModelFactory[Order]):
    """Booked, nothing to pay, by somebody without an account; it has no tickets yet. `held=True` is held."""

    class Meta:
        model = Order

    class Params:
        held = factory.Trait(
            state=Order.State.HELD,
            confirmed_at=None,
            pays="",
            held_until=factory.LazyFunction(lambda: timezone.now() + dt.timedelta(minutes=15)),
        )

    event = factory.SubFactory(EventFactory)
    name = "Nora Finch"
    email = "nora@example.test"
    state = Order.State.CONFIRMED
    confirmed_at = factory.LazyFunction(timezone.now)
    pays = Order.Pays.NOTHING


class TicketFactory(DjangoModelFactory[Ticket]):
    """Valid, free, of somebody without an account: `user=` takes an account, its name and its address. `held=True` is
    held.
    """

    class Meta:
        model = Ticket

    class Params:
        held = factory.Trait(state=Ticket.State.HELD, order__held=True)

    event = factory.SelfAttribute("type.event")
    type = factory.SubFactory(TicketTypeFactory)
    order = factory.SubFactory(
        OrderFactory,
        event=factory.SelfAttribute("..event"),
        buyer=factory.SelfAttribute("..user"),
        name=factory.SelfAttribute("..name"),
        email=factory.SelfAttribute("..email"),
    )
    state = Ticket.State.VALID
    user = None
    name = factory.LazyAttribute(lambda made: made.user.name if made.user else "Nora Finch")
    email = factory.LazyAttribute(lambda made: made.user.email if made.user else "nora@example.test")


class WaitlistEntryFactory(DjangoModelFactory[WaitlistEntry]):
    class Meta:
        model = WaitlistEntry

    event = factory.SelfAttribute("type.event")
    type = factory.SubFactory(TicketTypeFactory)
    name = factory.Sequence(lambda n: f"Waiter {n}")
    email = factory.Sequence(lambda n: f"waiter-{n}@example.test")
    buyer_name = factory.SelfAttribute("name")
    buyer_email = factory.SelfAttribute("email")


class TrackFactory(DjangoModelFactory[Track]):
    class Meta:
        model = Track

    event = factory.SubFactory(EventFactory)
    name = factory.Sequence(lambda n: f"Track {n}")


class HallFactory(DjangoModelFactory[Hall]):
    class Meta:
        model = Hall

    event = factory.SubFactory(EventFactory)
    name = factory.Sequence(lambda n: f"Room {n}")


class SpeakerFactory(DjangoModelFactory[Speaker]):
    """Who has agreed to nothing yet."""

    class Meta:
        model = Speaker

    event = factory.SubFactory(EventFactory)
    name = "Folake Bello"
    email = factory.Sequence(lambda n: f"speaker-{n}@example.test")
    job = "Link worker"
    organisation = "Leeds Link"


class ProgrammeItemFactory(DjangoModelFactory[ProgrammeItem]):
    """An hour from the beginning of its event. `workshop=True` is chosen beforehand and has two places."""

    class Meta:
        model = ProgrammeItem
        skip_postgeneration_save = True

    class Params:
        workshop = factory.Trait(kind=ProgrammeItem.Kind.WORKSHOP, books=True, capacity=2)

    event = factory.SubFactory(EventFactory)
    title = factory.Sequence(lambda n: f"Session {n}")
    starts_at = factory.LazyAttribute(lambda made: made.event.starts_at)
    ends_at = factory.LazyAttribute(lambda made: made.starts_at + dt.timedelta(hours=1))

    @factory.post_generation
    def speakers(self: ProgrammeItem, create: bool, extracted: list[Any] | None, **kwargs: Any) -> None:
        self.speakers.set(extracted or [])


class ItemPlaceFactory(DjangoModelFactory[ItemPlace]):
    class Meta:
        model = ItemPlace

    ticket = factory.SubFactory(TicketFactory)
    item = factory.SubFactory(ProgrammeItemFactory, event=factory.SelfAttribute("..ticket.event"), workshop=True)


class CheckInFactory(DjangoModelFactory[CheckIn]):
    """At the door. The ticket's own `arrived_at` is set by whoever needs it."""

    class Meta:
        model = CheckIn

    ticket = factory.SubFactory(TicketFactory)
