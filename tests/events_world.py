"""Two events for tests that visit every page: to one the member comes, the coordinator has the door, the colleague
reads contributions, and somebody waits; the other is over, the member came to it and wrote about it.
"""

import uuid
from dataclasses import dataclass

from events.actions import booking
from events.actions.wishes import Buyer, Wish
from events.certificates import code_of
from events.factories import (
    CheckInFactory,
    DiscountCodeFactory,
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
from events.factories_after import make_aftermath, of_aftermath
from events.factories_contributions import make_contributions, of_contributions
from events.factories_public import agreed
from events.models import Event, EventDuty, Order, Scan, Ticket, TicketNeeds, TicketTransfer, WaitlistEntry
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
    DiscountCodeFactory(event=event)
    TicketNeeds.objects.create(ticket=ticket)
    TicketTransfer.objects.create(ticket=ticket, from_name="Nora", to_name=member.name)
    Scan.objects.create(key=uuid.uuid4(), event=event, result=Scan.Result.UNKNOWN)
    wish = Wish(PaidTypeFactory(event=event), "Nora Finch", "nora@example.test")
    paid = booking.hold(event, [wish], buyer=Buyer("Nora Finch", "nora@example.test"))
    booking.confirm(paid, pays="invoice", bill_to="Nora Finch", by=None)
    CheckInFactory(ticket__type__event=event)
    make_aftermath(member, reader=colleague)
    return Conference(
        event=event, ticket=ticket, entry=WaitlistEntryFactory(type=PaidTypeFactory(event=event), buyer=member)
    )


# Addresses that are about the event that is over.
OF_WHAT_IS_OVER = {
    "event_feedback",
    "event_certificate",
    "event_reflection",
    "event_reflection_withdraw",
    "event_reflection_photo_remove",
    "event_feedback_results",
    "event_feedback_sheet",
}


def of_events(is_over: bool) -> dict[str, object]:
    """What fills in the addresses of these pages: the rows of `conference_of`, or of what is over."""
    ticket, over = Ticket.objects.earliest("pk"), of_aftermath()
    paid = Order.objects.select_related("invoice").exclude(invoice=None).earliest("pk")
    return {
        "event_slug": ticket.event.slug,
        "order_key": paid.key,
        "ticket_id": paid.tickets.earliest("pk").pk,
        "paper_number": paid.invoice.number,
        "scan_code": ticket.code,
        "check_in_id": ticket.event.tickets.exclude(check_ins=None).earliest("pk").check_ins.earliest("pk").pk,
        "ticket_key": ticket.key,
        "wait_key": WaitlistEntry.objects.earliest("pk").key,
        "programme_item_id": ticket.event.items.earliest("pk").pk,
        "speaker_id": ticket.event.speakers.earliest("pk").pk,
        "speaker_key": ticket.event.speakers.earliest("pk").key,
        "story_id": over["story_id"],
        "introduction_key": over["introduction_key"],
        "attendance_code": code_of(Ticket.objects.get(key=over["ticket_key"])),
        **of_contributions(),
        **(over if is_over else {}),
    }
