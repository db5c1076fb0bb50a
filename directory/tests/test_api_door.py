"""The open data: what every address does alike."""

import datetime as dt
import logging
import time
from http import HTTPStatus
from typing import Any

import pytest
import redis
from django.db import OperationalError
from django.test import Client
from django.utils import timezone
from limits import RateLimitItemPerMinute

from directory.api import throttle, views
from directory.api.openapi import describe
from directory.api.parameters import LISTS
from directory.factories import LocationFactory, ServiceFactory, make_listing
from directory.models import DataChange, Location, Organization, Service, Taxonomy
from directory.tests.test_api import BASE, SCHEMAS, Api, api, problem

__all__ = ["api"]

pytestmark = pytest.mark.django_db


def again(api: Api, path: str, tag: str) -> int:
    """The status of asking again with the ETag that came before."""
    return api.client.get(BASE + path, headers={"If-None-Match": tag}).status_code


@pytest.mark.parametrize("path", ["", "openapi.json", *SCHEMAS, "services?full=true", "services?format=ndjson"])
def test_what_has_not_changed_is_not_sent_again(api: Api, path: str) -> None:
    make_listing()
    tag = api.client.get(BASE + path)["ETag"]
    response = api.client.get(BASE + path, headers={"If-None-Match": f'"other", W/{tag}'})
    assert response.status_code == HTTPStatus.NOT_MODIFIED
    assert not response.content
    assert response["ETag"] == tag
    assert response["Access-Control-Allow-Origin"] == "*"


def test_anything_that_changes_what_goes_out_changes_the_etag(api: Api) -> None:
    service = make_listing("A", needs=("money",))
    other = ServiceFactory(last_modified=timezone.now() - dt.timedelta(days=900))
    changes = [
        lambda: Service.objects.filter(pk=other.pk).update(name="B"),  # without a new last_modified
        other.delete,
        lambda: Organization.objects.update(name="C"),
        lambda: Location.objects.update(confidential=True),
        lambda: Taxonomy.objects.create(name="D", description="-"),
        lambda: service.attributes.all().delete(),
    ]
    for path in ("services", f"services/{service.pk}", "service_at_locations", "taxonomies"):
        tag = api.ask(path)["ETag"]
        assert again(api, path, tag) == HTTPStatus.NOT_MODIFIED
    for change in changes:
        tag = api.ask("services")["ETag"]
        change()
        assert again(api, "services", tag) == HTTPStatus.OK


def test_two_addresses_have_two_etags(api: Api) -> None:
    assert len({api.ask("services", page=page)["ETag"] for page in (1, 2)}) == 2


def test_a_version_belongs_to_one_state_only() -> None:
    """Also when a transaction that began early ends late, and when the notes are replaced with one meanwhile."""
    seen = []
    for number in range(4):
        ServiceFactory()
        seen.append(DataChange.objects.version().name)
        if number % 2:
            DataChange.objects.compact()
            seen.append(DataChange.objects.version().name)
    DataChange.objects.create(pk=DataChange.objects.earliest("pk").pk - 1)
    seen.append(DataChange.objects.version().name)
    assert len(set(seen)) == len(seen)


def test_adding_up_the_notes_twice_leaves_one(api: Api) -> None:
    DataChange.objects.compact()
    ServiceFactory()
    at = DataChange.objects.version().at
    DataChange.objects.compact()
    DataChange.objects.compact()
    assert DataChange.objects.count() == 1
    assert DataChange.objects.version().at == at


def test_a_date_is_told_once_things_have_settled(api: Api) -> None:
    make_listing()
    assert "Last-Modified" not in api.ask("services")
    DataChange.objects.update(at=timezone.now() - dt.timedelta(minutes=5))
    told = api.ask("services")["Last-Modified"]
    since = {"If-Modified-Since": told}
    assert api.client.get(f"{BASE}services", headers=since).status_code == HTTPStatus.NOT_MODIFIED
    ServiceFactory()
    assert api.client.get(f"{BASE}services", headers=since).status_code == HTTPStatus.OK


@pytest.mark.parametrize("path", ["", *SCHEMAS, "nowhere", "services/x", "openapi.json"])
def test_any_site_may_ask(api: Api, path: str) -> None:
    response = api.client.options(BASE + path, headers={"Origin": "https://elsewhere.example"})
    assert response.status_code == HTTPStatus.NO_CONTENT
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    for answer in (api.ask(path), api.client.head(BASE + path)):
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert "ETag" in answer["Access-Control-Expose-Headers"]
        assert not answer.cookies


@pytest.mark.parametrize("path", [*SCHEMAS, "services?format=ndjson"])
def test_head_has_the_headers_and_no_body(api: Api, path: str) -> None:
    make_listing()
    full, head = api.client.get(BASE + path), api.client.head(BASE + path)
    assert head.status_code == HTTPStatus.OK
    assert head["ETag"] == full["ETag"]
    assert not b"".join(head)


def test_a_database_that_is_away_is_said_in_the_same_form(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise OperationalError

    monkeypatch.setattr(DataChange.objects, "version", away)
    response = api.ask("services")
    assert problem(response, 503)["detail"]
    assert int(response["Retry-After"]) > 0


# How often


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "PAGES", RateLimitItemPerMinute(3, namespace="test-pages"))
    monkeypatch.setattr(throttle, "BULK", RateLimitItemPerMinute(1, namespace="test-bulk"))


def test_whoever_asks_too_often_is_told_when_to_ask_again(api: Api, narrow: None) -> None:
    answers = [api.client.get(f"{BASE}taxonomies") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert [answer["RateLimit-Remaining"] for answer in answers] == ["2", "1", "0", "0"]
    assert {answer["RateLimit-Limit"] for answer in answers} == {"3"}
    assert "again in" in problem(answers[3], 429)["detail"]
    assert 0 < int(answers[3]["Retry-After"]) <= 120
    assert Api().client.get(f"{BASE}taxonomies").status_code == HTTPStatus.OK  # another address


@pytest.mark.parametrize("query", [{"full": "true"}, {"format": "ndjson"}])
def test_whole_records_and_streams_are_counted_apart(api: Api, narrow: None, query: dict[str, str]) -> None:
    def status(**query: str) -> int:
        return api.client.get(f"{BASE}services", query).status_code

    assert [status(**query), status(**query), status()] == [200, 429, 200]


def test_one_network_of_ipv6_is_one_address(narrow: None) -> None:
    start = Api().client.defaults["REMOTE_ADDR"].removesuffix("1")
    statuses = [Client(REMOTE_ADDR=f"{start}{n}").get(f"{BASE}taxonomies").status_code for n in range(1, 5)]
    assert statuses == [200, 200, 200, 429]


def test_without_valkey_nobody_is_refused_and_the_log_says_so_once(
    api: Api, narrow: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tried = []

    def away(*args: Any) -> None:
        tried.append(args)
        raise redis.ConnectionError

    monkeypatch.setattr(throttle, "_limiter", away)
    monkeypatch.setattr(throttle, "_counts_again_at", 0.0)
    caplog.set_level(logging.WARNING, logger=throttle.__name__)
    assert {api.client.get(f"{BASE}taxonomies").status_code for _ in range(9)} == {200}
    assert len(tried) == len(caplog.records) == 1
    monkeypatch.setattr(throttle, "_counts_again_at", time.monotonic() - 1)
    api.client.get(f"{BASE}taxonomies")
    assert len(tried) == 2


# The descriptions


def test_the_openapi_description_names_what_there_is() -> None:
    told = describe()
    assert set(told["paths"]) == {"/", *(f"/{path}{end}" for path in SCHEMAS for end in ("", "/{id}"))}
    for path in ("/services", "/service_at_locations"):
        named = {each["$ref"].rpartition("/")[2] for each in told["paths"][path]["get"]["parameters"]}
        assert named == {parameter.name for parameter in LISTS}
    schemas = told["components"]["schemas"]
    assert set(schemas["Service"]["required"]) >= {"id", "name", "status"}


def test_every_reference_of_the_description_leads_somewhere() -> None:
    told = describe()

    def references(part: Any) -> list[str]:
        if isinstance(part, dict):
            return [each for key, value in part.items() for each in ([value] if key == "$ref" else references(value))]
        return [each for value in part for each in references(value)] if isinstance(part, list) else []

    found = references(told)
    assert len(found) > 30
    for reference in found:
        target = told
        for step in reference.removeprefix("#/").split("/"):
            target = target[step]


def test_the_examples_of_the_description_are_read(api: Api) -> None:
    LocationFactory()
    for parameter in LISTS:
        if parameter.example:
            parameter.read(parameter.example)


def test_the_page_for_people_names_every_parameter_and_address() -> None:
    page = Client().get(f"{BASE}docs/").content.decode()
    assert all(f'scope="row">{parameter.name}</th>' in page for parameter in LISTS)
    assert "http://testserver/api/oruk/v3/service_at_locations/{id}" in page
    assert views.VERSION == "HSDS-UK-3.0"
