"""How often a page asks the database: the same with one row and with thirty, and never more than nine times."""

from collections.abc import Callable

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

MOST = 9
MANY = 30


def queries(client: Client, page: str) -> list[str]:
    """What the page asks; opened once before, for the first page after a log-in notes the second factor."""
    client.get(page)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(page).status_code == 200
    return [query["sql"] for query in captured]


def same_for_many(client: Client, page: str, more: Callable[[], object], *, most: int = MOST) -> None:
    """The page asks the same with one more row and with thirty more."""
    more()
    one = queries(client, page)
    for _ in range(MANY - 1):
        more()
    many = queries(client, page)
    assert len(many) == len(one), "\n".join(many)
    assert len(many) <= most, "\n".join(many)
