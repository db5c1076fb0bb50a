"""The search over twenty thousand entries: whatever is asked, Postgres answers it by an index."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import QueryDict

from directory import places
from directory.factories import OutwardCodeFactory, PostcodeFactory, ServiceFactory
from directory.search import Search
from directory.search.engine import compose
from directory.search.words import understand

pytestmark = pytest.mark.django_db

# Spread over England; each with forty words, one word in half of them, one in fifty, one in a thousand.
GROW = """
    INSERT INTO directory_searchentry (
        service_id, reach, latitude, longitude, covers, title, keywords, body, title_senses, senses, needs, slots,
        languages, free, step_free, online, fresh_on, available, card
    )
    SELECT %s, CASE WHEN n %% 20 > 0 THEN 0 WHEN n %% 100 > 0 THEN 1 ELSE 2 END,
        CASE WHEN n %% 20 > 0 THEN 50.5 + (n * 7919 %% 20000) / 5000.0 END,
        CASE WHEN n %% 20 > 0 THEN -3 + (n * 104729 %% 20000) / 5000.0 END,
        CASE WHEN n %% 20 > 0 THEN '{}'::varchar[]
            WHEN n %% 100 > 0 THEN ARRAY['district ' || n %% 300] ELSE '{uk}' END,
        CASE WHEN n %% 500 = 0 THEN 'Choir' ELSE 'Listing' END, '',
        concat_ws(' ', CASE WHEN n %% 2 = 0 THEN 'coffee' END, CASE WHEN n %% 50 = 0 THEN 'gardening' END,
            CASE WHEN n %% 1000 = 0 THEN 'bipolar' END,
            (SELECT string_agg('word' || n * k %% 4999, ' ') FROM generate_series(1, 40) k)),
        '', CASE WHEN n %% 40 = 0 THEN 'sense1' ELSE '' END,
        CASE WHEN n %% 10 = 0 THEN '{money}' ELSE '{loneliness}' END::varchar[], ARRAY[n %% 21], '{}',
        n %% 3 = 0, false, false, current_date - n %% 400, true, '{}'
    FROM generate_series(1, 20000) n
"""


@pytest.fixture(scope="module")
def country(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """It is there for all tests of this module, which only read, and rolled back after the last one."""
    with django_db_blocker.unblock(), transaction.atomic():
        OutwardCodeFactory()
        PostcodeFactory()
        with connection.cursor() as cursor:
            cursor.execute(GROW, [ServiceFactory.create().pk])
            cursor.execute(
                "INSERT INTO directory_word (word, stem, uses) "
                "SELECT md5(n::text), md5(n::text), 1 FROM generate_series(1, 8000) n "
                "UNION SELECT 'gardening', 'garden', 400 UNION SELECT 'coffee', 'coffe', 10000"
            )
            for table in ("searchentry", "word"):  # the planner knows the indexes as after a vacuum
                cursor.execute(f"REINDEX TABLE directory_{table}")
            cursor.execute("ANALYZE directory_searchentry, directory_word")
        yield
        transaction.set_rollback(True)


def plan_of(statement: str, parameters: Any) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {statement}", parameters)
        found = cursor.fetchone()[0]
    return found if isinstance(found, str) else json.dumps(found)


@pytest.mark.parametrize(
    "asked",
    [
        "near=AL1",
        "near=AL1+3JQ&q=coffee",
        "near=AL1+3JQ&q=bipolar&within=25",
        "near=AL1&q=coffee+gardening&within=10&free=1&day=mo&part=morning&need=money",
        "near=AL1&group=area&q=coffee",
        "q=coffee",
        "q=gardening",
        "q=bipolar",
        "q=coffee+gardening",
        "q=nowhere",
        "need=money",
        "need=money&q=bipolar",
        "free=1&day=tu",
    ],
)
def test_no_search_reads_every_entry(country: None, asked: str) -> None:
    search = Search.read(QueryDict(asked))
    spot = places.locate(search.near) if search.near else None
    plan = plan_of(*compose(search, spot, understand(search.q)))
    assert '"Relation Name": "directory_searchentry"' in plan
    read_whole = re.findall(r'"Node Type": "Seq Scan"[^{}]*"Relation Name": "(\w+)"', plan)
    assert "directory_searchentry" not in read_whole


def test_a_word_is_looked_up_and_mended_by_indexes(country: None) -> None:
    statements: list[tuple[str, Any]] = []

    def noting(execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:
        statements.append((sql, parameters))
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(noting):
        words = understand("gardning")
    assert words.corrected == "gardening"
    plans = [plan_of(sql, parameters) for sql, parameters in statements if "directory_word" in sql]
    assert plans
    for plan in plans:
        assert "word_spelling" in plan
        read_whole = re.findall(r'"Node Type": "Seq Scan"[^{}]*"Relation Name": "(\w+)"', plan)
        assert set(read_whole) <= {"directory_synonym"}  # some forty rows
