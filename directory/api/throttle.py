"""How often one address may ask."""

import ipaddress
import logging
import math
import time
from functools import cache
from http import HTTPStatus

import redis
from django.conf import settings
from django.http import HttpRequest
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import RedisStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from directory.api.problems import Problem
from linkworkers.http import client_address

logger = logging.getLogger(__name__)

PAGES = RateLimitItemPerMinute(120, namespace="oruk-pages")
BULK = RateLimitItemPerMinute(6, namespace="oruk-bulk")  # whole records, and everything in one stream
TIMEOUT = 0.3  # seconds
PAUSE = 60  # seconds for which nobody is counted once Valkey has not answered

_counts_again_at = 0.0


def count(request: HttpRequest, limit: RateLimitItem) -> dict[str, str]:
    """Counts one request and returns the headers that say what is left. Raises Problem 429 when nothing is.

    Without Valkey nobody is refused: the data is public, and a page is better than a count.
    """
    global _counts_again_at
    if time.monotonic() < _counts_again_at:
        return {}
    try:
        return _count(limit, _who(request))
    except redis.RedisError as error:
        _counts_again_at = time.monotonic() + PAUSE
        logger.warning("Requests to the open data are not counted for a minute: %s", type(error).__name__)
        return {}


def _count(limit: RateLimitItem, who: str) -> dict[str, str]:
    allowed = _limiter().hit(limit, who)
    stats = _limiter().get_window_stats(limit, who)
    wait = str(max(1, math.ceil(stats.reset_time - time.time())))
    headers = {
        "RateLimit-Limit": str(limit.amount),
        "RateLimit-Remaining": str(max(0, stats.remaining)),
        "RateLimit-Reset": wait,
    }
    if not allowed:
        detail = f"That was {limit.amount} requests in a minute. Please ask again in {wait} seconds."
        raise Problem(HTTPStatus.TOO_MANY_REQUESTS, detail, headers={**headers, "Retry-After": wait})
    return headers


def _who(request: HttpRequest) -> str:
    """The address; of IPv6 its network, for whoever has one address there has all of them."""
    address = client_address(request)
    if address is None:
        return "unknown"
    return str(ipaddress.ip_network((address, 64), strict=False)) if ":" in address else address


@cache
def _limiter() -> SlidingWindowCounterRateLimiter:
    pool = redis.ConnectionPool.from_url(settings.REDIS_URL, socket_connect_timeout=TIMEOUT, socket_timeout=TIMEOUT)
    return SlidingWindowCounterRateLimiter(RedisStorage("redis://", connection_pool=pool))
