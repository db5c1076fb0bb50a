"""One's ticket, its sessions, the fairness of the waitlist, and how many can come."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from events import tasks
from events.actions import booking, giving_back, places_changed, sessions, transfers, waitlist
from events.actions.wishes import Buyer, Wish
from events.factories import (
    EventFactory,
    ItemPlaceFactory,
    PaidTypeFactory,
    ProgrammeItemFactory,
    TicketFactory,
    TicketTypeFactory,
    WaitlistEntryFactory,
)
from events.forms.tickets import HandOnForm
from events.models import Event, Order, ProgrammeItem, Ticket, TicketNeeds, TicketType, WaitlistEntry
from events.ticket_code import scan_address
from linkworkers.actions import Refused
from linkworkers.outbox.models import Message
from members.actions.invoices import credit
from members.factories import UserFactory
from members.models import Association, User
from tests.world import logged_in

pytestmark = pytest.mark.django_db


def hold(type_: TicketType, *, count: int = 1) -> Order:
    wishes = [Wish(type_, f"Guest {number}", f"guest-{number}@example.test") for number in range(count)]
    return booking.hold(type_.event, wishes, buyer=Buyer("Nora Finch", "nora@example.test"))


def lapse(order: Order) -> None:
    Order.objects.filter(pk=order.pk).update(held_until=timezone.now() - dt.timedelta(seconds=1))


def wait_for(type_: TicketType, name: str) -> WaitlistEntry:
    [entry] = waitlist.join(type_.event, [Wish(type_, name, "w@example.test")], buyer=Buyer(name, "w@example.test"))
    return entry


def state_of(entry: WaitlistEntry) -> str:
    return WaitlistEntry.objects.get(pk=entry.pk).state


def page(name: str, ticket: Ticket) -> str:
    return reverse(name, args=[ticket.key])


# --- Handing on


def test_whoever_had_the_ticket_gets_no_new_link_by_mail_or_calendar() -> None:
    ticket = TicketFactory(type__event__online_link="https://meet.example.org/secret")
    handed = transfers.hand_on(ticket, name="Ann", email="ann@example.test", by=None)
    [mail] = Message.objects.filter(to="nora@example.test")
    calendar = mail.calendar.replace("\r\n ", "")
    assert "METHOD:CANCEL" in calendar
    for secret in (handed.key, handed.code, "meet.example.org"):
        assert secret not in calendar + mail.text + mail.html


def test_an_old_link_opens_and_does_nothing(client) -> None:
    ticket = TicketFactory()
    seen = Ticket.objects.get(pk=ticket.pk)
    transfers.hand_on(ticket, name="Ann", email="ann@example.test", by=None)
    assert client.get(page("event_ticket", seen)).status_code == 404
    assert client.get(reverse("event_ticket", args=["forged"])).status_code == 404
    nothing = {"access": [], "access_note": "", "diet": [], "diet_note": "", "quiet_room": True}
    for deed in (
        lambda: transfers.set_needs(seen, **nothing, by=None),
        lambda: transfers.set_listed(seen, listed=True, by=None),
        lambda: sessions.choose(seen, [], by=None),
        lambda: giving_back.give_back(seen, by=None),
    ):
        with pytest.raises(Refused, match="handed on"):
            deed()


def test_the_address_of_the_new_holder_is_kept_in_small_letters() -> None:
    form = HandOnForm({"name": " Ann  Lee ", "email": "Ann@Example.TEST"})
    assert form.is_valid()
    assert form.facts == {"name": "Ann Lee", "email": "ann@example.test", "organisation": ""}


def test_a_ticket_is_added_to_the_account_that_has_its_address_and_to_no_other(member: User) -> None:
    ticket = TicketFactory(email=member.email)
    other = UserFactory()
    logged_in(other).post(page("event_ticket_mine", ticket))
    assert Ticket.objects.get(pk=ticket.pk).user is None
    assert "none of your account’s" in logged_in(other).get(page("event_ticket", ticket)).content.decode()
    logged_in(member).post(page("event_ticket_mine", ticket))
    assert Ticket.objects.get(pk=ticket.pk).user == member
    with pytest.raises(Refused, match="somebody else"):
        transfers.add_to_account(ticket, by=other)


# --- Sessions


@pytest.fixture
def day() -> tuple[Ticket, list[ProgrammeItem]]:
    """A ticket, and of its event two workshops at ten and one at eleven."""
    ticket = TicketFactory()
    event = ticket.event
    later = event.starts_at + dt.timedelta(hours=1)
    return ticket, [
        ProgrammeItemFactory(event=event, workshop=True),
        ProgrammeItemFactory(event=event, workshop=True),
        ProgrammeItemFactory(event=event, workshop=True, starts_at=later),
    ]


def test_sessions_are_chosen_and_changed_and_never_two_at_once(day) -> None:
    ticket, (first, second, later) = day
    assert sessions.choose(ticket, [later, first], by=None) == [first, later]
    with pytest.raises(Refused, match="at the same time"):
        sessions.choose(ticket, [first, second], by=None)
    assert sessions.choose(ticket, [second], by=None) == [second]
    taken = dict(ProgrammeItem.objects.values_list("pk", "taken"))
    assert taken == {first.pk: 0, second.pk: 1, later.pk: 0}


def test_a_full_session_a_strange_one_and_one_that_has_begun_are_refused(day) -> None:
    ticket, (first, second, later) = day
    ItemPlaceFactory.create_batch(2, item=first, ticket__type__event=ticket.event)
    with pytest.raises(Refused, match="is full"):
        sessions.choose(ticket, [later, first], by=None)
    assert not ticket.places.exists(), "all or none"
    with pytest.raises(Refused, match="not in the programme"):
        sessions.choose(ticket, [ProgrammeItemFactory(workshop=True)], by=None)
    with pytest.raises(Refused, match="needs no place"):
        sessions.choose(ticket, [ProgrammeItemFactory(event=ticket.event)], by=None)
    ago = timezone.now() - dt.timedelta(minutes=5)
    ProgrammeItem.objects.filter(pk=second.pk).update(starts_at=ago, ends_at=ago + dt.timedelta(hours=1))
    with pytest.raises(Refused, match="has begun"):
        sessions.choose(ticket, [second], by=None)


def test_what_has_begun_stays(day) -> None:
    ticket, (first, _, later) = day
    sessions.choose(ticket, [first, later], by=None)
    ago = timezone.now() - dt.timedelta(minutes=5)
    ProgrammeItem.objects.filter(pk=first.pk).update(starts_at=ago, ends_at=ago + dt.timedelta(hours=1))
    assert [each.pk for each in sessions.choose(ticket, [], by=None)] == [first.pk]
    assert list(ticket.places.values_list("item", flat=True)) == [first.pk]


def test_the_page_of_sessions_keeps_what_was_ticked_and_takes_no_strange_ids(day, client) -> None:
    ticket, (first, second, _) = day
    answer = client.post(page("event_ticket_sessions", ticket), {"items": [first.pk, second.pk]})
    assert "at the same time" in answer.content.decode()
    assert answer.content.decode().count(" checked") == 2
    strange = ProgrammeItemFactory(workshop=True).pk
    for typed in (strange, "x", "٣", "-1", "9" * 30):
        assert (
            "has changed meanwhile"
            in client.post(page("event_ticket_sessions", ticket), {"items": [typed]}).content.decode()
        )
    assert client.post(page("event_ticket_sessions", ticket), {"items": [first.pk]}).status_code == 302
    assert ticket.places.get().item == first


# --- The page


def test_the_page_says_what_is_so(client) -> None:
    ticket = TicketFactory(
        type__event__online_link="https://meet.example.org/1", type__event__joining="Bring a **cup**."
    )
    shown = client.get(page("event_ticket", ticket)).content.decode()
    assert "meet.example.org" in shown
    assert "<strong>cup</strong>" in shown
    assert 'class="qr"' in shown
    Ticket.objects.update(state="cancelled", ended_at=timezone.now())
    gone = client.get(page("event_ticket", ticket)).content.decode()
    assert "given back" in gone
    assert "meet.example.org" not in gone
    assert "METHOD:CANCEL" in client.get(page("event_ticket_ics", ticket)).content.decode()
    assert client.get(page("event_ticket_pdf", ticket)).status_code == 404
    held = TicketFactory(held=True, type__event__online_link="https://meet.example.org/1")
    waiting = client.get(page("event_ticket", held)).content.decode()
    assert "has to finish the booking" in waiting
    assert "meet.example.org" not in waiting
    assert 'class="qr"' not in waiting


def test_the_code_is_the_agreed_address(settings) -> None:
    settings.SITE_URL = "https://example.test"
    assert scan_address("ABC") == "https://example.test/events/scan/ABC/"


def test_needs_are_said_and_changed_and_taken_back(client) -> None:
    ticket = TicketFactory()
    client.post(page("event_ticket_needs", ticket), {"diet": ["vegan"], "quiet_room": "on", "access_note": "Slowly"})
    assert TicketNeeds.objects.get().lines == ["Slowly", "Vegan", "A quiet room"]
    assert "Vegan" in client.get(page("event_ticket", ticket)).content.decode()
    client.post(page("event_ticket_needs", ticket), {})
    assert not TicketNeeds.objects.exists()
    wrong = client.post(page("event_ticket_needs", ticket), {"diet": ["gravel"], "diet_note": "Keep me"})
    assert "Keep me" in wrong.content.decode()


def test_on_the_list_by_ones_own_word(client, member: User) -> None:
    ticket = TicketFactory(user=member)
    client.post(page("event_ticket_listed", ticket), {"listed": "yes"})
    assert Ticket.objects.get().listed
    assert logged_in(UserFactory()).post(page("event_ticket_listed", ticket)).status_code == 403
    client.post(page("event_ticket_listed", ticket), {"listed": "no"})
    assert not Ticket.objects.get().listed


def test_giving_back_says_what_comes_back_and_does_it_once(client) -> None:
    Association.get()
    type_ = PaidTypeFactory(
        event__days=5, event__refund_until=timezone.now() - dt.timedelta(days=1), event__late_refund_percent=50
    )
    ticket = booking.confirm(hold(type_), pays="invoice", by=None).tickets.get()
    assert "£30.00 of £60.00 comes back" in client.get(page("event_ticket_give_back", ticket)).content.decode()
    assert not Ticket.objects.get().ended_at, "to look is not to do"
    for _ in range(2):
        assert client.post(page("event_ticket_give_back", ticket)).status_code == 302
    assert Ticket.objects.get().credited == Decimal("30.00")


def test_what_is_credited_is_what_the_office_left_of_the_invoice(admin: User) -> None:
    Association.get()
    order = booking.confirm(hold(PaidTypeFactory()), pays="invoice", by=None)
    credit(order.invoice, amount=Decimal("50.00"), reason="Goodwill", by=admin)
    ticket = giving_back.give_back(order.tickets.get(), by=None)
    assert ticket.credited == Decimal("10.00")


@pytest.mark.parametrize("number", [1, 30])
def test_pages_ask_as_much_for_one_as_for_thirty(number: int, client, django_assert_max_num_queries) -> None:
    ticket = TicketFactory()
    TicketNeeds.objects.create(ticket=ticket, diet=["vegan"])
    for hour in range(number):
        starts_at = ticket.event.starts_at + dt.timedelta(hours=hour)
        item = ProgrammeItemFactory(event=ticket.event, workshop=True, starts_at=starts_at)
        ItemPlaceFactory(ticket=ticket, item=item)
    entry = WaitlistEntryFactory.create_batch(number, type=ticket.type)[-1]
    for name in ("ticket", "ticket_sessions", "ticket_needs", "ticket_give_back", "ticket_hand_on", "ticket_ics"):
        with django_assert_max_num_queries(5):
            assert client.get(page(f"event_{name}", ticket)).status_code == 200
    with django_assert_max_num_queries(2):
        shown = client.get(reverse("event_wait", args=[entry.key])).content.decode()
    assert f"<strong>{number}</strong> of {number} who wait" in shown
    assert client.get(page("event_ticket_pdf", ticket)).content.startswith(b"%PDF")


# --- The waitlist


def test_whoever_is_passed_over_for_their_ticket_keeps_their_turn(admin: User) -> None:
    event = EventFactory(capacity=2)
    scarce, plenty = TicketTypeFactory(event=event, quota=1), TicketTypeFactory(event=event)
    kept = booking.confirm(hold(scarce), by=None).tickets.get()
    given = booking.confirm(hold(plenty), by=None).tickets.get()
    first, second, third = wait_for(scarce, "First"), wait_for(plenty, "Second"), wait_for(plenty, "Third")
    giving_back.give_back(given, by=None)
    assert [state_of(each) for each in (first, second, third)] == ["waiting", "offered", "waiting"]
    giving_back.give_back(kept, by=None)
    assert [state_of(each) for each in (first, second, third)] == ["offered", "offered", "waiting"]
    places_changed.set_capacity(event, 3, by=admin)
    assert state_of(third) == "offered"


def test_of_two_tickets_wished_together_the_one_that_is_left_is_offered_at_once() -> None:
    event = EventFactory()
    gone, left = TicketTypeFactory(event=event, quota=0), TicketTypeFactory(event=event)
    buyer = Buyer("Nora", "nora@example.test")
    wishes = [Wish(gone, "A", "a@example.test"), Wish(left, "B", "b@example.test")]
    entries = waitlist.join(event, wishes, buyer=buyer)
    assert [entry.state for entry in entries] == ["waiting", "offered"]


def test_nobody_waits_for_a_second_ticket_of_those_for_one_person(member: User) -> None:
    type_ = TicketTypeFactory(audience="member", event__capacity=1)
    buyer = Buyer(member.name, member.email, member)
    wishes = [Wish(type_, member.name, member.email)]
    other = TicketFactory(type__event=type_.event)
    [entry] = waitlist.join(type_.event, wishes, buyer=buyer)
    transfer = Ticket.objects.get(pk=other.pk)
    Ticket.objects.filter(pk=transfer.pk).update(type=type_, email=member.email)
    with pytest.raises(Refused, match="already"):
        waitlist.join(type_.event, [Wish(type_, "Another name", member.email)], buyer=buyer)
    Event.objects.filter(pk=type_.event_id).update(capacity=2)
    assert waitlist.move_all_on() == 0
    assert state_of(entry) == "closed"


def test_tasks_move_the_list_on_and_close_it_once() -> None:
    type_ = TicketTypeFactory(event__capacity=1)
    hold(type_)
    entry, late = wait_for(type_, "First"), wait_for(type_, "Second")
    Event.objects.update(capacity=2)
    for _ in range(2):
        tasks.move_waitlists_on()
    assert [state_of(each) for each in (entry, late)] == ["offered", "waiting"]
    assert Message.objects.filter(kind="waitlist-offer").count() == 1
    Event.objects.update(starts_at=timezone.now() - dt.timedelta(hours=1), ends_at=timezone.now(), capacity=9)
    for _ in range(2):
        tasks.move_waitlists_on()
        tasks.close_waitlists()
    assert state_of(late) == "closed"


def test_leaving_by_the_link_is_done_once_and_a_forged_one_is_nothing(client) -> None:
    type_ = TicketTypeFactory(event__capacity=1)
    hold(type_)
    entry = wait_for(type_, "First")
    address = reverse("event_wait_leave", args=[entry.key])
    assert client.get(address).status_code == 405
    for _ in range(2):
        assert client.post(address).status_code == 302
    assert state_of(entry) == "left"
    assert client.get(reverse("event_wait", args=["forged"])).status_code == 404


@pytest.mark.parametrize("state", WaitlistEntry.State.values)
def test_the_page_of_the_list_opens_in_every_state(state: str, client) -> None:
    type_ = TicketTypeFactory(event__capacity=1)
    order = hold(type_)
    entry = WaitlistEntryFactory(
        type=type_, state=state, order=order, ended_at=None if state in WaitlistEntry.OPEN else timezone.now()
    )
    shown = client.get(reverse("event_wait", args=[entry.key]))
    assert shown.status_code == 200
    assert ("Leave the list" in shown.content.decode()) == (state in WaitlistEntry.OPEN)


# --- How many can come


def test_capacity_and_quota_never_go_below_what_is_sold_and_are_the_offices(admin: User, member: User) -> None:
    type_ = TicketTypeFactory(event__capacity=5, quota=3)
    hold(type_, count=3)
    for deed in (places_changed.set_capacity, places_changed.set_quota):
        about = type_.event if deed is places_changed.set_capacity else type_
        with pytest.raises(Refused, match="held or sold"):
            deed(about, 2, by=admin)
        with pytest.raises(PermissionDenied):
            deed(about, 4, by=member)
    entry = wait_for(type_, "First")
    places_changed.set_quota(type_, None, by=admin)
    assert state_of(entry) == "offered"
