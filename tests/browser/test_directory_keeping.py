"""Keeping listings true, as those who do it: link workers, owners, anybody, and the office; at both widths."""

import datetime as dt

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from directory import actions
from directory.documents import document_of, new_document
from directory.factories import (
    AddressFactory,
    LocationFactory,
    OrganizationFactory,
    ServiceFactory,
    make_listing,
    need_term,
)
from directory.links import claim_path, still_right_path
from directory.models import Claim, Location, Need, Organization, Revision, Service, ServiceAtLocation, Suggestion
from members.models import User, Workplace
from tests.browser.conftest import Visit
from tests.browser.scene import LONG_NOTE, UNBROKEN
from tests.browser.test_every_page import THEME, at, look_at, send_empty

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def listing(community: Workplace, provider: User) -> Service:
    """A whole listing of the provider's, with a change of it, a suggestion and a claim that wait."""
    for need in Need.values:
        need_term(need)
    organization = OrganizationFactory(name="St Albans Good Neighbours", workplace=community)
    service = make_listing(
        organization=organization,
        description=LONG_NOTE,
        needs=("loneliness",),
        byday="MO,TH",
        hours=(14, 16),
        amount=2,
        step_free=True,
        languages=("Polish",),
        covers=("St Albans",),
        phone="01632 960001",
        email="cafe@example.test",
        assured_date=timezone.localdate() - dt.timedelta(days=200),
    )
    document = document_of(service) | {"alert": "No meeting at Christmas.", "description": UNBROKEN, "phones": []}
    actions.revise(service=service, organization=organization, document=document, by=provider)
    actions.suggest(service=service, text=LONG_NOTE, name="Jo", email="jo@example.test", by=None)
    actions.claim(service=service, name="Kim Doe", email="kim@example.test", message=LONG_NOTE[:1500], by=None)
    return service


@pytest.fixture
def refuge(listing: Service) -> Service:
    service = make_listing("Safe House", at=None, organization=listing.organization)
    location = LocationFactory(confidential=True)
    AddressFactory(location=location)
    ServiceAtLocation.objects.create(service=service, location=location)
    return service


def use_up(page: Page) -> None:
    """Sends the form more often than it may be."""
    for _ in range(5):
        page.get_by_label("What should change?").fill("It is on Tuesdays now.")
        page.get_by_role("button", name="Send it").click()
        page.get_by_text("The office looks into it").wait_for()
        page.go_back()
    page.get_by_label("What should change?").fill("It is on Tuesdays now.")
    page.get_by_role("button", name="Send it").click()
    page.get_by_text("Please try again in an hour.").wait_for()


def test_pages_of_the_directory_for_anybody_who_knows_better(
    visit: Visit, listing: Service, link_worker: User, provider: User
) -> None:
    letter, claim = still_right_path(listing), Claim.objects.get()
    problems = look_at(
        visit(),
        [
            ("suggest", at("service_suggest", listing.slug)),
            ("suggest errors", at("service_suggest", listing.slug), send_empty),
            ("suggest too often", at("service_suggest", listing.slug), use_up),
            ("suggest missing", at("listing_suggest")),
            ("claim", at("service_claim", listing.slug)),
            ("claim errors", at("service_claim", listing.slug), send_empty),
            ("claim confirm", claim_path(claim)),
            ("letter", letter),
            ("letter unknown", at("service_confirm", "nonsense")),
        ],
    )
    problems += look_at(
        visit(link_worker),
        [
            ("assure", at("service_assure", listing.slug)),
            ("assure errors", at("service_assure", listing.slug), send_empty),
        ],
    )
    problems += look_at(visit(provider), [("assure as owner", at("service_assure", listing.slug))])
    actions.assure(service=listing, by=link_worker, how="rang", outcome="right")
    actions.decide_claim(claim, approve=False, by=None)
    problems += look_at(visit(), [("letter answered", letter), ("claim answered", claim_path(claim))])
    assert not problems, "\n".join(["", *problems])


def test_pages_of_the_directory_for_owners(
    visit: Visit, listing: Service, refuge: Service, provider: User, admin: User
) -> None:
    organization = listing.organization
    for name, facts in {
        UNBROKEN: {"full_since": timezone.localdate()},
        "Closed for now": {"status": "temporarily closed"},
        "Old": {"assured_date": dt.date(2024, 1, 1)},
        "Ended": {"status": "defunct"},
    }.items():
        ServiceFactory(organization=organization, name=name, **facts)
    waiting, declined = (
        Revision.objects.create(
            organization=organization, document=new_document(organization) | {"name": name}, by=provider
        )
        for name in ("Chess Club", UNBROKEN)
    )
    actions.decide_revision(declined, approve=False, answer=LONG_NOTE[:300], by=admin)
    full = Service.objects.get(name=UNBROKEN)
    problems = look_at(
        visit(provider),
        [
            ("today of a provider", at("today")),
            ("kept", at("listings_kept")),
            ("new waiting", f"{at('service_new')}?revision={waiting.pk}"),
            ("new declined", f"{at('service_new')}?revision={declined.pk}"),
            ("assure full", at("service_assure", full.slug)),
            ("letter full", still_right_path(full)),
            ("edit", at("service_edit", listing.slug)),
            ("edit confidential", at("service_edit", refuge.slug)),
            ("new", at("service_new")),
            ("new errors", at("service_new"), send_empty),
        ],
    )
    Organization.objects.update(workplace=None)
    problems += look_at(visit(provider), [("kept none", at("listings_kept"))])
    assert not problems, "\n".join(["", *problems])


def test_pages_of_the_directory_in_the_office(visit: Visit, listing: Service, refuge: Service, admin: User) -> None:
    revision, location = Revision.objects.get(), Location.objects.get(confidential=True)
    names = "suggestion claim revision service organization location taxonomyterm taxonomy synonym connector collection"
    problems = look_at(
        visit(admin),
        [
            *((f"office {name}s", at(f"admin:directory_{name}_changelist")) for name in names.split()),
            ("office revision", at("admin:directory_revision_change", revision.pk)),
            ("office suggestion", at("admin:directory_suggestion_change", Suggestion.objects.get().pk)),
            ("office claim", at("admin:directory_claim_change", Claim.objects.get().pk)),
            ("office listing", at("admin:directory_service_change", refuge.pk)),
            ("office location", at("admin:directory_location_change", location.pk)),
            ("office organisation", at("admin:directory_organization_change", listing.organization_id)),
        ],
        forgiven=THEME,
    )
    assert not problems, "\n".join(["", *problems])


def test_an_owner_answers_the_letter_and_edits_by_keyboard_alone(
    visit: Visit, listing: Service, provider: User
) -> None:
    page = visit()
    page.goto(still_right_path(listing))
    page.get_by_role("button", name="Yes, still right").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("was last checked today")).to_be_visible()

    page = visit(provider)
    page.goto(at("listings_kept"))
    page.get_by_role("link", name=f"Edit {listing.name}").focus()
    page.keyboard.press("Enter")
    page.get_by_label("How to come").focus()
    page.keyboard.type("Just turn up.")
    page.get_by_role("button", name="Send it to the office").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("what is public stays as it is until then")).to_be_visible()
    assert Revision.objects.get().document["application_process"] == "Just turn up."


def test_without_javascript_a_listing_is_checked_and_edited(visit: Visit, listing: Service, provider: User) -> None:
    page = visit(provider, javascript=False)
    page.goto(at("listings_kept"))
    page.get_by_role("button", name="Still right").click()
    expect(page.get_by_text("checked today", exact=False).first).to_be_visible()
    page.get_by_role("link", name="Edit").click()
    page.get_by_label("What is different just now").fill("Closed on Monday.")
    page.get_by_role("button", name="Send it to the office").click()
    expect(page.get_by_text("what is public stays as it is until then")).to_be_visible()
