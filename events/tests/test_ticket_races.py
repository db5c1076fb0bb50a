"""Two people at one ticket, one place, one offer: one gets it, the other is told, and nothing is done twice."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import connections
from django.utils import timezone

from events.actions import booking, giving_back, sessions, transfers, waitlist
from events.actions.wishes import Buyer, SoldOut, Wish
from events.factories import EventFactory, PaidTypeFactory, ProgrammeItemFactory, TicketFactory, TicketTypeFactory
from events.models import Event, ItemPlace, Order, ProgrammeItem, Ticket, TicketTransfer, WaitlistEntry
from events.tests.test_ticket_rules import hold, lapse, wait_for
from linkworkers.actions import Refused
from members.actions.invoices import balance_of
from members.models import Association, CreditNote
from referrals.tests.race import race

pytestmark = pytest.mark.django_db(transaction=True)


def locked(event: Event):
    return Event.objects.filter(pk=event.pk)


def in_threads(count: int, job):
    def run(number: int):
        try:
            return job(number)
        except Refused as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def test_the_last_place_of_a_workshop_goes_to_one_of_eight() -> None:
    event = EventFactory()
    item = ProgrammeItemFactory(event=event, workshop=True, capacity=1)
    tickets = TicketFactory.create_batch(8, type=TicketTypeFactory(event=event))
    answers = in_threads(8, lambda number: sessions.choose(tickets[number], [item], by=None))
    assert sum(answer == [item] for answer in answers) == 1
    assert sum(isinstance(answer, Refused) and "is full by now" in str(answer) for answer in answers) == 7
    assert ProgrammeItem.objects.get(pk=item.pk).taken == ItemPlace.objects.count() == 1


def test_given_back_while_somebody_books_it_goes_to_whoever_waits() -> None:
    type_ = TicketTypeFactory(event__capacity=1)
    ticket = booking.confirm(hold(type_), by=None).tickets.get()
    entry = wait_for(type_, "First")
    answers = race(
        locked(type_.event),
        lambda: giving_back.give_back(ticket, by=None),
        lambda: waitlist.join(
            type_.event, [Wish(type_, "Second", "second@example.test")], buyer=Buyer("Second", "second@example.test")
        ),
    )
    assert not any(isinstance(answer, Exception) for answer in answers)
    entry.refresh_from_db()
    assert (entry.state, answers[1][0].state) == ("offered", "waiting")
    with pytest.raises(SoldOut):
        hold(type_)


def test_eight_buy_while_one_is_given_back_and_none_too_many_is_sold() -> None:
    type_ = TicketTypeFactory(event__capacity=1)
    ticket = booking.confirm(hold(type_), by=None).tickets.get()

    def job(number: int):
        if number == 0:
            return giving_back.give_back(ticket, by=None)
        name = f"Buyer {number}"
        return booking.hold_or_wait(
            type_.event, [Wish(type_, name, "b@example.test")], buyer=Buyer(name, "b@example.test")
        )

    answers = in_threads(8, job)
    assert not any(isinstance(answer, Refused) for answer in answers), answers
    assert Event.objects.get(pk=type_.event_id).taken == Ticket.objects.standing().count() == 1
    orders = [answer[0] for answer in answers[1:] if answer[0]]
    offered = WaitlistEntry.objects.filter(state="offered")
    assert len(orders) + offered.count() == 1


@pytest.mark.parametrize("first", ["confirm", "expire"])
def test_confirmed_and_expired_at_once_it_is_one_of_both(first: str) -> None:
    type_ = TicketTypeFactory(event__capacity=1)
    order = hold(type_)
    lapse(order)
    jobs = {
        "confirm": lambda: booking.confirm(order, by=None),
        "expire": lambda: booking.expire_lapsed(type_.event),
    }
    second = "expire" if first == "confirm" else "confirm"
    # Expiry waits for the booking with the event in its hands, so both wait for the booking.
    answers = dict(
        zip((first, second), race(Order.objects.filter(pk=order.pk), jobs[first], jobs[second]), strict=True)
    )
    order.refresh_from_db()
    if first == "confirm":
        assert (order.state, answers["expire"]) == ("confirmed", 0)
    else:
        assert (order.state, answers["expire"]) == ("expired", 1)
        assert isinstance(answers["confirm"], Refused)
    assert Event.objects.get(pk=type_.event_id).taken == (first == "confirm")


@pytest.mark.parametrize("first", ["leave", "give back"])
def test_leaving_while_the_offer_is_made_the_next_one_has_it(first: str) -> None:
    type_ = TicketTypeFactory(event__capacity=1)
    ticket = booking.confirm(hold(type_), by=None).tickets.get()
    leaver, next_one = wait_for(type_, "Leaver"), wait_for(type_, "Next")
    jobs = {
        "leave": lambda: waitlist.leave(leaver, by=None),
        "give back": lambda: giving_back.give_back(ticket, by=None),
    }
    second = "give back" if first == "leave" else "leave"
    answers = race(locked(type_.event), jobs[first], jobs[second])
    assert not any(isinstance(answer, Exception) for answer in answers), answers
    leaver.refresh_from_db()
    next_one.refresh_from_db()
    assert (leaver.state, next_one.state) == ("left", "offered")
    assert Event.objects.get(pk=type_.event_id).taken == 1


def test_handed_on_twice_at_once_it_goes_to_the_first_and_the_second_is_told() -> None:
    ticket = TicketFactory()
    mine, same = Ticket.objects.get(pk=ticket.pk), Ticket.objects.get(pk=ticket.pk)
    handed, refused = race(
        locked(ticket.event),
        lambda: transfers.hand_on(mine, name="Ann", email="ann@example.test", by=None),
        lambda: transfers.hand_on(same, name="Ben", email="ben@example.test", by=None),
    )
    assert handed.name == "Ann"
    assert "just been handed on" in str(refused)
    ticket.refresh_from_db()
    assert ticket.name == "Ann"
    assert TicketTransfer.objects.count() == 1


def test_handed_on_and_given_back_at_once_the_old_holder_cannot_end_it() -> None:
    ticket = TicketFactory()
    mine, same = Ticket.objects.get(pk=ticket.pk), Ticket.objects.get(pk=ticket.pk)
    _, refused = race(
        locked(ticket.event),
        lambda: transfers.hand_on(mine, name="Ann", email="ann@example.test", by=None),
        lambda: giving_back.give_back(same, by=None),
    )
    assert isinstance(refused, Refused)
    ticket.refresh_from_db()
    assert ticket.is_valid


def test_given_back_twice_at_once_it_is_credited_once() -> None:
    Association.get()
    type_ = PaidTypeFactory()
    order = booking.confirm(hold(type_, count=2), pays="invoice", by=None)
    ticket = order.tickets.first()
    mine, same = Ticket.objects.get(pk=ticket.pk), Ticket.objects.get(pk=ticket.pk)
    answers = race(
        locked(type_.event),
        lambda: giving_back.give_back(mine, by=None),
        lambda: giving_back.give_back(same, by=None),
    )
    assert [answer.credited for answer in answers] == [Decimal("60.00")] * 2
    assert CreditNote.objects.count() == 1
    assert balance_of(order.invoice) == Decimal("60.00")
    assert timezone.now() > Ticket.objects.get(pk=ticket.pk).ended_at


def test_two_tickets_handed_to_one_member_at_once_she_has_one(member) -> None:
    type_ = TicketTypeFactory(audience="member")
    from_one, from_other = (
        TicketFactory(type=type_, email="a@example.test"),
        TicketFactory(type=type_, email="c@example.test"),
    )
    admin = member
    answers = race(
        locked(type_.event),
        lambda: transfers.hand_on(from_one, name=member.name, email=member.email, by=admin),
        lambda: transfers.hand_on(from_other, name=member.name, email=member.email, by=admin),
    )
    assert isinstance(answers[0], Ticket), answers
    assert isinstance(answers[1], Refused)
    assert Ticket.objects.standing().filter(email=member.email).count() == 1
