"""The directory of the demo as it is built today: believable, and found by what people type."""

import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.http import QueryDict
from django.test import override_settings
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker

from directory.actions.revisions import document_of
from directory.facts import cost_in_words, times_in_words
from directory.gaps import find_gaps
from directory.models import (
    STALE_AFTER,
    Address,
    Assurance,
    Claim,
    Collection,
    Connector,
    Contact,
    Need,
    Organization,
    OutwardCode,
    Phone,
    Postcode,
    Revision,
    SearchEntry,
    Service,
    ServiceArea,
    Suggestion,
    Tap,
)
from directory.search import Search, run
from linkworkers import geo
from linkworkers.audit.models import AuditEvent
from linkworkers.demo import DOMAIN
from linkworkers.demo.build import build
from members.models import Post, Role, User

SEARCHES = tomllib.loads((Path(settings.BASE_DIR) / "directory/tests/searches.toml").read_text(encoding="utf-8"))[
    "search"
]


def account(name: str) -> User:
    return User.objects.get(email=name + DOMAIN)


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The demo as of today, built once: how old a listing is counts from the day on which it is looked for."""
    with django_db_blocker.unblock(), override_settings(DEMO=True), transaction.atomic():
        assert build(now=timezone.now())
        yield
        transaction.set_rollback(True)


@pytest.fixture
def demo(built: None, db: None) -> None:
    pass


def test_three_hundred_listings_as_a_directory_has_them(demo: None) -> None:
    today = timezone.localdate()
    assert Service.objects.count() == 300
    assert Counter(Service.objects.values_list("status", flat=True)) == {
        "active": 291,
        "temporarily closed": 6,
        "defunct": 3,
    }
    assert Service.objects.filter(full_since__isnull=False).count() == 12
    assert Service.objects.filter(assured_date=None).count() == 10
    assert Service.objects.filter(assured_date__lt=today - STALE_AFTER).count() >= 30
    online = SearchEntry.objects.filter(online=True).values("service").distinct()
    assert online.count() >= 15
    assert set(SearchEntry.objects.values_list("service", flat=True)) == set(
        Service.objects.listed().values_list("pk", flat=True)
    )


@pytest.mark.parametrize("town", ["AL1", "BA11", "TS24"])
def test_each_need_is_met_around_each_town(demo: None, town: str) -> None:
    middle = OutwardCode.objects.get(code=town)
    south, west, north, east = geo.box(middle.latitude, middle.longitude, 25)
    around = Q(latitude__range=(south, north), longitude__range=(west, east))
    serving = Q(reach=SearchEntry.Reach.AREA, covers__overlap=[town.lower(), *middle.areas])
    met = Counter(
        need
        for _, needs in SearchEntry.objects.filter(around | serving).values_list("service", "needs").distinct()
        for need in needs
    )
    assert {need: met[need] for need in Need.values if met[need] < 8} == {}


def test_the_listings_of_the_pictures_are_there(demo: None) -> None:
    today = timezone.localdate()
    told = [
        (name, times_in_words(service), cost_in_words(service), (today - service.assured_date).days)
        for name in ("Verulam Talking Café", "Walking through grief", "Men’s kitchen")
        for service in [Service.objects.get(name=name)]
    ]
    assert told == [
        ("Verulam Talking Café", ["Mondays 14:00 to 16:00"], "Free", 9),
        ("Walking through grief", ["First Saturday of the month, 10:30 to 11:30"], "Free", 21),
        ("Men’s kitchen", ["Thursdays 18:30 to 20:30"], "£2 a session", 210),
    ]


def test_refuges_are_found_by_the_area_that_they_serve_and_nowhere_else(demo: None) -> None:
    addresses = Address.objects.filter(location__confidential=True)
    refuges = Service.objects.filter(service_at_locations__location__confidential=True)
    assert refuges.count() == addresses.count() == 6
    entries = SearchEntry.objects.filter(service__in=refuges)
    assert entries.count() == 6
    assert not entries.exclude(latitude=None, longitude=None).exists()
    assert not entries.filter(covers=[]).exists()
    rows = (*SearchEntry.objects.values(), *AuditEvent.objects.values(), *Service.objects.values())
    written = " ".join(map(str, rows))
    for address in addresses:
        assert address.postal_code not in written
        assert address.address_1 not in written
        assert not Postcode.objects.filter(code=address.postal_code).exists()


def test_every_place_that_a_listing_names_is_known(demo: None) -> None:
    public = Address.objects.filter(location__confidential=False)
    assert not public.exclude(postal_code__in=Postcode.objects.values("code")).exists()
    known = {name for place in OutwardCode.objects.all() for name in (place.code.lower(), *place.areas)}
    assert {area.name for area in ServiceArea.objects.all() if area.name.casefold() not in known} == set()


def test_no_listing_could_be_somebody_s(demo: None) -> None:
    for table in (Organization, Service, Contact):
        assert not table.objects.exclude(Q(email="") | Q(email__endswith=".example")).exists()
    assert not Service.objects.exclude(Q(url="") | Q(url__contains=".example/")).exists()
    assert not Phone.objects.exclude(Q(number__startswith="01632 960") | Q(number__startswith="07700 900")).exists()


def test_no_two_listings_read_the_same(demo: None) -> None:
    said = Counter(text[:40] for text in Service.objects.values_list("description", flat=True))
    assert [beginning for beginning, times in said.items() if times > 1] == []
    numbers = Counter(Phone.objects.values_list("number", flat=True))
    assert [number for number, times in numbers.items() if times > 1] == []


def test_letters_to_owners_have_gone_out_as_they_were_due(demo: None) -> None:
    today = timezone.localdate()
    asked = Service.objects.filter(letters_sent__gt=0)
    assert set(asked.values_list("letters_sent", flat=True)) == {1, 2, 3}
    assert not asked.filter(Q(last_letter_on=None) | Q(last_letter_on__gt=today)).exists()
    assert not asked.filter(last_letter_on__lte=F("assured_date")).exists()
    assert not Service.objects.filter(status="active", letters_sent=0, assured_date__lt=today - STALE_AFTER).exists()


def test_each_check_was_made_by_somebody_who_was_there(demo: None) -> None:
    checks = Assurance.objects.exclude(by=None)
    assert checks.count() > 150
    began = Post.objects.filter(user=models.OuterRef("by"), start_date__lte=models.OuterRef("on"))
    assert not checks.exclude(models.Exists(began)).exists()
    assert not Assurance.objects.filter(service__created_at__date__gt=F("on")).exists()
    latest = Service.objects.exclude(assured_date=None).annotate(last=models.Max("assurances__on"))
    assert not latest.exclude(last=F("assured_date")).exists()


def test_the_office_has_something_to_decide(demo: None) -> None:
    assert Suggestion.objects.filter(state="waiting").count() == 2
    assert Claim.objects.filter(state="waiting", organization__workplace=None).count() == 1
    revision = Revision.objects.get(state="waiting")
    assert revision.by == account("provider")
    assert revision.organization.workplace_id in revision.by.workplace_ids(Role.PROVIDER)
    assert revision.service is not None
    now = document_of(revision.service)
    assert {name for name in now if now[name] != revision.document[name]} == {"description", "schedules"}


def test_the_link_worker_shares_a_collection_and_keeps_favourites(demo: None) -> None:
    amara = account("link-worker")
    assert amara.collections.get(favourites=True).items.count() >= 5
    shared = Collection.objects.visible_to(account("colleague")).get()
    assert (shared.owner, shared.name) == (amara, "For people newly bereaved")
    assert shared.items.exclude(note="").count() >= 5
    assert not Collection.objects.visible_to(account("outsider")).exists()


def test_the_manager_sees_what_is_missing_and_what_connectors_count(demo: None) -> None:
    manager = account("manager")
    gaps = find_gaps(Post.objects.get(user=manager).workplace)
    assert gaps.unknown == []
    assert any(missed.without_result > 10 for missed in gaps.missed)
    assert any(row.without_result for row in gaps.rows)
    assert Tap.objects.filter(connector__in=Connector.objects.visible_to(manager)).count() > 100


@pytest.mark.parametrize("wanted", SEARCHES, ids=[f"{each['q']} near {each['near']}" for each in SEARCHES])
def test_what_people_type_finds_what_they_need(demo: None, wanted: dict[str, Any]) -> None:
    query = QueryDict(mutable=True)
    query.update({"q": wanted["q"], "near": wanted["near"]})
    query.update({name: "1" if value is True else value for name, value in wanted.get("filters", {}).items()})
    results = run(Search.read(query))
    group = results.area if wanted.get("among") == "covers" else results.near
    assert wanted["expect"] in [result.title for result in group.results[:3]]


def test_twenty_searches_and_more_are_written_down(demo: None) -> None:
    assert len(SEARCHES) >= 20
    assert {wanted["expect"] for wanted in SEARCHES} <= set(Service.objects.listed().values_list("name", flat=True))
