"""The door: whatever is sent how often, by how many, somebody is let in once."""

import datetime as dt
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connections
from django.utils import timezone

from events.actions import door
from events.actions.door import Sent
from events.factories import EventFactory, ItemPlaceFactory, PaidTypeFactory, ProgrammeItemFactory, TicketFactory
from events.models import CheckIn, Scan, Ticket
from events.prints.badges import badges_pdf, desk_list_pdf
from linkworkers.actions import Refused
from members.models import User

pytestmark = pytest.mark.django_db


def sent(ticket: Ticket, **facts) -> Sent:
    return Sent(**{"key": uuid.uuid4(), "code": ticket.code, "at": timezone.now()} | facts)


def test_whoever_is_let_in_is_greeted_and_counted_once_however_often_it_is_sent(admin: User) -> None:
    ticket = TicketFactory()
    scan = sent(ticket, code=f"https://linkworkers.example/events/scan/{ticket.code}/")
    first, again = (door.check_in(ticket.event, [scan], by=admin)[0] for _ in range(2))
    assert first == again
    assert (first.result, first.title) == ("in", "Welcome, Nora Finch")
    assert CheckIn.objects.count() == 1
    assert not Scan.objects.exists()
    ticket.refresh_from_db()
    assert ticket.arrived_at == scan.at


def test_a_second_phone_is_told_when_and_the_earlier_time_stands(admin: User) -> None:
    ticket = TicketFactory()
    earlier = timezone.now() - dt.timedelta(minutes=20)
    door.check_in(ticket.event, [sent(ticket)], by=admin)
    late = sent(ticket, at=earlier)
    outcomes = [door.check_in(ticket.event, [late], by=admin)[0] for _ in range(2)]
    assert {outcome.result for outcome in outcomes} == {"again"}
    assert "Already in at" in outcomes[0].title
    assert CheckIn.objects.get().at == earlier
    assert Scan.objects.count() == 1


def test_what_opens_no_door_is_refused_and_kept(admin: User) -> None:
    ticket = TicketFactory()
    event = ticket.event
    back = TicketFactory(type=ticket.type, state=Ticket.State.CANCELLED, ended_at=timezone.now())
    scans = [
        sent(back),
        sent(TicketFactory()),
        sent(ticket, code="FORGED"),
        sent(TicketFactory(type=ticket.type, held=True)),
    ]
    outcomes = door.check_in(event, scans, by=admin)
    assert [outcome.result for outcome in outcomes] == ["given_back", "other_event", "unknown", "not_booked"]
    assert Scan.objects.count() == 4
    assert not CheckIn.objects.exists()
    assert not Scan.objects.filter(result="other_event", ticket__isnull=False).exists()


def test_a_time_that_cannot_be_right_becomes_now_and_is_flagged(admin: User) -> None:
    for at in (None, timezone.now() + dt.timedelta(days=1), timezone.now() - dt.timedelta(days=365)):
        ticket = TicketFactory()
        door.check_in(ticket.event, [sent(ticket, at=at)], by=admin)
        assert abs(CheckIn.objects.get(ticket=ticket).at - timezone.now()) < dt.timedelta(minutes=1)
        assert Scan.objects.get(ticket=ticket).clock_wrong


def test_a_session_lets_in_who_chose_it_and_others_while_there_is_room(admin: User) -> None:
    event = EventFactory()
    item = ProgrammeItemFactory(event=event, workshop=True)  # two places
    chose = ItemPlaceFactory(item=item, ticket__type__event=event).ticket
    others = [TicketFactory(type=chose.type) for _ in range(2)]
    outcomes = door.check_in(event, [sent(each, item=item.pk) for each in (*others, chose)], by=admin)
    assert [outcome.result for outcome in outcomes] == ["unchosen", "full", "in"]


def test_taken_back_stays_taken_back_when_the_phone_sends_it_again(admin: User) -> None:
    ticket = TicketFactory()
    scan = sent(ticket)
    door.check_in(ticket.event, [scan], by=admin)
    door.undo(CheckIn.objects.get(), reason="The other Nora", by=admin)
    assert door.check_in(ticket.event, [scan], by=admin)[0].result == "undone"
    ticket.refresh_from_db()
    assert (ticket.arrived_at, CheckIn.objects.count()) == (None, 0)


def test_nobody_without_the_door_lets_anybody_in(member: User) -> None:
    ticket = TicketFactory()
    with pytest.raises(PermissionDenied):
        door.check_in(ticket.event, [sent(ticket)], by=member)


def test_a_walk_in_is_booked_and_in_once_and_the_desks_money_is_told_to_the_office(admin: User) -> None:
    type_ = PaidTypeFactory(event__capacity=1, sale_until=timezone.now())
    wish = door.WalkIn(uuid.uuid4(), type_, "Ada Lovelace", "ada@example.test", at_desk=True)
    assert door.walk_in(type_.event, wish, by=admin) == door.walk_in(type_.event, wish, by=admin)
    assert CheckIn.objects.get().how == "walk_in"
    assert "£60.00" in Scan.objects.get(result="desk_money").note
    other = door.WalkIn(uuid.uuid4(), type_, "Bob", "bob@example.test")
    with pytest.raises(Refused, match="The office can raise"):
        door.walk_in(type_.event, other, by=admin)


def test_prints_take_any_name() -> None:
    tickets = [TicketFactory(name=name) for name in ("Ada", "Şahin 李 نور", "W" * 150, "Zoë de la Cruz")]
    assert badges_pdf(tickets[0].event, tickets, blank=12).startswith(b"%PDF")
    assert desk_list_pdf(tickets[0].event, tickets).startswith(b"%PDF")


@pytest.mark.django_db(transaction=True)
def test_one_scan_from_eight_phones_at_once_lets_in_once(admin: User) -> None:
    ticket = TicketFactory()
    scan = sent(ticket)

    def job(number: int) -> str:
        try:
            own = scan if number % 2 else sent(ticket)
            return door.check_in(ticket.event, [own], by=admin)[0].result
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(job, range(8)))
    assert set(results) <= {"in", "again"}
    assert CheckIn.objects.count() == 1
