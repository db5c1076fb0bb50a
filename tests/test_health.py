import uuid

import pytest
import redis
from celery.signals import heartbeat_sent
from django.conf import settings

from linkworkers import health
from tests.outages import broker_away, database_away

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_pulse(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test processes share one Valkey."""
    monkeypatch.setattr(health, "PULSE_KEY", f"test:{uuid.uuid4()}")
    monkeypatch.setattr(health, "_next_pulse", 0.0)


def test_all_is_well_while_a_workers_heart_beats():
    heartbeat_sent.send(sender=None)
    assert health.report() == ({"status": "ok", "database": "ok", "broker": "ok", "worker": "ok"}, 200)


def test_a_worker_that_died_shows_within_thirty_seconds():
    heartbeat_sent.send(sender=None)
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        assert 0 < client.ttl(health.PULSE_KEY) <= 30
        client.delete(health.PULSE_KEY)
    report, code = health.report()
    assert report == {"status": "degraded", "database": "ok", "broker": "ok", "worker": "not running"}
    assert code == 200


def test_not_every_heartbeat_goes_to_the_broker(monkeypatch):
    heartbeat_sent.send(sender=None)
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        client.delete(health.PULSE_KEY)
        heartbeat_sent.send(sender=None)
        assert not client.exists(health.PULSE_KEY)
        monkeypatch.setattr(health, "_next_pulse", 0.0)  # as it is ten seconds later
        heartbeat_sent.send(sender=None)
        assert client.exists(health.PULSE_KEY)


def test_without_a_broker_pages_still_work():
    with broker_away():
        report, code = health.report()
        heartbeat_sent.send(sender=None)  # a worker outlives its broker
    assert report == {"status": "degraded", "database": "ok", "broker": "no answer", "worker": "unknown"}
    assert code == 200


def test_without_a_database_nothing_works():
    heartbeat_sent.send(sender=None)
    with database_away():
        report, code = health.report()
    assert report == {"status": "down", "database": "no answer", "broker": "ok", "worker": "ok"}
    assert code == 503


def test_the_health_page_needs_no_log_in_and_no_database(client):
    with database_away():
        response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json()["database"] == "no answer"
