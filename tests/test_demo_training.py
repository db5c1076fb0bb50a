"""The demo's trainings: true to the rules that everybody's are, and nothing where there are no volunteers."""

import datetime as dt
from random import Random

import pytest

from linkworkers.demo.clock import Clock
from linkworkers.demo.places import settle
from linkworkers.demo.volunteers import training
from members.models import Post, Role, User
from volunteers.factories import VolunteerFactory
from volunteers.models import Training, TrainingPlace

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("day", ["2026-11-25", "2027-03-29", "2028-02-29"])
def test_trainings_can_be_built_on_any_day(day, time_machine):
    now = dt.datetime.fromisoformat(f"{day}T12:00+00:00")
    time_machine.move_to(now)
    clock = Clock(now, Random(1))
    world = settle(clock)
    training.build(world, clock)
    assert not Training.objects.exists()
    user = User.objects.get(email="volunteer@demo.test")
    workplace = Post.objects.get(user=user, role=Role.VOLUNTEER).workplace
    VolunteerFactory(user=user, workplace=workplace)
    VolunteerFactory.create_batch(5, workplace=workplace)
    training.build(world, clock)
    assert Training.objects.to_come().count() == 3
    assert Training.objects.filter(places__state="waiting").exists()
    assert not TrainingPlace.objects.filter(state="signed_up", training__starts_at__lt=now).exists()
    assert user.learning.filter(on__lte=clock.today).count() == 2
