"""`python -m django fill SHARE SERVICES`: makes the configured database ready to be measured."""

import dataclasses
import datetime as dt
import hashlib
import json
from pathlib import Path
from typing import Any

import psycopg2
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection, transaction
from django.utils import timezone

from bench.clinics import write_clinics
from bench.communities import TalkSize, write_communities
from bench.directory import DirectorySize, index_directory, write_directory
from bench.events import EventsSize, write_events, write_sales
from bench.log_in import log_in
from bench.members import MembersSize, let_all_end, write_members
from bench.rota import RotaSize, write_rota
from bench.world import Size, write_world

WRITERS = (
    "world cases made_up tables words directory listings listing_words country members communities rota events".split()
)
IN_A_MONTH = dt.timedelta(days=30)
INDEXERS = ("index", "facts", "schedules", "needs")


class Command(BaseCommand):
    help = (
        "Fill the configured database with a share of England (1.0 is all of it), a directory of so many services and "
        "so many members, unless it holds today's already; log people in, and print them as JSON. A database of this "
        "name that holds anything else is dropped. Without a share there are members alone, whose memberships all end "
        "in 30 days, or so many clinics without sessions, or so many sales of tickets that are about to open; "
        "without arguments it is left empty."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("share", type=float, nargs="?", default=0)
        parser.add_argument("services", type=int, nargs="?", default=0)
        parser.add_argument("members", type=int, nargs="?", default=0)
        parser.add_argument("clinics", type=int, nargs="?", default=0)
        parser.add_argument("sales", type=int, nargs="?", default=0)

    def handle(self, *, share: float, services: int, members: int, clinics: int, sales: int, **options: Any) -> None:
        mark = _mark(share, services, members) if share else ""
        if _start_afresh(mark):
            call_command("migrate", interactive=False, verbosity=0)
            call_command("createcachetable", verbosity=0)
            if not share:
                with transaction.atomic(), connection.cursor() as cursor:
                    if members:
                        write_members(cursor, MembersSize.of(members), timezone.now())
                        let_all_end(cursor, timezone.localdate() + IN_A_MONTH)
                    write_clinics(clinics)
                    write_sales(sales)
                return
            with transaction.atomic(), connection.cursor() as cursor:
                write_world(cursor, Size.of(share), timezone.now(), self._show)
                write_members(cursor, MembersSize.of(members), timezone.now())
                write_communities(cursor, TalkSize.of(members), timezone.now())
                write_rota(cursor, RotaSize.of(share), timezone.now())
                write_events(cursor, EventsSize.of(share), timezone.now())
                write_directory(cursor, DirectorySize.of(services), timezone.now(), self._show)
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")  # the index reads every table by its keys
            index_directory(self._show)
            with connection.cursor() as cursor:
                cursor.execute("VACUUM (ANALYZE)")
                cursor.execute(f'COMMENT ON DATABASE "{connection.settings_dict["NAME"]}" IS %s', [mark])
        self.stdout.write(json.dumps(dataclasses.asdict(log_in())))

    def _show(self, done: float) -> None:
        self.stderr.write(f"  {done:4.0%} written", ending="\n" if done == 1 else "\r")
        self.stderr.flush()


def _mark(share: float, services: int, members: int) -> str:
    """What a database filled for these sizes, today, by this code and these migrations is marked with."""
    house = Path(settings.BASE_DIR)
    code = [house / "bench" / f"{name}.py" for name in WRITERS]
    code += [house / "directory" / f"{name}.py" for name in INDEXERS]
    migrations = [*house.glob("[a-z]*/migrations/*.py"), *house.glob("linkworkers/*/migrations/*.py")]
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in code + sorted(migrations))).hexdigest()
    size = f"{share} of England, {services} services and {members} members"
    return f"{size} on {timezone.localdate()} by {digest[:16]}"


def _start_afresh(mark: str) -> bool:
    """Make the configured database an empty one, and return True; or False when it bears the mark."""
    wanted = connection.settings_dict
    server = psycopg2.connect(
        host=wanted["HOST"], port=wanted["PORT"], user=wanted["USER"], password=wanted["PASSWORD"], dbname="postgres"
    )
    server.autocommit = True  # CREATE DATABASE refuses to run in a transaction
    try:
        with server.cursor() as cursor:
            cursor.execute(
                "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [wanted["NAME"]]
            )
            if cursor.fetchone() == (mark,):
                return False
            cursor.execute(f'DROP DATABASE IF EXISTS "{wanted["NAME"]}"')
            cursor.execute(f'CREATE DATABASE "{wanted["NAME"]}"')
    finally:
        server.close()
    return True
