"""The demo's courses and learning years: true to the rules that everybody's are."""

import datetime as dt
from random import Random

import pytest

from linkworkers.demo.clock import Clock
from linkworkers.demo.members import learning
from linkworkers.demo.places import settle
from members.models import Association, Course, CourseCertificate, LearningEntry, Supervision, User

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("day", ["2026-11-25", "2026-04-01", "2028-02-29"])
def test_learning_can_be_built_on_any_day(day):
    """On the first day of a learning year too, when there was little time to learn."""
    now = dt.datetime.fromisoformat(f"{day}T12:00+00:00")
    clock = Clock(now, Random(1))
    world = settle(clock)
    learning.build(world, clock)
    assert Course.objects.count() == 3
    assert all(3 <= course.sections.count() <= 5 for course in Course.objects.all())
    assert all(4 <= course.questions.count() <= 6 for course in Course.objects.all())
    assert CourseCertificate.objects.count() == 2
    assert not LearningEntry.objects.filter(on__gt=clock.today).exists()
    assert not Supervision.objects.filter(on__gt=clock.today).exists()
    begins, _ = Association.get().learning_year(clock.today)
    assert User.objects.get(email="link-worker@demo.test").learning.filter(on__gte=begins).exists()


def test_it_leaves_out_who_is_not_there():
    clock = Clock(dt.datetime(2026, 11, 25, 12, tzinfo=dt.UTC), Random(1))
    world = settle(clock)
    del world.people["link-worker"]
    learning.build(world, clock)
    assert CourseCertificate.objects.count() == 1
