"""The demo's events: true to the rules that everybody's are, on any day."""

import datetime as dt
from random import Random

import pytest
from django.utils import timezone

from events.feedback_results import results
from events.models import CheckIn, Contribution, Event, Introduction, ItemPlace, Reflection, Ticket, WaitlistEntry
from events.models.contribution import LEAST_WORDS, MOST_WORDS
from linkworkers.demo.clock import Clock
from linkworkers.demo.events import after, contributions, core
from linkworkers.demo.places import settle
from members.factories import MembershipFactory
from members.models import LearningEntry, User

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("day", ["2026-11-25", "2027-03-29", "2028-02-29"])
def test_events_can_be_built_on_any_day(day, time_machine):
    now = dt.datetime.fromisoformat(f"{day}T12:00+00:00")
    time_machine.move_to(now)
    clock = Clock(now, Random(1))
    world = settle(clock)
    member = User.objects.get(email="member@demo.test")
    MembershipFactory(user=member)
    MembershipFactory.create_batch(20)
    core.build(world, clock)
    contributions.build(world, clock)
    after.build(world, clock)
    assert Event.objects.to_come().count() == 3
    full = Event.objects.get(slug="east-of-england-day")
    assert (full.free, full.waitlist.waiting().count()) == (0, 6)
    over = Event.objects.over().get()
    assert over.tickets.arrived().count() == 120
    assert not CheckIn.objects.filter(at__gt=timezone.now()).exists()
    assert member.tickets.valid().filter(event__starts_at__gt=now).exists()
    assert WaitlistEntry.objects.filter(buyer=member, state="waiting").exists()
    assert ItemPlace.objects.exists()
    for event in Event.objects.all():
        assert event.taken == Ticket.objects.standing().filter(event=event).count()
        assert timezone.localtime(event.starts_at).hour in (9, 10, 12)
    sent = Contribution.objects.filter(state="sent")
    assert all(LEAST_WORDS <= len(each.abstract.split()) <= MOST_WORDS for each in sent), sent
    assert sent[0].call.is_open
    assert not results(over).missing
    assert Reflection.objects.stories().count() == 5
    assert Introduction.objects.count() == 2
    assert LearningEntry.objects.filter(user=member, source=f"event:{over.pk}").exists()
