"""The office's pages of events at both widths."""

import pytest

from events.factories import EventFactory, PaidTypeFactory, TicketFactory
from events.models import Order, Reflection, Ticket, WaitlistEntry
from members.models import User
from tests.browser.conftest import Visit
from tests.browser.test_every_page import THEME, at, look_at
from tests.events_world import Conference, conference_of

pytestmark = pytest.mark.django_db(transaction=True)

LISTS = (
    "event",
    "programmeitem",
    "speaker",
    "ticket",
    "order",
    "waitlistentry",
    "ticketneeds",
    "tickettransfer",
    "checkin",
    "scan",
    "feedbackquestion",
    "introduction",
    "reflection",
    "contribution",
    "review",
    "callforcontributions",
)
DEEDS = ("announce", "unannounce", "move", "places", "call_off", "copy", "message", "book_for", "sales", "sheets")


@pytest.fixture
def conference(member: User, coordinator: User, colleague: User) -> Conference:
    conference = conference_of(member, coordinator=coordinator, colleague=colleague)
    for type_ in PaidTypeFactory.create_batch(3, event=conference.event):
        TicketFactory.create_batch(4, type=type_)
    return conference


def test_lists_of_the_office(visit: Visit, conference: Conference, admin: User) -> None:
    looks = [(f"office-{model}", at(f"admin:events_{model}_changelist")) for model in LISTS]
    assert look_at(visit(admin), looks, forgiven=THEME) == []


def test_deeds_of_the_office(visit: Visit, conference: Conference, admin: User) -> None:
    event = conference.event
    draft = EventFactory(draft=True)
    looks = [
        ("office-event-add", at("admin:events_event_add")),
        ("office-event-change", at("admin:events_event_change", event.pk)),
        ("office-event-announce", at("admin:events_event_announce", draft.pk)),
        *((f"office-event-{deed}", at(f"admin:events_event_{deed}", event.pk)) for deed in DEEDS),
        ("office-feedback", at("event_feedback_results", Reflection.objects.get().event.slug)),
    ]
    assert look_at(visit(admin), looks, forgiven=THEME) == []


def test_rows_of_the_office(visit: Visit, conference: Conference, admin: User) -> None:
    rows = {
        "ticket": Ticket.objects.earliest("pk"),
        "order": Order.objects.exclude(invoice=None).earliest("pk"),
        "waitlistentry": WaitlistEntry.objects.earliest("pk"),
        "reflection": Reflection.objects.get(),
        "speaker": conference.event.speakers.first(),
        "programmeitem": conference.event.items.first(),
    }
    looks = [(f"office-{model}-row", at(f"admin:events_{model}_change", row.pk)) for model, row in rows.items()]
    looks += [
        ("office-ticket-give-back", at("admin:events_ticket_give_back", rows["ticket"].pk)),
        ("office-ticket-hand-over", at("admin:events_ticket_hand_over", rows["ticket"].pk)),
        ("office-order-extend", at("admin:events_order_extend", rows["order"].pk)),
        ("office-wait-take-off", at("admin:events_waitlistentry_take_off", rows["waitlistentry"].pk)),
    ]
    assert look_at(visit(admin), looks, forgiven=THEME) == []
