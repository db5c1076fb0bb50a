"""The office's pages of events: what they change, whom they tell, and who may."""

import datetime as dt
import re
from typing import Any

import pytest
from django.contrib import admin as django_admin
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from events.actions import changes, copying
from events.exports.office import SHEETS
from events.factories import (
    DiscountCodeFactory,
    EventFactory,
    HallFactory,
    ItemPlaceFactory,
    PaidTypeFactory,
    ProgrammeItemFactory,
    SpeakerFactory,
    TicketFactory,
    TicketTypeFactory,
    TrackFactory,
    WaitlistEntryFactory,
)
from events.factories_after import IntroductionFactory, ReflectionFactory
from events.models import Event, Order, Reflection, Ticket, TicketNeeds, TicketType, WaitlistEntry
from linkworkers.actions import Refused
from linkworkers.audit.models import AuditEvent
from linkworkers.outbox.models import Message
from members.models import User
from tests.world import logged_in

pytestmark = pytest.mark.django_db

LISTED = [model for model in django_admin.site._registry if model._meta.app_label == "events"]


@pytest.fixture
def office(admin: User) -> Client:
    return logged_in(admin)


def deed(name: str, event: Event) -> str:
    return reverse(f"admin:events_event_{name}", args=[event.pk])


@pytest.mark.parametrize("model", LISTED, ids=lambda model: model._meta.model_name)
@pytest.mark.parametrize("count", [1, 30])
def test_lists_ask_as_much_for_thirty_rows(
    model: Any, count: int, office: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(count):
        ticket = TicketFactory(type__event__title=f"Day {number}")
        TicketNeeds.objects.create(ticket=ticket)
        ItemPlaceFactory(ticket=ticket, item__speakers=[SpeakerFactory(event=ticket.event)])
        WaitlistEntryFactory(type=ticket.type)
        IntroductionFactory(story=ReflectionFactory(waiting=True))
    office.get("/admin/")
    with django_assert_max_num_queries(14):
        answer = office.get(reverse(f"admin:events_{model._meta.model_name}_changelist"))
        assert answer.status_code == 200


def test_an_event_goes_from_draft_to_public_and_back_while_nobody_has_booked(office: Client) -> None:
    event = EventFactory(draft=True)
    office.post(deed("announce", event), {"confirmed": "yes"})
    event.refresh_from_db()
    assert not event.is_public  # without a ticket there is nothing to announce
    TicketTypeFactory(event=event)
    office.post(deed("announce", event), {"confirmed": "yes"})
    event.refresh_from_db()
    assert event.is_public
    office.post(deed("unannounce", event), {"confirmed": "yes"})
    event.refresh_from_db()
    assert not event.is_public
    event = EventFactory()
    TicketFactory(type__event=event)
    office.post(deed("unannounce", event), {"confirmed": "yes"})
    event.refresh_from_db()
    assert event.is_public


def test_a_move_tells_everybody_with_a_new_calendar_file(admin: User) -> None:
    ticket = TicketFactory()
    item = ProgrammeItemFactory(event=ticket.event)
    was = item.starts_at
    later = dt.timedelta(days=7)
    event = ticket.event
    changes.move(
        event,
        starts_at=event.starts_at + later,
        ends_at=event.ends_at + later,
        venue="Elsewhere",
        reason="The roof leaks.",
        address=event.address,
        postcode=event.postcode,
        by=admin,
    )
    item.refresh_from_db()
    assert item.starts_at - was == later
    mail = Message.objects.get(to=ticket.email)
    assert "Elsewhere" in mail.text
    assert "BEGIN:VCALENDAR" in mail.calendar


def test_a_cancelled_event_takes_back_what_was_paid_ends_tickets_and_waits_and_tells(office: Client) -> None:
    ticket = TicketFactory(type=PaidTypeFactory())
    waits = WaitlistEntryFactory(type=ticket.type, buyer_email="waits@example.test")
    office.post(deed("call_off", ticket.event), {"reason": "Snow on every line."})
    ticket.refresh_from_db()
    waits.refresh_from_db()
    assert ticket.state == Ticket.State.CANCELLED
    assert waits.state == WaitlistEntry.State.CLOSED
    assert {ticket.email, "waits@example.test"} <= set(Message.objects.values_list("to", flat=True))
    shown = Client().get(ticket.event.get_absolute_url()).content.decode()
    assert "Snow on every line." in shown


def test_more_places_go_to_those_who_wait_first(office: Client) -> None:
    type_ = TicketTypeFactory(event__capacity=1)
    TicketFactory(type=type_)
    waits = WaitlistEntryFactory(type=type_)
    office.post(deed("places", type_.event), {"capacity": "2", f"quota_{type_.pk}": ""})
    waits.refresh_from_db()
    assert waits.state == WaitlistEntry.State.OFFERED
    office.post(deed("places", type_.event), {"capacity": "1", f"quota_{type_.pk}": ""})
    assert Event.objects.get(pk=type_.event_id).capacity == 2


def test_a_row_that_was_read_before_a_ticket_was_sold_does_not_undo_the_count() -> None:
    type_ = TicketTypeFactory()
    stale_event, stale_type = Event.objects.get(pk=type_.event_id), TicketType.objects.get(pk=type_.pk)
    TicketFactory(type=type_)
    for stale in (stale_event, stale_type):
        stale.save()
        stale.refresh_from_db()
        assert stale.taken == 1


def test_last_years_event_is_copied_without_anybody_of_it(admin: User) -> None:
    event = EventFactory(title="Conference", slug="conference", past=True)
    type_ = PaidTypeFactory(event=event, quota=50)
    DiscountCodeFactory(event=event, code="EARLY")
    TicketFactory(type=type_)
    WaitlistEntryFactory(type=type_)
    ProgrammeItemFactory(
        event=event,
        track=TrackFactory(event=event),
        hall=HallFactory(event=event),
        speakers=[SpeakerFactory(event=event)],
    )
    made = copying.copy(
        event, title="Conference again", slug="conference-2", first_day=copying.proposed_day(event), by=admin
    )
    assert not made.is_public
    assert timezone.localtime(made.starts_at).time() == timezone.localtime(event.starts_at).time()
    assert (made.taken, made.tickets.count(), made.waitlist.count(), made.speakers.count()) == (0, 0, 0, 0)
    assert (made.ticket_types.get().price, made.ticket_types.get().taken) == (type_.price, 0)
    item = made.items.get()
    assert (item.track.event, item.hall.event) == (made, made)
    assert item.starts_at - made.starts_at == event.items.get().starts_at - event.starts_at
    with pytest.raises(Refused):
        copying.copy(event, title="X", slug="conference-2", first_day=copying.proposed_day(event), by=admin)


def test_a_message_reaches_whoever_comes_once(office: Client) -> None:
    ticket = TicketFactory()
    TicketFactory(type=ticket.type, email="gone@example.test", state="cancelled", ended_at=timezone.now())
    typed = {"to": "all", "subject": "Bring a coat", "text": "The hall is cold."}
    for _ in range(2):
        office.post(deed("message", ticket.event), typed)
    assert Message.objects.filter(subject__contains="Bring a coat").count() == 1
    assert Message.objects.get(subject__contains="Bring a coat").to == ticket.email


@pytest.mark.parametrize("what", SHEETS)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_each_list_is_saved_and_the_trail_knows(what: str, kind: str, office: Client) -> None:
    ticket = TicketFactory(name="=cmd()", organisation="+1")
    TicketNeeds.objects.create(ticket=ticket, diet=["vegan"])
    answer = office.post(deed("sheets", ticket.event), {"what": what, "kind": kind})
    assert "attachment" in answer.headers["Content-Disposition"]
    assert AuditEvent.objects.filter(verb="event.list_taken").exists()
    if kind == "csv":
        assert not re.search(r'(^|,)"?[=+]', b"".join([answer.content]).decode("utf-8-sig"), re.MULTILINE)


def test_what_somebody_needs_is_for_the_office_alone(office: Client, coordinator: User) -> None:
    ticket = TicketFactory(name="Nora Finch")
    TicketNeeds.objects.create(ticket=ticket, access_note="A chair with arms, please.")
    page = reverse("admin:events_ticketneeds_change", args=[ticket.pk])
    assert "chair with arms" in office.get(page).content.decode()
    order = ticket.order
    for page in (order.get_absolute_url(), reverse("event_order_paid", args=[order.key])):
        assert "chair with arms" not in Client().get(page).content.decode()


@pytest.mark.parametrize("verdict", ["publish", "decline"])
def test_a_reflection_is_decided_from_its_page_as_it_was_read(verdict: str, office: Client) -> None:
    story = ReflectionFactory(waiting=True, ticket__email="writer@example.test")
    page = reverse("admin:events_reflection_change", args=[story.pk])
    form = office.get(page).context["adminform"].form
    assert story.takes[:40] in office.get(page).content.decode()
    choice = next(key for key, _ in form.fields["verdict"].choices if key.startswith(verdict[:4]))
    office.post(page, {"verdict": choice, "why": "It names somebody.", "seen": story.version - 1})
    story.refresh_from_db()
    assert story.state == Reflection.State.WAITING  # it was changed since it was read
    office.post(page, {"verdict": choice, "why": "It names somebody.", "seen": story.version})
    story.refresh_from_db()
    assert story.state == (Reflection.State.PUBLISHED if verdict == "publish" else Reflection.State.DECLINED)
    told = Message.objects.get(to="writer@example.test").text
    assert ("It names somebody." in told) == (verdict == "decline")


def test_the_office_books_for_others_and_complimentary_costs_nothing(office: Client) -> None:
    type_ = PaidTypeFactory()
    page = deed("book_for", type_.event)
    answer = office.post(
        page,
        {
            "type": type_.pk,
            "name": "Ada Lord",
            "email": "ada@example.test",
            "others": "Ben Cole, ben@example.test",
            "pays": "nothing",
        },
    )
    assert answer.status_code == 302, answer.context["form"].errors
    order = Order.objects.get()
    assert order.is_confirmed
    assert order.total == 0
    assert Message.objects.filter(to="ada@example.test").exists()
