"""What attendees are told and when, what they see of each other, and what is forgotten of them."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from events.actions import reminders, retention, transfers, waitlist
from events.factories import (
    EventFactory,
    OrderFactory,
    PaidTypeFactory,
    TicketFactory,
    TicketTypeFactory,
    WaitlistEntryFactory,
)
from events.factories_after import AttendeeFactory
from events.models import Event, Order, Ticket, TicketNeeds, WaitlistEntry
from linkworkers.outbox.models import Message
from members.factories import UserFactory
from members.models import User
from tests.world import logged_in

pytestmark = pytest.mark.django_db

BEGIN = dt.datetime(2027, 4, 14, 9, 0, tzinfo=dt.UTC)  # 10:00 in London, in summer time


@pytest.fixture
def ticket(time_machine: Any) -> Ticket:
    """Booked in January for an event in April."""
    time_machine.move_to(dt.datetime(2027, 1, 10, 12, tzinfo=dt.UTC))
    event = EventFactory(starts_at=BEGIN, ends_at=BEGIN + dt.timedelta(hours=6), online_link="https://room.example/1")
    return TicketFactory(type=TicketTypeFactory(event=event))


def written(what: Any) -> int:
    before = Message.objects.exclude(subject="").count()
    what()
    return Message.objects.exclude(subject="").count() - before


def test_a_week_before_is_told_once_and_made_up_for_until_the_day_before(ticket: Ticket, time_machine: Any) -> None:
    time_machine.move_to(BEGIN - dt.timedelta(days=7, minutes=1))
    assert written(reminders.remind_a_week_before) == 0
    time_machine.move_to(BEGIN - dt.timedelta(days=7) + dt.timedelta(hours=30))  # the worker was dead
    assert written(reminders.remind_a_week_before) == 1
    assert written(reminders.remind_a_week_before) == 0
    mail = Message.objects.exclude(subject="").get(to=ticket.email)
    assert "https://room.example/1" in mail.text


def test_the_day_before_is_nine_in_london_and_both_are_not_sent_together(ticket: Ticket, time_machine: Any) -> None:
    time_machine.move_to(dt.datetime(2027, 4, 13, 7, 59, tzinfo=dt.UTC))
    assert written(reminders.remind_a_day_before) == 0
    time_machine.move_to(dt.datetime(2027, 4, 13, 8, 0, tzinfo=dt.UTC))  # 09:00 summer time
    assert written(reminders.remind_a_week_before) == 0
    assert written(reminders.remind_a_day_before) == 1
    assert written(reminders.remind_a_day_before) == 0
    time_machine.move_to(BEGIN + dt.timedelta(minutes=1))
    assert written(reminders.remind_a_day_before) == 0


def test_whoever_books_after_that_is_not_reminded_of_what_they_just_did(ticket: Ticket, time_machine: Any) -> None:
    time_machine.move_to(dt.datetime(2027, 4, 13, 12, 0, tzinfo=dt.UTC))
    late = TicketFactory(type=ticket.type, email="late@example.test")
    reminders.remind_a_day_before()
    assert not Message.objects.filter(to=late.email).exists()


@pytest.mark.parametrize("how", ["given back", "cancelled event", "draft"])
def test_nobody_is_reminded_of_what_is_not(ticket: Ticket, time_machine: Any, how: str) -> None:
    if how == "given back":
        Ticket.objects.update(state="cancelled", ended_at=timezone.now())
    elif how == "draft":
        Event.objects.update(published_at=None)
    else:
        Event.objects.update(cancelled_at=timezone.now(), cancelled_by=UserFactory(), cancel_reason="Snow")
    time_machine.move_to(BEGIN - dt.timedelta(days=6))
    assert written(reminders.remind_a_week_before) == 0


def test_an_event_that_was_moved_is_reminded_of_anew(ticket: Ticket, time_machine: Any) -> None:
    time_machine.move_to(BEGIN - dt.timedelta(days=6))
    assert written(reminders.remind_a_week_before) == 1
    later = BEGIN + dt.timedelta(days=30)
    Event.objects.update(starts_at=later, ends_at=later + dt.timedelta(hours=6))
    time_machine.move_to(later - dt.timedelta(days=6))
    assert written(reminders.remind_a_week_before) == 1


def test_a_ticket_that_was_handed_on_reminds_its_new_holder(ticket: Ticket, time_machine: Any) -> None:
    time_machine.move_to(BEGIN - dt.timedelta(days=6))
    reminders.remind_a_week_before()
    transfers.hand_on(ticket, name="Ben Cole", email="ben@example.test", organisation="", by=None)
    Message.objects.filter(to="ben@example.test").delete()
    assert written(reminders.remind_a_week_before) == 1
    assert Message.objects.exclude(subject="").filter(to="ben@example.test").count() == 1


def test_whoever_was_offered_a_place_is_called_once_before_it_goes(ticket: Ticket, time_machine: Any) -> None:
    time_machine.move_to(BEGIN - dt.timedelta(days=60))
    full = TicketTypeFactory(event__capacity=1, event__starts_at=BEGIN, event__ends_at=BEGIN + dt.timedelta(hours=6))
    taken = TicketFactory(type=full)
    entry = WaitlistEntryFactory(type=full)
    Ticket.objects.filter(pk=taken.pk).update(state="cancelled", ended_at=timezone.now())
    Event.objects.filter(pk=full.event_id).update(taken=0)
    waitlist.move_all_on()
    entry.refresh_from_db()
    order = entry.order
    assert order is not None
    assert order.held_until is not None
    assert written(reminders.remind_of_offers) == 0
    time_machine.move_to(order.held_until - dt.timedelta(hours=1))
    assert written(reminders.remind_of_offers) == 1
    assert written(reminders.remind_of_offers) == 0


def test_the_day_after_is_for_those_who_came(ticket: Ticket, time_machine: Any) -> None:
    time_machine.move_to(BEGIN - dt.timedelta(days=1))
    came = AttendeeFactory(type=ticket.type, email="came@example.test")
    time_machine.move_to(dt.datetime(2027, 4, 15, 7, 30, tzinfo=dt.UTC))
    assert written(reminders.thank_the_day_after) == 0
    time_machine.move_to(dt.datetime(2027, 4, 15, 8, 30, tzinfo=dt.UTC))
    assert written(reminders.thank_the_day_after) == 1
    assert written(reminders.thank_the_day_after) == 0
    mail = Message.objects.exclude(subject="").get(to=came.email)
    assert (
        reverse("event_ticket", args=[came.key]) in mail.text or reverse("event_feedback", args=[came.key]) in mail.text
    )


@pytest.mark.django_db(transaction=True)
def test_four_workers_at_once_write_one_mail() -> None:
    TicketFactory(type__event=EventFactory(days=6), order__confirmed_at=timezone.now() - dt.timedelta(days=30))
    Ticket.objects.update(created_at=timezone.now() - dt.timedelta(days=30))

    def work(_: int) -> int:
        try:
            return reminders.remind_a_week_before()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(work, range(4))) == 1
    assert Message.objects.filter(subject__startswith="In a week").count() == 1


# Who comes, and how to join


def test_the_link_for_joining_is_for_those_who_come(member: User, link_worker: User) -> None:
    event = EventFactory(online_link="https://room.example/1", joining="Ring twice.")
    kept = TicketFactory(type__event=event, user=member)
    pages = [reverse("event_joining", args=[event.slug]), reverse("event_ticket_joining", args=[kept.key])]
    assert all("room.example" in logged_in(member).get(page).content.decode() for page in pages)
    stranger = logged_in(link_worker)
    assert stranger.get(pages[0]).status_code == 404
    for page in ("event", "event_programme", "event_calendar"):
        assert b"room.example" not in stranger.get(reverse(page, args=[event.slug])).content
    assert b"room.example" not in Client().get(reverse("events_feed")).content
    kept.state, kept.ended_at = Ticket.State.CANCELLED, timezone.now()
    kept.save()
    assert logged_in(member).get(pages[0]).status_code == 404
    assert b"room.example" not in Client().get(pages[1]).content


def test_who_comes_is_shown_of_those_who_said_so_to_those_who_come(member: User, link_worker: User) -> None:
    event = EventFactory()
    TicketFactory(type__event=event, user=member)
    TicketFactory(type__event=event, name="Says Yes", listed=True)
    TicketFactory(type__event=event, name="Says Nothing")
    page = reverse("event_people", args=[event.slug])
    shown = logged_in(member).get(page).content.decode()
    assert "Says Yes" in shown
    assert "Says Nothing" not in shown
    assert "nora@example.test" not in shown
    assert logged_in(link_worker).get(page).status_code == 404


def test_ones_own_events_are_ones_own(member: User, link_worker: User) -> None:
    kept = TicketFactory(type__event__title="A day of mine", user=member)
    page = reverse("events_mine")
    assert "A day of mine" in logged_in(member).get(page).content.decode()
    others = logged_in(link_worker).get(page).content.decode()
    assert "A day of mine" not in others
    assert kept.key not in others


@pytest.mark.parametrize("count", [1, 30])
def test_lists_ask_as_much_for_thirty(count: int, member: User, django_assert_max_num_queries: Any) -> None:
    for number in range(count):
        TicketFactory(type__event__title=f"Day {number}", user=member)
        OrderFactory(buyer=member, event=EventFactory())
    event = EventFactory()
    TicketFactory(type__event=event, user=member)
    TicketFactory.create_batch(count, type=PaidTypeFactory(event=event), listed=True)
    client = logged_in(member)
    client.get(reverse("events"))
    for page in (reverse("events_mine"), reverse("event_people", args=[event.slug])):
        with django_assert_max_num_queries(10):
            assert client.get(page).status_code == 200


# What is forgotten


def test_what_people_need_is_forgotten_a_month_after_and_no_sooner() -> None:
    kept = TicketFactory(type__event__past=True)
    gone = TicketFactory(type__event=EventFactory(days=-40))
    for each in (kept, gone):
        TicketNeeds.objects.create(ticket=each, diet=["vegan"])
    retention.forget_old()
    assert list(TicketNeeds.objects.values_list("pk", flat=True)) == [kept.pk]


def test_two_years_after_whoever_has_no_account_has_no_name_here(member: User) -> None:
    old = EventFactory(days=-800)
    guest = TicketFactory(type__event=old, name="Nora Finch", email="nora@example.test")
    of_account = TicketFactory(type=guest.type, user=member)
    retention.forget_old()
    for each in (guest, of_account):
        each.refresh_from_db()
    assert "Nora" not in guest.name
    assert "nora" not in guest.email
    assert of_account.name == member.name
    assert retention.forget_old() == 0


def test_whoever_leaves_waits_no_more_and_gives_their_place_to_the_next(member: User) -> None:
    type_ = TicketTypeFactory(event__capacity=1)
    own = TicketFactory(type=type_, user=member, order__buyer=member)
    next_one = WaitlistEntryFactory(type=type_)
    retention.erase(member)
    own.refresh_from_db()
    next_one.refresh_from_db()
    assert own.state == Ticket.State.CANCELLED
    assert next_one.state == WaitlistEntry.State.OFFERED
    assert not Ticket.objects.filter(name=member.name).exists()
    assert not Order.objects.filter(email=member.email).exists()
