"""Several people doing something at the same moment, each over a database connection of their own."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection, connections, transaction
from django.db.models import QuerySet

TIMEOUT = 15  # seconds


def race(held: QuerySet, *jobs: Callable[[], Any]) -> list[Any]:
    """Runs the jobs at once; returns what each returned or raised.

    The rows of `held` stay locked until every job waits for a lock, so each has read what it decides on before any
    of them changes anything: the worst moment, every time. They come to wait in the order given, and are let
    through in it.
    """

    with ThreadPoolExecutor(len(jobs)) as pool:
        with transaction.atomic():
            assert list(held.select_for_update())
            running = []
            for number, job in enumerate(jobs, start=1):
                running.append(pool.submit(_run, job))
                _until_waiting(number)
        return [each.result(TIMEOUT) for each in running]


def elsewhere(job: Callable[[], Any]) -> Any:
    """Runs one job over another connection, whatever transaction is open here; returns what it returned or raised."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(_run, job).result(TIMEOUT)


def _run(job: Callable[[], Any]) -> Any:
    try:
        return job()
    except Exception as error:  # handed to the test, which says what it expects
        return error
    finally:
        connections.close_all()


def _until_waiting(count: int) -> None:
    end = time.monotonic() + TIMEOUT
    waiting = 0
    with connection.cursor() as cursor:
        while time.monotonic() < end:
            cursor.execute("SELECT pg_stat_clear_snapshot()")  # or every look would show the first one's picture
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
            )
            waiting = cursor.fetchone()[0]
            if waiting == count:
                return
            time.sleep(0.01)
    raise AssertionError(f"{waiting} of {count} jobs came to wait for a lock")
