"""A made-up directory for an empty database: its rows, and the search's."""

import datetime as dt
import multiprocessing
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection

from bench.country import SERVICES
from bench.listings import Listings
from directory.index import count_words, refresh
from directory.models import DataChange, PageTally, Service
from linkworkers.batches import batched

SERVICES_AT_A_TIME = 5_000  # go into the database together
INDEXED_AT_A_TIME = 500  # services, in one transaction


@dataclass(frozen=True)
class DirectorySize:
    services: int
    organizations: int
    postcodes: int

    @classmethod
    def of(cls, services: int) -> "DirectorySize":
        """100,000 services are England's: of 40,000 organisations, at 120,000 locations, with 200,000 postcodes."""
        return cls(services, max(1, services * 2 // 5), services * 2)


def write_directory(cursor: Any, size: DirectorySize, now: dt.datetime, progress: Callable[[float], None]) -> None:
    """Fill an empty directory through a psycopg2 cursor, in the caller's transaction; the search index is not in it.

    A smaller directory is that of fewer towns, and as dense. Every constraint and foreign key is checked and every
    trigger runs. Calls `progress` with the share done, up to 1.0.
    """
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    listings = Listings(now, size.organizations, size.postcodes, size.services / SERVICES)
    for done in range(1, size.services + 1):
        listings.add_service(done)
        if done % SERVICES_AT_A_TIME == 0 or done == size.services:
            for table in listings.tables.values():
                table.copy(cursor)
            progress(done / size.services)


def index_directory(progress: Callable[[float], None]) -> None:
    """Make the search's entries, and what the nightly and hourly tasks leave behind, as the application does.

    In as many processes as there are processors. Each bundle is a transaction of its own, so none may be open here.
    """
    batches = list(batched(Service.objects.order_by("pk").values_list("pk", flat=True), INDEXED_AT_A_TIME))
    connection.close()  # or every process would talk over this one
    with multiprocessing.get_context("fork").Pool(os.cpu_count()) as pool:
        for done, _ in enumerate(pool.imap_unordered(refresh, batches), start=1):
            progress(done / len(batches))
    count_words()
    PageTally.objects.compact()
    DataChange.objects.compact()
