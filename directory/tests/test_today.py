"""A provider's day says how their listings stand."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from directory import actions
from directory.documents import new_document
from directory.factories import OrganizationFactory, ServiceFactory, make_listing
from directory.today import Kept, panel
from tests.world import logged_in

pytestmark = pytest.mark.django_db

LONG_AGO = dt.timedelta(days=190)


def test_a_provider_s_day_counts_their_listings(provider, community, link_worker):
    organization = OrganizationFactory(workplace=community)
    today = timezone.localdate()
    make_listing("Choir", organization=organization, assured_date=today)
    make_listing("Shed", organization=organization, assured_date=today - LONG_AGO)
    make_listing("Never", organization=organization, assured_date=None, created_at=timezone.now() - LONG_AGO)
    make_listing("New", organization=organization, assured_date=None)
    make_listing("Over", organization=organization, assured_date=None, status="defunct")
    make_listing("Somebody else’s", assured_date=today - LONG_AGO)
    document = new_document(organization) | {"name": "Chess", "description": "Boards."}
    actions.revise(service=None, organization=organization, document=document, by=provider)
    assert panel(provider) == Kept(listed=4, to_check=2, waiting=1)
    text = logged_in(provider).get(reverse("today")).content.decode()
    for words in ("4 listings are in the directory.", "2 wait to be checked", "1 waits for the office."):
        assert words in text
    assert reverse("listings_kept") in text
    assert panel(link_worker) is None
    assert "in the directory." not in logged_in(link_worker).get(reverse("today")).content.decode()


def test_without_listings_it_offers_the_first(provider):
    assert "Add your first listing" in logged_in(provider).get(reverse("today")).content.decode()


@pytest.mark.parametrize("rows", [1, 30])
def test_it_asks_once_for_any_number_of_listings(provider, community, rows, django_assert_num_queries):
    organization = OrganizationFactory(workplace=community)
    for number in range(rows):
        ServiceFactory(organization=organization, name=f"Group {number}")
    assert provider.current_posts  # which the page has asked for already
    with django_assert_num_queries(1):
        assert panel(provider).listed == rows
