"""The office's pages of the directory: deciding, changing by hand, and hiding a place."""

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone

from directory import actions
from directory.documents import document_of
from directory.factories import (
    AddressFactory,
    LocationFactory,
    OrganizationFactory,
    ServiceFactory,
    make_listing,
)
from directory.models import (
    Claim,
    Collection,
    Connector,
    ImportRun,
    Location,
    Organization,
    Revision,
    SearchEntry,
    Service,
    ServiceAtLocation,
    Suggestion,
    Synonym,
    Taxonomy,
    TaxonomyTerm,
)
from linkworkers.audit.models import AuditEvent
from linkworkers.outbox.models import Message
from members.models import Invitation

pytestmark = pytest.mark.django_db

MODELS = [
    *(Suggestion, Claim, Revision, Organization, Service, Location),
    *(Taxonomy, TaxonomyTerm, Synonym, Connector, Collection),
]
SECRETS = ("Rose Cottage", "7 Hidden Lane", "Hidden Lane", "AL9 9ZZ")


def page(model, name: str = "changelist", *args: object) -> str:
    return reverse(f"admin:directory_{model._meta.model_name}_{name}", args=args)


@pytest.fixture
def office(client, admin):
    client.force_login(admin)
    return client


def fields_of(response) -> dict[str, object]:
    """What a browser would send back of the admin's form as it stands."""
    context = response.context
    forms = [context["adminform"].form]
    for each in context["inline_admin_formsets"]:
        forms += [each.formset.management_form, *each.formset.forms]
    data = {}
    for form in forms:
        for field in form:
            value = field.value()
            if value is not False and value not in (None, ""):
                data[field.html_name] = value
            if field.field.show_hidden_initial:
                data[field.html_initial_name] = field.initial
    return data


def revision_of(provider, community, **changes) -> Revision:
    organization = OrganizationFactory(workplace=community)
    service = make_listing("Choir", organization=organization, phone="01632 960001")
    document = document_of(service) | changes
    return actions.revise(service=service, organization=organization, document=document, by=provider)


# --- Deciding


def test_a_proposal_is_shown_side_by_side_and_approved_with_an_answer(office, provider, community):
    revision = revision_of(provider, community, description="We sing on Mondays.", phones=[])
    text = office.get(page(Revision, "change", revision.pk)).content.decode()
    table = re.sub(r"<[^>]+>|\s+", " ", text[text.index("Public now") :])
    assert "Changed" in table
    assert "Taken out" in table
    assert table.index("What it is") < table.index("What stays as it is") < table.index("Name")
    assert table.index("A weekly table where anyone") < table.index("We sing on Mondays.")
    answer = {"decision": "approved", "answer": "Thank you."}
    assert office.post(page(Revision, "change", revision.pk), answer).status_code == 302
    service = Service.objects.get()
    assert (service.description, service.phones.count()) == ("We sing on Mondays.", 0)
    assert "Thank you." in Message.objects.get(kind="listing-revision-decided").text
    assert office.get(page(Revision, "change", revision.pk)).status_code == 200


def test_what_was_proposed_is_never_run_by_the_browser(office, provider, community):
    revision = revision_of(provider, community, description="<script>alert(1)</script>")
    text = office.get(page(Revision, "change", revision.pk)).content.decode()
    assert "<script>alert(1)</script>" not in text
    assert "&lt;script&gt;alert(1)" in text


def test_somebody_who_was_slower_reads_that_it_is_decided(office, admin, monkeypatch):
    suggestion = actions.suggest(service=None, text="Chess", by=None)
    decide = actions.decide_suggestion

    def after_a_colleague(row, **facts):
        decide(row, approve=False, by=admin)
        return decide(row, **facts)

    monkeypatch.setattr(actions, "decide_suggestion", after_a_colleague)
    answer = office.post(page(Suggestion, "change", suggestion.pk), {"decision": "approved"}, follow=True)
    assert "has decided this already" in answer.content.decode()


def test_deciding_needs_a_decision(office):
    suggestion = actions.suggest(service=None, text="Chess", by=None)
    answer = office.post(page(Suggestion, "change", suggestion.pk), {"answer": "Hm"})
    assert "Say yes or no." in answer.content.decode()
    assert Suggestion.objects.get().is_waiting


def test_claims_are_decided_one_by_one_and_many_at_once(office):
    service = make_listing()
    claims = [
        actions.claim(service=service, name="Kim", email=f"{number}@example.test", by=None) for number in range(3)
    ]
    no = {"decision": "declined", "answer": "Nobody there knows you."}
    said = office.post(page(Claim, "change", claims[0].pk), no, follow=True).content.decode()
    assert "0@example.test was told that they do not look after" in said
    ticked = {"action": "approve", "_selected_action": [claim.pk for claim in claims]}
    answer = office.post(page(Claim), ticked, follow=True).content.decode()
    assert "has decided this already" in answer
    assert sorted(Claim.objects.values_list("state", flat=True)) == ["approved", "approved", "declined"]
    assert Invitation.objects.count() == 2


@pytest.mark.parametrize("kind", ["suggestion", "claim", "revision"])
def test_a_no_says_why(office, provider, community, kind):
    revision = revision_of(provider, community, description="We sing on Mondays.")
    waiting = {
        "suggestion": actions.suggest(service=None, text="Chess", by=None),
        "claim": actions.claim(service=revision.service, name="Kim", email="kim@example.test", by=None),
        "revision": revision,
    }[kind]
    address = page(type(waiting), "change", waiting.pk)
    for answer in ("", "  "):
        refused = office.post(address, {"decision": "declined", "answer": answer})
        assert "Say why not." in refused.content.decode()
    waiting.refresh_from_db()
    assert waiting.is_waiting
    office.post(address, {"decision": "declined", "answer": "Names stay plain."})
    waiting.refresh_from_db()
    assert (waiting.state, waiting.answer) == ("declined", "Names stay plain.")


def test_a_suggestion_leads_to_where_it_is_put_right(office, link_worker):
    service = make_listing()
    missing = actions.suggest(service=None, text="Chess", by=None)
    text = office.get(page(Suggestion, "change", missing.pk)).content.decode()
    assert re.search(rf'href="{page(Service, "add")}"[^>]*>Make this listing', text)
    assert "Change the listing first." in text
    assert "Done: tell them it has been put right" in text
    actions.assure(service=service, by=link_worker, how="rang", outcome="closed", for_good=True)
    ended = page(Suggestion, "change", Suggestion.objects.get(service=service).pk)
    edit = page(Service, "change", service.pk)
    assert re.search(rf'href="{edit}"[^>]*>Edit the listing', office.get(ended).content.decode())


def test_a_claim_says_who_was_asked_and_who_was_invited(office):
    claim = actions.claim(service=make_listing(), name="Kim", email="kim@example.test", by=None)
    address = page(Claim, "change", claim.pk)
    assert claim.mailed_to in office.get(address).content.decode()
    Claim.objects.update(mailed_to="")
    assert "Nobody at the organisation was asked, for it was asked often" in office.get(address).content.decode()
    claim.organization.services.update(email="")
    type(claim.organization).objects.update(email="")
    assert "Nobody at the organisation was asked, for it has no e-mail" in office.get(address).content.decode()
    said = office.post(address, {"decision": "approved", "answer": ""}, follow=True).content.decode()
    assert "was sent to kim@example.test." in said


def test_the_sidebar_and_the_front_page_count_what_waits(office):
    actions.suggest(service=None, text="Chess", by=None)
    answer = office.get(reverse("admin:index"))
    tiles = {tile["label"]: tile["number"] for tile in answer.context["tiles"]}
    assert tiles["suggestion for a listing"] == 1
    assert tiles["people asking for their listings"] == 0
    items = [item for group in answer.context["sidebar_navigation"] for item in group["items"]]
    badges = {item["title"]: item.get("badge") for item in items}
    assert (badges["Suggestions"], badges["Claims"]) == (1, None)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("rows", [1, 30])
def test_lists_ask_no_more_for_more_rows(office, provider, community, model, rows, django_assert_max_num_queries):
    organization = OrganizationFactory(workplace=community)
    for number in range(rows):
        service = ServiceFactory(organization=organization, name=f"Nia {number}")
        AddressFactory(location=LocationFactory())
        actions.suggest(service=service, text="nia", by=None)
        Claim.objects.create(organization=organization, service=service, name="Nia", email=f"{number}@example.test")
        Revision.objects.create(service=service, organization=organization, document={"name": "x"}, by=provider)
        Collection.objects.create(owner=provider, name=f"Nia {number}")
        Connector.objects.create(workplace=community, name=f"Nia {number}")
        parent = TaxonomyTerm.objects.create(name="Nia")
        TaxonomyTerm.objects.create(name="Nia", parent=parent)
    office.get("/admin/")
    with django_assert_max_num_queries(10):  # two of them count what waits, for the menu
        assert office.get(page(model)).status_code == 200
    assert office.get(page(model), {"q": "nia"}).status_code == 200


@pytest.mark.parametrize(
    ("query", "number"),
    [("freshness=fresh", 1), ("freshness=stale", 0), ("freshness=never", 1), ("need=money", 1), ("need=nonsense", 2)],
)
def test_listings_are_filtered(office, query, number):
    make_listing(needs=("money",))
    make_listing("Old", assured_date=None)
    assert len(office.get(f"{page(Service)}?{query}").context["cl"].queryset) == number


# --- Changing by hand


def test_a_listing_that_is_changed_is_found_by_its_new_words(office):
    service = make_listing("Choir")
    before = service.last_modified
    data = fields_of(office.get(page(Service, "change", service.pk))) | {"description": "Ukulele for beginners"}
    answer = office.post(page(Service, "change", service.pk), data)
    assert answer.status_code == 302, answer.context["errors"]
    assert "Ukulele" in SearchEntry.objects.get(service=service).body
    service.refresh_from_db()
    assert service.last_modified > before
    assert AuditEvent.objects.filter(verb="service.changed").count() == 1


def test_a_new_listing_gets_an_address_of_its_own(office):
    organization = OrganizationFactory()
    make_listing("Choir", slug="choir")
    data = {"name": "Choir", "organization": str(organization.pk), "status": "active"}
    office.post(page(Service, "add"), fields_of(office.get(page(Service, "add"))) | data)
    new = Service.objects.get(organization=organization)
    assert new.slug == "choir-2"
    assert SearchEntry.objects.filter(service=new).exists()


def test_renaming_an_organisation_reaches_the_search(office):
    service = make_listing()
    organization = service.organization
    data = fields_of(office.get(page(Organization, "change", organization.pk))) | {"name": "Brass and Co"}
    office.post(page(Organization, "change", organization.pk), data)
    assert "Brass and Co" in SearchEntry.objects.get(service=service).keywords


def test_the_office_says_that_it_checked(office, admin):
    service = make_listing(assured_date=None)
    office.post(page(Service), {"action": "checked_today", "_selected_action": [service.pk]})
    service.refresh_from_db()
    assert (service.assured_date, service.assured_by) == (timezone.localdate(), admin)


def test_a_term_does_not_stand_above_itself(office):
    top = TaxonomyTerm.objects.create(name="Top")
    middle = TaxonomyTerm.objects.create(name="Middle", parent=top)
    low = TaxonomyTerm.objects.create(name="Low", parent=middle)
    data = {"name": "Top", "parent": str(low.pk)}
    answer = office.post(page(TaxonomyTerm, "change", top.pk), data)
    assert "would stand above itself" in answer.content.decode()


# --- Hiding a place


@pytest.fixture
def refuge(provider, community) -> Service:
    """At an open place that the office is about to hide, with traces of it in proposals and in an import's report."""
    organization = OrganizationFactory(workplace=community)
    service = make_listing("Safe House", at=None, organization=organization, covers=("Hertfordshire",))
    location = LocationFactory(name="Rose Cottage")
    AddressFactory(location=location, address_1="7 Hidden Lane", postal_code="AL9 9ZZ")
    ServiceAtLocation.objects.create(service=service, location=location)
    actions.touch_all(Service.objects.all())
    for state in ("approved", "waiting"):
        document = document_of(service) | {"alert": "Come to 7 hidden lane, al99zz"}
        decided = timezone.now() if state == "approved" else None
        Revision.objects.create(
            service=service, organization=organization, document=document, by=provider, state=state, decided_at=decided
        )
    ImportRun.objects.create(name="feed", by=provider, report={"examples": ["Safe House: now at AL9 9ZZ"]})
    return service


def hide(office, service: Service, **changes: object):
    location = service.service_at_locations.get().location
    path = page(Location, "change", location.pk)
    return office.post(path, fields_of(office.get(path)) | {"confidential": "on"} | changes, follow=True)


def test_a_place_that_is_hidden_leaves_no_trace(office, refuge, django_capture_on_commit_callbacks):
    before = refuge.last_modified
    with django_capture_on_commit_callbacks() as after:
        answer = hide(office, refuge)
    assert any(callback.__name__ == "forget" for callback in after)
    assert Location.objects.get(name="Rose Cottage").confidential, answer.content.decode()
    kept = [
        *Revision.objects.values_list("document", flat=True),
        *ImportRun.objects.values_list("report", flat=True),
        *SearchEntry.objects.values_list("card", "body", "keywords", "latitude"),
        *AuditEvent.objects.values_list("summary", "facts"),
        *LogEntry.objects.values_list("object_repr", "change_message"),
        document_of(refuge),
    ]
    assert Revision.objects.count() == 2
    assert not [secret for secret in (*SECRETS, "hidden lane", "al99zz") if secret in str(kept)]
    assert "[address withheld]" in str(kept)
    event = AuditEvent.objects.get(verb="location.hidden")
    assert "confidential" in event.facts["fields"]
    refuge.refresh_from_db()
    assert refuge.last_modified > before


def test_changing_a_hidden_place_tells_the_trail_no_names(office, refuge):
    hide(office, refuge)
    hide(office, refuge, name="Ivy Cottage")
    assert Location.objects.filter(name="Ivy Cottage").exists()
    assert AuditEvent.objects.filter(verb="location.changed").exists()
    assert "Ivy" not in str(AuditEvent.objects.values_list("summary", "facts"))


def test_a_place_that_its_listing_tells_in_words_is_not_hidden_before_the_words_are_gone(office, refuge):
    Service.objects.update(description="Find us at AL9 9ZZ.")
    answer = hide(office, refuge)
    assert "tells this address in its own words" in answer.content.decode()
    assert not Location.objects.filter(confidential=True).exists()


def test_the_listing_s_own_page_names_no_hidden_place_and_takes_no_such_words(office, refuge):
    hide(office, refuge)
    path = page(Service, "change", refuge.pk)
    shown = office.get(path)
    text = shown.content.decode()
    assert "A confidential place" in text
    assert not [secret for secret in SECRETS if secret in text]
    answer = office.post(path, fields_of(shown) | {"alert": "We are at AL9  9ZZ"})
    assert "This gives away an address" in answer.content.decode()


def test_a_place_that_is_shown_again_is_found_again(office, refuge):
    hide(office, refuge)
    location = Location.objects.get(name="Rose Cottage")
    path = page(Location, "change", location.pk)
    data = fields_of(office.get(path))
    del data["confidential"]
    office.post(path, data)
    assert SearchEntry.objects.filter(service=refuge, latitude__isnull=False).exists()
