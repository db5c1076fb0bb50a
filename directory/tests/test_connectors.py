"""Community connectors: their counters, and that each tap counts once however often it is sent."""

import datetime as dt
import json
import threading
import uuid
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from directory import actions
from directory.factories import ConnectorFactory, TapFactory
from directory.models import Connector, Tap
from directory.tallies import figures, so_far
from directory.tests.queries import same_for_many
from members.models import User, Workplace

pytestmark = pytest.mark.django_db


def tap(*, days_ago: int = 0, need: str = "") -> dict[str, str]:
    day = timezone.localdate() - dt.timedelta(days=days_ago)
    return {"id": str(uuid.uuid4()), "on": day.isoformat(), "need": need}


def send(connector: Connector, *taps: Any, body: str | None = None) -> HttpResponse:
    url = reverse("counter_taps", args=[connector.token])
    content = json.dumps({"taps": taps}) if body is None else body
    return Client(enforce_csrf_checks=True).post(url, content, content_type="application/json")


@pytest.fixture
def connector(network: Workplace) -> Connector:
    return ConnectorFactory(workplace=network, name="Verulam Talking Café")


def test_a_tap_that_is_sent_again_counts_once(connector: Connector) -> None:
    first, second = tap(need="money"), tap()
    assert send(connector, first).json()["counted"] == [first["id"]]
    answer = send(connector, first, second, first).json()
    assert sorted(answer["counted"]) == sorted([first["id"], second["id"]])
    assert answer["refused"] == {}
    assert answer["so_far"] == answer["so_far"] | {"day": timezone.localdate().isoformat(), "today": 2, "month": 2}
    assert Tap.objects.count() == 2
    assert Tap.objects.get(pk=first["id"]).need == "money"


@pytest.mark.django_db(transaction=True)
def test_taps_sent_twice_at_the_same_time_count_once(connector: Connector) -> None:
    taps = [tap() for _ in range(50)]
    answers: list[int] = []

    def phone(order: int) -> None:
        answers.append(send(connector, *taps[::order]).status_code)
        connection.close()

    phones = [threading.Thread(target=phone, args=[order]) for order in (1, -1, 1, -1)]
    for each in phones:
        each.start()
    for each in phones:
        each.join()
    assert answers == [200] * 4
    assert Tap.objects.count() == 50


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"on": "2020-01-01"}, "more than 60 days old"),
        ({"on": "2999-01-01"}, "not come yet"),
        ({"on": "2026-02-31"}, "could not be read"),
        ({"on": "soon"}, "could not be read"),
        ({"on": 7}, "could not be read"),
        ({"on": None}, "could not be read"),
        ({"need": "gossip"}, "could not be read"),
        ({"need": ["money"]}, "could not be read"),
        ({"id": "1"}, "could not be read"),
        ({"id": "\x00"}, "could not be read"),
    ],
)
def test_a_tap_that_makes_no_sense_is_refused_with_its_reason_and_the_others_count(
    connector: Connector, wrong: dict[str, object], reason: str
) -> None:
    bad, good = tap() | wrong, tap()
    answer = send(connector, bad, good).json()
    assert answer["counted"] == [good["id"]]
    assert reason in answer["refused"][bad["id"]]
    assert [str(each.pk) for each in Tap.objects.all()] == [good["id"]]


@pytest.mark.parametrize("nothing", [None, 3, "tap", [], {}])
def test_what_is_no_tap_at_all_is_refused(connector: Connector, nothing: object) -> None:
    answer = send(connector, nothing).json()
    assert (answer["counted"], list(answer["refused"])) == ([], ["None"])


def test_sixty_days_count_and_a_clock_that_is_ahead_counts_today(connector: Connector) -> None:
    assert len(send(connector, tap(days_ago=60), tap(days_ago=-1)).json()["counted"]) == 2
    today = timezone.localdate()
    days = set(Tap.objects.values_list("on", flat=True))
    assert days == {today, today - dt.timedelta(days=60)}
    assert len(send(connector, tap(days_ago=61), tap(days_ago=-2)).json()["refused"]) == 2


@pytest.mark.parametrize("body", ["", "{", "[]", "null", '{"taps": 3}', "[" * 100_000, "\x00", '{"taps": NaN}'])
def test_a_body_that_holds_no_taps_is_a_plain_400(connector: Connector, body: str) -> None:
    answer = send(connector, body=body)
    assert answer.status_code == 400
    assert "taps" in answer.json()["detail"]


def test_a_batch_of_more_than_200_is_refused_whole(connector: Connector) -> None:
    assert send(connector, *(tap() for _ in range(201))).status_code == 413
    assert not Tap.objects.exists()


def test_a_counter_that_is_switched_off_answers_410_with_a_sentence(connector: Connector, client: Client) -> None:
    Connector.objects.update(is_active=False)
    answer = send(connector, tap())
    assert answer.status_code == 410
    assert "switched off" in answer.json()["detail"]
    url = connector.get_absolute_url()
    for page in (client.get(url), client.post(url)):
        assert page.status_code == 410
        assert "switched off" in page.content.decode()
    assert not Tap.objects.exists()


def test_too_many_at_once_are_told_to_wait(connector: Connector, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"counter": "2/m/key"}
    assert [send(connector, tap()).status_code for _ in range(3)] == [200, 200, 429]
    page = Client().post(connector.get_absolute_url())
    assert page.status_code == 429
    assert "Wait a minute" in page.content.decode()
    assert Tap.objects.count() == 2


def test_without_javascript_the_button_counts_one_and_a_second_press_of_it_none(connector: Connector) -> None:
    client = Client(enforce_csrf_checks=True)
    page = client.get(connector.get_absolute_url())
    sent = {"id": page.context["tap_id"], "need": "money"}
    for _ in range(2):
        assert client.post(connector.get_absolute_url(), sent).headers["Location"] == connector.get_absolute_url()
    assert Tap.objects.get().need == "money"
    assert so_far(connector).today == 1


def test_the_counter_sets_no_cookie_and_asks_for_no_account(connector: Connector) -> None:
    client = Client()
    assert client.get(connector.get_absolute_url()).status_code == 200
    client.post(connector.get_absolute_url(), {"id": uuid.uuid4()})
    client.post(reverse("counter_taps", args=[connector.token]), "{}", content_type="application/json")
    assert not client.cookies


@pytest.mark.parametrize("name", ["counter", "counter_taps", "counter_manifest"])
def test_a_token_that_is_nobodys_leads_nowhere(name: str, client: Client) -> None:
    method = client.post if name == "counter_taps" else client.get
    assert method(reverse(name, args=["nobody"])).status_code == 404


def test_the_worker_keeps_files_that_are_there(connector: Connector, client: Client) -> None:
    worker = client.get(reverse("counter_worker"))
    assert worker.headers["Content-Type"] == "text/javascript; charset=utf-8"
    kept = [line.strip(' ",') for line in worker.content.decode().splitlines() if line.strip().startswith('"/static/')]
    assert len(kept) == 7
    page = client.get(connector.get_absolute_url()).content.decode()
    assert [path for path in kept if path not in page] == [path for path in kept if path.endswith(".woff2")]
    assert "worker-src 'self'" in worker.headers["Content-Security-Policy"]


def test_its_own_network_runs_a_connector_and_no_other_does(
    connector: Connector, link_worker: User, coordinator: User, manager: User, outsider: User, practice_staff: User
) -> None:
    for allowed in (link_worker, coordinator, manager):
        actions.change_connector(connector=connector, name=f"Known to {allowed}", is_active=True, by=allowed)
    for other in (outsider, practice_staff):
        with pytest.raises(PermissionDenied):
            actions.change_connector(connector=connector, name="Mine", is_active=False, by=other)
        with pytest.raises(PermissionDenied):
            actions.make_connector(name="Mine", workplace=connector.workplace, by=other)
    connector.refresh_from_db()
    assert (connector.name, connector.is_active) == ("Known to Helen Whitmore", True)


def test_a_connector_is_made_renamed_and_switched_off_and_keeps_what_it_counted(
    client: Client, manager: User, network: Workplace
) -> None:
    client.force_login(manager)
    client.post(reverse("connector_new"), {"name": "Sal’s", "workplace": network.pk})
    made = Connector.objects.get()
    TapFactory(connector=made, need="money")
    page = client.get(reverse("connector_edit", args=[made.pk])).content.decode()
    assert made.get_absolute_url() in page
    assert "Debt or money" in page
    client.post(reverse("connector_edit", args=[made.pk]), {"name": "Sal’s hair"})
    made.refresh_from_db()
    assert (made.name, made.is_active, made.taps.count()) == ("Sal’s hair", False, 1)
    poster = client.get(reverse("connector_poster", args=[made.pk]))
    assert poster.content.startswith(b"%PDF")


def test_a_workplace_of_somebody_else_cannot_be_chosen(client: Client, manager: User, other_network: Workplace) -> None:
    client.force_login(manager)
    page = client.post(reverse("connector_new"), {"name": "Sal’s", "workplace": other_network.pk})
    assert page.status_code == 200
    assert not Connector.objects.exists()


def test_figures_add_up_by_month_and_by_need(connector: Connector) -> None:
    today = timezone.localdate()
    TapFactory.create_batch(3, connector=connector, need="money")
    TapFactory.create_batch(2, connector=connector)
    TapFactory(connector=connector, on=today.replace(day=1) - dt.timedelta(days=1))
    TapFactory(connector=connector, on=today - dt.timedelta(days=400))
    TapFactory()
    found = figures([connector])
    assert (found.total, [bar.count for bar in found.months]) == (6, [0, 0, 0, 0, 1, 5])
    assert [(bar.label, bar.count, bar.most) for bar in found.needs] == [("Debt or money", 3, 3), ("Not said", 3, 3)]
    assert (so_far(connector).today, so_far(connector).month) == (5, 5)


def test_a_figure_of_nothing_is_six_empty_months() -> None:
    assert [bar.count for bar in figures([]).months] == [0] * 6


def test_more_connectors_ask_no_more_of_the_database(client: Client, manager: User, network: Workplace) -> None:
    client.force_login(manager)
    same_for_many(
        client,
        reverse("connectors"),
        lambda: TapFactory.create_batch(2, connector=ConnectorFactory(workplace=network)),
    )


def test_more_taps_ask_no_more_of_the_database(client: Client, manager: User, connector: Connector) -> None:
    client.force_login(manager)
    same_for_many(client, reverse("connector_edit", args=[connector.pk]), lambda: TapFactory(connector=connector))
