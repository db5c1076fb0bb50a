"""An event for tests that visit every page: the member comes, the coordinator has the door, the colleague reads
contributions, and somebody waits.
"""

from dataclasses import dataclass

from events.factories import (
    EventFactory,
    HallFactory,
    ItemPlaceFactory,
    PaidTypeFactory,
    ProgrammeItemFactory,
    SpeakerFactory,
    TicketFactory,
    TrackFactory,
    WaitlistEntryFactory,
)
from events.factories_contributions import make_contributions, of_contributions
from events.factories_public import agreed
from events.models import Event, EventDuty, Ticket, WaitlistEntry
from members.models import User


@dataclass(frozen=True)
class Conference:
    """In 60 days, with one track, room, speaker, session and workshop; the member has a ticket and the workshop."""

    event: Event
    ticket: Ticket
    entry: WaitlistEntry


def conference_of(member: User, *, coordinator: User, colleague: User) -> Conference:
    event = EventFactory(slug="annual-conference", title="Annual conference")
    track, hall = TrackFactory(event=event), HallFactory(event=event)
    speaker = SpeakerFactory(event=event, **agreed())
    ProgrammeItemFactory(event=event, track=track, hall=hall, speakers=[speaker])
    workshop = ProgrammeItemFactory(event=event, workshop=True)
    ticket = TicketFactory(type__event=event, user=member)
    ItemPlaceFactory(ticket=ticket, item=workshop)
    EventDuty.objects.create(event=event, user=coordinator, duty=EventDuty.Duty.DOOR)
    EventDuty.objects.create(event=event, user=colleague, duty=EventDuty.Duty.PANEL)
    make_contributions(event, reader=colleague)
    return Conference(
        event=event, ticket=ticket, entry=WaitlistEntryFactory(type=PaidTypeFactory(event=event), buyer=member)
    )


def of_events() -> dict[str, object]:
    """What fills in the addresses of these pages: the rows of `conference_of`."""
    ticket = Ticket.objects.earliest("pk")
    return {
        "event_slug": ticket.event.slug,
        "order_key": ticket.order.key,
        "ticket_key": ticket.key,
        "wait_key": WaitlistEntry.objects.earliest("pk").key,
        "programme_item_id": ticket.event.items.earliest("pk").pk,
        "speaker_id": ticket.event.speakers.earliest("pk").pk,
        "speaker_key": ticket.event.speakers.earliest("pk").key,
        **of_contributions(),
    }
