"""The page where tickets are booked, and the page of a booking."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from events.actions import booking
from events.actions.wishes import Buyer, Wish
from events.factories import (
    DiscountCodeFactory,
    EventFactory,
    OrderFactory,
    PaidTypeFactory,
    TicketFactory,
    TicketTypeFactory,
)
from events.models import Event, Order, Ticket, TicketType, WaitlistEntry
from linkworkers.outbox.models import Message
from members.actions.payments import record_payment
from members.models import User
from tests.world import logged_in

pytestmark = pytest.mark.django_db

GUEST = {"your_name": "Nora Finch", "your_email": "Nora@Example.test"}


@pytest.fixture(autouse=True)
def no_limits_of_others() -> None:
    cache.clear()


def page(event: Event) -> str:
    return reverse("event_book", args=[event.slug])


def book(event: Event, client: Client | None = None, **typed: Any) -> Any:
    return (client or Client()).post(page(event), {"rows": "1", "waits": "on", **typed})


def rows_of(*people: tuple[TicketType, str, str]) -> dict[str, Any]:
    facts: dict[str, Any] = {"rows": str(len(people))}
    for number, (type_, name, email) in enumerate(people):
        facts |= {f"type_{number}": type_.pk, f"name_{number}": name, f"email_{number}": email}
    return facts


def test_a_guest_books_for_themselves_and_needs_no_account() -> None:
    type_ = TicketTypeFactory()
    answer = book(type_.event, **GUEST, type_0=type_.pk)
    order = Order.objects.get()
    assert answer.headers["Location"] == order.get_absolute_url()
    assert order.is_held
    ticket = order.tickets.get()
    assert (ticket.name, ticket.email) == ("Nora Finch", "nora@example.test")
    client = Client()
    shown = client.get(order.get_absolute_url()).content.decode()
    assert "Nora Finch" in shown
    client.post(order.get_absolute_url(), {"action": "book"})
    ticket.refresh_from_db()
    assert ticket.state == Ticket.State.VALID
    mail = Message.objects.get(to="nora@example.test")
    assert "BEGIN:VCALENDAR" in mail.calendar


def test_a_guest_books_five_of_different_kinds_at_once() -> None:
    event = EventFactory()
    types = PaidTypeFactory.create_batch(2, event=event)
    people = [(types[number % 2], f"Guest {number}", f"g{number}@example.test") for number in range(5)]
    book(event, **GUEST, **rows_of(*people))
    assert Order.objects.get().tickets.count() == 5
    assert event.tickets.standing().filter(type=types[0]).count() == 3


def test_a_list_is_pasted_as_it_comes_from_a_table() -> None:
    type_ = TicketTypeFactory()
    text = "Ada Lord\tADA@example.test\tHarbour Surgery\n\nBen Cole, ben@example.test\n"
    book(type_.event, **GUEST, type_0=type_.pk, list=text, list_type=type_.pk)
    found = Order.objects.get().tickets.order_by("pk").values_list("name", "email", "organisation")
    assert list(found) == [("Ada Lord", "ada@example.test", "Harbour Surgery"), ("Ben Cole", "ben@example.test", "")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Ada", "Line 1: write name, e-mail address and organisation"),
        ("x" * 151 + ", ada@example.test", "Line 1: write a name"),
        ("\n".join(f"P{n}, p{n}@example.test" for n in range(101)), "These are 101 people"),
    ],
)
def test_a_wrong_list_says_where_and_books_nobody(text: str, said: str) -> None:
    type_ = TicketTypeFactory()
    answer = book(type_.event, **GUEST, type_0=type_.pk, list=text, list_type=type_.pk)
    assert said in answer.content.decode()
    assert not Ticket.objects.exists()


def test_rows_are_added_and_removed_without_a_script_and_keep_what_was_typed() -> None:
    type_ = TicketTypeFactory()
    typed = {**GUEST, **rows_of((type_, "Ada", "ada@example.test"), (type_, "Ben", "ben@example.test"))}
    more = book(type_.event, **typed, add="1").content.decode()
    assert 'name="name_2"' in more
    assert 'value="Ada"' in more
    less = book(type_.event, **typed, without="0").content.decode()
    assert 'value="Ben"' in less
    assert 'value="Ada"' not in less
    assert not Order.objects.exists()


@pytest.mark.parametrize("rows", ["-1", "1e9", "", "99999", "²", "0"])
def test_a_strange_number_of_rows_is_no_error_page(rows: str) -> None:
    type_ = TicketTypeFactory()
    assert book(type_.event, **{**GUEST, "type_0": type_.pk, "rows": rows}).status_code in (200, 302)


def test_a_machine_that_fills_every_field_is_refused() -> None:
    type_ = TicketTypeFactory()
    assert book(type_.event, **GUEST, type_0=type_.pk, website="https://example.test").status_code == 200
    assert not Order.objects.exists()


def test_members_tickets_are_for_members_and_nobody_learns_who_is_one(member: User, link_worker: User) -> None:
    event = EventFactory()
    for_all, for_members = TicketTypeFactory(event=event), TicketTypeFactory(event=event, audience="member")
    assert f'value="{for_members.pk}"' not in Client().get(page(event)).content.decode()
    answers = [
        book(event, **GUEST, **rows_of((for_members, "A", email))) for email in (member.email, "nobody@example.test")
    ]
    assert [answer.status_code for answer in answers] == [200, 200]
    stranger = logged_in(link_worker)
    told = [
        book(event, stranger, **rows_of((for_members, "A", email))).content.decode().replace(email, "")
        for email in (member.email, "nobody@example.test")
    ]
    assert ["not on sale" in each for each in told] == [True, True]
    assert not Ticket.objects.exists()
    own = logged_in(member)
    book(event, own, **rows_of((for_members, member.name, member.email)))
    assert Ticket.objects.get().user == member
    again = book(event, own, **rows_of((for_members, member.name, member.email)))
    assert "has a ticket" in again.content.decode()
    assert for_all.event.tickets.count() == 1


def test_the_ticket_that_is_chosen_already_is_one_that_the_person_can_have(
    member: User, volunteer: User, link_worker: User
) -> None:
    event = EventFactory()
    for_volunteers = TicketTypeFactory(event=event, audience="volunteer", order=1)
    for_members = TicketTypeFactory(event=event, audience="member", order=2)
    standard = PaidTypeFactory(event=event, order=3)

    def chosen(user: User) -> int:
        return logged_in(user).get(page(event)).context["form"].initial["type_0"]

    assert (chosen(member), chosen(volunteer), chosen(link_worker)) == (for_members.pk, for_volunteers.pk, standard.pk)
    for_members.delete()
    assert chosen(member) == standard.pk


def test_when_all_is_taken_one_waits_and_is_told_where() -> None:
    type_ = TicketTypeFactory(event__capacity=1)
    TicketFactory(type=type_)
    answer = book(type_.event, **GUEST, type_0=type_.pk)
    entry = WaitlistEntry.objects.get()
    assert answer.headers["Location"] == entry.get_absolute_url()
    refused = book(type_.event, **{**GUEST, "your_email": "other@example.test", "type_0": type_.pk, "waits": ""})
    assert "All places are taken" in refused.content.decode()


def test_whoever_opens_a_full_event_is_not_asked_whether_they_wait() -> None:
    type_ = TicketTypeFactory(event__capacity=1)
    asked = '<input type="checkbox" name="waits"'
    assert asked in Client().get(page(type_.event)).content.decode()
    TicketFactory(type=type_)
    shown = Client().get(page(type_.event)).content.decode()
    assert asked not in shown
    assert '<input type="hidden" name="waits" value="on">' in shown


def test_two_are_not_split_when_one_place_is_left() -> None:
    type_ = TicketTypeFactory(event__capacity=1)
    answer = book(type_.event, **GUEST, **rows_of((type_, "A", "a@example.test"), (type_, "B", "b@example.test")))
    assert "Only 1 place is left" in answer.content.decode()
    assert not WaitlistEntry.objects.exists()
    assert not Ticket.objects.exists()


def test_a_code_takes_off_and_is_used_up() -> None:
    type_ = PaidTypeFactory()
    code = DiscountCodeFactory(event=type_.event, limit=1)
    book(type_.event, **GUEST, type_0=type_.pk, code=code.code.lower())
    ticket = Ticket.objects.get()
    assert ticket.price == type_.price / 2
    answer = book(type_.event, **{**GUEST, "your_email": "b@example.test", "type_0": type_.pk, "code": code.code})
    assert "as often as it may be" in answer.content.decode()
    wrong = book(type_.event, **{**GUEST, "your_email": "b@example.test", "type_0": type_.pk, "code": "NONE"})
    assert "do not know this code" in wrong.content.decode()


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"draft": True}, 404),
        ({"cancelled": True}, "does not take place"),
        ({"past": True}, "over"),
    ],
)
def test_nothing_is_booked_where_nothing_is_sold(facts: dict[str, Any], said: Any) -> None:
    type_ = TicketTypeFactory(event=EventFactory(**facts))
    answer = book(type_.event, **GUEST, type_0=type_.pk)
    if said == 404:
        assert answer.status_code == 404
    else:
        assert said in answer.content.decode().lower()
    assert not Order.objects.exists()


def test_a_window_of_sale_holds_for_a_form_that_was_open_before() -> None:
    type_ = TicketTypeFactory(sale_until=timezone.now() - dt.timedelta(minutes=1))
    other = TicketTypeFactory(event=type_.event)
    answer = book(type_.event, **GUEST, type_0=type_.pk)
    assert "not on sale" in answer.content.decode()
    assert other.event.tickets.count() == 0


# The page of a booking


def held(event: Event | None = None, count: int = 1) -> Order:
    type_ = PaidTypeFactory(event=event) if event else PaidTypeFactory()
    wishes = [Wish(type_, f"Guest {number}", f"g{number}@example.test") for number in range(count)]
    return booking.hold(type_.event, wishes, buyer=Buyer("Nora Finch", "nora@example.test"))


def test_paying_by_invoice_books_and_mails_each_their_ticket() -> None:
    order = held(count=2)
    client = Client()
    wrong = client.post(order.get_absolute_url(), {"action": "book", "pays": "invoice"})
    assert "Write whom the invoice is for" in wrong.content.decode()
    client.post(order.get_absolute_url(), {"action": "book", "pays": "invoice", "bill_to": "Leeds Link"})
    order.refresh_from_db()
    assert order.is_confirmed
    assert order.invoice is not None
    assert order.invoice.bill_to == "Leeds Link"
    assert order.invoice.total == sum(ticket.total for ticket in order.tickets.all())
    assert {"g0@example.test", "g1@example.test"} <= set(Message.objects.values_list("to", flat=True))
    paper = client.get(reverse("event_order_paper", args=[order.key, order.invoice.number]))
    assert paper.headers["Content-Type"] == "application/pdf"


def test_a_paper_of_another_booking_is_not_found_by_this_one() -> None:
    first, second = held(), held()
    for order in (first, second):
        booking.confirm(order, pays="invoice", bill_to="X", by=None)
    second.refresh_from_db()
    assert second.invoice is not None
    assert Client().get(reverse("event_order_paper", args=[first.key, second.invoice.number])).status_code == 404


def test_a_ticket_of_another_booking_is_not_given_back_by_this_one() -> None:
    first, second = held(), held()
    for order in (first, second):
        booking.confirm(order, pays="invoice", bill_to="X", by=None)
    other = second.tickets.get()
    for name in ("event_order_give_back", "event_order_hand_on"):
        assert Client().post(reverse(name, args=[first.key, other.pk]), {"name": "Z"}).status_code == 404
    other.refresh_from_db()
    assert other.is_valid


def test_giving_up_frees_the_places_at_once() -> None:
    order = held()
    Client().post(reverse("event_order_give_up", args=[order.key]))
    assert Event.objects.get(pk=order.event_id).taken == 0
    assert "took too long" not in Client().get(order.get_absolute_url()).content.decode()


def test_who_comes_too_late_reads_what_to_do_and_nothing_is_booked() -> None:
    order = held()
    Order.objects.filter(pk=order.pk).update(held_until=timezone.now() - dt.timedelta(minutes=1))
    booking.expire_all_lapsed()
    answer = Client().post(order.get_absolute_url(), {"action": "book", "pays": "invoice", "bill_to": "X"}, follow=True)
    assert answer.status_code == 200
    order.refresh_from_db()
    assert order.state == Order.State.EXPIRED
    assert order.invoice is None


def test_what_was_paid_by_card_is_booked_when_the_money_is_there() -> None:
    order = booking.confirm(held(), pays="card", by=None)
    assert not order.is_confirmed
    assert order.invoice is not None
    record_payment(
        invoice=order.invoice, amount=order.invoice.total, received_on=timezone.localdate(), method="card", by=None
    )
    assert booking.confirm_paid() == 1
    order.refresh_from_db()
    assert order.is_confirmed
    assert booking.confirm_paid() == 0


def test_a_key_that_is_none_opens_nothing() -> None:
    for name in ("event_order", "event_order_paid"):
        assert Client().get(reverse(name, args=["x" * 22])).status_code == 404


@pytest.mark.parametrize("count", [1, 30])
def test_the_page_of_a_booking_asks_as_much_for_thirty(count: int, django_assert_max_num_queries: Any) -> None:
    order = OrderFactory()
    TicketFactory.create_batch(count, order=order, type=PaidTypeFactory(event=order.event))
    with django_assert_max_num_queries(6):
        assert Client().get(order.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("count", [1, 30])
def test_the_form_asks_as_much_for_thirty_kinds(count: int, member: User, django_assert_max_num_queries: Any) -> None:
    event = EventFactory()
    PaidTypeFactory.create_batch(count, event=event, price=Decimal(10))
    client = logged_in(member)
    client.get(page(event))
    with django_assert_max_num_queries(11):
        assert client.get(page(event)).status_code == 200
