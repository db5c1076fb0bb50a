"""How every test meets Django and the database. The cast of people is in tests/cast.py."""

import os

import pgtrigger
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.test import TransactionTestCase
from pytest_django.plugin import DjangoDbBlocker

pytest_plugins = ["tests.cast"]

KEPT = {"django_content_type", "auth_permission"}  # the same before every test
TEMPLATE = "linkworkers_template"
TEMPLATE_LOCK = 20_261_122  # any number: the advisory lock of whoever builds the template


def pytest_configure() -> None:
    """Trade what makes an installation safe or fast for what makes a test fast or simple."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    # Static files are served from where they lie, so that no test needs collectstatic.
    settings.WHITENOISE_AUTOREFRESH = settings.WHITENOISE_USE_FINDERS = True
    TransactionTestCase._fixture_teardown = _empty_tables


def _empty_tables(test: TransactionTestCase) -> None:
    """Delete what a test committed, from the tables that hold anything.

    Django would truncate every table and write content types and permissions anew, which takes three times as long.
    """
    tables = set(connection.introspection.django_table_names(only_existing=True, include_views=False)) - KEPT
    # The append-only tables would refuse.
    with pgtrigger.ignore(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (SELECT FROM {table})" for table in tables))
        found = cursor.fetchall()
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")  # the tables come in any order
        for (table,) in found:
            cursor.execute(f"DELETE FROM {table}")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: DjangoDbBlocker
) -> None:
    """Migrate once a run: the database of each worker is a copy of one template."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID")
    if run is None:  # a single process has nobody to share with
        return
    with django_db_blocker.unblock(), connection._nodb_cursor() as cursor:
        # Held until the cursor's connection closes, so the other workers wait here while the first one builds.
        cursor.execute("SELECT pg_advisory_lock(%s)", [TEMPLATE_LOCK])
        cursor.execute("SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [TEMPLATE])
        if cursor.fetchone() != (run,):
            cursor.execute(f"DROP DATABASE IF EXISTS {TEMPLATE}")
            cursor.execute(f"CREATE DATABASE {TEMPLATE}")
            _migrate(TEMPLATE)
            cursor.execute(f"COMMENT ON DATABASE {TEMPLATE} IS %s", [run])
    connection.settings_dict["TEST"]["TEMPLATE"] = TEMPLATE


def _migrate(database: str) -> None:
    name = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = database
    try:
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = name
