"""Whether the parts that the site leans on are there: database, broker, worker."""

import logging
import time
from typing import Any

import redis
from django.conf import settings
from django.db import Error, connection
from redis.backoff import NoBackoff
from redis.retry import Retry

logger = logging.getLogger(__name__)

PULSE_KEY = "linkworkers:worker-pulse"
PULSE_LASTS = 30  # seconds: a worker that died shows within this
PULSE_EVERY = 10  # seconds

OK = "ok"
NO_ANSWER = "no answer"

_next_pulse = 0.0


def report() -> tuple[dict[str, str], int]:
    """The state of each part and of the whole, and the HTTP status that says so. Takes at most a few seconds.

    The whole is "down" (503) without the database, for then no page works; "degraded" (200) when anything else is
    missing, for then pages work and messages wait; else "ok" (200). No error text gets out: a health check is public.
    """
    database = _database()
    broker, worker = _broker_and_worker()
    if database != OK:
        status, code = "down", 503
    else:
        status, code = (OK if broker == worker == OK else "degraded"), 200
    return {"status": status, "database": database, "broker": broker, "worker": worker}, code


def note_pulse(**_: Any) -> None:
    """Receiver of Celery's `heartbeat_sent` (every 2 seconds in each worker): notes now and then that it is alive."""
    global _next_pulse
    if time.monotonic() < _next_pulse:
        return
    _next_pulse = time.monotonic() + PULSE_EVERY
    try:
        with _valkey() as client:
            client.set(PULSE_KEY, "alive", ex=PULSE_LASTS)
    except redis.RedisError as error:
        logger.warning("The worker's pulse was not noted: %s", type(error).__name__)


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return NO_ANSWER
    return OK


def _broker_and_worker() -> tuple[str, str]:
    try:
        with _valkey() as client:
            client.ping()
            return OK, OK if client.exists(PULSE_KEY) else "not running"
    except redis.RedisError:
        return NO_ANSWER, "unknown"


def _valkey() -> redis.Redis:
    """One connection, one second, no second try: whoever asks is waiting."""
    return redis.Redis.from_url(
        settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=1, retry=Retry(NoBackoff(), 0)
    )
