"""Files of every kind, whole and broken, and spreadsheets."""

import gzip
import io
import json
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from directory.importing import Unreadable, taking
from directory.importing.sources import open_source
from directory.models import CostOption, Location, Organization, Schedule, Service
from directory.schedules import in_words
from directory.tests.feeds import Json, everything, example, listing, made_id, row_counts

pytestmark = pytest.mark.django_db

THREE = [listing(number) for number in (1, 2, 3)]


def numbers(content: bytes) -> list[int]:
    return [record.number for record in open_source(io.BytesIO(content)).records]


def names(content: bytes) -> list[str]:
    return [record.document["name"] for record in open_source(io.BytesIO(content)).records]


def refusal(content: bytes) -> str:
    with pytest.raises(Unreadable) as refused:
        numbers(content)
    return str(refused.value)


def page(documents: list[Json]) -> Json:
    return {**example("service_list"), "contents": documents}


def lines(documents: list[Json]) -> bytes:
    return b"\n".join(json.dumps(each).encode() for each in documents)


def zipped(*contents: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, content in enumerate(contents):
            archive.writestr(f"{number}.json", content)
    return file.getvalue()


KINDS: dict[str, Callable[[], bytes]] = {
    "a page": lambda: json.dumps(page(THREE)).encode(),
    "a page, indented": lambda: json.dumps(page(THREE), indent=2).encode(),
    "an array": lambda: json.dumps(THREE).encode(),
    "an array, indented": lambda: b"\n \n" + json.dumps(THREE, indent=1).encode(),
    "one on each line": lambda: lines(THREE),
    "one on each line, Windows": lambda: lines(THREE).replace(b"\n", b"\r\n") + b"\r\n",
    "with a BOM": lambda: b"\xef\xbb\xbf" + json.dumps(THREE).encode(),
    "UTF-16": lambda: json.dumps(THREE, ensure_ascii=False).encode("utf-16"),
    "UTF-16 without a BOM": lambda: json.dumps(THREE).encode("utf-16-le"),
    "gzipped": lambda: gzip.compress(lines(THREE)),
    "zipped": lambda: zipped(json.dumps(page(THREE)).encode()),
}


@pytest.mark.parametrize("made", KINDS.values(), ids=KINDS.keys())
def test_every_kind_of_file_is_told_by_what_is_in_it(made: Callable[[], bytes]) -> None:
    assert names(made()) == ["Talking Café 1", "Talking Café 2", "Talking Café 3"]
    assert numbers(made()) == [1, 2, 3]


def test_one_record_alone_is_read() -> None:
    assert names(json.dumps(listing(), indent=4).encode()) == ["Talking Café 1"]


ARRAY = json.dumps(THREE).encode()
BROKEN: dict[str, tuple[bytes, str]] = {
    "empty": (b" \n", "The file is empty."),
    "a web page": (b"<!doctype html><p>Not found", "This is a web page or XML."),
    "neither": (b"\x89PNG\r\n\x1a\n\x00\x00", "This is neither JSON nor a spreadsheet"),
    "ends half way": (ARRAY[: len(ARRAY) // 2], "The file ends in the middle of record 2."),
    "gzip ends half way": (gzip.compress(ARRAY)[:-40], "The file ends in the middle of record "),
    "gzip is damaged": (gzip.compress(ARRAY)[:30] + b"\x00" * 200, "The packed file is damaged"),
    "zip ends half way": (zipped(ARRAY)[:200], "The packed file is damaged"),
    "two in a zip": (zipped(ARRAY, ARRAY), "The packed file holds 2 files."),
    "another encoding": (json.dumps([listing(name="Café")], ensure_ascii=False).encode("cp1252"), "is not UTF-8."),
    "not JSON": (b'[{"id": 1}, {"id": nonsense}]', "This is not JSON"),
    "a quote in it": (b'[{"name": "the "best" one"}]', "This is not JSON"),
    "a number too large": (b'[{"latitude": 1e999}]', "This is not JSON"),
    "a number without end": (b'[{"latitude": ' + b"9" * 5000 + b"}]", "This is not JSON"),
}


@pytest.mark.parametrize(("content", "said"), BROKEN.values(), ids=BROKEN.keys())
def test_what_cannot_be_read_is_refused_in_a_sentence(content: bytes, said: str) -> None:
    assert said in refusal(content)


def test_the_byte_that_is_wrong_is_named() -> None:
    start = b'[{"name": "' + b"x" * 200_000
    assert f"Byte {len(start) + 1:,} is not UTF-8" in refusal(start + b'\xe9"}]')


VALUES: list[tuple[dict[str, Any], str]] = [
    ({"id": None}, "id: this is missing"),
    ({"id": "17"}, "id: “17” is not a UUID"),
    ({"name": ""}, "name: this is missing"),
    ({"name": "x" * 501}, "name: this has 501 characters, and 500 is the most"),
    ({"name": "a\x00b"}, "name: this holds a character that no text has (U+0000)"),
    ({"description": {"en": "A"}}, "description: this is a record, not text"),
    ({"status": "open"}, "status: “open” is none of active, inactive, defunct, temporarily closed"),
    ({"email": "sal at cafe"}, "email: “sal at cafe” is not an e-mail address"),
    ({"url": "javascript:alert(1)"}, "url: “javascript:alert(1)” is not a web address that begins with"),
    ({"url": "http://"}, "url: “http://” is not a web address that begins with"),
    ({"minimum_age": "old"}, "minimum_age: “old” is not a number"),
    ({"minimum_age": True}, "minimum_age: “True” is not a number"),
    ({"minimum_age": 20, "maximum_age": 10}, "maximum_age: the oldest age is below the youngest"),
    ({"assured_date": "2026-02-30"}, "assured_date: “2026-02-30” is not a date"),
    ({"last_modified": "yesterday"}, "last_modified: “yesterday” is not a moment"),
    ({"organization": None}, "organization: this is missing"),
    ({"organization": "Good Neighbours"}, "organization: this is text, not a record"),
    ({"phones": "01727"}, "phones: this is text, not a list"),
    ({"phones": ["01727"]}, "phones[0]: this is text, not a record"),
    ({"phones": [{"number": "1"}]}, "phones[0].id: this is missing"),
    ({"schedules": [{"id": listing()["id"], "opens_at": "25:00"}]}, "schedules[0].opens_at: “25:00” is not a time"),
    ({"schedules": [{"id": listing()["id"], "interval": 1.5}]}, "schedules[0].interval: “1.5” is not a whole number"),
    ({"cost_options": [{"id": listing()["id"], "amount": 1.23456}]}, "cost_options[0].amount: “1.23456” is no sum"),
]


@pytest.mark.parametrize(("fields", "said"), VALUES, ids=[said for _, said in VALUES])
def test_a_wrong_value_is_told_with_its_path(fields: dict[str, Any], said: str, tmp_path: Path) -> None:
    file = tmp_path / "listings.json"
    file.write_text(json.dumps([listing(1), {**listing(2), **fields}]))
    before = row_counts()
    with pytest.raises(CommandError) as refused:
        call_command("import_oruk", str(file), quiet=True)
    assert f"Record 2: {said}" in str(refused.value)
    assert row_counts() == before


def test_values_as_people_write_them_are_taken(tmp_path: Path) -> None:
    file = tmp_path / "listings.json"
    written = {
        "status": "Active",
        "minimum_age": "18",
        "assured_date": "2026-10-01T00:00:00Z",
        "url": " https://café.example/où ",
        "fees": None,
        "schedules": [{"id": made_id("s"), "freq": "weekly", "opens_at": "9:30", "closes_at": "11:00:00Z"}],
        "cost_options": [{"id": made_id("c"), "amount": "3.50"}],
    }
    file.write_text(json.dumps({**listing(), **written}))
    call_command("import_oruk", str(file), quiet=True)
    service = Service.objects.get()
    assert (service.minimum_age, str(service.assured_date)) == (18.0, "2026-10-01")
    assert service.url == "https://caf%C3%A9.example/o%C3%B9"
    assert str(service.schedules.get().opens_at) == "09:30:00"
    assert service.cost_options.get().amount == Decimal("3.5")


# --- The command


def test_the_command_says_what_it_did_and_what_it_would_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "listings.json.gz"
    file.write_bytes(gzip.compress(lines(THREE)))
    call_command("import_oruk", str(file), dry_run=True, quiet=True)
    assert "3 records read. 3 listings would be added and 0 changed." in capsys.readouterr().out
    assert not Service.objects.exists()
    call_command("import_oruk", str(file), source="Their council", quiet=True)
    assert "service: 3 new" in capsys.readouterr().out
    assert set(Service.objects.values_list("source", flat=True)) == {"Their council"}


def test_the_command_refuses_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        call_command("import_oruk", str(tmp_path / "none.json"))


def test_a_file_that_ends_half_way_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taking, "BATCH", 20)
    file = tmp_path / "listings.json"
    whole = json.dumps([listing(number) for number in range(1, 51)]).encode()
    file.write_bytes(whole[:-1000])
    before = row_counts()
    with pytest.raises(CommandError, match="The file ends in the middle of record 50"):
        call_command("import_oruk", str(file), quiet=True)
    assert row_counts() == before


@cache
def long_listing(number: int) -> bytes:
    return json.dumps(listing(number, description="Words. " * 1000)).encode()


class Endless(io.RawIOBase):
    """A file of so many records that is made while it is read, and that breaks off before its end."""

    def __init__(self, records: int) -> None:
        self.records = records
        self.seek(0)

    def made(self) -> Iterator[bytes]:
        yield b"["
        for number in range(self.records):
            yield long_listing(number % 20) + b","

    def seek(self, position: int, whence: int = 0) -> int:
        self.parts, self.rest, self.size = self.made(), b"", 0
        return position

    def read(self, size: int = -1) -> bytes:
        while len(self.rest) < size and (part := next(self.parts, b"")):
            self.rest += part
        chunk, self.rest = self.rest[:size], self.rest[size:]
        self.size += len(chunk)
        return chunk


def test_memory_does_not_grow_with_the_file() -> None:
    """Forty megabytes of records; the reader holds one and a few pieces of the file."""
    file = Endless(6_000)
    read = 0
    with pytest.raises(Unreadable, match="in the middle of record 6001"):
        for record in open_source(file).records:  # type: ignore[arg-type]
            read = record.number
            if read == 1:
                tracemalloc.start()
            if read % 2_000 == 0:
                assert tracemalloc.get_traced_memory()[1] < 4_000_000
    tracemalloc.stop()
    assert read == 6_000
    assert file.size > 40_000_000


# --- Spreadsheets

ROWS = """Name,Organisation,Description,Website,Telephone,Address,Town,Postcode,Lat,Lon,Day,From,To,How often,Cost,\
Needs,Languages,Access,Areas,Online,Mascot
Talking Café,Good Neighbours,"Tea, cake
and company",cafe.example,'+44 1727 000001,1 High Street,St Albans,al13bq,51.75,-0.33,"Mon, Thursday",2pm,16:00,weekly,\
Free,"loneliness; Low mood or worry",Polish,Step-free access,St Albans,no,A badger

Debt line,,Ring us,,0800 000000,,,,,,,,,,,money,,,England,yes,
"""


def imported(tmp_path: Path, content: str | bytes, *, dry_run: bool = False) -> None:
    file = tmp_path / "listings.csv"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    call_command("import_oruk", str(file), dry_run=dry_run, quiet=True)


def test_a_spreadsheet_becomes_listings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    imported(tmp_path, ROWS)
    said = capsys.readouterr().out
    assert "2 rows read. 2 listings were added" in said
    assert "Columns that we do not know, and left out: Mascot." in said
    cafe = Service.objects.get(name="Talking Café")
    location = cafe.service_at_locations.get().location
    schedule = cafe.service_at_locations.get().schedules.get()
    assert cafe.organization.name == "Good Neighbours"
    assert cafe.description == "Tea, cake\nand company"
    assert cafe.url == "https://cafe.example"
    assert cafe.phones.get().number == "+44 1727 000001"
    assert location.addresses.get().postal_code == "AL1 3BQ"
    assert (location.latitude, location.accessibility.get().description) == (51.75, "Step-free access")
    assert in_words(schedule) == "Mondays and Thursdays 14:00 to 16:00"
    assert CostOption.objects.get().amount == 0
    assert {each.taxonomy_term.term for each in cafe.attributes.all()} == {"loneliness", "low_mood"}
    line = Service.objects.get(name="Debt line")
    assert line.organization.name == "Debt line"
    assert line.service_at_locations.get().location.location_type == Location.Type.VIRTUAL


def test_a_spreadsheet_twice_changes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    imported(tmp_path, ROWS)
    before = everything()
    imported(tmp_path, ROWS)
    assert everything() == before
    assert "Everything is as it was." in capsys.readouterr().out


def test_a_spreadsheet_says_nothing_of_columns_that_it_does_not_have(tmp_path: Path) -> None:
    file = tmp_path / "listings.json"
    file.write_text(json.dumps(listing()))
    call_command("import_oruk", str(file), quiet=True)
    imported(tmp_path, "name,postcode,description\nTalking Café 1,AL2 3BQ,New words\n")
    service = Service.objects.get()
    assert service.description == "New words"
    assert service.contacts.exists()
    assert service.phones.exists()
    assert service.service_at_locations.get().schedules.count() == Schedule.objects.filter(service=None).count()
    assert Organization.objects.get(services=service).email == "hello1@neighbours.example"


SHEETS: dict[str, tuple[str | bytes, str]] = {
    "a day": ("name,day\nA,Mon\n\nB,Someday\n", "Row 4: day: “Someday” is not a day"),
    "a time": ("name,day,opens\nA,Mon,25pm\n", "Row 2: opens: “25pm” is not a time"),
    "a row after one of two lines": ('name,email\n"A\nB",\nC,nobody\n', "Row 3: email: “nobody” is not an e-mail"),
    "how often": ("name,day,frequency\nA,Mon,yearly\n", "Row 2: frequency: “yearly” is none of weekly"),
    "a need": ("name,needs\nA,happiness\n", "Row 2: needs: “happiness” is none of abuse"),
    "online": ("name,online\nA,perhaps\n", "Row 2: online: “perhaps” is neither yes nor no"),
    "latitude": ("name,latitude\nA,north\n", "Row 2: latitude: “north” is not a number"),
    "no name": ("name,email\n,a@b.example\n", "Row 2: name: this is missing"),
    "one listing twice": ("name,day\nA,Mon\nB,Tue\nA,Wed\n", "is here twice with different content, first in row 2"),
    "too many cells": ("name,cost\nA,1,000\n", "Row 2: there are more cells than columns"),
    "a quote without end": ('name\n"A\n', "Row 2 cannot be read: unexpected end of data"),
    "one meaning twice": ("name,title\nA,B\n", "More than one column means name"),
}


@pytest.mark.parametrize(("content", "said"), SHEETS.values(), ids=SHEETS.keys())
def test_a_wrong_cell_is_told_with_its_row_and_column(content: str, said: str, tmp_path: Path) -> None:
    before = row_counts()
    with pytest.raises(CommandError) as refused:
        imported(tmp_path, content)
    assert said in str(refused.value)
    assert row_counts() == before


def test_a_spreadsheet_from_windows_is_read_and_said_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    imported(tmp_path, "name;cost\nCafé;£3\n".encode("cp1252"))
    assert Service.objects.get().name == "Café"
    assert CostOption.objects.get().amount == 3
    assert "Byte 14 is not UTF-8, so the file was read as Windows (cp1252)." in capsys.readouterr().out
