"""Letters as PDF: every script, any length, and text that can be read out and searched."""

import io
import unicodedata

import pypdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linkworkers.pdf import families_for, letter_pdf


def letter(**changes: object) -> pypdf.PdfReader:
    parts = {
        "title": "Social prescribing: news",
        "sender": "Amara Okafor, Mid Herts",
        "recipient": "The Maltings Surgery",
        "date": "6 July 2026",
        "about": [("Name", "Joan Perry"), ("Reference", "LW-7K3M-9QXD")],
        "paragraphs": ["She walks on Tuesdays."],
        "codes": ["Referral (SNOMED CT 871731000000106)"],
    }
    return pypdf.PdfReader(io.BytesIO(letter_pdf(**parts | changes)))


def text_of(reader: pypdf.PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def test_a_letter_is_a_page_of_a4_with_a_title_and_a_language():
    reader = letter()
    (page,) = reader.pages
    assert (round(page.mediabox.width), round(page.mediabox.height)) == (595, 842)
    assert reader.metadata.title == "Social prescribing: news"
    assert reader.trailer["/Root"]["/Lang"] == "en-GB"


def test_its_parts_stand_in_the_order_in_which_they_are_read():
    text = text_of(letter())
    parts = ["Amara Okafor", "6 July 2026", "To The Maltings Surgery", "Social prescribing: news", "Joan Perry"]
    parts += ["She walks on Tuesdays.", "To record, once", "871731000000106", "LW-7K3M-9QXD Page 1"]
    places = [text.index(part) for part in parts]
    assert places == sorted(places)


@pytest.mark.parametrize("name", ["Жанна", "فاطمة", "🙂", "\N{REPLACEMENT CHARACTER}"])
def test_a_page_that_begins_in_another_script_prints_what_comes_after(name):
    reader = letter(sender=name, paragraphs=[f"{name}\n" * 120 + "The end."])
    assert len(reader.pages) > 2
    text = text_of(reader)
    for words in ("6 July 2026", "To The Maltings Surgery", "The end.", "To record, once"):
        assert words in text


def test_without_codes_nothing_asks_for_any():
    assert "To record" not in text_of(letter(codes=[]))


def test_a_long_letter_runs_over_pages_that_are_numbered():
    reader = letter(paragraphs=["A line of some length about walking. " * 60] * 8)
    assert len(reader.pages) > 3
    for number, page in enumerate(reader.pages, start=1):
        assert f"Page {number}" in page.extract_text()
    assert text_of(reader).count("walking.") == 480


@pytest.mark.parametrize(
    ("text", "families"),
    [
        ("Zoë O’Hara – £5", ["AtkinsonHyperlegibleNext"]),
        ("مرحبا", ["AtkinsonHyperlegibleNext", "NotoSansArabic"]),
        ("Жанна", ["AtkinsonHyperlegibleNext", "NotoSans"]),
        ("🙂", ["AtkinsonHyperlegibleNext", "NotoEmoji"]),
    ],
)
def test_a_face_is_loaded_only_for_what_ours_lacks(text, families):
    assert families_for(text) == families


def test_arabic_can_be_read_out_of_the_letter_again():
    text = text_of(letter(paragraphs=["مرحبا بالعالم"]))
    # The face draws the dots of some letters on their own, and they come out as control characters.
    letters = "".join(each for each in text if unicodedata.category(each) != "Cc")
    assert "مرحبا" in letters
    assert "بالعالم" in letters


@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_text_makes_a_letter(text):
    reader = letter(title=text, sender=text, recipient=text, about=[("Name", text)], paragraphs=[text], codes=[text])
    assert "6 July 2026" in text_of(reader)
