"""Whose ids are not ours: by name and postcode, and what follows from that."""

import copy

import pytest

from directory.importing import taking
from directory.models import (
    Address,
    Location,
    Organization,
    Service,
    ServiceAtLocation,
)
from directory.tests.feeds import listing, made_id, row_counts, take, with_other_ids

pytestmark = pytest.mark.django_db


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches of twenty: files of several are quickly made."""
    monkeypatch.setattr(taking, "BATCH", 20)


def test_a_service_of_another_id_is_ours_by_its_name_and_postcode() -> None:
    take([listing()], source="ours")
    before = row_counts(derived=False)
    document = with_other_ids(listing(name="  TALKING  café 1"))
    document["service_at_locations"][0]["location"]["addresses"][0]["postal_code"] = "al23bq"
    report = take([document], source="theirs")
    assert report.counts["service"].updated == 1
    assert row_counts(derived=False) == before
    assert str(Service.objects.get().pk) == listing()["id"]
    assert str(Organization.objects.get().pk) == listing()["organization"]["id"]
    assert str(Location.objects.get().pk) == listing()["service_at_locations"][0]["location"]["id"]
    assert Address.objects.get().postal_code == "al23bq"
    again = take([document], source="theirs")
    assert again.is_unchanged


def test_two_listings_of_one_name_in_one_place_stay_two() -> None:
    """A feed knows its own listings by their ids."""
    other = with_other_ids(listing(description="The one on Thursdays."))
    take([listing(), other])
    assert Service.objects.count() == 2
    assert take([other, listing()]).is_unchanged


def test_an_organisation_of_another_id_is_ours_by_name_and_address_only() -> None:
    take([listing()])
    same = with_other_ids(listing(2))
    same["organization"] = {**listing()["organization"], "id": made_id("theirs")}
    namesake = with_other_ids(listing(3))
    namesake["organization"] = {"id": made_id("namesake"), "name": "Good Neighbours 1", "description": ""}
    take([same, namesake], source="theirs")
    assert Organization.objects.count() == 2
    assert Organization.objects.get(pk=listing()["organization"]["id"]).services.count() == 2


@pytest.mark.usefixtures("small_batches")
def test_two_organisations_of_one_feed_stay_two_whatever_their_name() -> None:
    """In one batch and in two: what a feed tells apart by its ids is apart."""
    documents = [listing(number) for number in range(1, 51)]
    for document in documents:
        document["organization"] |= {"name": "Good Neighbours", "email": "hello@neighbours.example"}
    take(documents)
    assert Organization.objects.count() == 50
    assert take(documents).is_unchanged


@pytest.mark.usefixtures("small_batches")
def test_of_two_of_theirs_that_could_be_one_of_ours_one_is() -> None:
    ours = listing(99)
    ours["organization"] |= {"name": "Good Neighbours", "email": "hello@neighbours.example"}
    take([ours], source="ours")
    documents = [listing(number) for number in range(1, 51)]
    for document in documents:
        document["organization"] |= {"name": "Good Neighbours", "email": "hello@neighbours.example"}
    take(documents)
    assert Organization.objects.count() == 50
    assert take(documents).is_unchanged


def test_a_place_with_another_id_stays_confidential() -> None:
    """A feed that counts its places anew, of listings that we know by their id."""
    second = listing(2)
    second["service_at_locations"][0]["location"] = listing(1)["service_at_locations"][0]["location"]
    take([listing(1), second])
    Location.objects.update(confidential=True)
    documents = [copy.deepcopy(listing(1)), copy.deepcopy(second)]
    for number, document in enumerate(documents):
        place = document["service_at_locations"][0]
        place["id"], place["location"]["id"] = made_id("new place", number), made_id("new location", number)
        place["location"]["name"] = f"A name {number}"
        place["location"]["addresses"][0]["id"] = made_id("new address", number)
    take(documents)
    assert Location.objects.get().confidential
    assert ServiceAtLocation.objects.count() == 2
    assert take(documents).is_unchanged
