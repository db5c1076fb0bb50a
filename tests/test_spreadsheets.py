"""Spreadsheets as offices send them."""

import csv
import io
import zipfile
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from openpyxl import load_workbook

from linkworkers.spreadsheets import Unreadable, as_csv, as_xlsx, harmless, read_table

COLUMNS = {"name": ("full name",), "email": ("e-mail", "email address"), "region": ()}


def read(upload: bytes, **options: object):
    return read_table(upload, columns=COLUMNS, required=("name", "email"), **options)


@pytest.mark.parametrize(
    "upload",
    [
        "name,email\nZoë,z@x.test\n".encode(),
        "name,email\r\nZoë,z@x.test\r\n".encode("utf-8-sig"),
        "Full Name;E-mail\nZoë;z@x.test\n".encode("cp1252"),
        "NAME\tEmail_Address\nZoë\tz@x.test".encode(),
        'Members of 2026\n\n"name"|"email"\n" Zoë "|"z@x.test"'.encode(),
    ],
)
def test_any_way_of_saving_a_csv_is_read(upload):
    [row] = read(upload).rows
    assert (row.cells["name"], row.cells["email"]) == ("Zoë", "z@x.test")


def test_rows_are_numbered_as_the_spreadsheet_numbers_them():
    table = read(b'Exported on Monday\nname,email\n"Ann\nLee",a@x.test\n\nBo,b@x.test\n')
    assert [(row.number, row.cells["name"]) for row in table.rows] == [(3, "Ann Lee"), (5, "Bo")]


def test_what_had_to_be_guessed_is_said():
    assert "Windows" in read("name,email\nZoë,z@x.test".encode("cp1252")).notes[0]


def test_ragged_rows_are_told_by_number():
    table = read(b"name,email,region\nAnn,a@x.test\nBo,b@x.test,east,left over\nCy,c@x.test,east,,\n")
    assert [(problem.number, problem.text) for problem in table.problems] == [
        (2, "There are 2 cells for 3 columns. Fill in merged or missing cells."),
        (3, "There are more cells than columns: “left over” is left over."),
    ]


@pytest.mark.parametrize(
    ("upload", "said"),
    [
        (b"", "empty"),
        (b"PK\x03\x04", "workbook"),
        (b"\xff\xfen\x00a\x00", "not a text file"),
        (b"\x81\x8d\x8f", "cannot be read"),
        (b"name,telephone\nAnn,1", "These are needed: name, email"),
        (b"name,email", "no row beneath"),
        (b"name,email,e-mail\nAnn,a,b", "there twice"),
        (b'name,email\n"Ann,a@x.test\nBo,b@x.test', "quotation marks"),
        (b"name,email\nA,a\nB,b\nC,c", "more than 2 rows"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_to_do(upload, said):
    with pytest.raises(Unreadable, match=said):
        read(upload, most_rows=2)


@pytest.mark.parametrize("typed", ["=1+1", "+44", "-1", "@SUM(A1)", "\t=1"])
def test_a_formula_is_made_text(typed):
    assert harmless(typed) == f"'{typed}"


@pytest.mark.parametrize("value", ["a=1", "", -1, None])
def test_what_is_no_formula_stays(value):
    assert harmless(value) == value


def test_a_workbook_holds_what_was_put_into_it():
    with zipfile.ZipFile(io.BytesIO(as_xlsx([["name", "number"], ["Zoë <&> \x07王", "007"]]))) as archive:
        sheet = ElementTree.fromstring(archive.read("xl/worksheets/sheet1.xml"))
        for name in archive.namelist():
            ElementTree.fromstring(archive.read(name))
    assert [each.text for each in sheet.iter() if each.tag.endswith("}t")] == ["name", "number", "Zoë <&> 王", "007"]


def test_a_workbook_opens_with_formulas_as_text_and_money_as_numbers():
    typed = ['=HYPERLINK("http://x.test")', "#N/A", "007", " a\nb ", "x" * 40_000, None, Decimal("12.50")]
    [row] = load_workbook(io.BytesIO(as_xlsx([typed]))).active.iter_rows()
    assert [cell.data_type for cell in row[:4]] == ["s"] * 4
    assert [cell.value for cell in row[:4]] == typed[:4]
    assert row[6].value == 12.5
    assert row[6].number_format == "0.00"


def test_a_csv_is_read_back_as_it_was():
    rows = [["name", "£"], ['Zoë, “the” "one"\nhere', Decimal("1.10")]]
    written = as_csv(rows)
    assert written.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(written.decode("utf-8-sig"), newline=""))) == [
        [str(c) for c in row] for row in rows
    ]
