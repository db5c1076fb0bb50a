"""What a search finds, in which order, and what it does with what people type."""

import datetime as dt
from typing import Any

import pytest
from django.http import QueryDict
from django.utils import timezone

from directory.factories import OutwardCodeFactory, PostcodeFactory, make_listing
from directory.index import refresh
from directory.models import Location, Need, SearchEntry, Service, Synonym, Word
from directory.search import Results, Search, run
from directory.search.engine import PAGE_SIZE

pytestmark = pytest.mark.django_db

ONE_MILE_NORTH, FOUR_MILES_NORTH, FAR = (51.766, -0.339), (51.81, -0.339), (54.69, -1.21)


@pytest.fixture(autouse=True)
def places() -> None:
    OutwardCodeFactory()
    PostcodeFactory()
    OutwardCodeFactory(code="TS24", name="Hartlepool", latitude=54.69, longitude=-1.21, areas=["hartlepool", "england"])
    if not Synonym.objects.exists():
        Synonym.objects.create(words="bereavement, grief, widow, died, lost my wife")


def search(**parameters: Any) -> Results:
    query = QueryDict(mutable=True)
    for name, value in parameters.items():
        query.setlist(name, [str(each) for each in value] if isinstance(value, list) else [str(value)])
    return run(Search.read(query))


def near(**parameters: Any) -> list[str]:
    return [result.title for result in search(near="AL1 3JQ", **parameters).near.results]


def area(**parameters: Any) -> list[str]:
    return [result.title for result in search(near="AL1 3JQ", **parameters).area.results]


# Words.


@pytest.mark.parametrize(
    "typed",
    [
        "grief",
        "bereavement",
        "widow",
        "my wife died",
        "i lost my wife",
        "GRIEVING",
        "somewhere to go with my grief please",
    ],
)
def test_people_find_it_in_their_own_words(typed: str) -> None:
    make_listing("Walking through grief")
    make_listing("Sit and stretch")
    assert near(q=typed) == ["Walking through grief"]


def test_accents_and_endings_do_not_matter() -> None:
    make_listing("Verulam Talking Café")
    assert near(q="cafe talks") == ["Verulam Talking Café"]


def test_a_misspelt_word_is_mended_and_said() -> None:
    make_listing("Bereavement walk")
    results = search(near="AL1", q="berevement walk")
    assert [result.title for result in results.near.results] == ["Bereavement walk"]
    assert results.corrected == "bereavement walk"
    assert "literal=1" in results.literal_url


def test_two_letters_that_changed_places_are_put_back() -> None:
    make_listing("Walking through grief")
    assert search(near="AL1", q="greif").corrected == "grief"


def test_whoever_means_what_they_typed_is_taken_at_their_word() -> None:
    make_listing("Bereavement walk")
    assert search(near="AL1", q="berevement", literal=1).near.total == 0


def test_a_word_that_one_of_our_listings_has_is_not_mended() -> None:
    make_listing("Choir")
    make_listing("Chair yoga")
    assert search(near="AL1", q="chair").corrected == ""


def test_a_synonym_that_no_listing_has_is_not_taken_for_a_slip() -> None:
    Synonym.objects.create(words="money, skint")
    make_listing("Money advice")
    make_listing("Skin clinic")
    results = search(near="AL1", q="skint")
    assert results.corrected == ""
    assert [result.title for result in results.near.results] == ["Money advice"]


def test_the_word_in_the_name_comes_before_the_word_in_the_text() -> None:
    make_listing("Thursday club", description="Sometimes we sing together, and there is a choir now and then.")
    make_listing("The choir", description="Everybody may sing.")
    assert near(q="choir") == ["The choir", "Thursday club"]


def test_what_has_all_the_words_comes_before_what_has_one() -> None:
    make_listing("Gardening", description="Vegetables.", at=ONE_MILE_NORTH)
    make_listing("Gardening for carers", description="Vegetables.", at=ONE_MILE_NORTH)
    assert near(q="carers gardening")[0] == "Gardening for carers"


@pytest.mark.parametrize(
    "typed", ["help", "people", "somewhere to go", "the of and", "???", "' OR a --", "& | ! <->", "\x00"]
)
def test_words_that_say_nothing_leave_the_place_to_decide(typed: str) -> None:
    make_listing("Talking Café")
    assert near(q=typed) == ["Talking Café"]


def test_a_query_of_a_thousand_words_is_answered() -> None:
    make_listing("Talking Café")
    assert search(near="AL1", q="word " * 1000).near.total == 0
    assert near(q="café " * 1000) == ["Talking Café"]


@pytest.mark.parametrize(
    ("typed", "heard"),
    [
        ("something to do on sundays near St Albans", Search(q="something to do", near="St Albans", day="su")),
        ("debt advice wheelchair tuesday", Search(q="debt advice", day="tu", step_free=True)),
        ("yoga in the evenings", Search(q="yoga", part="evening")),
        ("coffee morning", Search(q="coffee morning")),
        ("choir near nowhere at all", Search(q="choir near nowhere at all")),
        ("swimming in Hartlepool", Search(q="swimming", near="Hartlepool")),
    ],
)
def test_what_is_said_in_a_sentence_is_put_where_it_belongs(typed: str, heard: Search) -> None:
    assert search(q=typed).search == heard


def test_what_was_chosen_is_not_overruled_by_a_word() -> None:
    assert search(q="sunday roast near Hartlepool", near="AL1", day="mo").search == Search(
        q="sunday roast near Hartlepool", near="AL1", day="mo"
    )
    assert search(q="sunday roast", literal=1).search.day == ""


def test_noise_that_is_misspelt_is_noise() -> None:
    make_listing("Someone and something")
    make_listing("Talking Café")
    assert sorted(near(q="somthing to do")) == ["Someone and something", "Talking Café"]


# Place.


def test_the_nearer_comes_first_and_what_is_too_far_not_at_all() -> None:
    make_listing("Four miles", at=FOUR_MILES_NORTH)
    make_listing("One mile", at=ONE_MILE_NORTH)
    make_listing("Far away", at=FAR)
    assert near() == ["One mile", "Four miles"]
    assert near(within=1) == ["One mile"]
    assert search(near="AL1 3JQ").near.results[0].miles == pytest.approx(0.97, abs=0.05)


def test_the_corner_of_the_box_is_not_within_the_circle() -> None:
    make_listing("In the corner", at=(51.752 + 0.95 / 69.09, -0.339 + 0.95 / 42.8))
    assert near(within=1) == []


def test_what_serves_the_area_is_apart_and_whole_nations_come_last() -> None:
    make_listing("National line", at=None, covers=("England",))
    make_listing("County visitors", at=None, covers=("Hertfordshire",))
    make_listing("Somewhere else", at=None, covers=("Hartlepool",))
    make_listing("Next door", at=ONE_MILE_NORTH)
    assert near() == ["Next door"]
    assert area() == ["County visitors", "National line"]


def test_national_services_never_crowd_out_the_local_one() -> None:
    for number in range(30):
        make_listing(f"Debt line {number}", at=None, covers=("United Kingdom",))
    make_listing("Debt desk", at=FOUR_MILES_NORTH)
    results = search(near="AL1 3JQ", q="debt")
    assert [result.title for result in results.near.results] == ["Debt desk"]
    assert len(results.area.results) < len(range(30))
    assert results.area.total == 30


def test_a_listing_that_is_here_is_not_listed_for_the_area_again() -> None:
    make_listing("Both", covers=("Hertfordshire",))
    results = search(near="AL1")
    assert (results.near.total, results.area.total) == (1, 0)


def test_a_service_with_two_places_is_found_once_at_the_nearer() -> None:
    service = make_listing("Library", at=FOUR_MILES_NORTH)
    make_listing("Other", at=ONE_MILE_NORTH).service_at_locations.update(service=service)
    from_here = search(near="AL1", q="library")
    assert from_here.near.total == 1


def test_a_place_nobody_knows_is_said_and_nothing_is_listed() -> None:
    make_listing()
    results = search(near="ZZ99 9ZZ", q="café")
    assert "ZZ99 9ZZ" in results.problem
    assert results.is_empty


@pytest.mark.parametrize(
    "typed", ["<script>alert(1)</script>", "'; drop table", "\x00", "9" * 500, "NaN,NaN", "inf,0", "ＡＬ１"]
)
def test_no_place_however_strange_breaks_the_search(typed: str) -> None:
    assert search(near=typed).near.total == 0


# Freshness and room.


def test_a_stale_listing_sinks_below_a_fresh_one_that_is_a_little_further() -> None:
    long_ago = timezone.localdate() - dt.timedelta(days=400)
    make_listing("Stale", at=(51.7525, -0.339), assured_date=long_ago)
    make_listing("Fresh", at=ONE_MILE_NORTH)
    results = search(near="AL1")
    assert [result.title for result in results.near.results] == ["Fresh", "Stale"]
    assert [result.is_stale for result in results.near.results] == [False, True]


def test_a_full_listing_sinks_and_says_so() -> None:
    make_listing("Full", at=(51.7525, -0.339), full_since=timezone.localdate())
    make_listing("Room", at=(51.756, -0.339))
    assert near() == ["Room", "Full"]


@pytest.mark.parametrize("status", [Service.Status.INACTIVE, Service.Status.DEFUNCT])
def test_what_has_ended_or_is_not_published_is_not_found(status: str) -> None:
    make_listing("Gone", status=status)
    assert near() == []


# Filters.


@pytest.mark.parametrize(
    ("filters", "makes"),
    [
        ({"need": "money"}, {"needs": ("money",)}),
        ({"need": ["money", "benefits"]}, {"needs": ("benefits", "money")}),
        ({"day": "mo"}, {"byday": "MO,TU"}),
        ({"part": "morning"}, {"byday": "SU", "hours": (9, 11)}),
        ({"day": "mo", "part": "evening"}, {"byday": "MO", "hours": (18, 20)}),
        ({"free": "1"}, {"amount": 0}),
        ({"step_free": "1"}, {"step_free": True}),
        ({"online": "1"}, {"online": True}),
        ({"age": "70"}, {"minimum_age": 50}),
        ({"language": "Polish"}, {"languages": ("Polish",)}),
    ],
)
def test_each_filter_narrows(filters: dict[str, Any], makes: dict[str, Any]) -> None:
    make_listing("Fits", **makes)
    make_listing("Does not", minimum_age=16, maximum_age=25, byday="WE", hours=(13, 14), amount=3, needs=("work",))
    assert sorted(near()) == ["Does not", "Fits"]
    assert near(**filters) == ["Fits"]


def test_what_has_no_door_is_step_free() -> None:
    make_listing("By telephone", at=None, covers=("Hertfordshire",))
    make_listing("Up the stairs")
    results = search(near="AL1", step_free="1")
    assert results.near.total == 0
    assert [result.title for result in results.area.results] == ["By telephone"]


def test_filters_are_all_asked_at_once() -> None:
    make_listing("Both", needs=("money",), amount=0)
    make_listing("Need only", needs=("money",), amount=5)
    assert near(need="money", free="1") == ["Both"]


def test_a_tuesday_evening_is_not_made_of_a_tuesday_and_an_evening() -> None:
    service = make_listing("Mixed", byday="TU", hours=(9, 11))
    service.schedules.create(freq="WEEKLY", byday="FR", opens_at=dt.time(18))
    assert near(day="tu", part="evening") == []


def test_facets_count_what_a_choice_would_leave() -> None:
    make_listing("One", needs=("money", "benefits"), amount=0, byday="MO")
    make_listing("Two", needs=("money",), amount=2, byday="TU")
    results = search(near="AL1")
    counts = {option.label: option.count for facet in results.facets for option in facet.options}
    assert counts == {"Debt or money": 2, "Benefits": 1, "Free": 1, "Monday": 1, "Tuesday": 1} | dict.fromkeys(
        ("Mornings", "Afternoons", "Evenings"), 2
    )
    free = next(option for facet in results.facets for option in facet.options if option.label == "Free")
    assert run(Search.read(QueryDict(free.url.partition("?")[2]))).near.total == free.count


def test_a_chip_takes_its_filter_away_and_leaves_the_rest() -> None:
    results = search(near="AL1", need=["money"], free="1", q="debt")
    chips = {chip.label: chip.url for chip in results.chosen}
    assert set(chips) == {"Debt or money", "Free"}
    assert Search.read(QueryDict(chips["Free"].partition("?")[2])) == Search(q="debt", near="AL1", need=("money",))


def test_a_need_nobody_ticked_is_guessed_from_the_words() -> None:
    make_listing("Wells debt advice", description="Help with arrears.")
    assert near(need="money") == ["Wells debt advice"]


# Pages, bounds and addresses.


def test_pages_go_on_from_one_another_and_the_last_stands_for_those_beyond_it() -> None:
    for number in range(PAGE_SIZE + 3):
        make_listing(f"Café {number}")
    first, second, beyond = (search(near="AL1", page=page) for page in (1, 2, 40))
    titles = [result.title for page in (first, second) for result in page.near.results]
    assert len(set(titles)) == PAGE_SIZE + 3
    assert [result.number for result in second.near.results] == [11, 12, 13]
    assert [result.title for result in beyond.near.results] == [result.title for result in second.near.results]
    assert beyond.near.page == 2


def test_beyond_some_hundreds_the_count_says_over() -> None:
    service = make_listing("Café")
    entry = SearchEntry.objects.get(service=service)
    others = Service.objects.bulk_create(
        Service(name="Café", organization=service.organization, slug=f"cafe-{number}") for number in range(520)
    )
    for other in others:
        entry.pk, entry.service = None, other
        entry.save()
    group = search(near="AL1", q="café").near
    assert (group.count, group.capped, group.pages) == ("over 500", True, 50)
    anywhere = search(q="café").near
    assert (anywhere.count, anywhere.pages) == ("over 200", 20)


@pytest.mark.parametrize(
    "query",
    [
        "within=7&age=-1&day=xx&part=noon&need=nothing&page=0&free=yes",
        "page=99999999999&age=1e9&within=NaN",
        "need=&age=&q=&near=",
    ],
)
def test_parameters_that_make_no_sense_are_as_if_they_had_not_been_given(query: str) -> None:
    assert Search.read(QueryDict(query)) == Search()


def test_one_search_has_one_address() -> None:
    messy = Search.read(QueryDict("page=1&near=+AL1++3JQ+&q=debt&free=1&free=0&need=money&need=money&within=5&free=1"))
    assert messy.query_string == "q=debt&near=AL1+3JQ&need=money&free=1"
    assert Search.read(QueryDict(messy.query_string)) == messy


# The index.


def test_a_confidential_place_has_no_entry_and_its_listing_is_found_by_its_area() -> None:
    service = make_listing("Safe house", confidential=True, covers=("Hertfordshire",))
    entries = SearchEntry.objects.filter(service=service)
    assert [(entry.latitude, entry.longitude) for entry in entries] == [(None, None)]
    assert "Verulam" not in str(entries.values())
    assert "Priory" not in str(entries.values())
    results = search(near="AL1 3JQ")
    assert results.near.total == 0
    assert [(result.title, result.miles) for result in results.area.results] == [("Safe house", None)]


def test_a_place_without_a_position_stands_where_its_postcode_is() -> None:
    service = make_listing("Hall")
    Location.objects.update(latitude=None, longitude=None)
    refresh([service.pk])
    assert near() == ["Hall"]


def test_a_listing_that_is_refreshed_twice_is_there_once() -> None:
    service = make_listing("Hall")
    refresh([service.pk, service.pk])
    refresh([service.pk])
    assert near() == ["Hall"]
    assert SearchEntry.objects.count() == 1


def test_the_vocabulary_has_every_word_once() -> None:
    make_listing("Knitting, knitting and Café")
    assert Word.objects.filter(word__in=["knitting", "cafe"]).count() == 2
    assert Word.objects.get(word="knitting").stem == "knit"


def test_every_need_has_a_term_that_the_filter_knows() -> None:
    for need in Need.values:
        make_listing(f"About {need}", needs=(need,))
        assert near(need=need) == [f"About {need}"]
