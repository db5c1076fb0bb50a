"""The pages of the door: for those who have it, with and without a network."""

import datetime as dt
import json
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from events.factories import (
    CheckInFactory,
    EventFactory,
    PaidTypeFactory,
    ProgrammeItemFactory,
    TicketFactory,
    TicketTypeFactory,
)
from events.models import CheckIn, Event, EventDuty, Scan, Ticket, hash_of
from members.models import Invoice, User
from tests.world import logged_in

pytestmark = pytest.mark.django_db

CODES = ("event_check_in", "event_door_problems", "event_walk_in", "event_badges", "event_desk_list", "event_codes")


@pytest.fixture
def event(coordinator: User) -> Event:
    begin = timezone.now() - dt.timedelta(minutes=20)
    event = EventFactory(starts_at=begin, ends_at=begin + dt.timedelta(hours=6), capacity=90)
    EventDuty.objects.create(event=event, user=coordinator, duty=EventDuty.Duty.DOOR)
    return event


@pytest.fixture
def door(coordinator: User) -> Client:
    return logged_in(coordinator)


def send(client: Client, event: Event, scans: Any) -> Any:
    body = scans if isinstance(scans, str | bytes) else json.dumps(scans)
    return client.post(reverse("event_scans", args=[event.slug]), body, content_type="application/json")


def scan_of(ticket: Ticket, **facts: Any) -> dict[str, Any]:
    return {"key": str(uuid.uuid4()), "code": ticket.code, "item": None, "at": timezone.now().isoformat()} | facts


def test_a_phone_that_heard_no_answer_sends_again_and_nobody_is_counted_twice(door: Client, event: Event) -> None:
    tickets = TicketFactory.create_batch(3, type=TicketTypeFactory(event=event))
    batch = [scan_of(each) for each in tickets]
    answers = [send(door, event, batch).json()["results"] for _ in range(3)]
    assert answers[0] == answers[1] == answers[2]
    assert {each["result"] for each in answers[0]} == {"in"}
    assert CheckIn.objects.count() == 3
    again = send(door, event, [scan_of(tickets[0])]).json()["results"][0]
    assert again["result"] == "again"
    assert CheckIn.objects.count() == 3


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{}",
        "null",
        "[" * 5000,
        json.dumps([1] * 201),
        b"\xff\xfe",
        '{"a": 1}',
    ],
)
def test_what_is_no_list_of_scans_is_refused_whole(door: Client, event: Event, body: str | bytes) -> None:
    assert send(door, event, body).status_code == 400
    assert not Scan.objects.exists()


@pytest.mark.parametrize(
    "row",
    [
        7,
        None,
        [],
        {},
        {"key": "x", "code": "A"},
        {"key": str(uuid.uuid4()), "code": 5},
        {"key": str(uuid.uuid4()), "code": "A\0B"},
        {"key": str(uuid.uuid4()), "code": "A", "item": True},
        {"key": str(uuid.uuid4()), "code": "A", "item": -1},
        {"key": str(uuid.uuid4()), "code": "A", "item": 2**40},
    ],
)
def test_one_row_that_cannot_be_read_does_not_lose_the_others(door: Client, event: Event, row: Any) -> None:
    good = scan_of(TicketFactory(type=TicketTypeFactory(event=event)))
    results = send(door, event, [row, good]).json()["results"]
    assert {each["result"] for each in results} == {"in", "unreadable"}
    assert CheckIn.objects.count() == 1


@pytest.mark.parametrize("at", ["yesterday", None, 5, "9999-12-31T23:59:59+00:00", "0001-01-01T00:00:00+00:00", "now"])
def test_a_strange_time_lets_in_all_the_same(door: Client, event: Event, at: Any) -> None:
    ticket = TicketFactory(type=TicketTypeFactory(event=event))
    assert send(door, event, [scan_of(ticket, at=at)]).json()["results"][0]["result"] == "in"
    assert abs(CheckIn.objects.get().at - timezone.now()) < dt.timedelta(minutes=1)


def test_more_than_a_phone_would_send_is_refused(door: Client, event: Event) -> None:
    assert send(door, event, json.dumps([{"key": "k", "code": "A" * 120_000}])).status_code == 413


def test_the_codes_kept_for_no_network_name_nobody(door: Client, event: Event) -> None:
    ticket = TicketFactory(type=TicketTypeFactory(event=event), name="Nora Finch")
    TicketFactory(type=ticket.type, state="cancelled", ended_at=timezone.now())
    answer = door.get(reverse("event_codes", args=[event.slug]))
    assert answer.json()["codes"] == [hash_of(ticket.code)]
    assert ticket.code not in answer.content.decode()
    shell = Client().get(reverse("event_check_in_shell", args=[event.slug])).content.decode()
    assert "Nora" not in shell


def test_the_door_is_for_those_who_have_it_at_this_event_and_for_two_days_after(
    event: Event, coordinator: User, link_worker: User
) -> None:
    TicketFactory(type=TicketTypeFactory(event=event))
    other = EventFactory()
    for name in CODES:
        page = reverse(name, args=[event.slug])
        assert logged_in(coordinator).get(page).status_code == 200, name
        assert logged_in(link_worker).get(page).status_code == 404, name
        assert logged_in(coordinator).get(reverse(name, args=[other.slug])).status_code == 404, name
    past = timezone.now() - dt.timedelta(days=3)
    Event.objects.filter(pk=event.pk).update(starts_at=past - dt.timedelta(hours=6), ends_at=past)
    for name in CODES:
        assert logged_in(coordinator).get(reverse(name, args=[event.slug])).status_code == 404, name


def test_somebody_is_found_by_name_let_in_and_taken_back_with_a_reason(door: Client, event: Event) -> None:
    ticket = TicketFactory(type=TicketTypeFactory(event=event), name="Zadie Ö’Brien")
    page = reverse("event_check_in", args=[event.slug])
    assert "Zadie" in door.get(page, {"q": "ö’brien zad"}).content.decode()
    assert "Zadie" not in door.get(page, {"q": "100%"}).content.decode()
    for _ in range(2):
        door.post(page, {"ticket": ticket.pk})
    made = CheckIn.objects.get()
    undo = reverse("event_check_in_undo", args=[event.slug, made.pk])
    assert door.post(undo, {"reason": ""}).status_code == 200
    assert CheckIn.objects.exists()
    door.post(undo, {"reason": "Wrong person"})
    assert not CheckIn.objects.exists()
    ticket.refresh_from_db()
    assert ticket.arrived_at is None


def test_names_stand_where_the_eye_looks_for_them(door: Client, event: Event) -> None:
    """However they were typed: capitals make no difference, and a letter with a mark stands beside the one without."""
    sorted_names = ["adam Ant", "Lena Okafor", "Łukasz Nowak", "mary o’Neill", "Özlem Kaya", "Zadie Moss"]
    type_ = TicketTypeFactory(event=event)
    for name in sorted(sorted_names):
        TicketFactory(type=type_, name=name)
    shown = door.get(reverse("event_check_in", args=[event.slug]))
    assert [each["name"] for each, _ in shown.context["rows"]] == sorted_names


@pytest.mark.parametrize("at_session", [False, True], ids=["door", "session"])
def test_each_list_counts_who_stands_in_it(door: Client, event: Event, at_session: bool) -> None:
    """Held tickets and given-back ones come in none, and who was let in elsewhere is still expected here."""
    type_ = TicketTypeFactory(event=event)
    tickets = TicketFactory.create_batch(25, type=type_)
    TicketFactory(type=type_, held=True)
    TicketFactory(type=type_, state=Ticket.State.CANCELLED, ended_at=timezone.now())
    item = ProgrammeItemFactory(event=event, title="<b>Tea</b>")
    for ticket in tickets[:2]:
        CheckInFactory(ticket=ticket, item=item)
    CheckInFactory(ticket=tickets[2])
    asked = {"item": item.pk} if at_session else {}
    here = 2 if at_session else 1
    for listed, count in (("expected", 25 - here), ("in", here)):
        names = []
        for number in range(1, 3):
            shown = door.get(reverse("event_check_in", args=[event.slug]), {"list": listed, "page": number, **asked})
            assert shown.context["page"].paginator.count == count
            assert (
                f"{timezone.localtime(item.starts_at):%H:%M} &lt;b&gt;Tea&lt;/b&gt; (2)</option>"
                in shown.content.decode()
            )
            if number <= shown.context["page"].paginator.num_pages:
                names += [each["pk"] for each, _ in shown.context["rows"]]
        assert len(set(names)) == len(names) == count


@pytest.mark.parametrize("ticket", ["", "x", "-1", "9" * 30, "²"])
def test_a_ticket_that_is_none_is_not_found(door: Client, event: Event, ticket: str) -> None:
    assert door.post(reverse("event_check_in", args=[event.slug]), {"ticket": ticket}).status_code == 404


def test_a_ticket_of_another_event_is_not_let_in_by_its_number(door: Client, event: Event) -> None:
    other = TicketFactory()
    assert door.post(reverse("event_check_in", args=[event.slug]), {"ticket": other.pk}).status_code == 404
    made = CheckInFactory(ticket=other)
    assert door.post(reverse("event_check_in_undo", args=[event.slug, made.pk]), {"reason": "x"}).status_code == 404
    assert CheckIn.objects.filter(pk=made.pk).exists()


def test_a_walk_in_sent_twice_is_booked_once_and_billed_once(door: Client, event: Event) -> None:
    type_ = PaidTypeFactory(event=event)
    page = reverse("event_walk_in", args=[event.slug])
    form = door.get(page).context["form"]
    typed = {
        "key": str(form["key"].value()),
        "type": type_.pk,
        "name": "Walter Inn",
        "email": "walter@example.test",
        "pays": form.fields["pays"].choices[0][0],
        "bill_to": "Walter Inn",
    }
    answers = [door.post(page, typed) for _ in range(2)]
    assert [each.status_code for each in answers] == [302, 302]
    assert Ticket.objects.get().arrived_at is not None
    assert Invoice.objects.count() == 1


def test_nobody_walks_into_a_full_house(door: Client, event: Event) -> None:
    type_ = TicketTypeFactory(event=event)
    Event.objects.filter(pk=event.pk).update(capacity=1)
    TicketFactory(type=type_)
    page = reverse("event_walk_in", args=[event.slug])
    typed = {"key": str(uuid.uuid4()), "type": type_.pk, "name": "W", "email": "w@example.test", "pays": "invoice"}
    assert door.post(page, typed).status_code == 200
    assert Ticket.objects.count() == 1


def test_a_code_in_an_address_tells_a_stranger_nothing(event: Event, member: User, door: Client) -> None:
    ticket = TicketFactory(type=TicketTypeFactory(event=event), name="Nora Finch")
    for client in (Client(), logged_in(member)):
        pages = [client.get(reverse("event_scan", args=[code])) for code in (ticket.code, "NOSUCHCODE")]
        assert pages[0].status_code == pages[1].status_code == 200
        assert len(pages[0].content) == len(pages[1].content)
        assert b"Nora" not in pages[0].content
    found = door.get(reverse("event_scan", args=[ticket.code]), follow=True).content.decode()
    assert "Nora Finch" in found


@pytest.mark.parametrize("count", [1, 30])
def test_lists_ask_as_much_for_thirty(
    count: int, door: Client, event: Event, django_assert_max_num_queries: Any
) -> None:
    for ticket in TicketFactory.create_batch(count, type=TicketTypeFactory(event=event)):
        CheckInFactory(ticket=ticket)
        Scan.objects.create(key=uuid.uuid4(), event=event, ticket=ticket, result=Scan.Result.AGAIN)
        TicketFactory(type=ticket.type)
    door.get(reverse("events"))
    pages = [
        reverse("event_check_in", args=[event.slug]),
        reverse("event_check_in", args=[event.slug]) + "?list=in",
        reverse("event_door_problems", args=[event.slug]),
        reverse("event_badges", args=[event.slug]),
        reverse("event_desk_list", args=[event.slug]),
        reverse("event_badges_pdf", args=[event.slug]),
    ]
    for page in pages:
        with django_assert_max_num_queries(10):
            assert door.get(page).status_code == 200
