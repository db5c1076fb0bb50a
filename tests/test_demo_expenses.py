"""The demo's expenses: a claim in each state, with a receipt, for a volunteer who was on shifts."""

import datetime as dt
from random import Random

import pytest
from django.utils import timezone

from linkworkers.demo.clock import Clock
from linkworkers.demo.places import World
from linkworkers.demo.volunteers import expenses
from members.models import User
from volunteers.factories import VolunteerFactory
from volunteers.factories_expenses import worked_shift
from volunteers.mileage import rates_missing
from volunteers.models import ExpenseClaim, MileageRate, Receipt

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock() -> Clock:
    return Clock(timezone.now(), Random(1))


def test_there_is_a_claim_in_each_state(coordinator: User, clock: Clock) -> None:
    User.objects.filter(pk=coordinator.pk).update(email="coordinator@demo.test")
    helper = VolunteerFactory()
    User.objects.filter(pk=helper.user_id).update(email="volunteer@demo.test")
    for days in range(1, 9):
        worked_shift(helper, days=-days * 4)
    expenses.build(World(), clock)
    assert sorted(ExpenseClaim.objects.values_list("state", flat=True)) == sorted(ExpenseClaim.State.values)
    assert Receipt.objects.count() == 6
    assert ExpenseClaim.objects.filter(created_at__lt=timezone.now() - dt.timedelta(days=3)).exists()


def test_without_volunteers_there_are_rates_that_say_they_are_made_up(clock: Clock) -> None:
    expenses.build(World(), clock)
    expenses.build(World(), clock)
    assert rates_missing() == []
    assert all("example" in rate.source for rate in MileageRate.objects.filter(until_date=None))
    assert not ExpenseClaim.objects.exists()
