"""What the server was at when a test of a page failed: a page that did not come is told apart from a slow machine."""

import sys
import threading
import traceback

from django.db import connection

# Itself apart. A lock that one waits for is named by who holds it.
STATEMENTS = """
    SELECT pid, state, wait_event_type, wait_event, pg_blocking_pids(pid), clock_timestamp() - xact_start, query
    FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
    ORDER BY xact_start NULLS LAST
"""


def what_the_server_is_at() -> str:
    """The stack of every other thread, and what each connection to this test's database does and waits for."""
    return "\n".join([*_threads(), *_statements()])


def _threads() -> list[str]:
    names = {thread.ident: thread.name for thread in threading.enumerate()}
    return [
        f"{names.get(ident, ident)}\n{''.join(traceback.format_stack(frame))}"
        for ident, frame in sys._current_frames().items()
        if ident != threading.get_ident()
    ]


def _statements() -> list[str]:
    own = connection.copy()  # the test's own may be in a transaction that failed
    try:
        with own.cursor() as cursor:
            cursor.execute(STATEMENTS)
            return [" | ".join(map(str, row)) for row in cursor.fetchall()]
    finally:
        own.close()
