"""A test of a page that fails says what the server waited for."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from tests.browser.post_mortem import what_the_server_is_at

LOCK = "SELECT pg_advisory_xact_lock(26)"


def _take_the_lock() -> None:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(LOCK)
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_a_lock_is_told_with_who_waits_and_who_holds_it() -> None:
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"{LOCK}, pg_backend_pid()")
            holder = cursor.fetchone()[1]
            waiting = pool.submit(_take_the_lock)
            until = time.monotonic() + 10
            while "Lock | advisory" not in (told := what_the_server_is_at()) and time.monotonic() < until:
                time.sleep(0.02)
        waiting.result(10)
    assert f"| Lock | advisory | [{holder}] |" in told
    assert "in _take_the_lock" in told
