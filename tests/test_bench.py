"""The national data set keeps the rules that the real one does, and every page that is measured answers."""

from pathlib import Path

import pytest
from django.db import connection
from django.db.models import Count
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench.client import Request
from bench.log_in import log_in
from bench.report import MOST_QUERIES
from bench.scenarios import FLOOR, SCENARIOS
from bench.world import CASES_HELD, WAITING, Size, write_world
from referrals.models import CareContact, Episode, Referral
from referrals.models.person import validate_nhs_number
from referrals.models.referral import WAITING as WAITING_STATES

SIZE = Size.of(0.0005)


@pytest.fixture
def country(db: None) -> None:
    with connection.cursor() as cursor:
        write_world(cursor, SIZE, timezone.now(), lambda done: None)


def test_the_country_has_the_size_and_the_shape_that_was_asked_for(country: None) -> None:
    assert Referral.objects.count() == SIZE.referrals
    assert CareContact.objects.count() / SIZE.referrals == pytest.approx(5, abs=1)
    held = Episode.objects.on_caseload().values("holder").annotate(cases=Count("pk")).values_list("cases", flat=True)
    assert list(held) == [CASES_HELD] * SIZE.link_workers
    assert Referral.objects.filter(state__in=WAITING_STATES).count() == WAITING * SIZE.networks
    validate_nhs_number(Referral.objects.exclude(episode__person__nhs_number=None)[0].episode.person.nhs_number)


def test_states_of_referrals_agree_with_their_episodes(country: None) -> None:
    referrals = Referral.objects.all()
    assert not referrals.filter(state="active", episode__first_contact_at=None).exists()
    assert not referrals.filter(state="accepted", episode__accepted_at=None).exists()
    assert not referrals.filter(state="closed", episode__closed_at=None).exists()
    assert (
        not referrals.filter(episode__closed_at=None)
        .exclude(state__in=["accepted", "active", *WAITING_STATES])
        .exists()
    )


def test_triggers_stand_as_before_after_filling(country: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE tgenabled <> 'O'")
        assert cursor.fetchall() == []


def test_numbering_goes_on_where_the_country_ends(country: None) -> None:
    last = Episode.objects.order_by("pk").last()
    new = Episode.objects.create(
        reference="LW-NEXT", person=last.person, network=last.network, closed_at=last.opened_at, outcome="moved"
    )
    assert new.pk == last.pk + 1


def test_every_measured_request_is_answered_within_its_queries(country: None, client: Client, settings) -> None:
    settings.ROOT_URLCONF = "bench.urls"
    templates = Path(settings.BASE_DIR, "bench", "templates")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [*settings.TEMPLATES[0]["DIRS"], templates]}]
    cast = log_in()
    wrong = {}
    for scenario in [FLOOR, *SCENARIOS]:
        *before, measured = scenario.steps(cast)
        for request in before:
            send(client, request)
        with CaptureQueriesContext(connection) as queries:
            status = send(client, measured)
        right = 302 if measured.method == "POST" else 200
        if status != right or (measured.method == "GET" and len(queries) > MOST_QUERIES):
            wrong[scenario.name] = (status, len(queries))
    assert wrong == {}


def send(client: Client, request: Request) -> int:
    content_type = request.headers.get("Content-Type", "")
    return client.generic(request.method, request.path, request.body, content_type, headers=request.headers).status_code
