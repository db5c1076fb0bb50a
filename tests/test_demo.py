"""The demo is never let loose on anything real, and is the same on any day."""

import datetime as dt

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F
from pytest_django import Settings

from directory.factories import OrganizationFactory
from linkworkers.demo.build import build
from members.factories import UserFactory, WorkplaceFactory
from members.models import User
from referrals.models import CareContact, FollowUp, Referral

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def demo_installation(settings: Settings) -> None:
    settings.DEMO = True


def test_it_can_be_built_on_any_day() -> None:
    """On a Sunday before dawn, say, in the first week of the contract year."""
    now = dt.datetime(2026, 4, 5, 4, 30, tzinfo=dt.UTC)
    assert build(now=now)
    assert Referral.objects.count() == 400
    assert not CareContact.objects.filter(happened_at__gt=now).exists()
    assert not FollowUp.objects.filter(due_on__lt=F("created_at__date")).exists()


def test_it_refuses_an_installation_that_is_not_a_demo(settings: Settings) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError, match="DEMO=1"):
        call_command("demo")
    assert not User.objects.exists()


def test_it_refuses_a_database_with_somebody_else_in_it() -> None:
    UserFactory(email="somebody@example.org")
    with pytest.raises(CommandError, match="1 accounts"):
        call_command("demo")


def test_it_refuses_a_database_with_another_workplace_in_it() -> None:
    WorkplaceFactory()
    with pytest.raises(CommandError, match="workplaces"):
        call_command("demo")
    assert not User.objects.exists()


def test_it_refuses_a_database_with_another_directory_in_it() -> None:
    OrganizationFactory()
    with pytest.raises(CommandError, match="directory that is not of the demo"):
        call_command("demo")
    assert not User.objects.exists()
