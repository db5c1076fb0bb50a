"""Collections, connectors and gaps as those who use them, at both widths."""

import pytest
from playwright.sync_api import expect

from directory.actions import set_favourite
from directory.factories import (
    CollectionFactory,
    CollectionItemFactory,
    ConnectorFactory,
    OutwardCodeFactory,
    TapFactory,
    make_listing,
)
from directory.gaps import record_search
from directory.models import Collection, Need
from directory.places import locate
from members.models import User, Workplace
from tests.browser.conftest import Visit
from tests.browser.scene import LONG_NOTE, UNBROKEN
from tests.browser.test_every_page import at, look_at, send_empty

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def full(link_worker: User, network: Workplace) -> Collection:
    """A collection with each state that a listing can be in, and the names that break layouts."""
    collection = CollectionFactory(
        owner=link_worker, name="For carers in Harpenden", note=LONG_NOTE, workplace=network, link_shared=True
    )
    for status in ("active", "temporarily closed", "inactive", "defunct"):
        CollectionItemFactory(collection=collection, service__status=status, note="Kind to newcomers.")
    CollectionItemFactory(collection=collection, service__name=f"{UNBROKEN} محمد", note=LONG_NOTE[:300])
    CollectionItemFactory(collection=collection, service__full_since="2026-11-01")
    CollectionItemFactory(collection=collection, service__assured_date="2025-01-01")
    return collection


def test_pages_of_the_directory_around_collections(
    visit: Visit, full: Collection, link_worker: User, outsider: User, colleague: User
) -> None:
    listing = make_listing()
    set_favourite(service=listing, by=link_worker, kept=True)
    CollectionFactory(owner=link_worker, name=UNBROKEN)
    problems = look_at(
        visit(link_worker),
        [
            ("collections", at("collections")),
            ("collection", at("collection", full.key)),
            ("collection favourites", Collection.objects.get(favourites=True).get_absolute_url()),
            ("collection new", at("collection_new")),
            ("collection edit", at("collection_edit", full.key)),
            ("collection edit errors", at("collection_edit", full.key), lambda page: _empty_the_name(page)),
            ("collection delete", at("collection_delete", full.key)),
            ("collect", at("service_collect", listing.slug)),
        ],
    )
    problems += look_at(visit(colleague), [("collection of a colleague", at("collection", full.key))])
    problems += look_at(visit(outsider), [("collections none", at("collections"))])
    problems += look_at(visit(), [("collection by its link", at("collection", full.key))])
    assert not problems, "\n".join(["", *problems])


def _empty_the_name(page) -> None:  # type: ignore[no-untyped-def]
    page.get_by_label("Name").fill("")
    send_empty(page)


def test_pages_of_the_directory_around_connectors(
    visit: Visit, network: Workplace, manager: User, outsider: User
) -> None:
    connector = ConnectorFactory(workplace=network, name="Verulam Talking Café")
    ConnectorFactory(workplace=network, name=UNBROKEN, is_active=False)
    for number, need in enumerate(Need):
        TapFactory.create_batch(number, connector=connector, need=need)
    problems = look_at(
        visit(manager),
        [
            ("connectors", at("connectors")),
            ("connector", at("connector_edit", connector.pk)),
            ("connector new", at("connector_new")),
            ("connector new errors", at("connector_new"), send_empty),
        ],
    )
    problems += look_at(visit(outsider), [("connectors none", at("connectors"))])
    assert not problems, "\n".join(["", *problems])


def test_pages_of_the_directory_around_gaps(
    visit: Visit, practice: Workplace, manager: User, admin: User, other_network: Workplace
) -> None:
    OutwardCodeFactory()
    Workplace.objects.filter(pk=practice.pk).update(postcode="AL1 3JQ")
    Workplace.objects.filter(pk=practice.parent_id).update(postcode="AL5 1AA")
    for number, need in enumerate(Need):
        for count in range(number // 3):
            make_listing(f"Listing {number} {count}", needs=(need,))
        for _ in range(number):
            record_search(locate("AL1"), "listing", [need], found=number % 2 == 0)
    problems = look_at(visit(manager), [("gaps", at("gaps"))])
    problems += look_at(
        visit(admin),
        [
            ("gaps choose", at("gaps")),
            ("gaps without postcodes", f"{at('gaps')}?network={other_network.pk}"),
        ],
    )
    assert not problems, "\n".join(["", *problems])


def test_a_favourite_is_kept_and_taken_out_by_keyboard(visit: Visit, link_worker: User) -> None:
    listing = make_listing()
    page = visit(link_worker)
    page.goto(listing.get_absolute_url())
    page.get_by_role("button", name="Keep as a favourite").focus()
    page.keyboard.press("Enter")
    taking_out = page.get_by_role("button", name="Take out of my favourites")
    expect(taking_out).to_be_focused()
    expect(page.locator("#announcement")).to_have_text("It is among your favourites.")
    assert Collection.objects.get(favourites=True).services.get() == listing
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Keep as a favourite")).to_be_visible()
    assert not Collection.objects.get(favourites=True).services.exists()
