"""The gap finder: what is counted of searches, and what is missing near a network's practices."""

import datetime as dt
from typing import Any

import pytest
from dateutil.relativedelta import relativedelta
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from directory.factories import OutwardCodeFactory, make_listing
from directory.gaps import find_gaps, forget_old_searches, record_search
from directory.models import Need, OutwardCode, SearchTally, Service
from directory.places import Spot
from directory.tests.queries import same_for_many
from members.factories import WorkplaceFactory
from members.models import User, Workplace

pytestmark = pytest.mark.django_db

FAR = (52.2, 0.12)  # Cambridge


@pytest.fixture
def al1() -> OutwardCode:
    return OutwardCodeFactory()


@pytest.fixture
def spot(al1: OutwardCode) -> Spot:
    return Spot(al1.latitude, al1.longitude, "AL1", "AL1", ("al1", "hertfordshire"), exact=True)


@pytest.fixture
def area(network: Workplace, practice: Workplace, al1: OutwardCode) -> Workplace:
    """The network, with its practice in AL1."""
    Workplace.objects.filter(pk=practice.pk).update(postcode="AL1 3JQ")
    return network


def tallied() -> list[tuple[Any, ...]]:
    return sorted(SearchTally.objects.values_list("outward_code", "words", "need", "searches", "without_result"))


def row(network: Workplace, need: str) -> Any:
    return next(each for each in find_gaps(network).rows if each.need == need)


def test_a_search_is_counted_with_those_that_are_like_it(spot: Spot) -> None:
    make_listing("Bereavement café")
    record_search(spot, "Café, BEREAVEMENT", [], found=True)
    record_search(spot, "cafe bereavement café", (), found=False)
    record_search(spot, "bereavement", ["money"], found=False)
    assert tallied() == [("AL1", "bereavement", "money", 1, 1), ("AL1", "cafe bereavement", "", 2, 1)]
    assert SearchTally.objects.first().month == timezone.localdate().replace(day=1)


def test_a_word_that_no_listing_has_is_not_kept(spot: Spot) -> None:
    make_listing("Bereavement café")
    record_search(spot, "café for Ermintrude Quackenbush 07700900123", [], found=False)
    record_search(spot, "Ermintrude", [], found=False)
    record_search(spot, "", [], found=True)
    assert tallied() == [("AL1", "cafe", "", 1, 1)]


def test_each_need_is_counted_and_a_search_without_a_place_too() -> None:
    record_search(None, "", ["money", "carer", "money"], found=True)
    assert tallied() == [("", "", "carer", 1, 0), ("", "", "money", 1, 0)]


@pytest.mark.parametrize("words", ["x" * 10_000, "a\x00b", "'; DROP TABLE", "café " * 2000, "🙂"])
def test_any_words_can_be_counted(words: str, spot: Spot) -> None:
    make_listing("Café")
    record_search(spot, words, ["money"], found=False)
    assert SearchTally.objects.get().searches == 1


def test_counting_is_one_statement(spot: Spot, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        record_search(spot, "bereavement café", ["money", "carer"], found=False)


def test_searches_are_forgotten_after_two_years(spot: Spot) -> None:
    record_search(spot, "", ["money"], found=True)
    month = timezone.localdate().replace(day=1)
    for back in (23, 24, 25):
        SearchTally.objects.create(month=month - relativedelta(months=back), need="carer", searches=1)
    forget_old_searches()
    assert {month - tally.month for tally in SearchTally.objects.all()} == {
        dt.timedelta(0),
        *(month - (month - relativedelta(months=back)) for back in (23, 24)),
    }


def test_what_nobody_near_offers_comes_first(area: Workplace, spot: Spot) -> None:
    make_listing(needs=("money",))
    for need in ("money", "carer"):
        record_search(spot, "", [need], found=False)
    record_search(spot, "", ["housing"], found=False)
    record_search(spot, "", ["housing"], found=False)
    first, second, *_, last = find_gaps(area).rows
    assert (first.need, first.nowhere, first.without_result) == ("housing", ["AL1"], 2)
    assert second.need == "carer"
    assert (last.need, last.nowhere, last.near[0].listings) == ("money", [], 1)


def test_only_what_is_near_and_fresh_counts(area: Workplace) -> None:
    long_ago = timezone.localdate() - relativedelta(months=9)
    make_listing(needs=("carer",), at=FAR)
    make_listing(needs=("carer",), assured_date=long_ago)
    make_listing(needs=("carer",), status=Service.Status.DEFUNCT)
    assert row(area, "carer").near[0].listings == 0
    make_listing(needs=("carer",), at=(51.81, -0.339))  # four miles north
    make_listing(needs=("carer",), at=(51.83, -0.339))  # five miles and a bit
    assert row(area, "carer").near[0].listings == 1


def test_a_listing_for_the_area_closes_a_gap_and_a_national_one_does_not(area: Workplace) -> None:
    make_listing(needs=("carer",), at=None, covers=("England",))
    assert (row(area, "carer").covering, row(area, "carer").nowhere) == (0, ["AL1"])
    make_listing(needs=("carer",), at=None, covers=("Hertfordshire",))
    assert (row(area, "carer").covering, row(area, "carer").nowhere) == (1, [])


def test_a_confidential_place_is_near_nothing(area: Workplace) -> None:
    make_listing(needs=("abuse",), confidential=True)
    assert row(area, "abuse").near[0].listings == 0


def test_searches_elsewhere_and_long_ago_are_not_this_networks(area: Workplace, spot: Spot) -> None:
    month = timezone.localdate().replace(day=1)
    SearchTally.objects.create(month=month, outward_code="TS24", need="carer", searches=9)
    SearchTally.objects.create(month=month - relativedelta(months=12), outward_code="AL1", need="carer", searches=9)
    assert row(area, "carer").searches == 0


def test_a_few_searches_are_not_told_apart(client: Client, manager: User, area: Workplace, spot: Spot) -> None:
    make_listing("Bereavement café")
    for times, words in ((4, "bereavement"), (5, "cafe")):
        for _ in range(times):
            record_search(spot, words, [], found=False)
    client.force_login(manager)
    page = client.get(reverse("gaps")).content.decode()
    rows = {each: page.split(f">{each}<")[1].split("</tr>")[0] for each in ("bereavement", "cafe")}
    assert rows["bereavement"].count("fewer than 5") == 2
    assert ">4<" not in rows["bereavement"]
    assert "fewer" not in rows["cafe"]


def test_a_manager_sees_the_own_network_and_an_administrator_chooses(
    client: Client, manager: User, admin: User, area: Workplace, other_network: Workplace
) -> None:
    url = reverse("gaps")
    client.force_login(manager)
    assert "Nobody near AL1" in client.get(url).content.decode()
    for other in (other_network.pk, "x", 10**30):
        assert client.get(url, {"network": other}).status_code == 404
    client.force_login(admin)
    assert "Choose a network" in client.get(url).content.decode()
    assert "Nobody near AL1" in client.get(url, {"network": area.pk}).content.decode()
    assert (
        "None of the network’s practices has a postcode"
        in client.get(url, {"network": other_network.pk}).content.decode()
    )


def test_an_outward_code_that_is_nowhere_is_said_to_be(area: Workplace) -> None:
    WorkplaceFactory(parent=area, postcode="SG5 1AA")
    WorkplaceFactory(parent=area, postcode="nonsense")
    found = find_gaps(area)
    assert (found.codes, found.unknown) == (["AL1", "SG5"], ["SG5"])


def test_more_of_everything_asks_no_more_of_the_database(
    client: Client, manager: User, area: Workplace, spot: Spot
) -> None:
    numbers = iter(range(1000))

    def more() -> None:
        number = next(numbers)
        make_listing(f"Group{number}", needs=("carer", "money"))
        record_search(spot, f"group{number}", ["carer"], found=False)
        WorkplaceFactory(parent=area, postcode=f"AL{number % 9 + 1} 1AA")

    client.force_login(manager)
    same_for_many(client, reverse("gaps"), more)


def test_of_needs_that_nobody_asks_for_the_rarest_comes_first(area: Workplace) -> None:
    for need in Need:
        make_listing(needs=(need,))
    make_listing(needs=("carer",))
    assert find_gaps(area).rows[-1].need == "carer"


def test_each_need_leads_to_what_there_is_near(client: Client, manager: User, area: Workplace) -> None:
    client.force_login(manager)
    assert 'href="/directory/?near=AL1&amp;need=carer"' in client.get(reverse("gaps")).content.decode()
