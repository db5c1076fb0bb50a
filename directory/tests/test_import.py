"""What comes in: matched with what we hold, saved whole or not at all, and the second time nothing."""

import copy
import datetime as dt
import uuid
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from directory.actions import apply_documents, import_documents
from directory.importing import taking
from directory.models import (
    Contact,
    ImportRun,
    Location,
    Organization,
    Phone,
    Schedule,
    SearchEntry,
    Service,
    ServiceAtLocation,
    TaxonomyTerm,
)
from directory.tests.feeds import everything, examples, listing, made_id, row_counts, take
from linkworkers.actions import Refused
from linkworkers.audit.models import AuditEvent
from members.models import User, Workplace

pytestmark = pytest.mark.django_db

WRITES = ("INSERT", "UPDATE", "DELETE")


def writes(captured: CaptureQueriesContext) -> list[str]:
    """What was written but for the note of the import itself: its run, its line in the trail, what it has seen."""
    own = ("import_seen", "directory_importrun", "audit_auditevent")
    return [
        query["sql"]
        for query in captured
        if any(f"{verb} " in query["sql"].upper().replace("FOR NO KEY UPDATE", "") for verb in WRITES)
        and not any(table in query["sql"] for table in own)
    ]


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches of twenty: files of several are quickly made."""
    monkeypatch.setattr(taking, "BATCH", 20)


def test_a_listing_comes_in_with_all_that_it_holds_and_is_found() -> None:
    report = take([listing(status="active", assured_date="2026-10-01", assurer_email="sal@cafe.example")])
    service = Service.objects.get()
    assert str(service.pk) == listing()["id"]
    assert (service.slug, service.source, service.assured_how) == ("talking-cafe-1", "a feed", Service.How.FEED)
    assert service.organization.name == "Good Neighbours 1"
    assert service.schedules.get().opens_at == dt.time(10)
    assert service.contacts.get().phones.get().number == "01727 000 002"
    assert service.service_at_locations.get().location.addresses.get().postal_code == "AL2 3BQ"
    assert SearchEntry.objects.get().title == "Talking Café 1"
    assert report.counts["service"].created == 1
    assert report.counts["phone"].created == 2
    assert report.examples == ["New: Talking Café 1"]


def test_running_twice_changes_nothing_and_writes_nothing() -> None:
    documents = [*examples(), *(listing(number) for number in range(1, 4))]
    take(documents)
    before = everything()
    with CaptureQueriesContext(connection) as captured:
        report = take(documents)
    assert writes(captured) == []
    assert everything() == before
    assert report.is_unchanged
    assert report.counts["service"].unchanged == 4
    assert report.summary.endswith("Everything is as it was.")


def test_what_differs_is_changed_and_told_and_the_rest_is_let_be() -> None:
    take([listing(1), listing(2)])
    Service.objects.update(last_modified=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    changed = listing(1, name="Talking Café for all")
    changed["phones"] = [{"id": made_id("another phone"), "number": "01727 999 999"}]
    report = take([changed, listing(2)])
    service = Service.objects.get(pk=changed["id"])
    assert service.name == "Talking Café for all"
    assert service.slug == "talking-cafe-1"
    assert service.phones.get().number == "01727 999 999"
    assert service.last_modified.date() == timezone.now().date()
    assert Service.objects.get(pk=listing(2)["id"]).last_modified.year == 2026
    assert Service.objects.get(pk=listing(2)["id"]).last_modified.month == 1
    assert SearchEntry.objects.filter(title="Talking Café for all").exists()
    counts = report.counts
    assert (counts["service"].updated, counts["service"].unchanged) == (1, 1)
    assert (counts["phone"].created, counts["phone"].removed) == (1, 1)
    assert "Talking Café for all: name Talking Café 1 → Talking Café for all" in report.examples
    assert "Talking Café for all: phone 01727 000 001 → 01727 999 999" in report.examples


def test_what_is_no_longer_in_a_whole_record_is_gone_with_all_beneath_it() -> None:
    take([listing()])
    document = listing()
    del document["contacts"], document["schedules"]
    report = take([document])
    assert not Contact.objects.exists()
    assert not Schedule.objects.exists()
    assert Phone.objects.count() == 1
    assert report.counts["phone"].removed == 1


def test_an_item_of_a_list_says_nothing_of_what_lies_within() -> None:
    take([listing()])
    before = row_counts(derived=False)
    item = {key: value for key, value in listing(description="New words.").items() if not isinstance(value, list)}
    take([item])
    assert row_counts(derived=False) == before
    assert Service.objects.get().description == "New words."


def test_a_service_at_one_of_its_places_leaves_the_others() -> None:
    take([listing()])
    service = {key: value for key, value in listing().items() if key != "service_at_locations"}
    other = listing(2)["service_at_locations"][0]
    take([{**other, "service": service}])
    assert ServiceAtLocation.objects.count() == 2
    assert Service.objects.get().contacts.count() == 1


def test_an_organisation_comes_with_its_services() -> None:
    services = [{key: value for key, value in listing(n).items() if key != "organization"} for n in (1, 2)]
    take([{**listing()["organization"], "services": services}])
    assert Organization.objects.get().services.count() == 2


def test_a_dry_run_says_the_same_and_changes_nothing() -> None:
    take([listing(1)])
    documents = [listing(1, name="Another name"), listing(2)]
    before = (everything(), row_counts())
    dry = take(documents, dry_run=True)
    assert (everything(), row_counts()) == before
    assert not ImportRun.objects.filter(dry_run=True).exists()
    real = take(documents)
    assert (dry.counts, dry.examples) == (real.counts, real.examples)
    assert dry.summary == "2 records read. 1 listing would be added and 1 changed."


@pytest.mark.usefixtures("small_batches")
@pytest.mark.parametrize("bad", [1, 30, 50])
def test_one_bad_record_refuses_them_all_with_its_number(bad: int) -> None:
    """In the first batch, in the second, and at the very end."""
    documents = [listing(number) for number in range(1, 51)]
    documents[bad - 1]["service_at_locations"][0]["location"]["latitude"] = "north"
    before = row_counts()
    report = take(documents)
    assert row_counts() == before
    assert report.refused == [
        (bad, "service_at_locations[0].location.latitude: “north” is not a number"),
    ]
    assert report.records == 50
    assert ImportRun.objects.get().state == ImportRun.State.REFUSED


def test_no_more_than_a_hundred_reasons_are_told() -> None:
    report = take([listing(number, status="open?") for number in range(1, 2000)])
    assert len(report.refused) == 100
    assert report.records < 1000
    assert "There may be more" in "\n".join(report.lines())


@pytest.mark.usefixtures("small_batches")
def test_one_id_with_two_contents_is_refused_and_with_the_same_is_not() -> None:
    padding = [listing(number) for number in range(10, 40)]
    assert not take([listing(), *padding, listing()]).is_refused
    report = take([listing(), *padding, listing(description="Something else.")])
    assert report.refused == [(32, f"{listing()['id']} is here twice with different content, first in record 1")]


def test_a_list_that_is_here_twice_with_different_items_is_refused() -> None:
    report = take([listing(), listing(phones=[])])
    assert [number for number, _ in report.refused] == [2]


def test_an_id_of_something_else_is_refused() -> None:
    take([listing(1)])
    thief = listing(2)
    thief["phones"][0]["id"] = listing(1)["phones"][0]["id"]
    report = take([thief])
    assert report.refused == [(1, f"the phone {thief['phones'][0]['id']} belongs to something else here")]
    both = listing(3)
    both["organization"]["id"] = both["id"]
    assert "twice with different content" in take([both]).refused[0][1]


def term(number: int, parent: int | None = None) -> dict[str, Any]:
    document = {"id": made_id("term", number), "name": f"Term {number}", "description": "", "taxonomy": "Ours"}
    return document | ({"parent_id": made_id("term", parent)} if parent else {})


def test_terms_in_a_circle_are_refused() -> None:
    before = row_counts()
    report = take([term(1, 3), term(2, 1), term(3, 2), term(4, 1)])
    assert [number for number, _ in report.refused] == [1, 2, 3]
    assert "its own parent" in report.refused[0][1]
    assert row_counts() == before
    assert take([term(1, 1)]).refused == [(1, "parent_id: a term cannot be its own parent")]


def test_terms_in_a_circle_with_those_we_hold_are_refused() -> None:
    assert not take([term(2, 1), term(3, 2)]).is_refused
    report = take([term(1, 3)])
    assert [number for number, _ in report.refused] == [1]
    assert not TaxonomyTerm.objects.filter(pk=made_id("term", 1)).exists()


def test_a_confidential_place_stays_one_and_no_word_of_it_is_told() -> None:
    take([listing()])
    Location.objects.update(confidential=True)
    changed = listing()
    changed["service_at_locations"][0]["location"]["name"] = "The House by the Lake"
    changed["service_at_locations"][0]["location"]["addresses"][0]["postal_code"] = "AL9 9ZZ"
    changed["service_at_locations"][0]["location"]["addresses"].append(
        {"id": made_id("second"), "address_1": "Back Door", "city": "Hiding", "postal_code": "AL9 9ZY"}
    )
    changed["service_at_locations"][0]["schedules"] = [{"id": made_id("s"), "description": "Ring at the Lake"}]
    report = take([changed])
    location = Location.objects.get()
    assert location.confidential
    assert location.name == "The House by the Lake"
    told = str(report.as_json()) + str(list(AuditEvent.objects.values())) + str(list(SearchEntry.objects.values()))
    for secret in ("Lake", "AL9", "Back Door", "Hiding", "Hall 1", "High Street"):
        assert secret not in told


def test_a_confidential_place_that_a_document_leaves_out_is_not_gone() -> None:
    """What we hand out never names it, and may come back."""
    take([listing()])
    Location.objects.update(confidential=True)
    take([listing(service_at_locations=[])])
    assert ServiceAtLocation.objects.count() == 1


def test_a_newer_check_of_ours_stays(link_worker: User) -> None:
    take([listing(assured_date="2026-01-01")])
    Service.objects.update(assured_date=dt.date(2026, 9, 1), assured_how="rang", assured_by=link_worker)
    report = take([listing(assured_date="2026-03-01")])
    service = Service.objects.get()
    assert (service.assured_date, service.assured_how) == (dt.date(2026, 9, 1), "rang")
    assert report.kept == [(1, "“Talking Café 1” was checked here on 1 September 2026, after 1 March 2026")]
    Service.objects.update(letters_sent=2, last_letter_on=dt.date(2026, 9, 9))
    take([listing(assured_date="2026-10-01")])
    service = Service.objects.get()
    assert (service.assured_date, service.assured_how, service.assured_by) == (dt.date(2026, 10, 1), "feed", None)
    assert service.letters_sent == 0


def test_a_feed_does_not_change_what_an_owner_looks_after(community: Workplace) -> None:
    take([listing()])
    Organization.objects.update(workplace=community)
    changed = listing(name="Not what the owner wrote")
    changed["organization"]["name"] = "Nor this"
    new = {**listing(2), "organization": changed["organization"]}
    report = take([changed, new])
    assert Service.objects.get(pk=changed["id"]).name == "Talking Café 1"
    assert Organization.objects.get().name == "Good Neighbours 1"
    assert Organization.objects.get().services.count() == 2
    said = "“Not what the owner wrote” is looked after by its owner here, and stays as it is"
    assert report.kept == [(1, said)]


def test_the_moment_of_a_change_is_the_files_when_it_says_one() -> None:
    take([listing(last_modified="2023-03-15T10:30:45.123Z")])
    assert Service.objects.get().last_modified == dt.datetime(2023, 3, 15, 10, 30, 45, 123000, tzinfo=dt.UTC)


def test_other_listings_at_a_place_that_moved_are_found_there() -> None:
    second = listing(2)
    second["service_at_locations"][0]["location"] = listing(1)["service_at_locations"][0]["location"]
    take([listing(1), second])
    Service.objects.update(last_modified=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    moved = listing(1)
    moved["service_at_locations"][0]["location"]["latitude"] = 51.8
    take([moved])
    assert set(SearchEntry.objects.values_list("latitude", flat=True)) == {51.8}
    assert not Service.objects.filter(last_modified__month=1).exists()


def test_unknown_fields_are_left_out_and_said_so() -> None:
    report = take([listing(number, mascot="A badger") for number in (1, 2)])
    assert report.left_out == {"service.mascot": 2}
    assert "Left out: service.mascot (in 2 records), which we do not keep." in list(report.lines())


def test_an_owners_document_tells_all_of_the_listing(admin: User, community: Workplace) -> None:
    take([listing()])
    Organization.objects.update(workplace=community)
    document = {k: v for k, v in listing(name="New name").items() if not isinstance(v, list)}
    (service,) = apply_documents([document], by=admin)
    assert service.name == "New name"
    assert not service.phones.exists()
    assert service.source == "a feed"
    with pytest.raises(Refused, match="name: this is missing"):
        apply_documents([listing(name="")], by=admin)
    assert Service.objects.get().name == "New name"


def test_an_import_is_in_the_trail_and_only_the_office_imports(admin: User, link_worker: User) -> None:
    import_documents([listing()], source="Their data", by=admin, dry_run=False)
    run = ImportRun.objects.get()
    event = AuditEvent.objects.get(verb="import.taken_in")
    assert (event.subject_id, event.actor_id) == (str(run.pk), admin.pk)
    assert event.facts["service"]["created"] == 1
    with pytest.raises(PermissionDenied):
        import_documents([listing(2)], source="", by=link_worker, dry_run=False)
    with pytest.raises(PermissionDenied):
        apply_documents([listing(2)], by=link_worker)
    assert Service.objects.count() == 1


def test_queries_do_not_grow_with_the_records() -> None:
    def asked(numbers: range) -> int:
        with CaptureQueriesContext(connection) as captured:
            take([copy.deepcopy(listing(number)) for number in numbers])
        return len(captured)

    asked(range(1, 2))
    assert asked(range(10, 11)) == asked(range(100, 130))
    assert asked(range(10, 11)) == asked(range(100, 130))


def test_ids_are_kept_as_they_came() -> None:
    take([listing()])
    assert Phone.objects.filter(pk=uuid.UUID(listing()["phones"][0]["id"])).exists()
