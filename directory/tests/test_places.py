"""From what people type to a place on the map, and never to one that must not be found."""

import json
import math

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import assume, given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from directory.models import Address, Location, OutwardCode, Postcode
from directory.places import areas_covering, learn, locate
from linkworkers import geo

ST_ALBANS = (51.7527, -0.3394)
LONDON = (51.5074, -0.1278)


def outward(code: str, latitude: float, longitude: float, name: str = "", areas: tuple[str, ...] = ()) -> OutwardCode:
    return OutwardCode.objects.create(
        code=code, latitude=latitude, longitude=longitude, name=name, areas=sorted({geo.fold(name), *areas} - {""})
    )


def address(postcode: str, latitude: float | None, longitude: float | None, **location: object) -> Address:
    place = Location.objects.create(latitude=latitude, longitude=longitude, **location)
    return Address.objects.create(
        location=place,
        address_1="1 High Street",
        city="St Albans",
        state_province="Hertfordshire",
        postal_code=postcode,
    )


@pytest.fixture
def herts(db: None) -> None:
    outward("AL1", 51.75, -0.33, "St Albans", ("e07000240", "hertfordshire"))
    outward("AL3", 51.77, -0.35, "St Albans", ("hertfordshire", "redbourn"))
    outward("WD17", 51.66, -0.40, "Watford", ("hertfordshire",))
    Postcode.objects.create(code="AL1 3JQ", latitude=51.7527, longitude=-0.3394)


# Postcodes and distances.


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("al13jq", "AL1 3JQ"),
        (" AL1  3jq ", "AL1 3JQ"),
        ("A L 1 3 J Q", "AL1 3JQ"),
        ("m11ae", "M1 1AE"),
        ("B338TH", "B33 8TH"),
        ("cr26xh", "CR2 6XH"),
        ("DN551PT", "DN55 1PT"),
        ("W1A 0AX", "W1A 0AX"),
        ("ec1a1bb", "EC1A 1BB"),
        ("GIR0AA", "GIR 0AA"),
        ("AL1", None),
        ("AL1 3", None),
        ("", None),
        ("Q1 1AA", None),
        ("AL1 3CQ", None),  # no inward code has a C
        ("AL111 3JQ", None),
        ("ſW1A 0AX", None),
        ("AL１ 3JQ", None),
        ("AL1 3JQ\0", None),
    ],
)
def test_a_postcode_is_written_in_one_way(typed: str, meant: str | None) -> None:
    assert geo.normalise_postcode(typed) == meant


@given(st.text())
def test_any_text_is_a_postcode_in_its_one_form_or_none(text: str) -> None:
    code = geo.normalise_postcode(text)
    assert code is None or (code.isascii() and "".join(code.split()) == "".join(text.split()).upper())


@given(
    st.from_regex(r"[A-PR-UWYZ][A-HK-Y]?[0-9]{1,2} [0-9][ABD-HJLNP-UW-Z]{2}", fullmatch=True),
    st.lists(st.integers(0, 8)),
    st.booleans(),
)
def test_however_it_is_typed_it_is_the_same_postcode(code: str, gaps: list[int], small: bool) -> None:
    assume(code.isascii())
    letters = list(code.replace(" ", "").lower() if small else code)
    for gap in gaps:
        letters.insert(gap, " ")
    typed = "".join(letters)
    assume(len(typed) <= 50)
    assert geo.normalise_postcode(typed) == geo.normalise_postcode(code) == code
    assert geo.outward_of(typed) == geo.outward_of(code.split()[0]) == code.split()[0]


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("St. Albans", "st albans"),
        ("Stoke-on-Trent", "stoke on trent"),
        ("King’s Lynn", "kings lynn"),
        ("  Ynys   Môn ", "ynys mon"),
        ("東京", ""),
    ],
)
def test_a_name_is_folded_alike_here_and_in_postgres(name: str, folded: str, db: None) -> None:
    Address.objects.filter(pk=address("AL1 3JQ", *ST_ALBANS).pk).update(city=name)
    learn()
    assert geo.fold(name) == folded
    assert set(OutwardCode.objects.get().areas) == {name.strip().lower(), folded, "hertfordshire"} - {""}


def test_distances_are_in_miles() -> None:
    assert geo.miles_between(*ST_ALBANS, *LONDON) == pytest.approx(19.2, abs=0.2)
    assert geo.to_metres(1) == pytest.approx(1609.344)
    assert geo.to_miles(geo.to_metres(7.5)) == pytest.approx(7.5)


@given(st.floats(49, 61), st.floats(-8.7, 2), st.floats(0.1, 100), st.floats(0, 2 * math.pi), st.floats(0, 1))
def test_a_box_holds_all_that_is_within_its_miles(
    latitude: float, longitude: float, miles: float, bearing: float, part: float
) -> None:
    angle, here = part * miles / geo.EARTH_RADIUS, math.radians(latitude)
    there = math.asin(math.sin(here) * math.cos(angle) + math.cos(here) * math.sin(angle) * math.cos(bearing))
    east = math.atan2(
        math.sin(bearing) * math.sin(angle) * math.cos(here), math.cos(angle) - math.sin(here) * math.sin(there)
    )
    box, tiny = geo.box(latitude, longitude, miles), 1e-9
    assert box.south - tiny <= math.degrees(there) <= box.north + tiny
    assert box.west - tiny <= longitude + math.degrees(east) <= box.east + tiny
    assert geo.miles_between(latitude, longitude, box.north, longitude) == pytest.approx(miles)


# What is typed into "near".


def test_a_postcode_that_we_know_is_exact(herts: None) -> None:
    spot = locate("al13jq")
    assert (spot.latitude, spot.longitude, spot.label, spot.exact) == (51.7527, -0.3394, "AL1 3JQ", True)
    assert spot.outward_code == "AL1"
    assert set(spot.areas) == {"al1", "e07000240", "hertfordshire", "st albans"}


def test_a_postcode_whose_outward_code_is_not_known_is_exact_too(db: None) -> None:
    Postcode.objects.create(code="ZE1 0AA", latitude=60.15, longitude=-1.14)
    spot = locate("ZE1 0AA")
    assert (spot.label, spot.outward_code, spot.areas, spot.exact) == ("ZE1 0AA", "ZE1", ("ze1",), True)


def test_an_unknown_postcode_falls_back_to_its_outward_code_and_says_so(herts: None) -> None:
    spot = locate("AL1 9ZZ")
    assert (spot.latitude, spot.label, spot.outward_code, spot.exact) == (51.75, "AL1", "AL1", False)


def test_an_outward_code_is_what_was_asked_for(herts: None) -> None:
    spot = locate("al3")
    assert (spot.latitude, spot.label, spot.exact) == (51.77, "AL3", True)


@pytest.mark.parametrize("typed", ["St Albans", "st albans", "ST. ALBANS", " st\talbans ", "St Albans, Hertfordshire"])
def test_a_name_is_the_centre_of_all_its_outward_codes(herts: None, typed: str) -> None:
    spot = locate(typed)
    assert (spot.latitude, spot.longitude) == pytest.approx((51.76, -0.34))
    assert (spot.label, spot.exact) == ("St Albans", True)
    assert {"al1", "al3", "redbourn", "e07000240"} <= set(spot.areas)


def test_a_village_or_a_county_is_found_among_the_areas(herts: None) -> None:
    assert (locate("Redbourn").outward_code, locate("Redbourn").label) == ("AL3", "Redbourn")
    assert {"al1", "al3", "wd17"} <= set(locate("hertfordshire").areas)


def test_accents_may_be_typed_or_left_out(db: None) -> None:
    outward("LL65", 53.3, -4.6, "Ynys Môn", ("ynys môn",))
    assert locate("Ynys Mon").label == locate("YNYS MÔN").label == "Ynys Môn"


def test_of_two_places_with_one_name_the_larger_is_meant_unless_more_is_said(db: None) -> None:
    outward("NP19", 51.59, -2.96, "Newport", ("gwent",))
    outward("NP20", 51.58, -3.01, "Newport", ("gwent",))
    outward("TF10", 52.77, -2.38, "Newport", ("shropshire",))
    assert locate("Newport").latitude == pytest.approx(51.585)
    assert locate("Newport, Shropshire").outward_code == "TF10"
    assert locate("Newport, Kent") is None


def test_a_name_that_covers_a_nation_is_nowhere(db: None) -> None:
    OutwardCode.objects.bulk_create(
        OutwardCode(code=f"{number:04}", latitude=52, longitude=-1, areas=["england"]) for number in range(501)
    )
    assert locate("England") is None
    OutwardCode.objects.filter(code="0000").delete()
    assert locate("England").latitude == 52


def test_a_position_has_the_nearest_outward_code(herts: None) -> None:
    spot = locate("51.67, -0.39")
    assert (spot.latitude, spot.longitude, spot.outward_code, spot.exact) == (51.67, -0.39, "WD17", True)
    assert "watford" in spot.areas


def test_a_position_far_from_every_outward_code_has_none(herts: None) -> None:
    spot = locate("57.15,-2.09")
    assert (spot.latitude, spot.outward_code, spot.areas) == (57.15, "", ())


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        ",",
        "<script>alert(1)</script>",
        "a" * 10_000,
        "St Albans\0",
        "\ud800",
        "%",
        "'; --",
        "AL9",
        "ZZ9 9ZZ",
        "0,0",
        "nan,nan",
        "inf,-inf",
        "1e999,1",
        "48.85,2.35",
        "51.75,-0.34,7",
        "東京",
        "🙂",
        ", Hertfordshire x",
        "1" * 50,
    ],
)
def test_what_is_no_place_of_ours_is_none(herts: None, typed: str) -> None:
    assert locate(typed) is None


@given(text=st.text())
def test_no_text_is_an_error(text: str, django_db_blocker: object) -> None:
    with django_db_blocker.unblock():
        locate(text)


@pytest.mark.parametrize("typed", ["AL1 3JQ", "AL1 9ZZ", "AL1", "St Albans", "51.7,-0.3", "Nowhere", "<script>"])
def test_two_queries_at_most(herts: None, typed: str, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_max_num_queries(2):
        locate(typed)


def test_a_name_is_looked_up_through_indexes(herts: None) -> None:
    with CaptureQueriesContext(connection) as asked:
        locate("St Albans")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")  # of three rows it would read all
        cursor.execute(f"EXPLAIN {asked[0]['sql']}")
        plan = str(cursor.fetchall())
    assert "outward_code_name" in plan
    assert "outward_code_areas" in plan


# Learning from addresses.


def test_outward_codes_are_learned_in_one_statement(
    db: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    address("AL1 3JQ", 51.75, -0.33)
    address("al11aa", 51.77, -0.35)
    with django_assert_num_queries(1):
        learn()
    code = OutwardCode.objects.get()
    assert (code.code, code.name, code.source) == ("AL1", "St Albans", "learned")
    assert (code.latitude, code.longitude) == pytest.approx((51.76, -0.34))
    assert code.areas == ["hertfordshire", "st albans"]
    assert locate("AL1 9ZZ").areas == ("al1", "hertfordshire", "st albans")


def test_a_loaded_centre_is_not_learned_over(herts: None) -> None:
    address("AL1 3JQ", 55, -3)
    learn()
    assert OutwardCode.objects.get(code="AL1").latitude == 51.75


def test_only_the_codes_asked_for_are_learned_or_forgotten(db: None) -> None:
    for postcode in ("AL1 3JQ", "AL3 4AA"):
        address(postcode, *ST_ALBANS)
    learn(["al1"])
    assert [code.code for code in OutwardCode.objects.all()] == ["AL1"]
    Address.objects.all().delete()
    learn(["AL3"])
    assert OutwardCode.objects.count() == 1
    learn(["AL1"])
    assert not OutwardCode.objects.exists()


@pytest.mark.parametrize(
    ("postcode", "latitude", "longitude"),
    [("AL1 3JQ", None, None), ("AL1 3JQ", 0, 0), ("AL1 3JQ", 48.85, 2.35), ("Anywhere", *ST_ALBANS), ("", *ST_ALBANS)],
)
def test_nothing_is_learned_from_an_implausible_address(
    db: None, postcode: str, latitude: float | None, longitude: float | None
) -> None:
    address(postcode, latitude, longitude)
    learn()
    assert not OutwardCode.objects.exists()


def test_a_confidential_place_is_never_learned_and_is_forgotten_when_it_becomes_one(db: None) -> None:
    refuge = address("AL1 3JQ", *ST_ALBANS, confidential=True).location
    learn()
    assert not OutwardCode.objects.exists()
    Location.objects.filter(pk=refuge.pk).update(confidential=False)
    learn()
    assert OutwardCode.objects.exists()
    Location.objects.filter(pk=refuge.pk).update(confidential=True)
    learn()
    assert not OutwardCode.objects.exists()


# Areas drawn as polygons.

AROUND_ST_ALBANS = [[[-0.45, 51.7], [-0.2, 51.7], [-0.2, 51.8], [-0.45, 51.8], [-0.45, 51.7]]]
AROUND_WATFORD = [[[-0.45, 51.6], [-0.35, 51.6], [-0.35, 51.7], [-0.45, 51.7], [-0.45, 51.6]]]
POLYGON = {"type": "Polygon", "coordinates": AROUND_ST_ALBANS}


@pytest.mark.parametrize(
    ("shape", "covered"),
    [
        (POLYGON, {"al1", "al3"}),
        ({"type": "Feature", "properties": None, "geometry": POLYGON}, {"al1", "al3"}),
        ({"type": "MultiPolygon", "coordinates": [AROUND_ST_ALBANS, AROUND_WATFORD]}, {"al1", "al3", "wd17"}),
        ({"type": "GeometryCollection", "geometries": [POLYGON]}, {"al1", "al3"}),
        ({"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": POLYGON}]}, {"al1", "al3"}),
        ({"type": "Polygon", "coordinates": [[[*point, 90.0] for point in AROUND_WATFORD[0]]]}, {"wd17"}),
        ({"type": "Point", "coordinates": [-0.33, 51.75]}, set()),
    ],
)
def test_a_polygon_covers_the_outward_codes_whose_centre_is_inside(herts: None, shape: dict, covered: set) -> None:
    assert areas_covering(json.dumps(shape)) == covered


@pytest.mark.parametrize(
    "text",
    ["", "St Albans", "null", "[]", "7", "{}", '{"type": "Polygon"}', '{"type": "Polygon", "coordinates": []}',
     '{"type": "Polygon", "coordinates": [[]]}', '{"type": "Polygon", "coordinates": [[[1, 2]]]}',
     '{"type": "Polygon", "coordinates": [[["a", "b"], [1, 2], [1, 3], [1, 2]]]}',
     '{"type": "Polygon", "coordinates": [[[NaN, 1], [1, 2], [1, 3], [1, 2]]]}',
     '{"type": "Polygon", "coordinates": [[[1e999, 1], [1, 2], [1, 3], [1, 2]]]}',
     '{"type": "Polygon", "coordinates": 7}', '{"type": "Feature", "geometry": null}', '{"type": ["Polygon"]}',
     "[" * 100_000, '{"type":"Feature","geometry":' * 900 + "{}" + "}" * 900, "\0"],
)  # fmt: skip
def test_a_malformed_polygon_covers_nothing(herts: None, text: str) -> None:
    assert areas_covering(text) == set()
