"""What the database itself refuses, and the core of booking: held, booked, waited for, given back, handed on."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from events.actions import booking, giving_back, transfers, waitlist
from events.actions.wishes import Buyer, SoldOut, Wish
from events.factories import (
    DiscountCodeFactory,
    EventFactory,
    ItemPlaceFactory,
    PaidTypeFactory,
    ProgrammeItemFactory,
    TicketFactory,
    TicketTypeFactory,
)
from events.models import Event, Order, Ticket, TicketType, WaitlistEntry
from linkworkers.actions import Refused
from linkworkers.outbox.models import Message
from members.actions.invoices import balance_of
from members.actions.payments import record_payment
from members.factories import MembershipFactory, UserFactory
from members.models import Association, Invoice, User

pytestmark = pytest.mark.django_db

NORA = Buyer("Nora Finch", "nora@example.test")


def wish(type_: TicketType, name: str = "Nora Finch", email: str = "nora@example.test") -> Wish:
    return Wish(type_, name, email)


def hold(type_: TicketType, *, count: int = 1, code: str = "", buyer: Buyer = NORA) -> Order:
    wishes = [wish(type_, f"Guest {number}", f"guest-{number}@example.test") for number in range(count)]
    return booking.hold(type_.event, wishes, buyer=buyer, code=code)


def lapse(order: Order) -> None:
    Order.objects.filter(pk=order.pk).update(held_until=timezone.now() - dt.timedelta(seconds=1))


def taken(event: Event) -> int:
    return Event.objects.get(pk=event.pk).taken


def refused(name: str) -> pytest.RaisesExc:
    return pytest.raises(IntegrityError, match=name)


def test_the_database_counts_tickets_and_refuses_one_too_many() -> None:
    type_ = TicketTypeFactory(event__capacity=2, quota=1)
    ticket = TicketFactory(type=type_)
    with refused("ticket_type_not_over_sold"), transaction.atomic():
        TicketFactory(type=type_)
    TicketFactory(type__event=type_.event)
    assert taken(type_.event) == 2
    with refused("event_not_over_full"), transaction.atomic():
        TicketFactory(type__event=type_.event)
    Ticket.objects.filter(pk=ticket.pk).update(state=Ticket.State.CANCELLED, ended_at=timezone.now())
    assert taken(type_.event) == 1
    type_.refresh_from_db()
    assert type_.taken == 0


def test_a_session_that_people_choose_is_never_over_full() -> None:
    event = EventFactory()
    item = ProgrammeItemFactory(event=event, workshop=True, capacity=1)
    place = ItemPlaceFactory(item=item, ticket__type__event=event)
    with refused("item_not_over_full"), transaction.atomic():
        ItemPlaceFactory(item=item, ticket__type__event=event)
    place.delete()
    item.refresh_from_db()
    assert item.taken == 0


def test_what_costs_nothing_is_booked_at_once_and_everybody_is_written_to() -> None:
    order = booking.confirm(hold(TicketTypeFactory(), count=2), by=None)
    assert (order.state, order.pays, order.invoice) == (Order.State.CONFIRMED, Order.Pays.NOTHING, None)
    assert {ticket.state for ticket in order.tickets.all()} == {Ticket.State.VALID}
    to = Message.objects.filter(kind__in=["event-booked", "event-ticket"]).values_list("to", flat=True)
    assert sorted(to) == ["guest-0@example.test", "guest-1@example.test", "nora@example.test"]
    assert "BEGIN:VCALENDAR" in Message.objects.filter(kind="event-ticket").first().calendar


def test_by_invoice_the_tickets_are_valid_and_the_invoice_has_a_line_for_each() -> None:
    order = booking.confirm(hold(PaidTypeFactory(), count=3), pays="invoice", bill_to="Leeds Link", by=None)
    assert order.is_confirmed
    assert order.invoice.total == order.total == Decimal("180.00")
    assert order.invoice.lines.count() == 3
    assert booking.confirm(order, pays="invoice", by=None).invoice == order.invoice
    assert Invoice.objects.count() == 1


def test_by_card_the_places_are_held_until_the_money_is_there() -> None:
    order = booking.confirm(hold(PaidTypeFactory()), pays="card", by=None)
    assert order.is_held
    assert not Message.objects.filter(kind="invoice-raised").exists()
    assert booking.confirm_paid() == 0
    record_payment(
        invoice=order.invoice, amount=Decimal("60.00"), received_on=timezone.localdate(), method="card", by=None
    )
    lapse(order)
    assert booking.expire_all_lapsed() == 0, "what is paid is booked, however late we look"
    order.refresh_from_db()
    assert order.is_confirmed


def test_what_is_left_half_way_is_freed_and_its_invoice_taken_back() -> None:
    type_ = PaidTypeFactory(event__capacity=1)
    order = booking.confirm(hold(type_), pays="card", by=None)
    assert booking.expire_all_lapsed() == 0
    lapse(order)
    assert booking.expire_all_lapsed() == 1
    order.refresh_from_db()
    assert order.state == Order.State.EXPIRED
    assert balance_of(order.invoice) == 0
    assert taken(type_.event) == 0
    with pytest.raises(Refused, match="was over"):
        booking.confirm(order, pays="invoice", by=None)


def test_without_a_worker_what_lapsed_is_freed_by_whoever_comes_next() -> None:
    type_ = TicketTypeFactory(event__capacity=1)
    lapse(hold(type_))
    assert hold(type_).is_held


def test_a_group_is_booked_whole_or_not_at_all() -> None:
    type_ = TicketTypeFactory(event__capacity=3)
    hold(type_, count=2)
    with pytest.raises(SoldOut, match="Only 1 place is left"):
        booking.hold_or_wait(type_.event, [wish(type_, "A"), wish(type_, "B")], buyer=NORA)
    assert taken(type_.event) == 2


def test_whoever_comes_too_late_waits_and_is_offered_the_place_that_is_given_back() -> None:
    type_ = TicketTypeFactory(event__capacity=1)
    order = booking.confirm(hold(type_), by=None)
    entries = []
    for name in ("First", "Second"):
        none, [entry] = booking.hold_or_wait(type_.event, [wish(type_, name)], buyer=NORA)
        assert none is None
        entries.append(entry)
    giving_back.give_back(order.tickets.get(), by=None)
    first, second = (WaitlistEntry.objects.get(pk=entry.pk) for entry in entries)
    assert (first.state, second.state) == ("offered", "waiting")
    assert taken(type_.event) == 1
    lapse(first.order)
    booking.expire_all_lapsed()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("missed", "offered")
    booking.confirm(second.order, by=None)
    second.refresh_from_db()
    assert second.state == "taken"
    with pytest.raises(Refused, match="have a place"):
        waitlist.leave(second, by=None)


def test_leaving_the_list_gives_an_offer_to_the_next() -> None:
    type_ = TicketTypeFactory(event__capacity=1)
    order = booking.confirm(hold(type_), by=None)
    first = booking.hold_or_wait(type_.event, [wish(type_, "First")], buyer=NORA)[1][0]
    second = booking.hold_or_wait(type_.event, [wish(type_, "Second")], buyer=NORA)[1][0]
    giving_back.give_back(order.tickets.get(), by=None)
    assert waitlist.leave(first, by=None).state == "left"
    second.refresh_from_db()
    assert second.state == "offered"


def test_nobody_waits_while_there_is_room_nor_twice() -> None:
    type_ = TicketTypeFactory(event__capacity=1)
    with pytest.raises(SoldOut):
        waitlist.join(type_.event, [wish(type_)], buyer=NORA)
    hold(type_)
    waitlist.join(type_.event, [wish(type_)], buyer=NORA)
    with pytest.raises(Refused, match="already"):
        waitlist.join(type_.event, [wish(type_)], buyer=NORA)


def test_a_code_makes_tickets_cheaper_as_often_as_it_may_be_used() -> None:
    type_ = PaidTypeFactory()
    code = DiscountCodeFactory(event=type_.event, limit=2)
    order = hold(type_, count=2, code=f" {code.code.lower()} ")
    assert order.total == Decimal("60.00")
    with pytest.raises(Refused, match="as often as it may"):
        hold(type_, code=code.code)
    lapse(order)
    booking.expire_all_lapsed()
    assert hold(type_, code=code.code).total == Decimal("30.00")


def test_a_members_ticket_is_for_a_member_and_only_one_each(member: User) -> None:
    type_ = TicketTypeFactory(audience="member")
    buyer = Buyer(member.name, member.email, member)
    with pytest.raises(Refused, match="Log in first"):
        hold(type_)
    with pytest.raises(Refused, match="no address of a member"):
        booking.hold(type_.event, [wish(type_)], buyer=buyer)
    booking.hold(type_.event, [wish(type_, member.name, member.email)], buyer=buyer)
    with pytest.raises(Refused, match="already"):
        booking.hold(type_.event, [wish(type_, member.name, member.email)], buyer=buyer)
    other = MembershipFactory().user
    assert booking.hold(type_.event, [wish(type_, other.name, other.email)], buyer=buyer).is_held


def test_giving_back_in_time_takes_back_exactly_what_the_ticket_cost() -> None:
    order = booking.confirm(hold(PaidTypeFactory(), count=2), pays="invoice", by=None)
    first, second = order.tickets.all()
    giving_back.give_back(first, by=None)
    assert balance_of(order.invoice) == Decimal("60.00")
    giving_back.give_back(second, by=None)
    order.refresh_from_db()
    assert balance_of(order.invoice) == 0
    assert order.state == Order.State.CANCELLED


def test_late_a_share_comes_back_and_after_check_in_nothing() -> None:
    type_ = PaidTypeFactory(
        event__refund_until=timezone.now() - dt.timedelta(days=1), event__late_refund_percent=25, event__days=5
    )
    order = booking.confirm(hold(type_, count=2), pays="invoice", by=None)
    first, second = order.tickets.all()
    assert giving_back.give_back(first, by=None).credited == Decimal("15.00")
    Ticket.objects.filter(pk=second.pk).update(arrived_at=timezone.now())
    with pytest.raises(Refused, match="let in"):
        giving_back.give_back(second, by=None)


def test_a_ticket_that_is_handed_on_has_new_keys_and_no_needs(member: User) -> None:
    ticket = TicketFactory()
    old = (ticket.key, ticket.code)
    transfers.set_needs(ticket, access=["wheelchair"], access_note="", diet=[], diet_note="", quiet_room=True, by=None)
    handed = transfers.hand_on(ticket, name=member.name, email=member.email, by=None)
    assert handed.user == member
    assert not {handed.key, handed.code} & {*old}
    assert not hasattr(Ticket.objects.get(pk=ticket.pk), "needs")
    assert set(Message.objects.filter(kind__startswith="event-ticket").values_list("to", flat=True)) == {member.email}
    assert Message.objects.filter(kind="ticket-handed-on", to="nora@example.test").exists()


def test_a_buyer_with_an_account_sees_the_invoice_and_nobody_else_does() -> None:
    Association.get()
    buyer, other = UserFactory(), UserFactory()
    order = booking.confirm(
        hold(PaidTypeFactory(), buyer=Buyer(buyer.name, buyer.email, buyer)), pays="invoice", by=buyer
    )
    assert [*Invoice.objects.visible_to(buyer)] == [order.invoice]
    assert not Invoice.objects.visible_to(other).exists()
