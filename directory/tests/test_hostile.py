"""Harm that somebody could do with the directory, or that it could do: each test is an attack, or an accident."""

import datetime as dt
import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from directory import actions, index, places
from directory.documents import document_of, new_document
from directory.factories import (
    AddressFactory,
    CollectionFactory,
    CollectionItemFactory,
    LocationFactory,
    OrganizationFactory,
    make_listing,
)
from directory.models import (
    Address,
    Claim,
    CollectionItem,
    ImportRun,
    Location,
    Organization,
    OutwardCode,
    Phone,
    Revision,
    Schedule,
    SearchEntry,
    Service,
    ServiceArea,
    ServiceAtLocation,
)
from directory.tests.test_admin import fields_of, page
from linkworkers.actions import Refused
from linkworkers.audit.models import AuditEvent
from linkworkers.outbox.models import Message
from members.factories import WorkplaceFactory
from members.models import Workplace
from referrals.tests.race import race
from tests.world import logged_in

pytestmark = pytest.mark.django_db

STREET, POSTCODE = "7 Hidden Lane", "AL9 9ZZ"
LATITUDE, LONGITUDE = 51.7777, -0.2222


@pytest.fixture
def office(client, admin):
    client.force_login(admin)
    return client


@pytest.fixture
def organization(community) -> Organization:
    return OrganizationFactory(name="Harbour", workplace=community)


@pytest.fixture
def refuge(organization) -> Service:
    """At an open place, which the office is about to hide."""
    made = make_listing("Safe House", at=None, organization=organization, covers=("Hertfordshire",), byday="MO")
    put(made)
    return made


@pytest.fixture
def hidden(refuge) -> Service:
    """The same when it has been hidden."""
    Location.objects.update(confidential=True)
    index.refresh([refuge.pk])
    return refuge


def put(service: Service, address_1: str = STREET, postal_code: str = POSTCODE) -> Location:
    location = LocationFactory(name="Rose Cottage", latitude=LATITUDE, longitude=LONGITUDE)
    AddressFactory(location=location, address_1=address_1, postal_code=postal_code)
    ServiceAtLocation.objects.create(service=service, location=location)
    index.refresh([service.pk])
    return location


def hide(office, service: Service, **changes: str):
    path = page(Location, "change", service.service_at_locations.get().location_id)
    return office.post(path, fields_of(office.get(path)) | {"confidential": "on"} | changes, follow=True)


def is_hidden(service: Service) -> bool:
    return service.service_at_locations.get().location.confidential


def edit_in_office(office, row, **changes: str):
    path = page(type(row), "change", row.pk)
    return office.post(path, fields_of(office.get(path)) | changes, follow=True)


def proposal(service: Service, provider, document) -> Revision:
    return Revision.objects.create(service=service, organization=service.organization, document=document, by=provider)


# --- A place that becomes confidential after it was public


def test_the_centre_that_was_learned_from_a_place_goes_with_it(office, client, refuge):
    places.learn()
    names = f"{reverse('map_names')}?at=51.7,-0.3&miles=20"
    assert str(LATITUDE) in client.get(names).content.decode()
    hide(office, refuge)
    assert not OutwardCode.objects.filter(code="AL9").exists()
    assert str(LATITUDE) not in client.get(names).content.decode()


def test_a_form_that_was_opened_before_does_not_show_it_again(office, refuge):
    path = page(Location, "change", refuge.service_at_locations.get().location_id)
    opened = fields_of(office.get(path))
    hide(office, refuge)
    office.post(path, opened | {"description": "The brown door"})
    assert Location.objects.get(description="The brown door").confidential


def test_what_it_was_called_before_the_office_changed_it_goes_too(office, refuge, provider):
    proposal(refuge, provider, document_of(refuge) | {"alert": "Come to 7 hidden lane"})
    ImportRun.objects.create(name="feed", report={"examples": ["Rose Cottage: address 1 Old Road → 7 Hidden Lane"]})
    hide(office, refuge, **{"addresses-0-address_1": "Not told", "addresses-0-postal_code": "-"})
    assert is_hidden(refuge)
    kept = [Revision.objects.get().document, ImportRun.objects.get().report]
    assert "idden" not in str(kept)
    assert str(LATITUDE) not in str(kept)


def test_an_address_that_says_nothing_hides_nothing_else(office, organization, provider):
    service = make_listing("Safe House", at=None, organization=organization, description="Ring us. We - all 12 - help.")
    put(service, "12", "-")
    proposal(service, provider, document_of(service))
    hide(office, service)
    assert is_hidden(service)
    assert Revision.objects.get().document["description"] == service.description


def test_a_copy_that_an_owner_s_change_made_goes_with_it(office, refuge, provider):
    """Whoever changes a place that another listing shares proposes a new one, of the same address and position."""
    document = document_of(refuge)
    document["service_at_locations"][0]["location"]["id"] = str(uuid.uuid4())
    proposal(refuge, provider, document)
    hide(office, refuge)
    assert "service_at_locations" not in document_of(refuge)
    assert Revision.objects.get().document["service_at_locations"] == []


def test_another_row_of_the_address_is_hidden_with_it(office, client, refuge, organization):
    other = make_listing("Helpline", at=None, organization=organization)
    put(other, "7 hidden lane.", "al99zz")
    neighbour = make_listing("Bakery", at=None)
    put(neighbour)
    hide(office, refuge)
    assert is_hidden(refuge)
    assert is_hidden(other)
    assert not is_hidden(neighbour)  # somebody else's, in the same building
    shown = client.get(other.get_absolute_url()).content.decode()
    assert "idden lane" not in shown.casefold()
    assert not SearchEntry.objects.filter(service=other, latitude__isnull=False).exists()


def test_words_of_its_other_listings_count_too(office, refuge, organization):
    make_listing("Helpline", organization=organization, description="We answer from 7 Hidden Lane, day and night.")
    assert "“Helpline” tells this address" in hide(office, refuge).content.decode()
    assert not is_hidden(refuge)


def test_the_street_alone_is_found_in_words(office, organization):
    service = make_listing("Safe House", at=None, organization=organization, description="Ask at 7 Hidden Lane")
    put(service, "7 Hidden Lane, Hatfield")
    assert "tells this address" in hide(office, service).content.decode()


def test_notes_that_others_keep_of_it_are_scrubbed(office, client, refuge):
    collection = CollectionFactory(link_shared=True, note="The refuge is at AL99ZZ.")
    CollectionItemFactory(collection=collection, service=refuge, note="7 Hidden Lane, ring twice")
    hide(office, refuge)
    assert CollectionItem.objects.get().note == "[address withheld], ring twice"
    shown = client.get(collection.get_absolute_url()).content.decode()
    assert not [secret for secret in ("AL99ZZ", "Hidden") if secret in shown]


def test_taking_the_words_out_does_not_put_them_into_the_trail(office, organization):
    service = make_listing("Safe House", at=None, organization=organization, description="Come to 7 Hidden Lane.")
    put(service)
    edit_in_office(office, service, description="Ring us.")
    edit_in_office(office, organization, description="Ring us.")
    hide(office, service)
    assert is_hidden(service)
    told = str(list(AuditEvent.objects.values_list("summary", "facts")))
    assert "description" in told
    assert "Hidden" not in told


# --- A place that is confidential


@pytest.mark.parametrize("part", ["schedules-0-description", "description", "of the organisation"])
def test_the_office_cannot_write_it_into_a_part_of_the_listing(office, hidden, part):
    assert office.post(page(Organization, "add"), {}).status_code == 200  # one that has nothing to hide yet
    row, name = (hidden.organization, "description") if part == "of the organisation" else (hidden, part)
    assert "gives away" in edit_in_office(office, row, **{name: "At 7 Hidden Lane"}).content.decode()
    assert "Hidden" not in str(document_of(hidden))


def test_a_new_listing_does_not_tell_it(hidden, organization, provider):
    document = new_document(organization) | {"name": "Tea", "description": "Every day at 7 Hidden Lane"}
    with pytest.raises(Refused, match="give away"):
        actions.revise(service=None, organization=organization, document=document, by=provider)
    answer = logged_in(provider).post(
        reverse("service_new"),
        {"name": "Tea", "description": "Ring us", "status": "active", "place_0_address_1": STREET, "place_0_city": "X"}
        | {"place_0_postcode": POSTCODE},
    )
    assert "This gives away an address" in answer.content.decode()


def test_a_neighbour_s_listing_of_the_same_organisation_is_still_edited(hidden, organization, provider):
    office = make_listing("Office", at=None, organization=organization)
    put(office, "9 Hidden Lane", POSTCODE)
    document = document_of(office) | {"alert": "Shut on Friday"}
    assert actions.revise(service=office, organization=organization, document=document, by=provider).is_waiting


@pytest.mark.django_db(transaction=True)
def test_it_stays_out_of_the_search_whoever_saves_last(hidden, admin, link_worker):
    Location.objects.update(confidential=False)
    location = Location.objects.get()

    def hides():
        location.confidential = True
        location.save()
        actions.place_changed(location, by=admin, fields=["confidential"], was_confidential=False)

    def checks():
        return actions.assure(service=hidden, by=link_worker, how="rang", outcome="right")

    assert not [
        each for each in race(Service.objects.filter(pk=hidden.pk), checks, hides) if isinstance(each, Exception)
    ]
    assert SearchEntry.objects.get().latitude is None


# --- What is not one's own


def test_a_proposal_of_an_organisation_that_lost_the_listing_takes_it_nowhere(organization, provider, admin):
    service = make_listing(organization=organization)
    document = document_of(service) | {"alert": "Ours"}
    revision = actions.revise(service=service, organization=organization, document=document, by=provider)
    other = OrganizationFactory()
    Service.objects.update(organization=other)
    with pytest.raises(Refused, match="another organisation’s"):
        actions.decide_revision(revision, approve=True, by=admin)
    service.refresh_from_db()
    assert (service.organization, service.alert) == (other, "")
    assert actions.decide_revision(revision, approve=False, by=admin).state == "declined"


def test_whoever_has_the_listing_now_neither_sees_that_proposal_nor_waits_for_it(organization, provider, link_worker):
    service = make_listing(organization=organization)
    theirs = OrganizationFactory(workplace=WorkplaceFactory(kind=Workplace.Kind.COMMUNITY, parent=None))
    Revision.objects.create(
        service=service, organization=theirs, document=document_of(service) | {"alert": "Theirs"}, by=link_worker
    )
    answer = logged_in(provider).get(reverse("service_edit", args=[service.slug]))
    assert "Theirs" not in answer.content.decode()
    document = document_of(service) | {"alert": "Ours"}
    actions.revise(service=service, organization=organization, document=document, by=provider)
    revision = Revision.objects.get()
    assert (revision.organization, revision.document["alert"], revision.by) == (organization, "Ours", provider)


def test_a_new_listing_is_never_taken_for_another_s_however_they_are_spelt(organization, provider, admin):
    other = make_listing("Chess  Club", at=None)
    put(other, postal_code="al99zz")
    document = new_document(organization) | {"name": "chess club", "service_at_locations": [place_of(POSTCODE)]}
    revision = actions.revise(service=None, organization=organization, document=document, by=provider)
    with pytest.raises(Refused, match="at this postcode already"):
        actions.decide_revision(revision, approve=True, by=admin)


def place_of(postcode: str) -> dict:
    address = {"address_1": "1 Elsewhere", "city": "Hatfield", "postal_code": postcode, "address_type": "physical"}
    addresses = [{"id": str(uuid.uuid4()), **address}]
    location = {"id": str(uuid.uuid4()), "location_type": "physical", "addresses": addresses}
    return {"id": str(uuid.uuid4()), "location": location}


def test_a_proposal_with_a_part_of_another_s_listing_changes_nothing_of_it(organization, provider, admin):
    phone = Phone.objects.create(service=make_listing(), number="01632 960001")
    mine = make_listing(organization=organization)
    document = document_of(mine) | {"phones": [{"id": str(phone.pk), "number": "09090 000000"}]}
    revision = actions.revise(service=mine, organization=organization, document=document, by=provider)
    with pytest.raises(Refused, match="belongs to something else"):
        actions.decide_revision(revision, approve=True, by=admin)
    phone.refresh_from_db()
    assert (phone.service_id == mine.pk, phone.number) == (False, "01632 960001")


def test_a_document_does_not_say_whose_it_is_or_when_it_was_checked(organization, provider, admin):
    service = make_listing(organization=organization, assured_date=dt.date(2020, 5, 4))
    other = OrganizationFactory(name="Other")
    document = document_of(service) | {
        "organization": {"id": str(other.pk), "name": "Taken over", "description": ""},
        "assured_date": "2099-01-01",
        "alert": "New",
    }
    revision = actions.revise(service=service, organization=organization, document=document, by=provider)
    assert "assured_date" not in revision.document
    actions.decide_revision(revision, approve=True, by=admin)
    assert Service.objects.get().organization == organization
    assert set(Organization.objects.values_list("name", flat=True)) == {"Harbour", "Other"}


def test_whoever_lost_their_post_proposes_nothing_more(organization, provider):
    service = make_listing(organization=organization)
    provider.posts.update(start_date=dt.date(2020, 1, 1), end_date=dt.date(2020, 1, 2))
    assert logged_in(provider).get(reverse("service_edit", args=[service.slug])).status_code == 404
    with pytest.raises(PermissionDenied):
        actions.revise(service=service, organization=organization, document=document_of(service), by=provider)


# --- Floods and nonsense


def test_a_mailbox_is_not_flooded_with_claims():
    service = make_listing()
    for number in range(10):
        actions.claim(service=service, name="Look at this", email=f"{number}@example.test", by=None)
    assert Message.objects.filter(kind="listing-claimed").count() == 3
    assert Claim.objects.filter(state="waiting").count() == 10


@pytest.mark.parametrize(
    "name", ["collection", "collection_leaflet", "counter", "counter_manifest", "service_confirm", "claim_confirm"]
)
def test_a_key_with_nothing_in_it_leads_nowhere(client, name):
    path = reverse(name, args=["x"]).replace("/x", "/%00x")
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("day", [dt.date.min, dt.date.max])
def test_a_listing_from_the_end_of_time_breaks_no_page(client, day):
    service = make_listing(assured_date=day, byday="MO", hours=(10, 12))
    Schedule.objects.update(dtstart=day, valid_from=day)
    Schedule.objects.create(service=service, dtstart=day, opens_at=dt.time(23, 59))
    index.refresh([service.pk])
    collection = CollectionItemFactory(service=service, collection__link_shared=True).collection
    paths = [
        service.get_absolute_url(),
        reverse("service_poster", args=[service.slug]),
        f"{reverse('directory_search')}?q=talking",
        f"{reverse('search_leaflet')}?q=talking",
        collection.get_absolute_url(),
        reverse("collection_leaflet", args=[collection.key]),
        "/sitemap-listings.xml",
        f"/api/oruk/v3/services/{service.pk}",
    ]
    assert {path: client.get(path).status_code for path in paths} == dict.fromkeys(paths, 200)


@pytest.mark.parametrize(
    "extent",
    [
        '{"type": "Polygon", "coordinates": [[[1' + "0" * 400 + ", 1], [1, 1], [1, 1], [1, 1]]]}",
        '{"type": "Polygon", "coordinates": [[[NaN, 1], [1, Infinity], [1, 1], [1, 1]]]}',
        "[" * 100_000,
        "1" * 5000,
    ],
)
def test_an_outline_that_is_none_breaks_no_search(extent):
    service = make_listing()
    ServiceArea.objects.create(service=service, name="Ours", extent=extent, extent_type="geojson")
    index.refresh([service.pk])
    assert ["ours"] in SearchEntry.objects.values_list("covers", flat=True)


def test_a_town_that_grows_when_it_is_read_breaks_no_centre():
    make_listing()
    Address.objects.update(city="Æ" * 200)
    places.learn()
    assert OutwardCode.objects.get().areas == ["hertfordshire", "æ" * 200]


def test_a_text_of_three_hundred_thousand_words_is_indexed_as_far_as_it_goes():
    service = make_listing(description=" ".join(f"word{number}" for number in range(300_000)))
    assert len(SearchEntry.objects.get(service=service).body) == index.LONGEST_TEXT


@pytest.mark.django_db(transaction=True)
def test_one_listing_refreshed_twice_at_once_is_found_once():
    service = make_listing()
    race(Service.objects.all(), *[lambda: index.refresh([service.pk])] * 3)
    assert SearchEntry.objects.count() == 1
