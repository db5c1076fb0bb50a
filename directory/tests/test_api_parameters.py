"""The open data: every parameter leaves something out, and refuses what makes no sense."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from directory.factories import (
    OrganizationFactory,
    OutwardCodeFactory,
    PostcodeFactory,
    ServiceFactory,
    make_listing,
    need_term,
)
from directory.models import NEEDS_TAXONOMY, Location, Schedule, Service, Taxonomy, TaxonomyTerm
from directory.tests.test_api import Api, api, problem

__all__ = ["api"]

pytestmark = pytest.mark.django_db

FAR = (53.8, -1.55)  # degrees: Leeds


@pytest.fixture
def two(db: None) -> tuple[Service, Service]:
    """One listing that differs from another in all that can be asked for."""
    OutwardCodeFactory()
    PostcodeFactory()
    wanted = make_listing(
        "Verulam lunch club",
        needs=("loneliness",),
        byday="MO,1TH",
        hours=(13, 15),
        minimum_age=60,
        maximum_age=70,
        covers=("St Albans",),
    )
    other = make_listing(
        "Headland choir",
        at=FAR,
        needs=("money",),
        byday="TU",
        hours=(9, 18),
        minimum_age=5,
        maximum_age=80,
        covers=("Leeds",),
        last_modified=timezone.now() - dt.timedelta(days=400),
    )
    Location.objects.filter(latitude=FAR[0]).get().addresses.update(postal_code="LS1 1AA")
    other_list = Taxonomy.objects.create(name="Another list", description="-")
    TaxonomyTerm.objects.filter(pk=need_term("money").pk).update(taxonomy=other_list)
    return wanted, other


def narrowing(wanted: Service) -> dict[str, dict[str, Any]]:
    return {
        "search": {"search": "lunches"},
        "a phrase": {"search": '"lunch club"'},
        "a word left out": {"search": "-choir"},
        "taxonomy_term_id": {"taxonomy_term_id": need_term("loneliness").pk},
        "taxonomy_id": {"taxonomy_id": NEEDS_TAXONOMY},
        "organization_id": {"organization_id": wanted.organization_id},
        "minimum_age": {"minimum_age": 18},
        "maximum_age": {"maximum_age": "70"},
        "start_time": {"start_time": "13:00"},
        "end_time": {"end_time": "15:00:00"},
        "day": {"day": "MO"},
        "day by name": {"day": "monday"},
        "day of a month": {"day": "TH"},
        "modified_after": {"modified_after": (timezone.now() - dt.timedelta(days=9)).isoformat()},
        "postcode": {"postcode": "al13jq"},
        "outward code": {"postcode": "AL1"},
        "proximity": {"postcode": "AL1 3JQ", "proximity": 3000},
        "several": {"search": "club", "day": "MO", "start_time": "12:00", "minimum_age": 18},
    }


@pytest.mark.parametrize("path", ["services", "service_at_locations"])
def test_each_parameter_narrows(api: Api, two: tuple[Service, Service], path: str) -> None:
    assert api.names(path) == {"Verulam lunch club", "Headland choir"}
    for what, query in narrowing(two[0]).items():
        assert api.names(path, **query) == {"Verulam lunch club"}, what
        assert api.get(path, **query)["total_items"] == 1, what
        assert [len(api.lines(path, **query, **manner)) for manner in ({}, {"full": "true"})] == [1, 1], what


def test_all_that_is_asked_for_has_to_hold(api: Api, two: tuple[Service, Service]) -> None:
    assert api.names(search="lunch", day="TU") == set()
    assert api.names(minimum_age=18, maximum_age=60) == set()
    assert api.names(taxonomy_term_id=need_term("money").pk, postcode="AL1 3JQ") == set()


def test_when_is_asked_of_one_schedule(api: Api) -> None:
    """A group on Monday mornings and on Friday afternoons has nothing on Monday afternoons."""
    group = make_listing("Two times", byday="MO", hours=(9, 11))
    Schedule.objects.create(service=group, byday="FR", opens_at=dt.time(14), closes_at=dt.time(16))
    assert api.names(day="MO") == api.names(start_time="14:00") == {"Two times"}
    assert api.names(day="MO", start_time="14:00") == set()
    assert api.names(day="FR", start_time="14:00", end_time="16:00") == {"Two times"}


def test_a_weekly_rule_without_days_is_on_the_day_on_which_it_starts(api: Api) -> None:
    Schedule.objects.create(service=ServiceFactory(name="Weekly"), freq="WEEKLY", dtstart=dt.date(2026, 11, 23))
    Schedule.objects.create(service=ServiceFactory(name="Monthly"), freq="MONTHLY", dtstart=dt.date(2026, 11, 23))
    assert api.names(day="MO") == {"Weekly"}
    assert api.names(day="SU") == set()


def test_what_happens_at_a_confidential_place_is_not_asked_about(api: Api) -> None:
    place = make_listing("Refuge", confidential=True).service_at_locations.get()
    Schedule.objects.create(service_at_location=place, byday="MO", opens_at=dt.time(9))
    assert api.names(day="MO") == set()
    Location.objects.update(confidential=False)
    assert api.names(day="MO") == {"Refuge"}


def test_a_confidential_place_is_near_nowhere(api: Api) -> None:
    PostcodeFactory()
    make_listing("Refuge", confidential=True)
    for query in ({"postcode": "AL1 3JQ"}, {"postcode": "AL1 3JQ", "proximity": 100_000}):
        for path in ("services", "service_at_locations"):
            named = api.names(path, **query)
            # Whoever serves everybody, for nothing else is known of it, covers every postcode.
            assert named <= ({"Refuge"} if path == "services" and "proximity" not in query else set())


def test_distance_is_as_the_crow_flies(api: Api) -> None:
    PostcodeFactory()
    make_listing("Corner", at=(51.752 + 0.02, -0.339 + 0.03))  # 2,224 m north and 2,064 m east: 3,034 m
    assert api.names(postcode="AL1 3JQ", proximity=2990) == set()
    assert api.names(postcode="AL1 3JQ", proximity=3080) == {"Corner"}


def test_a_place_and_an_area_are_both_where_a_postcode_is_served(api: Api) -> None:
    OutwardCodeFactory()
    PostcodeFactory()
    make_listing("There")
    make_listing("Serves", at=FAR, covers=("Hertfordshire",))
    make_listing("Serves the code", at=None, covers=("AL1",))
    make_listing("Neighbour", at=FAR, covers=("AL10",)).service_at_locations.get().location.addresses.update(
        postal_code="AL10 1AA"
    )
    make_listing("Everywhere", at=None, covers=("United Kingdom",))
    # Each of those that are at a place has the address of a hall in AL1, but for the neighbour.
    Location.objects.filter(latitude=FAR[0]).exclude(addresses__postal_code="AL10 1AA").get().addresses.update(
        postal_code="LS1 1AA"
    )
    assert api.names(postcode="AL1 3JQ") == {"There", "Serves", "Serves the code", "Everywhere"}


def test_of_one_service_only_the_places_near_are_given(api: Api, two: tuple[Service, Service]) -> None:
    two[0].service_at_locations.create(location=Location.objects.get(latitude=FAR[0]))
    assert api.get("service_at_locations", postcode="AL1", proximity=3000)["total_items"] == 1
    assert api.get("service_at_locations", search="lunch")["total_items"] == 2


def test_modified_after_takes_the_moment_itself(api: Api) -> None:
    moment = dt.datetime(2026, 3, 15, 10, 30, 45, tzinfo=dt.UTC)
    ServiceFactory(name="Then", last_modified=moment)
    assert api.names(modified_after="2026-03-15T10:30:45Z") == {"Then"}
    assert api.names(modified_after="2026-03-15T11:30:45+01:00") == {"Then"}
    assert api.names(modified_after="2026-03-15") == {"Then"}
    assert api.names(modified_after="2026-03-15T10:30:46Z") == set()


def test_an_organisation_without_services_has_none(api: Api) -> None:
    assert api.names(organization_id=OrganizationFactory().pk) == set()


NONSENSE = {
    "search": ["", " ", "x" * 501, "a\0b"],
    "page": ["0", "-1", "x", "1.5", "", "9" * 30, "１"],
    "per_page": ["0", "501", "all"],
    "taxonomy_term_id": ["5", "", "ac148810-d857-441c-9679-408f346de14", "{ac148810-d857-441c-9679-408f346de14b}"],
    "taxonomy_id": ["needs"],
    "organization_id": ["' OR 1=1 --"],
    "minimum_age": ["old", "-1", "1e3", "151", "nan", "inf"],
    "maximum_age": ["young", ""],
    "start_time": ["25:00", "9", "09:60", "noon", "24:00"],
    "end_time": ["9pm", ""],
    "day": ["MONDAI", "8", "", "MO,TU"],
    "modified_after": ["yesterday", "2026-13-01", "2026-02-30T10:00:00Z", "0001-01-01T00:00:00+14:00", ""],
    "postcode": ["<script>", "", "ZZ99 9ZZ", "St Albans", "1" * 9999],
    "proximity": ["0", "-5", "near", "200001"],
    "full": ["yes", "1", "True", ""],
    "minimal": ["maybe"],
    "format": ["xml", "JSON", ""],
}


@pytest.mark.parametrize("name", NONSENSE)
def test_nonsense_is_refused_in_words_that_name_the_parameter(api: Api, name: str) -> None:
    for path in ("services", "service_at_locations"):
        for value in NONSENSE[name]:
            also = {"postcode": "AL1 3JQ"} if name == "proximity" else {}
            told = problem(api.ask(path, **{name: value}, **also), 400)
            assert told["parameter"] == name
            assert len(told["detail"]) > 10


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ({"full": "true", "minimal": "true"}, "minimal"),
        ({"proximity": "500"}, "proximity"),
        ({"format": "ndjson", "page": "2"}, "page"),
        ({"format": "ndjson", "per_page": "10"}, "per_page"),
    ],
)
def test_what_does_not_go_together_is_refused(api: Api, query: dict[str, str], parameter: str) -> None:
    assert problem(api.ask("services", **query), 400)["parameter"] == parameter


def test_words_that_mean_nothing_to_the_search_find_nothing(api: Api) -> None:
    make_listing()
    for words in ("the", "& | !", "\"'", "💡", "a" * 500, "or or", "x " * 250):
        assert api.names(search=words) == set(), words
