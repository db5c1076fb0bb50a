"""An owner changes a listing: what is public stays until the office has said yes, and then it is what was proposed."""

import datetime as dt
import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from directory import actions
from directory.documents import document_of
from directory.factories import (
    AddressFactory,
    LocationFactory,
    OrganizationFactory,
    make_listing,
    need_term,
)
from directory.models import (
    Accessibility,
    Assurance,
    Attribute,
    Contact,
    Location,
    Need,
    Organization,
    OrganizationIdentifier,
    Phone,
    Revision,
    Schedule,
    SearchEntry,
    Service,
    ServiceArea,
    ServiceAtLocation,
)
from directory.tests.reading import filled
from linkworkers.actions import Refused
from linkworkers.outbox.models import Message
from members.models import Workplace
from referrals.tests.race import race
from tests.world import logged_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def organization(community: Workplace) -> Organization:
    return OrganizationFactory(name="St Albans Good Neighbours", workplace=community)


@pytest.fixture
def service(organization: Organization) -> Service:
    """A listing with one of everything that the form shows, and a little that it does not."""
    made = make_listing(
        organization=organization,
        needs=("loneliness",),
        byday="MO",
        hours=(14, 16),
        amount=2,
        step_free=True,
        languages=("Polish",),
        covers=("St Albans", "Bath, and North East Somerset"),
        phone="01632 960001",
        email="cafe@example.test",
    )
    Phone.objects.create(service=made, number="01632 960002", description="Evenings")
    Contact.objects.create(service=made, name="Jo", email="jo@example.test")
    Schedule.objects.create(service=made, description="And at Christmas")
    at = made.service_at_locations.get()
    Schedule.objects.create(service_at_location=at, freq="MONTHLY", byday="1SA", opens_at=dt.time(10, 30))
    Accessibility.objects.create(location=at.location, description="Brown door")
    OrganizationIdentifier.objects.create(organization=organization, identifier_type="Charity", identifier="1234567")
    for need in Need.values:
        need_term(need)
    return made


def edit_page(service: Service) -> str:
    return reverse("service_edit", args=[service.slug])


def propose(provider, service: Service, **changes: object) -> Revision:
    client = logged_in(provider)
    data = filled(client.get(edit_page(service))) | changes
    answer = client.post(edit_page(service), data)
    assert answer.status_code == 302, answer.context["form"].errors
    return Revision.objects.get(service=service, state="waiting")


def test_a_form_that_is_sent_back_as_it_was_changes_nothing(provider, service):
    client = logged_in(provider)
    answer = client.post(edit_page(service), filled(client.get(edit_page(service))))
    assert "Nothing has changed." in answer.content.decode()
    assert not Revision.objects.exists()


def test_what_is_public_stays_until_the_office_says_yes(provider, service, admin, client):
    before = document_of(service)
    revision = propose(provider, service, description="Tea, cake and company.", alert="Closed at Christmas.")
    assert document_of(service) == before
    assert "Tea, cake and company." not in client.get(service.get_absolute_url()).content.decode()
    assert "waits for the office" in logged_in(provider).get(reverse("listings_kept")).content.decode()

    actions.decide_revision(revision, approve=True, answer="Lovely.", by=admin)
    service.refresh_from_db()
    assert (service.description, service.alert) == ("Tea, cake and company.", "Closed at Christmas.")
    assert document_of(service) == before | {"description": service.description, "alert": service.alert}
    assert (service.assured_date, service.assured_how) == (timezone.localdate(), "owner")
    assert "Tea, cake" in SearchEntry.objects.filter(service=service).first().body
    (mail,) = Message.objects.filter(kind="listing-revision-decided")
    assert (mail.to, "Lovely." in mail.text) == (provider.email, True)
    assert OrganizationIdentifier.objects.count() == 1


def test_every_answer_arrives_and_ids_stay(provider, service, admin):
    ids = {model: set(model.objects.values_list("pk", flat=True)) for model in (Schedule, Phone, Contact, ServiceArea)}
    revision = propose(
        provider,
        service,
        name="Verulam Café",
        eligibility_description="Anybody over 50",
        minimum_age="50",
        maximum_age="",
        status="temporarily closed",
        amount="0",
        fees="Cake costs a pound",
        phone="01632 960009",
        contact_name="Josephine",
        areas="St Albans\nBath, and North East Somerset\nAL3",
        languages="Polish\nWelsh",
        needs=["loneliness", "bereavement"],
        online="on",
        time_0_days=["TU", "TH"],
        time_0_rhythm="2",
        time_0_opens="09:00",
    )
    actions.decide_revision(revision, approve=True, by=admin)
    service.refresh_from_db()
    assert (service.name, service.status, service.minimum_age) == ("Verulam Café", "temporarily closed", 50)
    assert {model: set(model.objects.values_list("pk", flat=True)) & ids[model] for model in ids} == ids
    assert service.cost_options.get().amount == 0
    numbers = set(service.phones.values_list("number", flat=True))
    assert ("01632 960009" in numbers, len(numbers)) == (True, 2)
    assert (service.contacts.get().name, service.contacts.get().email) == ("Josephine", "jo@example.test")
    assert {area.name for area in service.service_areas.all()} == {"St Albans", "Bath, and North East Somerset", "AL3"}
    assert {language.name for language in service.languages.all()} == {"Polish", "Welsh"}
    terms = {each.taxonomy_term.term for each in service.attributes.select_related("taxonomy_term")}
    assert terms == {"loneliness", "bereavement"}
    monthly = service.schedules.get(byday="2TU,2TH")
    assert (monthly.freq, monthly.opens_at, monthly.closes_at) == ("MONTHLY", dt.time(9), dt.time(16))
    assert Location.objects.filter(location_type="virtual", service_at_locations__service=service).exists()
    assert service.service_at_locations.filter(schedules__byday="1SA").exists()


def test_a_time_without_days_is_gone_and_a_place_that_moved_keeps_its_door(provider, service, admin):
    revision = propose(
        provider, service, time_0_days=[], time_0_opens="", time_0_closes="", place_0_address_1="3 Hill Road"
    )
    actions.decide_revision(revision, approve=True, by=admin)
    assert [each.description for each in service.schedules.all()] == ["And at Christmas"]
    location = service.service_at_locations.get().location
    assert (location.addresses.get().address_1, location.latitude) == ("3 Hill Road", None)
    assert {row.description for row in location.accessibility.all()} == {"Step-free entrance", "Brown door"}


def test_a_place_that_others_use_is_left_to_them(provider, service, admin):
    shared = service.service_at_locations.get().location
    neighbour = make_listing("Choir", at=None)
    ServiceAtLocation.objects.create(service=neighbour, location=shared)
    revision = propose(provider, service, place_0_access=["parking"])
    actions.decide_revision(revision, approve=True, by=admin)
    assert {row.description for row in shared.accessibility.all()} == {"Step-free entrance", "Brown door"}
    own = service.service_at_locations.get().location
    assert own != shared
    assert (own.addresses.get().postal_code, own.latitude) == ("AL1 3JQ", shared.latitude)


def test_the_newest_proposal_replaces_the_one_that_waits(provider, service):
    first = propose(provider, service, description="One")
    second = propose(provider, service, alert="Two")
    assert first.pk == second.pk
    assert (second.document["description"], second.document["alert"]) == ("One", "Two")


def test_no_changes_nothing_and_says_why(provider, service, admin):
    before = document_of(service)
    revision = propose(provider, service, name="BEST CAFÉ EVER")
    actions.decide_revision(revision, approve=False, answer="Names stay plain.", by=admin)
    assert document_of(service) == before
    assert not Assurance.objects.exists()
    assert "Names stay plain." in Message.objects.get(kind="listing-revision-decided").text


def test_what_a_link_worker_found_meanwhile_is_not_written_over(provider, service, admin, link_worker):
    revision = propose(provider, service, description="New")
    actions.assure(service=service, by=link_worker, how="rang", outcome="full")
    actions.decide_revision(revision, approve=True, by=admin)
    service.refresh_from_db()
    assert (service.is_full, service.description) == (True, "New")


def test_who_may_not_change_a_listing(link_worker, member, service, organization, provider):
    for stranger in (link_worker, member):
        assert logged_in(stranger).get(edit_page(service)).status_code == 404
        with pytest.raises(PermissionDenied):
            actions.revise(service=service, organization=organization, document=document_of(service), by=stranger)
    other = make_listing("Choir")
    with pytest.raises(PermissionDenied):
        actions.revise(service=other, organization=organization, document=document_of(other), by=provider)
    with pytest.raises(PermissionDenied):
        actions.revise(service=None, organization=organization, document=document_of(other), by=provider)
    with pytest.raises(PermissionDenied):
        actions.decide_revision(propose(provider, service, alert="x"), approve=True, by=provider)


# --- Confidential places


@pytest.fixture
def refuge(organization: Organization) -> Service:
    made = make_listing("Safe House", at=None, organization=organization, covers=("Hertfordshire",))
    location = LocationFactory(name="Rose Cottage", confidential=True)
    AddressFactory(location=location, address_1="7 Hidden Lane", postal_code="AL9 9ZZ")
    ServiceAtLocation.objects.create(service=made, location=location)
    return made


def test_a_confidential_place_is_not_in_the_form_and_outlives_an_edit(provider, refuge, admin):
    page = logged_in(provider).get(edit_page(refuge)).content.decode()
    assert "so that nobody finds it" in page
    assert not any(word in page for word in ("Rose Cottage", "Hidden Lane", "AL9"))
    revision = propose(provider, refuge, description="Ring us, day or night.")
    assert "Hidden" not in str(revision.document)
    actions.decide_revision(revision, approve=True, by=admin)
    assert refuge.service_at_locations.get().location.name == "Rose Cottage"


@pytest.mark.parametrize("words", ["Come to al99zz", "We are at 7  HIDDEN lane.", "AL9 9ZZ"])
def test_words_that_give_it_away_are_refused(provider, refuge, admin, organization, words):
    client = logged_in(provider)
    answer = client.post(edit_page(refuge), filled(client.get(edit_page(refuge))) | {"description": words})
    assert "This gives away an address that must not be found." in answer.content.decode()
    document = document_of(refuge) | {"alert": words}
    with pytest.raises(Refused, match="give away"):
        actions.revise(service=refuge, organization=organization, document=document, by=provider)
    revision = Revision.objects.create(service=refuge, organization=organization, document=document, by=provider)
    with pytest.raises(Refused, match="give away"):
        actions.decide_revision(revision, approve=True, by=admin)
    refuge.refresh_from_db()
    assert refuge.alert == ""


# --- Two at once


@pytest.mark.django_db(transaction=True)
def test_two_moderators_at_once_decide_once(provider, service, admin):
    revision = propose(provider, service, description="New")
    first, second = race(
        Revision.objects.all(),
        lambda: actions.decide_revision(revision, approve=True, by=admin),
        lambda: actions.decide_revision(revision, approve=False, by=admin),
    )
    assert (first.state, type(second)) == ("approved", Refused)
    assert Service.objects.get(pk=service.pk).description == "New"
    assert Message.objects.filter(kind="listing-revision-decided").count() == 1


def test_attributes_of_other_taxonomies_stay(provider, service, admin):
    other = need_term("money")
    other.pk, other.term, other.name = uuid.uuid4(), "", "Cafés"
    other.save(force_insert=True)
    Attribute.objects.create(service=service, taxonomy_term=other)
    actions.decide_revision(propose(provider, service, needs=["money"]), approve=True, by=admin)
    names = {each.taxonomy_term.name for each in service.attributes.select_related("taxonomy_term")}
    assert names == {"Cafés", Need.MONEY.label}
