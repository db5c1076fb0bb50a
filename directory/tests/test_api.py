"""The open data: that what goes out is the standard's, from every address."""

import json
import uuid
from http import HTTPStatus
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from directory.factories import ServiceFactory, make_listing
from directory.models import NEEDS_TAXONOMY, Location, Service, Taxonomy, TaxonomyTerm
from directory.tests.generated import Generator
from directory.tests.oruk_schemas import faults, read
from members.factories import UserFactory

BASE = "/api/oruk/v3/"
SCHEMAS = {
    "services": ("compiled/service_list", "compiled/service"),
    "service_at_locations": ("compiled/service_at_location_list", "compiled/service_at_location"),
    "taxonomies": ("taxonomy", "taxonomy"),
    "taxonomy_terms": ("taxonomy_term", "taxonomy_term"),
}
pytestmark = pytest.mark.django_db


class Api:
    """Asks as a program does. Each has an address of its own, so that no test is refused for what another asked."""

    def __init__(self) -> None:
        self.client = Client(
            REMOTE_ADDR=f"fd00:{uuid.uuid4().hex[:4]}:{uuid.uuid4().hex[:4]}:{uuid.uuid4().hex[:4]}::1"
        )

    def ask(self, path: str, **query: Any) -> Any:
        self.client.defaults["REMOTE_ADDR"] = Api().client.defaults["REMOTE_ADDR"]
        return self.client.get(BASE + path, query)

    def get(self, path: str, **query: Any) -> Any:
        response = self.ask(path, **query)
        assert response.status_code == HTTPStatus.OK, response.content
        return response.json()

    def names(self, path: str = "services", **query: Any) -> set[str]:
        """The names of the services on the first page."""
        contents = self.get(path, **query)["contents"]
        return {each["service"]["name"] if "service" in each else each["name"] for each in contents}

    def lines(self, path: str, **query: Any) -> list[Any]:
        response = self.ask(path, format="ndjson", **query)
        assert response.status_code == HTTPStatus.OK
        assert response["Content-Type"] == "application/x-ndjson"
        return [json.loads(line) for line in b"".join(response.streaming_content).splitlines()]


@pytest.fixture
def api() -> Api:
    return Api()


def test_the_root_says_what_this_is(api: Api) -> None:
    told = api.get("")
    assert told["version"] == "HSDS-UK-3.0"
    assert told["profile"].startswith("https://")
    assert told["openapi_url"] == "http://testserver/api/oruk/v3/openapi.json"
    assert Client().get("/api/oruk/v3").json() == told


def test_a_thousand_generated_services_are_the_standards_in_lists_and_alone(api: Api) -> None:
    made = Generator(seed=3)
    made.services(1000)
    made.save()
    for path, (in_list, whole) in SCHEMAS.items():
        pages = [api.get(path, per_page=500, page=page) for page in (1, 2, 3)]
        assert [fault for page in pages for fault in faults(page, in_list, in_page=True)] == []
        assert len({each["id"] for page in pages for each in page["contents"]}) == sum(p["size"] for p in pages) > 0
        some = pages[0]["contents"][:40]
        assert [fault for each in some for fault in faults(api.get(f"{path}/{each['id']}"), whole)] == []
    for path in ("services", "service_at_locations"):
        records = api.lines(path, full="true")
        assert len(records) == api.get(path)["total_items"]
        assert [fault for record in records for fault in faults(record, SCHEMAS[path][1])] == []
        minimal = api.get(path, minimal="true", per_page=500)
        assert faults(minimal, SCHEMAS[path][0], in_page=True) == []


def test_the_schemas_find_fault_with_what_is_wrong(api: Api) -> None:
    """Without their format checker they would pass almost anything."""
    make_listing(email="hello@example.org")
    [service] = api.get("services")["contents"]
    assert faults(service, "compiled/service_list") == []
    for field, value in (("id", "5"), ("email", "nobody"), ("last_modified", "today"), ("status", "open")):
        assert faults({**service, field: value}, "compiled/service_list")
    assert faults({"contents": [service]}, "compiled/service_list", in_page=True)


def test_what_is_empty_is_left_out_and_nothing_is_null(api: Api) -> None:
    service = make_listing(description="", url="")
    told = api.get(f"services/{service.pk}")
    assert "url" not in told
    assert "null" not in json.dumps(told)


def test_every_status_goes_out(api: Api) -> None:
    for status in Service.Status.values:
        ServiceFactory(status=status)
    assert {each["status"] for each in api.get("services")["contents"]} == set(Service.Status.values)


def test_a_taxonomy_has_its_terms_within_it_and_a_list_of_them_does_not(api: Api) -> None:
    told = api.get(f"taxonomies/{NEEDS_TAXONOMY}")
    assert {term["term"] for term in told["taxonomy_terms"]} >= {"bereavement", "money"}
    assert all("taxonomy_terms" not in each for each in api.get("taxonomies")["contents"])


@pytest.mark.parametrize("path", [*SCHEMAS, "openapi.json"])
def test_a_slash_at_the_end_makes_no_difference(api: Api, path: str) -> None:
    make_listing()
    assert api.get(path) == api.get(f"{path}/")


def test_the_examples_of_the_standard_have_the_fields_that_we_give(api: Api) -> None:
    make_listing()
    example = read("examples/service_list.json")
    assert set(api.get("services")) == set(example)


# Pages


def test_pages_follow_each_other_by_id_without_gap_or_double(api: Api) -> None:
    made = {str(ServiceFactory().pk) for _ in range(23)}
    pages = [api.get("services", per_page=5, page=number) for number in range(1, 6)]
    ids = [each["id"] for page in pages for each in page["contents"]]
    assert ids == sorted(made)
    assert [page["size"] for page in pages] == [5, 5, 5, 5, 3]
    assert [page["first_page"] for page in pages] == [True, False, False, False, False]
    assert [page["last_page"] for page in pages] == [False, False, False, False, True]
    assert {(page["total_items"], page["total_pages"], page["empty"]) for page in pages} == {(23, 5, False)}


def test_a_page_beyond_the_last_is_an_empty_one(api: Api) -> None:
    ServiceFactory()
    for query in ({}, {"minimum_age": 0}):
        page = api.get("services", page=7, **query)
        assert page["empty"]
        assert page["last_page"]
        assert not page["first_page"]
        assert (page["page_number"], page["size"], page["contents"]) == (7, 0, [])


def test_without_anything_there_is_one_empty_page(api: Api) -> None:
    page = api.get("services")
    assert page["empty"]
    assert page["first_page"]
    assert page["last_page"]
    assert page["total_pages"] == 0


def test_full_gives_whole_records_and_minimal_next_to_nothing(api: Api) -> None:
    service = make_listing(amount=2, byday="MO")
    [whole] = api.get("services", full="true")["contents"]
    assert whole == api.get(f"services/{service.pk}")
    assert whole["cost_options"][0]["amount"] == 2
    [least] = api.get("services", minimal="true")["contents"]
    assert set(least) == {"id", "name", "status", "last_modified"}
    [place] = api.get("service_at_locations", full="true")["contents"]
    assert place == api.get(f"service_at_locations/{place['id']}")
    assert place["service"]["schedules"]
    [least] = api.get("service_at_locations", minimal="true")["contents"]
    assert set(least) == {"id", "service"}


def test_a_stream_gives_everything_that_pages_give(api: Api) -> None:
    for _ in range(7):
        make_listing()
    for path in ("services", "service_at_locations"):
        for query in ({}, {"full": "true"}, {"minimal": "true"}):
            assert api.lines(path, **query) == api.get(path, **query)["contents"]
    assert len(api.lines("services", search="talking")) == 7
    assert api.lines("services", search="nowhere") == []


# What cannot be answered


def problem(response: Any, status: int) -> dict[str, Any]:
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    assert response["Access-Control-Allow-Origin"] == "*"
    told = response.json()
    assert told["status"] == status
    assert told["title"]
    return told


@pytest.mark.parametrize("path", SCHEMAS)
def test_an_id_that_is_none_or_nobodys_is_refused_in_words(api: Api, path: str) -> None:
    told = problem(api.ask(f"{path}/not-an-id"), 400)
    assert told["parameter"] == "id"
    assert "UUID" in told["detail"]
    assert "We hold nothing" in problem(api.ask(f"{path}/{uuid.uuid4()}"), 404)["detail"]


def test_an_id_of_another_kind_is_said_to_be_one(api: Api) -> None:
    service = make_listing()
    assert "It is the id of a taxonomy." in problem(api.ask(f"services/{NEEDS_TAXONOMY}"), 404)["detail"]
    assert "It is the id of a service." in problem(api.ask(f"taxonomies/{service.pk}"), 404)["detail"]
    told = problem(api.ask("services", taxonomy_term_id=NEEDS_TAXONOMY), 400)
    assert told["parameter"] == "taxonomy_term_id"
    assert "It is the id of a taxonomy." in told["detail"]
    term = TaxonomyTerm.objects.first()
    assert "It is the id of a taxonomy term." in problem(api.ask("services", taxonomy_id=term.pk), 400)["detail"]
    assert "is an organisation" in problem(api.ask("services", organization_id=uuid.uuid4()), 400)["detail"]


def test_an_unknown_parameter_is_refused_by_name(api: Api) -> None:
    """A slip of the pen would otherwise give everything."""
    told = problem(api.ask("services", postcod="AL1"), 400)
    assert told["parameter"] == "postcod"
    assert "postcode" in told["detail"]
    assert problem(api.ask("taxonomies", search="x"), 400)["parameter"] == "search"
    assert problem(api.ask("", page="1"), 400)["parameter"] == "page"


def test_a_parameter_that_comes_twice_is_refused(api: Api) -> None:
    assert "once" in problem(api.ask("services?day=MO&day=TU"), 400)["detail"]


def test_nothing_else_is_there(api: Api) -> None:
    assert "/api/oruk/v3/docs/" in problem(api.ask("organizations/x/y"), 404)["detail"]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_the_data_is_only_read(method: str) -> None:
    response = getattr(Client(enforce_csrf_checks=True), method)(f"{BASE}services")
    assert "GET" in problem(response, 405)["detail"]
    assert "GET" in response["Allow"]


# Confidential places


def test_nothing_of_a_confidential_place_gets_out(api: Api) -> None:
    secret = {"latitude": 53.123987, "longitude": -1.987123}
    service = make_listing("Women’s help", at=tuple(secret.values()), covers=("AL1",))
    place = service.service_at_locations.get()
    place.location.addresses.update(address_1="7 Hidden Row", postal_code="ZE9 9ZZ", city="Nowhereham")
    Location.objects.update(name="Rosewood")
    traces = (
        "Rosewood",
        "Hidden Row",
        "ZE9",
        "Nowhereham",
        "53.12398",
        "1.98712",
        str(place.pk),
        str(place.location_id),
    )
    manners = ({}, {"full": "true"}, {"minimal": "true"})
    asked = [
        *((path, query) for path in ("services", "service_at_locations") for query in manners),
        (f"services/{service.pk}", {}),
        ("services", {"search": "help"}),
        ("service_at_locations", {"search": "help"}),
    ]

    def all_that_is_told() -> str:
        lines = [json.dumps(api.lines(path, full="true")) for path in ("services", "service_at_locations")]
        return " ".join([*(api.ask(path, **query).content.decode() for path, query in asked), *lines])

    assert all(trace in all_that_is_told() for trace in traces)
    Location.objects.update(confidential=True)
    told = all_that_is_told()
    assert [trace for trace in traces if trace in told] == []
    assert "Women’s help" in told
    assert api.get("service_at_locations")["total_items"] == 0
    problem(api.ask(f"service_at_locations/{place.pk}"), 404)


# What each request costs


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("taxonomies", {}),
        ("taxonomy_terms", {}),
        *(
            (path, query)
            for path in ("services", "service_at_locations")
            for query in ({}, {"full": "true"}, {"minimal": "true"}, {"search": "café"})
        ),
    ],
)
def test_a_list_costs_the_same_queries_however_long(api: Api, path: str, query: dict[str, str]) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            api.get(path, **query)
        return len(seen)

    def grow(number: int) -> None:
        for _ in range(number):
            make_listing(
                byday="MO", amount=1, needs=("money",), languages=("Polish",), step_free=True, phone="1", covers=("x",)
            )
            Taxonomy.objects.create(name="A list", description="-")

    grow(1)
    few = queries()
    grow(29)
    assert queries() == few
    assert query.get("full") or few <= 9


def test_the_data_asks_for_no_session_and_depends_on_no_cookie(api: Api) -> None:
    user = UserFactory()
    api.client.force_login(user)
    with CaptureQueriesContext(connection) as seen:
        response = api.ask("services")
    assert not [query for query in seen if "session" in query["sql"] or "members_" in query["sql"]]
    assert "Cookie" not in response.get("Vary", "")
    assert response["Cache-Control"] == "public, max-age=60"
    assert not response.cookies
