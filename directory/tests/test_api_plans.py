"""The open data with twenty thousand services: lists are found by an index, and no page is dearer than the first."""

import datetime as dt
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from directory.api import narrowing
from directory.api.pages import page
from directory.api.parameters import Asked
from directory.factories import OutwardCodeFactory, PostcodeFactory
from directory.models import (
    Organization,
    PageTally,
    SearchEntry,
    Service,
    TaxonomyTerm,
)

pytestmark = pytest.mark.django_db

LITTLE = 100  # by the planner's measure: what costs as little as this may be read whole


@pytest.fixture(scope="module")
def many(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """They are there for all tests of this module, which only read, and rolled back after the last one."""
    with django_db_blocker.unblock(), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(GROW)
            SearchEntry.objects.bulk_create(map(entry_of, Service.objects.all()), batch_size=2000)
            cursor.execute("REINDEX TABLE directory_searchentry")  # the planner knows the indexes as after a vacuum
            for table in ("service", "serviceatlocation", "location", "address", "attribute", "searchentry"):
                cursor.execute(f"ANALYZE directory_{table}")
            cursor.execute("ANALYZE directory_pagetally")
        OutwardCodeFactory()
        PostcodeFactory()
        yield
        transaction.set_rollback(True)


def entry_of(service: Service) -> SearchEntry:
    first, second, third = service.pk.bytes[:3]
    return SearchEntry(
        service=service,
        reach=SearchEntry.Reach.AREA,
        covers=[f"area {first * 4 + second % 4}"],
        title=service.name,
        body=f"word{third}",
        free=False,
        step_free=False,
        online=False,
        fresh_on=timezone.localdate(),
        available=True,
        card={},
    )


GROW = """
    INSERT INTO directory_taxonomy (id, name, description, uri, version)
    VALUES ('00000000-0000-4000-8000-000000000001', 'List', '-', '', '');
    INSERT INTO directory_taxonomyterm (id, name, description, taxonomy_name, taxonomy_id, term_uri, term)
    SELECT gen_random_uuid(), 'Term ' || n, '-', '', '00000000-0000-4000-8000-000000000001', '', 'term' || n
    FROM generate_series(1, 400) n;
    INSERT INTO directory_organization (id, name, description, email, website, logo, uri)
    SELECT gen_random_uuid(), 'Organisation ' || n, '', '', '', '', '' FROM generate_series(1, 4000) n;
    INSERT INTO directory_service (
        id, organization_id, name, description, url, email, status, fees, accreditations, eligibility_description,
        application_process, alert, assurer_email, last_modified, slug, code, created_at, source, assured_how,
        letters_sent
    )
    SELECT gen_random_uuid(), o.id, 'Service ' || n, '', '', '', 'active', '', '', '', '', '', '',
           now() - n * interval '1 hour', 'many-' || n, to_hex(n), now(), '', '', 0
    FROM (SELECT id, row_number() OVER () AS row FROM directory_organization) o
    JOIN generate_series(1, 20000) n ON n % 4000 = o.row - 1;
    INSERT INTO directory_location (
        id, location_type, name, description, latitude, longitude, external_identifier, external_identifier_type,
        confidential
    )
    SELECT id, 'physical', 'Hall', '', 50 + random() * 5, -4 + random() * 5, '', '', false FROM directory_service;
    INSERT INTO directory_address (
        id, location_id, attention, address_1, city, region, state_province, postal_code, country, address_type
    )
    SELECT gen_random_uuid(), id, '', '1 Road', 'Town', '', '',
           'Q' || (get_byte(uuid_send(id), 1) % 90) || ' 1AA', 'GB', 'physical'
    FROM directory_location;
    -- For the triggers of what follows: a table that is remembered as empty is read whole for each of its rows.
    ANALYZE directory_service, directory_location, directory_address;
    INSERT INTO directory_serviceatlocation (id, service_id, location_id)
    SELECT gen_random_uuid(), id, id FROM directory_service;
    INSERT INTO directory_attribute (id, link_type, taxonomy_term_id, service_id)
    SELECT gen_random_uuid(), '', t.id, s.id
    FROM (SELECT id, row_number() OVER () AS row FROM directory_service) s
    JOIN (SELECT id, row_number() OVER () AS row FROM directory_taxonomyterm) t ON s.row % 400 = t.row
"""


def asked(**narrowing_by: Any) -> Callable[[], list[QuerySet]]:
    return lambda: [narrowing.services(narrowing_by), narrowing.places(narrowing_by)]


def first_organization() -> list[QuerySet]:
    return asked(organization_id=Organization.objects.first().pk)()


def first_term() -> list[QuerySet]:
    return asked(taxonomy_term_id=TaxonomyTerm.objects.filter(name="Term 7").get().pk)()


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(asked(search="word7"), id="search"),
        pytest.param(asked(postcode="AL1 3JQ"), id="postcode"),
        pytest.param(asked(postcode="AL1 3JQ", proximity=5000), id="proximity"),
        pytest.param(asked(modified_after=timezone.now() - dt.timedelta(days=2)), id="modified_after"),
        pytest.param(first_organization, id="organization_id"),
        pytest.param(first_term, id="taxonomy_term_id"),
    ],
)
def test_what_narrows_is_found_by_an_index(many: None, rows: Callable) -> None:
    """For the page and for its count, and without being told not to read whole tables."""
    with connection.cursor() as cursor:
        # As on a solid-state disk. With the default for turning disks, 20,000 rows are few enough to go either way.
        cursor.execute("SET LOCAL random_page_cost = 1.1")
    for found in rows():
        for query in (found.order_by("pk")[:50], found):
            assert list(read_whole(json.loads(query.explain(format="json"))[0]["Plan"])) == [], query.explain()


def read_whole(plan: dict[str, Any]) -> Iterator[str]:
    """The larger tables that a plan reads from end to end."""
    reads = plan["Node Type"] in {"Seq Scan", "Index Scan", "Index Only Scan"} and "Index Cond" not in plan
    if reads and plan["Total Cost"] > LITTLE:
        yield plan["Relation Name"]
    for part in plan.get("Plans", ()):
        yield from read_whole(part)


@pytest.mark.parametrize("kind", PageTally.Kind.values)
def test_however_far_a_page_is_few_rows_are_skipped_on_the_way(many: None, kind: str) -> None:
    """Counted in rows, for a clock on a shared machine says little: no more than those of one byte, by their ids."""
    rows: QuerySet[Any] = Service.objects.all()
    if kind == PageTally.Kind.SERVICE_AT_LOCATION:
        rows = narrowing.places({})

    def skipped(number: int) -> float:
        with CaptureQueriesContext(connection) as seen:
            found = page(rows, Asked(page=number), lambda row: {}, kind)
        assert found["size"] == 50
        assert len(seen) == 2
        plan = explained(seen[-1]["sql"])
        assert plan["Actual Rows"] == 50
        return max(most_rows(plan)) - 50

    assert skipped(1) == 0
    assert max(skipped(200), skipped(400)) < 2 * 20_000 / 256


def explained(sql: str) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT json) {sql}")
        return cursor.fetchone()[0][0]["Plan"]


def most_rows(plan: dict[str, Any]) -> Iterator[float]:
    """How many rows each step of a plan handled."""
    yield plan["Actual Rows"] * plan["Actual Loops"]
    for part in plan.get("Plans", ()):
        yield from most_rows(part)
