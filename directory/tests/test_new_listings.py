"""An owner adds a listing: nobody sees it until the office has said yes; it is changed, taken back or sent again."""

import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from directory import actions
from directory.factories import OrganizationFactory, make_listing
from directory.models import Organization, Revision, SearchEntry, Service
from directory.tests.reading import filled
from linkworkers.actions import Refused
from linkworkers.outbox.models import Message
from members.models import Workplace
from tests.world import logged_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def organization(community: Workplace) -> Organization:
    return OrganizationFactory(name="St Albans Good Neighbours", workplace=community)


NEW = {"name": "Chess Club", "description": "Boards and company.", "status": "active"}


def test_a_new_listing_is_nobody_s_to_see_until_it_is_approved(provider, organization, admin):
    client = logged_in(provider)
    page = client.get(reverse("service_new"))
    data = {**NEW, "listing": page.context["listing"], "time_0_days": ["WE"], "time_0_opens": "19:00"}
    for _ in range(2):  # pressed twice
        assert client.post(reverse("service_new"), data).status_code == 302
    revision = Revision.objects.get()
    assert "Chess Club" in client.get(reverse("listings_kept")).content.decode()
    assert not Service.objects.exists()
    actions.decide_revision(revision, approve=True, by=admin)
    service = Service.objects.get()
    assert (service.slug, service.organization, service.assured_how) == ("chess-club", organization, "owner")
    assert service.schedules.get().byday == "WE"
    assert SearchEntry.objects.filter(service=service).exists()


def test_a_new_listing_does_not_take_another_s_place(provider, organization, admin):
    other = make_listing("Chess Club")
    client = logged_in(provider)
    place = {"address_1": "1 Elsewhere", "city": "St Albans", "postcode": "al13jq"}
    data = {**NEW, "listing": str(other.pk), **{f"place_0_{name}": value for name, value in place.items()}}
    assert client.post(reverse("service_new"), data).status_code == 403
    client.post(reverse("service_new"), data | {"listing": str(uuid.uuid4())})
    with pytest.raises(Refused, match="at this postcode already"):
        actions.decide_revision(Revision.objects.get(), approve=True, by=admin)
    assert Service.objects.get() == other
    assert Revision.objects.get().is_waiting


def sent_anew(client, revision: Revision, **changes: object) -> None:
    address = f"{reverse('service_new')}?revision={revision.pk}"
    answer = client.post(address, filled(client.get(address)) | changes)
    assert answer.status_code == 302, answer.context["form"].errors


def test_a_new_listing_that_waits_is_changed_where_it_waits_and_taken_back(provider, organization):
    client = logged_in(provider)
    client.post(reverse("service_new"), NEW | {"time_0_days": ["WE"], "time_0_opens": "19:00"})
    revision = Revision.objects.get()
    address = f"{reverse('service_new')}?revision={revision.pk}"
    assert address in client.get(reverse("listings_kept")).content.decode()
    sent_anew(client, revision, name="Chess for all")
    revision = Revision.objects.get()
    assert (revision.document["name"], revision.document["schedules"][0]["byday"]) == ("Chess for all", "WE")
    taken_back = client.post(address, {"withdraw": "yes"}, follow=True).content.decode()
    assert "“Chess for all” is taken back." in taken_back
    assert not Revision.objects.exists()


def test_a_declined_new_listing_says_why_and_is_sent_again(provider, organization, admin):
    client = logged_in(provider)
    client.post(reverse("service_new"), NEW)
    declined = Revision.objects.get()
    actions.decide_revision(declined, approve=False, answer="Where do you meet?", by=admin)
    mail = Message.objects.get(kind="listing-revision-decided")
    assert mail.subject == "“Chess Club” was not added"
    assert "What was there stays" not in mail.text + mail.html
    kept = client.get(reverse("listings_kept")).content.decode()
    assert "Not taken yet:" in kept
    assert "Where do you meet?" in kept
    sent_anew(client, declined, alert="In the hall.")
    kept = client.get(reverse("listings_kept")).content.decode()
    assert "Not taken yet:" not in kept
    assert "Waits for the office since today" in kept
    actions.decide_revision(Revision.objects.get(state="waiting"), approve=True, by=admin)
    assert Service.objects.get().alert == "In the hall."
    assert "not public yet" not in client.get(reverse("listings_kept")).content.decode()
    with pytest.raises(Refused, match="in the directory by now"):
        actions.withdraw(declined, by=provider)


def test_a_new_listing_of_others_is_not_there(provider, organization, link_worker):
    theirs = Revision.objects.create(
        organization=OrganizationFactory(), document={"id": str(uuid.uuid4()), "name": "Theirs"}, by=link_worker
    )
    client = logged_in(provider)
    for number in (theirs.pk, "x", "", "9" * 30):
        assert client.post(f"{reverse('service_new')}?revision={number}", {"withdraw": "yes"}).status_code == 404
    with pytest.raises(PermissionDenied):
        actions.withdraw(theirs, by=provider)
    assert Revision.objects.get() == theirs


@pytest.mark.parametrize("number", ["01727 123456", "+44 1727 123456", "116 123", "111", "0800 1111"])
def test_a_telephone_may_be_short_where_it_is_known_to_be(provider, organization, number):
    assert logged_in(provider).post(reverse("service_new"), NEW | {"phone": number}).status_code == 302


def test_times_to_spare_are_folded_away_until_something_is_written_in_them(provider, organization):
    client = logged_in(provider)
    folded = "Add another time"
    assert folded in client.get(reverse("service_new")).content.decode()
    assert folded not in client.post(reverse("service_new"), {**NEW, "time_1_opens": "10:00"}).content.decode()


def test_without_an_organisation_there_is_nothing_to_add(provider, link_worker):
    for somebody in (provider, link_worker):
        assert logged_in(somebody).get(reverse("service_new")).status_code == 404


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"name": ""}, "Give it a name."),
        ({"minimum_age": "60", "maximum_age": "18"}, "The oldest age is below the youngest."),
        ({"time_0_opens": "14:00"}, "Choose the days, or take the times out."),
        ({"time_0_days": ["MO"], "time_0_closes": "14:00"}, "Say when it begins too."),
        ({"time_0_days": ["MO"], "time_0_rhythm": "fortnightly"}, "so that we know which weeks"),
        ({"time_0_days": ["XX"]}, "Select a valid choice"),
        ({"place_0_city": "St Albans"}, "Give the house and the street."),
        ({"place_0_address_1": "1 A Road", "place_0_city": "B", "place_0_postcode": "AL"}, "not a full postcode"),
        ({"url": "javascript:alert(1)"}, "Enter a valid URL"),
        ({"time_0_days": ["MO"], "time_0_opens": "10:30", "time_0_closes": "09:30"}, "This is not after 10:30"),
        ({"phone": "01727 12"}, "Write the whole number, with its area code."),
        ({"phone": "ask in the hall"}, "Write the whole number, with its area code."),
        ({"email": "jo at home"}, "Write the whole e-mail address."),
    ],
)
def test_what_is_wrong_is_said_beside_what_was_typed(provider, organization, answer, said):
    page = logged_in(provider).post(reverse("service_new"), {**NEW, **answer, "alert": "Kept <b>as typed</b>"})
    assert page.status_code == 200
    text = page.content.decode()
    assert said in text
    assert "Kept &lt;b&gt;as typed&lt;/b&gt;" in text
    assert not Revision.objects.exists()
