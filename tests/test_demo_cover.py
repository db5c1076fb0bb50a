"""The demo's request for cover and its swap, beside whatever shifts there are."""

import random
from typing import Any

import pytest
from django.utils import timezone

from linkworkers.demo.clock import Clock
from linkworkers.demo.volunteers.cover import build
from volunteers.factories import ClinicSessionFactory, ShiftFactory, in_london
from volunteers.factories_cover import colleague_at, shift_beside
from volunteers.models import CoverRequest, Swap

pytestmark = pytest.mark.django_db
WORLD: Any = None  # its rows are found by query


def test_it_has_an_open_request_and_a_swap_that_waits(network: object) -> None:
    clock = Clock(timezone.now(), random.Random(1))
    build(WORLD, clock)
    assert not CoverRequest.objects.exists()
    first = ShiftFactory(session=ClinicSessionFactory(starts_at=in_london(days=5), clinic__swaps_need_approval=True))
    shift_beside(first)
    shift_beside(first, name="Ann Lee", days=2)
    colleague_at(first.volunteer.workplace, first.session.clinic.role, name="Bea")
    build(WORLD, clock)
    assert CoverRequest.objects.live().get().asks.exists()
    assert Swap.objects.live().get().state == "agreed"
