"""The files of open data, and what machines that read the site are told."""

import csv
import gzip
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from celery import current_app
from django.test import Client
from django.urls import reverse
from kombu.exceptions import OperationalError

from directory import dumps, tasks
from directory.api.views import _whole_service
from directory.columns import COLUMNS
from directory.factories import ServiceFactory, make_listing
from directory.markup import json_ld
from directory.models import DataChange, Location, PageTally, Service
from directory.standard.shapes import SERVICE
from directory.standard.write import prefetched
from directory.tests.generated import Generator
from directory.tests.oruk_schemas import faults
from directory.whole import fetch_whole

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.DUMPS_DIR = str(tmp_path / "dumps")
    return tmp_path / "dumps"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the tasks that somebody asked for."""
    names: list[str] = []
    monkeypatch.setattr(current_app, "send_task", names.append)
    return names


def text_of(name: str) -> str:
    return gzip.decompress((Path(dumps.find(name).path)).read_bytes()).decode()


def table() -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text_of(dumps.TABLE), newline="")))


def test_each_file_holds_every_service_as_the_standard_has_it() -> None:
    made = Generator(seed=5)
    made.services(230)
    made.save()
    assert tasks.write_dumps() == 230
    whole = json.loads(text_of(dumps.JSON))
    assert whole == [json.loads(line) for line in text_of(dumps.LINES).splitlines()]
    assert whole == [_whole_service(each) for each in prefetched(Service.objects.order_by("pk"), SERVICE)]
    assert [fault for each in whole for fault in faults(each, "compiled/service")] == []
    rows = table()
    assert [*rows[0]] == list(COLUMNS)
    assert {row["id"] for row in rows} == {each["id"] for each in whole}
    assert len(rows) == sum(max(1, len(real_places(each))) for each in whole)


def real_places(service: dict) -> list[dict]:
    return [
        place for place in service.get("service_at_locations", []) if place["location"]["location_type"] != "virtual"
    ]


def test_a_line_of_the_table_has_what_a_spreadsheet_has_room_for() -> None:
    make_listing(
        "Lunch club",
        byday="MO",
        hours=(12, 14),
        amount=2.5,
        phone="01632 960001",
        languages=("Polish", "Bengali"),
        needs=("loneliness",),
        covers=("St Albans",),
        step_free=True,
        online=True,
        minimum_age=60,
    )
    dumps.write_all()
    [row] = table()
    told = {name: row[name] for name in row if name not in {"id", "organization", "description", "assured_date"}}
    assert told.pop("address").startswith("Verulam Hall")
    assert told == {
        "name": "Lunch club",
        "url": "",
        "email": "",
        "phone": "01632 960001",
        "town": "St Albans",
        "county": "Hertfordshire",
        "postcode": "AL1 3JQ",
        "latitude": "51.752",
        "longitude": "-0.339",
        "day": "MO",
        "opens": "12:00",
        "closes": "14:00",
        "frequency": "weekly",
        "cost": "a session",
        "amount": "2.5",
        "minimum_age": "60",
        "maximum_age": "",
        "languages": "Bengali; Polish" if row["languages"].startswith("B") else "Polish; Bengali",
        "accessibility": "Step-free entrance",
        "needs": "loneliness",
        "areas": "St Albans",
        "online": "yes",
        "status": "active",
    }


def test_a_spreadsheet_runs_nothing_of_the_table() -> None:
    names = ["=1+1", "+44 1632", "-1-1", "@SUM(A1)", "\tx", "fine", "'quoted"]
    for name in names:
        ServiceFactory(name=name)
    dumps.write_all()
    told = {row["name"] for row in table()}
    assert told == {"'=1+1", "'+44 1632", "'-1-1", "'@SUM(A1)", "'\tx", "fine", "'quoted"}


def test_a_number_below_zero_stays_a_number() -> None:
    make_listing()
    dumps.write_all()
    assert table()[0]["longitude"] == "-0.339"


def test_what_was_there_stays_until_the_new_files_are_complete(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    make_listing("First")
    dumps.write_all()

    def broken(service: object) -> None:
        raise ValueError

    monkeypatch.setattr(dumps, "rows_of", broken)
    with pytest.raises(ValueError):  # noqa: PT011 - it is our own, above
        dumps.write_all()
    assert "First" in text_of(dumps.JSON)
    assert not list(folder.glob("writing-*"))


def test_files_are_taken_away_at_once_and_new_ones_asked_for(asked: list[str]) -> None:
    make_listing()
    dumps.write_all()
    assert len(dumps.available()) == 3
    dumps.forget()
    assert dumps.available() == []
    assert asked == ["directory.tasks.write_dumps"]
    assert asked[0] in current_app.tasks


def test_without_a_broker_the_files_are_taken_away_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(name: str) -> None:
        raise OperationalError

    make_listing()
    dumps.write_all()
    monkeypatch.setattr(current_app, "send_task", away)
    dumps.forget()
    assert dumps.available() == []


def test_files_that_were_begun_before_a_place_was_hidden_are_begun_anew(
    monkeypatch: pytest.MonkeyPatch, asked: list[str]
) -> None:
    make_listing("Refuge")
    Location.objects.update(name="Rosewood")
    write: Callable[[Path], int] = dumps._write

    def hidden_meanwhile(folder: Path) -> int:
        count = write(folder)
        if not asked:
            Location.objects.update(confidential=True)
            dumps.forget()
        return count

    monkeypatch.setattr(dumps, "_write", hidden_meanwhile)
    dumps.write_all()
    told = "".join(map(text_of, dumps.NAMES))
    assert "Refuge" in told
    assert "Rosewood" not in told


def test_files_that_are_taken_away_again_and_again_are_given_up(
    monkeypatch: pytest.MonkeyPatch, asked: list[str]
) -> None:
    monkeypatch.setattr(dumps, "_write", lambda folder: dumps.forget())
    with pytest.raises(RuntimeError, match="taken away"):
        dumps.write_all()
    assert dumps.available() == []


def test_nothing_of_a_confidential_place_is_in_any_file_or_map_of_the_site() -> None:
    service = make_listing("Women’s help", at=(53.123987, -1.987123), confidential=True, byday="MO")
    location = service.service_at_locations.get().location
    location.addresses.update(address_1="7 Hidden Row", postal_code="ZE9 9ZZ", city="Nowhereham")
    Location.objects.update(name="Rosewood")
    dumps.write_all()
    told = [text_of(name) for name in dumps.NAMES]
    told += [json_ld(fetch_whole(Service.objects.all())), Client().get("/sitemap-listings.xml").content.decode()]
    assert all("help" in each or service.slug in each for each in told)
    traces = ("Rosewood", "Hidden Row", "ZE9", "Nowhereham", "53.12398", "1.98712", str(location.pk))
    assert [trace for trace in traces for each in told if trace in each] == []


def test_the_page_lists_the_files_and_gives_them() -> None:
    client = Client()
    assert "being written anew" in client.get(reverse("open_data")).content.decode()
    make_listing("Lunch club")
    dumps.write_all()
    page = client.get(reverse("open_data")).content.decode()
    for name in dumps.NAMES:
        address = reverse("dump", args=[name])
        assert address in page
        response = client.get(address)
        assert response["Content-Type"] == "application/gzip"
        assert f'filename="{name}"' in response["Content-Disposition"]
        assert "Lunch club" in gzip.decompress(b"".join(response.streaming_content)).decode()


@pytest.mark.parametrize("name", ["taken-away", "lock", "..", "../../manage.py", "%2e%2e%2fmanage.py", "services.json"])
def test_nothing_but_the_files_is_given(name: str) -> None:
    dumps.write_all()
    assert Client().get(f"/directory/data/{name}").status_code == 404


def test_the_hourly_task_adds_both_up() -> None:
    for _ in range(5):
        ServiceFactory()
    tasks.compact_tallies()
    assert DataChange.objects.count() == 1
    assert PageTally.objects.count() == len({pk.bytes[0] for pk in Service.objects.values_list("pk", flat=True)})


# For search engines


def test_the_site_map_names_every_listing_that_anybody_may_see() -> None:
    shown = [ServiceFactory(), ServiceFactory(status="temporarily closed")]
    for status in ("inactive", "defunct"):
        ServiceFactory(status=status)
    index = ElementTree.fromstring(Client().get("/sitemap.xml").content)
    sections = [each.text for each in index.iter() if each.tag.endswith("}loc")]
    [section] = [each for each in sections if each.endswith("sitemap-listings.xml")]
    assert section == "http://testserver/sitemap-listings.xml"
    told = ElementTree.fromstring(Client().get("/sitemap-listings.xml").content)
    found = {each.text for each in told.iter() if each.tag.endswith("}loc")}
    assert found == {f"http://testserver{service.get_absolute_url()}" for service in shown}


def test_results_of_searches_are_not_to_be_crawled() -> None:
    told = Client().get("/robots.txt").content.decode()
    assert "Disallow: /directory/?\n" in told
    assert "Sitemap: http://testserver/sitemap.xml" in told


def test_markup_says_what_schema_org_has_words_for() -> None:
    make_listing("Lunch club", byday="MO,TU", hours=(12, 14), amount=2.5, phone="01632 960001", minimum_age=60)
    told = json.loads(json_ld(fetch_whole(Service.objects.all())))
    assert told["@type"] == "Service"
    assert told["url"].startswith("http://testserver/directory/talking-cafe-")
    [channel] = told["availableChannel"]
    assert channel["serviceLocation"]["address"]["postalCode"] == "AL1 3JQ"
    assert channel["serviceLocation"]["geo"]["latitude"] == 51.752
    assert channel["servicePhone"]["telephone"] == "01632 960001"
    [hours] = told["hoursAvailable"]
    assert hours["dayOfWeek"] == ["https://schema.org/Monday", "https://schema.org/Tuesday"]
    assert (hours["opens"], hours["closes"]) == ("12:00", "14:00")
    assert told["offers"][0]["price"] == "2.50"
    assert told["audience"] == {"@type": "PeopleAudience", "suggestedMinAge": 60.0}
    assert "description" not in told["provider"]


def test_markup_ends_no_script_whatever_a_listing_is_called() -> None:
    make_listing("</script><script>alert(1)</script>", description="<!-- & \u2028 ]]>")
    told = json_ld(fetch_whole(Service.objects.all()))
    assert not {"<", ">", "&"} & set(told)
    assert json.loads(told)["name"] == "</script><script>alert(1)</script>"


def test_markup_asks_the_database_for_nothing(django_assert_num_queries: Callable) -> None:
    make_listing(byday="MO", amount=1, languages=("Polish",), phone="1", covers=("x",), online=True)
    service = fetch_whole(Service.objects.all())
    with django_assert_num_queries(0):
        assert json_ld(service)
