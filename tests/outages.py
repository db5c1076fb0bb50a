"""Outages that tests go through: a broker and a database that nobody answers for."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from unittest import mock

from django.conf import settings
from django.db import connections

from linkworkers.celery import app


def closed_port() -> int:
    """A port of this machine on which nothing listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@contextmanager
def broker_away() -> Iterator[None]:
    """Celery publishes to, and the health check asks, a broker that refuses every connection."""
    url = f"redis://127.0.0.1:{closed_port()}/0"
    with (
        mock.patch.object(settings, "REDIS_URL", url),
        mock.patch.object(app, "connection_for_write", partial(app.connection_for_write, url)),
        mock.patch.object(app.amqp, "_producer_pool", None),
    ):
        yield


@contextmanager
def database_away() -> Iterator[None]:
    """Every query of this thread meets a Postgres that refuses every connection."""
    original = connections["default"]
    away = original.copy()
    away.settings_dict = {**away.settings_dict, "HOST": "127.0.0.1", "PORT": closed_port()}
    connections["default"] = away
    try:
        yield
    finally:
        connections["default"] = original
