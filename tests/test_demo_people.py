"""People of the demo."""

import datetime as dt
from random import Random

import pytest

from linkworkers.demo.clock import Clock
from linkworkers.demo.members import people
from linkworkers.demo.places import settle
from members.factories import MembershipFactory
from members.models import Block, Correspondence, MemberLetter, Profile

pytestmark = pytest.mark.django_db


def test_the_demo_has_people(settings) -> None:
    """Of those who have a membership; without any, nothing is made."""
    settings.DEMO = True
    clock = Clock(dt.datetime(2026, 4, 5, 4, 30, tzinfo=dt.UTC), Random(1))
    world = settle(clock)
    people.build(world, clock)
    assert not Profile.objects.exists()
    for person in world.people.values():
        MembershipFactory(user=person)
    people.build(world, clock)
    assert Profile.objects.listed().count() == 6
    assert (Correspondence.objects.count(), Block.objects.count()) == (3, 1)
    assert not MemberLetter.objects.filter(sent_at__gt=clock.now).exists()
    assert MemberLetter.objects.filter(read_at=None).count() == 3
