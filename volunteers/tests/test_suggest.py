"""Whom to ask first, and what the coordinator is told about them."""

import datetime as dt

import pytest
from django.utils import timezone

from directory.factories import OutwardCodeFactory, PostcodeFactory
from members.factories import PostFactory
from members.models import Role
from volunteers.factories import (
    ClinicSessionFactory,
    ShiftFactory,
    VolunteerFactory,
    clear,
    in_london,
)
from volunteers.factories_cover import CoverAskFactory
from volunteers.models import ClinicSession, Volunteer, availability_of
from volunteers.suggest import ranked

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(practice) -> ClinicSession:
    return ClinicSessionFactory(clinic__practice=practice, places=3)


def helper(session: ClinicSession, name: str, **facts) -> Volunteer:
    return VolunteerFactory(workplace=session.clinic.practice, name=name, roles=[session.clinic.role], **facts)


def names(session: ClinicSession, **leave_out) -> list[str]:
    return [each.volunteer.name for each in ranked(session, **leave_out)]


def test_whoever_is_usually_free_then_comes_first(session):
    helper(session, "Anna")
    helper(session, "Zoe", availability=[availability_of(session.starts_at)])
    assert names(session) == ["Zoe", "Anna"]
    reasons = [each.reasons[0] for each in ranked(session)]
    assert reasons[0].startswith("Usually free on ")
    assert reasons[1] == "Has not said when they are usually free."


def test_whoever_has_fewer_shifts_comes_before_whoever_has_many(session):
    anna, zoe = helper(session, "Anna"), helper(session, "Zoe")
    for days in (-10, -3, 10):
        ShiftFactory(
            session=ClinicSessionFactory(clinic__practice=session.clinic.practice, starts_at=in_london(days=days)),
            volunteer=anna,
        )
    ShiftFactory(
        session=ClinicSessionFactory(clinic__practice=session.clinic.practice, starts_at=in_london(days=-40)),
        volunteer=zoe,
    )
    assert names(session) == ["Zoe", "Anna"]
    assert [each.reasons[1] for each in ranked(session)] == [
        "0 shifts in the last four weeks, 0 in the next.",
        "2 shifts in the last four weeks, 1 in the next.",
    ]


def test_whoever_lives_near_comes_first_and_an_unknown_distance_is_said(session):
    PostcodeFactory(code="AL1 3JQ", latitude=51.75, longitude=-0.34)
    OutwardCodeFactory(code="AL4", latitude=51.75, longitude=-0.29)
    session.clinic.practice.postcode = "al13jq"
    helper(session, "Anna", postcode="AL4 9ZZ")
    helper(session, "Ben", postcode="XX1 1XX")
    helper(session, "Zoe", postcode="AL1 3JQ")
    found = {each.volunteer.name: each.reasons[2] for each in ranked(session)}
    assert names(session) == ["Zoe", "Anna", "Ben"]
    assert found == {
        "Zoe": "Less than a mile from the practice.",
        "Anna": "About 2 miles from the practice.",
        "Ben": "How far they live is not known.",
    }


def test_whoever_was_asked_just_now_comes_after_whoever_was_not(session):
    for name, days in (("Anna", 2), ("Zoe", 90)):
        asked_at = timezone.now() - dt.timedelta(days=days)
        CoverAskFactory(volunteer=helper(session, name), asked_at=asked_at)
    assert names(session) == ["Zoe", "Anna"]
    assert ranked(session)[1].reasons[-1] == "Asked to cover 2 days ago."


def test_only_who_could_be_put_on_is_suggested(session, other_practice, network):
    on_it, elsewhere, left_out = (helper(session, name) for name in ("On it", "Elsewhere", "Left out"))
    ShiftFactory(session=session, volunteer=on_it)
    ShiftFactory(session=ClinicSessionFactory(starts_at=session.starts_at + dt.timedelta(hours=2)), volunteer=elsewhere)
    helper(session, "Paused", stage="paused")
    VolunteerFactory(workplace=other_practice, name="Other network", roles=[session.clinic.role])
    VolunteerFactory(workplace=session.clinic.practice, name="Without the role")
    VolunteerFactory(workplace=network, name="Of the network", roles=[session.clinic.role])
    assert names(session, leave_out=[left_out.pk]) == ["Of the network"]


def test_who_volunteers_at_the_practice_and_in_its_network_is_suggested_as_either_and_counted_as_one(session, network):
    here = helper(session, "Rose")
    PostFactory(user=here.user, workplace=network, role=Role.VOLUNTEER)
    there = VolunteerFactory(user=here.user, workplace=network)
    clear(there, session.clinic.role)
    assert len(ranked(session)) == 2
    ShiftFactory(session=session, volunteer=here)
    assert ranked(session) == []


@pytest.mark.parametrize("count", [1, 30])
def test_three_queries_however_many(session, count, django_assert_num_queries):
    PostcodeFactory(code="AL1 3JQ")
    session.clinic.practice.postcode = "AL1 3JQ"
    for number in range(count):
        helper(session, f"Volunteer {number}", postcode="AL1 3JQ")
    session = ClinicSession.objects.select_related("clinic__practice", "clinic__role").get()
    session.clinic.practice.postcode = "AL1 3JQ"
    with django_assert_num_queries(3):
        assert len(ranked(session)) == count
