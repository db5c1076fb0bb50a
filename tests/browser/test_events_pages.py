"""The pages of events at both widths, in the states that they can be in."""

import datetime as dt
import uuid

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from events.actions import booking
from events.actions.wishes import Buyer, Wish
from events.certificates import code_of
from events.factories import (
    CheckInFactory,
    EventFactory,
    HallFactory,
    OrderFactory,
    PaidTypeFactory,
    ProgrammeItemFactory,
    SpeakerFactory,
    TicketFactory,
    TicketTypeFactory,
    TrackFactory,
    WaitlistEntryFactory,
)
from events.factories_after import AttendeeFactory, IntroductionFactory, ReflectionFactory
from events.factories_public import agreed
from events.models import Event, EventDuty, Order, Reflection, Scan, Ticket, WaitlistEntry
from members.factories import MembershipFactory
from members.models import User
from tests.browser.conftest import Visit
from tests.browser.scene import UNBROKEN
from tests.browser.test_every_page import at, look_at, send_empty
from tests.events_world import Conference, conference_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def conference(member: User, coordinator: User, colleague: User) -> Conference:
    """The one of the table of accounts, with two days of sessions, and names that break layouts."""
    conference = conference_of(member, coordinator=coordinator, colleague=colleague)
    event = conference.event
    Event.objects.filter(pk=event.pk).update(
        summary="Two days for everybody who does this work, and for whoever wants to begin.",
        about="## Why come\n\n- To meet others\n- To learn\n\nBring a colleague.",
        access="Step-free from the street. A hearing loop is in the great hall.",
        venue="The Corn Exchange",
        address="Call Lane, Leeds",
        postcode="LS1 7BR",
        joining="Doors open at nine.\n\n1. Come in by Call Lane.\n2. Show your ticket.",
        online_link="https://meeting.example.org/room",
        ends_at=event.starts_at + dt.timedelta(days=1, hours=7),
        contact="events@linkworkers.example",
    )
    event.refresh_from_db()
    halls = [HallFactory(event=event, name=name) for name in ("Great hall", f"Room of {UNBROKEN[:40]}")]
    tracks = [TrackFactory(event=event, name=name) for name in ("Practice", "Policy")]
    for day in range(2):
        for hour in range(4):
            for hall, track in zip(halls, tracks, strict=True):
                begin = event.starts_at + dt.timedelta(days=day, hours=hour)
                ProgrammeItemFactory(
                    event=event,
                    title=f"{track}: what we learned in hour {hour + 1} of day {day + 1}",
                    about="Somebody says what they tried, and what came of it.",
                    hall=hall,
                    track=track,
                    starts_at=begin,
                    ends_at=begin + dt.timedelta(minutes=50),
                    speakers=[SpeakerFactory(event=event, name="Dr Ngozi Okonkwo-Featherstonehaugh", **agreed())],
                )
    return conference


def of_two(event: Event) -> Order:
    """Two tickets by invoice, one of them with a name that is one long word."""
    type_ = PaidTypeFactory(event=event)
    wishes = [Wish(type_, "Nora Finch", "nora@example.test"), Wish(type_, UNBROKEN, "long@example.test", "Leeds Link")]
    held = booking.hold(event, wishes, buyer=Buyer("Nora Finch", "nora@example.test"))
    return booking.confirm(held, pays="invoice", bill_to="Leeds Link", address="1 The Headrow\nLeeds", by=None)


def test_pages_of_everybody(visit: Visit, conference: Conference) -> None:
    event = conference.event
    full = TicketTypeFactory(event__capacity=1, event__title="A day that is full")
    TicketFactory(type=full)
    off = EventFactory(title="A day that was called off", cancelled=True)
    past = EventFactory(title="A day that is over", past=True)
    story = Reflection.objects.get()
    item = event.items.filter(speakers__isnull=False).latest("pk")

    def add_people(page: Page) -> None:
        for _ in range(2):
            page.get_by_role("button", name="Add").first.click()
            page.wait_for_load_state()

    def spell_it_wrong(page: Page) -> None:
        page.get_by_label("Discount code").fill("NOSUCH")
        page.get_by_label("Your name").fill("Nora Finch")
        page.get_by_label("Your e-mail address").fill("nora@example.test")
        page.locator("main form .btn-primary[type=submit]").first.click()
        page.get_by_role("heading", name="There is a problem").wait_for()

    looks = [
        ("events", at("events")),
        ("events-past", at("events_past")),
        ("events-none", at("events") + "?q=nothing"),
        ("event", at("event", event.slug)),
        ("event-full", at("event", full.event.slug)),
        ("event-cancelled", at("event", off.slug)),
        ("event-over", at("event", past.slug)),
        ("event-programme", at("event_programme", event.slug)),
        ("event-session", at("event_programme_item", event.slug, item.pk)),
        ("event-book", at("event_book", event.slug)),
        ("event-book-empty", at("event_book", event.slug), send_empty),
        ("event-book-people", at("event_book", event.slug), add_people),
        ("event-book-code", at("event_book", event.slug), spell_it_wrong),
        ("event-book-full", at("event_book", full.event.slug)),
        ("event-book-cancelled", at("event_book", off.slug)),
        ("event-contribute", at("event_contribute", event.slug)),
        ("event-contribute-empty", at("event_contribute", event.slug), send_empty),
        ("event-stories", at("event_stories")),
        ("event-story", at("event_story", story.pk)),
        ("event-attendance", at("event_attendance", code_of(story.ticket))),
        ("event-attendance-wrong", at("event_attendance", "1-AAAA-BBBB-CCCC")),
    ]
    assert look_at(visit(), looks) == []


def test_pages_of_a_booking_and_a_ticket(visit: Visit, conference: Conference) -> None:
    event = conference.event
    booked = of_two(event)
    wish = Wish(PaidTypeFactory(event=event, price=40), "Nora Finch", "held@example.test")
    held = booking.hold(event, [wish], buyer=Buyer("Nora Finch", "held@example.test"))
    lapsed = OrderFactory(event=event, state=Order.State.EXPIRED, confirmed_at=None, pays="", ended_at=timezone.now())
    ticket = booked.tickets.first()
    long = booked.tickets.last()
    waiting = WaitlistEntry.objects.first()
    given = TicketFactory(type__event=event, state="cancelled", ended_at=timezone.now())

    def bill_nobody(page: Page) -> None:
        page.get_by_label("Invoice to").fill("")
        send_empty(page)

    looks = [
        ("order-held", at("event_order", held.key)),
        ("order-held-empty", at("event_order", held.key), bill_nobody),
        ("order-lapsed", at("event_order", lapsed.key)),
        ("order", at("event_order", booked.key)),
        ("order-thanks", at("event_order_paid", booked.key)),
        ("order-give-back", at("event_order_give_back", booked.key, ticket.pk)),
        ("order-hand-on", at("event_order_hand_on", booked.key, ticket.pk)),
        ("order-hand-on-empty", at("event_order_hand_on", booked.key, ticket.pk), send_empty),
        ("ticket", at("event_ticket", ticket.key)),
        ("ticket-long", at("event_ticket", long.key)),
        ("ticket-given-back", at("event_ticket", given.key)),
        ("ticket-needs", at("event_ticket_needs", ticket.key)),
        ("ticket-sessions", at("event_ticket_sessions", ticket.key)),
        ("ticket-give-back", at("event_ticket_give_back", ticket.key)),
        ("ticket-hand-on", at("event_ticket_hand_on", ticket.key)),
        ("ticket-hand-on-empty", at("event_ticket_hand_on", ticket.key), send_empty),
        ("ticket-joining", at("event_ticket_joining", ticket.key)),
        ("waitlist", at("event_wait", waiting.key)),
    ]
    assert look_at(visit(), looks) == []


def test_pages_after_an_event(visit: Visit, conference: Conference) -> None:
    came = AttendeeFactory()
    published = Reflection.objects.get()
    waiting = ReflectionFactory(waiting=True)
    asked = IntroductionFactory()
    looks = [
        ("after-ticket", at("event_ticket", came.key)),
        ("after-feedback", at("event_feedback", came.key)),
        ("after-feedback-empty", at("event_feedback", came.key), send_empty),
        ("after-feedback-not-yet", at("event_feedback", conference.ticket.key)),
        ("after-reflection", at("event_reflection", came.key)),
        ("after-reflection-empty", at("event_reflection", came.key), send_empty),
        ("after-reflection-published", at("event_reflection", published.ticket.key)),
        ("after-reflection-waiting", at("event_reflection", waiting.ticket.key)),
        ("after-introduction", at("event_introduction", asked.key)),
    ]
    assert look_at(visit(), looks) == []


def test_pages_of_a_member_and_of_speakers(visit: Visit, conference: Conference, member: User) -> None:
    event = conference.event
    Ticket.objects.filter(pk=conference.ticket.pk).update(listed=True)
    for number in range(3):
        TicketFactory(type__event=event, name=f"Attendee {number}", organisation="Leeds Link", listed=True)
    story = ReflectionFactory(published=True)
    speaker = event.speakers.first()
    contribution = event.call.contributions.get()
    looks = [
        ("member-events", at("events")),
        ("member-event", at("event", event.slug)),
        ("member-book", at("event_book", event.slug)),
        ("member-mine", at("events_mine")),
        ("member-joining", at("event_joining", event.slug)),
        ("member-people", at("event_people", event.slug)),
        ("member-ticket", at("event_ticket", conference.ticket.key)),
        ("member-story", at("event_story", story.pk)),
        ("member-too", at("event_story_too", story.pk)),
        ("member-too-empty", at("event_story_too", story.pk), send_empty),
        ("member-today", at("today")),
        ("speaker", at("event_speaker", speaker.key)),
        ("contribution", at("contribution", contribution.key)),
        ("contribution-change", at("contribution_change", contribution.key)),
    ]
    assert look_at(visit(member), looks) == []


def test_pages_of_the_panel(visit: Visit, conference: Conference, colleague: User, admin: User) -> None:
    slug, number = conference.event.slug, conference.event.call.contributions.get().number
    looks = [("panel", at("event_review", slug)), ("panel-one", at("event_review_one", slug, number))]
    assert look_at(visit(colleague), looks) == []
    conference.event.call.closes_at = timezone.now() - dt.timedelta(hours=1)
    conference.event.call.save()
    assert look_at(visit(admin), [("panel-decide", at("event_decide", slug))]) == []


@pytest.fixture
def today(coordinator: User) -> Event:
    """An event that is on, with somebody in, somebody expected, and something for the desk."""
    MembershipFactory()
    start = timezone.now() - dt.timedelta(minutes=30)
    event = EventFactory(title="Link Worker Day", starts_at=start, ends_at=start + dt.timedelta(hours=6), capacity=90)
    EventDuty.objects.create(event=event, user=coordinator, duty=EventDuty.Duty.DOOR)
    ProgrammeItemFactory(event=event, workshop=True, title="Workshop: tea first, rota second")
    type_ = TicketTypeFactory(event=event)
    for number in range(23):
        TicketFactory(type=type_, name=f"Attendee {number:02}", organisation="Leeds Link")
    TicketFactory(type=type_, name=UNBROKEN)
    CheckInFactory(ticket=event.tickets.first(), by=coordinator)
    TicketFactory(type=type_, name="Gone Away", state="cancelled", ended_at=timezone.now())
    for result in Scan.Result.values:
        ticket = None if result in ("unknown", "unreadable") else event.tickets.last()
        Scan.objects.create(key=uuid.uuid4(), event=event, ticket=ticket, result=result, by=coordinator)
    return event


def test_pages_of_the_door(visit: Visit, today: Event, coordinator: User) -> None:
    slug = today.slug
    let_in = today.tickets.exclude(check_ins=None).get().check_ins.get()
    door = at("event_check_in", slug)

    def take_back_without_a_reason(page: Page) -> None:
        page.get_by_role("button", name="Take it back").click()
        page.get_by_role("heading", name="There is a problem").wait_for()

    looks = [
        ("door", door),
        ("door-in", door + "?list=in"),
        ("door-session", door + f"?item={today.items.get().pk}"),
        ("door-search", door + "?q=gone"),
        ("door-nobody", door + "?q=nobody"),
        ("door-undo", at("event_check_in_undo", slug, let_in.pk)),
        ("door-undo-empty", at("event_check_in_undo", slug, let_in.pk), take_back_without_a_reason),
        ("door-problems", at("event_door_problems", slug)),
        ("door-walk-in", at("event_walk_in", slug)),
        ("door-walk-in-empty", at("event_walk_in", slug), send_empty),
        ("door-badges", at("event_badges", slug)),
        ("door-shell", at("event_check_in_shell", slug)),
        ("door-today", at("today")),
    ]
    assert look_at(visit(coordinator), looks) == []
    assert look_at(visit(), [("door-scan", at("event_scan", today.tickets.first().code))]) == []


def test_the_list_of_those_who_wait_in_its_states(visit: Visit, conference: Conference) -> None:
    type_ = TicketTypeFactory(event__capacity=1)
    looks = []
    for state in WaitlistEntry.State.values:
        ended = None if state in WaitlistEntry.OPEN else timezone.now()
        order = OrderFactory(event=type_.event, held=True) if state in ("offered", "taken", "missed") else None
        entry = WaitlistEntryFactory(type=type_, state=state, ended_at=ended, order=order)
        looks.append((f"waitlist-{state}", at("event_wait", entry.key)))
    assert look_at(visit(), looks) == []
