"""Open data that would bring a confidential place to light, and a check that has not been."""

import copy
import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from directory import dumps
from directory.importing.hiding import TELLS
from directory.models import Address, Location, SearchEntry, Service
from directory.tests.feeds import Json, everything, listing, made_id, take

pytestmark = pytest.mark.django_db

STREET, POSTCODE = "7 Hidden Lane", "AL9 9ZZ"
LATITUDE, LONGITUDE = 51.7777, -0.2222
ELSEWHERE = {"latitude": 51.9, "longitude": -0.5}


def place(of: Json) -> Json:
    return of["service_at_locations"][0]["location"]


def put(document: Json, address_1: str = STREET, postal_code: str = POSTCODE, **location: Any) -> Json:
    place(document).update({"latitude": LATITUDE, "longitude": LONGITUDE} | location)
    place(document)["addresses"][0] |= {"address_1": address_1, "postal_code": postal_code}
    return document


def another(**fields: Any) -> Json:
    """Another listing of the same organisation, at a place of its own."""
    return listing(2, **fields) | {"organization": listing(1)["organization"]}


@pytest.fixture
def hidden() -> Location:
    """A refuge that the office has hidden."""
    take([put(listing())])
    Location.objects.update(confidential=True)
    return Location.objects.get()


def made(document: Json) -> Location:
    return Location.objects.get(pk=place(document)["id"])


# --- Words


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("service.description", {"description": "Come to 7 hidden lane."}),
        ("service.name", {"name": "The Safe House, AL99ZZ"}),
        ("service.alert", {"alert": "Now at AL9 9ZZ"}),
        ("contact.title", {"contacts": [{"id": made_id("c"), "name": "Sal", "title": "Warden of 7, Hidden Lane"}]}),
        ("schedule.notes", {"schedules": [{"id": made_id("s"), "notes": "Ring at 7 Hidden Lane"}]}),
        ("organization.description", {"organization": listing()["organization"] | {"description": "At AL9 9ZZ"}}),
    ],
)
def test_words_that_tell_it_refuse_the_whole_file_and_are_not_repeated(hidden, field, said):
    before = everything()
    for document in (put(listing(**said)), another() | said):
        report = take([listing(3), document])
        assert report.refused == [(2, f"{field}: {TELLS}")]
        assert everything() == before
    assert not [secret for secret in ("idden", "AL9") if secret in " ".join(report.lines())]


def test_words_of_an_organisation_alone_or_of_a_public_place_count_too(hidden):
    organization = listing()["organization"] | {"description": "At 7 Hidden Lane"}
    assert take([organization]).refused == [(1, f"organization.description: {TELLS}")]
    document = another()
    place(document)["name"] = "Behind 7 Hidden Lane"
    assert take([document]).refused == [(1, f"location.name: {TELLS}")]


def test_a_listing_that_changes_hands_tells_nothing_of_those_who_had_it(hidden):
    document = put(listing(description="Come to 7 Hidden Lane.", organization=listing(4)["organization"]))
    assert take([document]).refused == [(1, f"service.description: {TELLS}")]


def test_others_may_say_it_and_so_may_the_place_itself(hidden):
    document = put(listing())
    place(document)["description"] = "7 Hidden Lane is the brown door."
    assert not take([document, listing(5, description="7 Hidden Lane")]).is_refused
    hidden.refresh_from_db()
    assert (hidden.description, hidden.confidential) == ("7 Hidden Lane is the brown door.", True)


# --- Copies


@pytest.mark.parametrize(
    ("address_1", "postal_code", "position"),
    [
        ("7, hidden LANE.", "al99zz", ELSEWHERE),
        ("Flat 2, 7 Hidden Lane", POSTCODE, ELSEWHERE),
        (STREET, "", ELSEWHERE),
        ("Rear of the church", "AL7 1AA", {"latitude": LATITUDE + 0.0005, "longitude": LONGITUDE}),
    ],
    ids=["address", "part of it", "no postcode", "position"],
)
def test_another_place_there_is_private_from_the_start(hidden, address_1, postal_code, position):
    document = put(another(), address_1, postal_code, **position)
    report = take([document])
    assert report.kept == [(1, "a place of “Talking Café 2” is kept private: its organisation hides it here")]
    assert made(document).confidential
    assert SearchEntry.objects.get(service=document["id"]).latitude is None
    assert address_1 not in str(report.as_json())
    again = take([document])
    assert (again.is_unchanged, again.kept) == (True, [])


def test_the_same_listing_with_another_place_there(hidden):
    document = put(listing())
    second = copy.deepcopy(document["service_at_locations"][0])
    second["id"], second["location"]["id"] = made_id("second place"), made_id("second location")
    second["location"]["addresses"][0] |= {"id": made_id("second address"), "postal_code": ""}
    document["service_at_locations"].append(second)
    take([document])
    assert list(Location.objects.values_list("confidential", flat=True)) == [True, True]


def test_a_public_place_that_moves_there_is_hidden(hidden, settings, tmp_path, django_capture_on_commit_callbacks):
    settings.DUMPS_DIR = str(tmp_path)
    document = another()
    take([document])
    assert not made(document).confidential
    dumps.write_all()
    with django_capture_on_commit_callbacks(execute=True):
        report = take([put(document)])
    assert dumps.available() == []
    assert made(document).confidential
    assert SearchEntry.objects.get(service=document["id"]).latitude is None
    assert "idden" not in str(report.as_json())


@pytest.mark.parametrize(
    ("address_1", "postal_code", "position"),
    [("9 Hidden Lane", POSTCODE, ELSEWHERE), (STREET, "LU1 1AA", ELSEWHERE)],
    ids=["next door", "another town"],
)
def test_what_is_elsewhere_or_somebody_else_s_stays_public(hidden, address_1, postal_code, position):
    documents = [put(another(), address_1, postal_code, **position), put(listing(6))]
    assert take(documents).kept == []
    assert not any(made(document).confidential for document in documents)


def test_what_the_office_left_public_next_door_stays_public(hidden):
    document = put(another(), "9 Hidden Lane")
    take([document])
    Location.objects.filter(pk=place(document)["id"]).update(confidential=False)
    document["description"] = "New words."
    assert not take([document]).is_refused
    assert not made(document).confidential


def test_places_without_words_and_positions_hide_nothing(hidden):
    Location.objects.update(latitude=0, longitude=0)
    Address.objects.update(address_1="-", postal_code="")
    document = put(another(), "-", "", latitude=0, longitude=0)
    assert take([document]).kept == []
    assert not made(document).confidential


def test_only_those_who_hide_something_pay_for_it(hidden):
    def asked(numbers: range) -> int:
        documents = [put(listing(number), f"{number} Hidden Lane") for number in numbers]
        for document in documents:
            document["organization"] = listing(1)["organization"]
        with CaptureQueriesContext(connection) as captured:
            take(documents)
        return len(captured)

    asked(range(10, 11))
    assert asked(range(20, 21)) == asked(range(100, 130))


# --- Checks


def test_a_check_that_has_not_been_is_refused():
    today = timezone.localdate()
    tomorrow = today + dt.timedelta(days=1)
    report = take([listing(assured_date=str(tomorrow))])
    assert report.refused == [(1, f"assured_date: {tomorrow} is in the future")]
    assert not take([listing(assured_date=str(today))]).is_refused
    assert Service.objects.get().assured_date == today


# --- Ids


def test_the_id_of_a_hidden_place_means_nothing_to_the_api(client, hidden):
    pk = hidden.service_at_locations.get().pk
    paths = [f"/api/oruk/v3/{kind}/{pk}" for kind in ("services", "organizations", "service_at_locations")]
    assert {client.get(path).status_code for path in paths} == {404}
    assert "service at a location." not in "".join(client.get(path).content.decode() for path in paths[:2])
    Location.objects.update(confidential=False)
    assert "service at a location." in client.get(paths[0]).content.decode()
