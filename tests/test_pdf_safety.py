"""PDFs that people send: pages and nothing else."""

import io

import pytest
from django.core.exceptions import ValidationError
from fpdf import FPDF
from pypdf import PdfWriter
from pypdf.annotations import Link
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, StreamObject, TextStringObject

from linkworkers.pdf_safety import BROKEN, LIVELY, LOCKED, check_pdf


def writer(pages: int = 1) -> PdfWriter:
    made = PdfWriter()
    for _ in range(pages):
        made.add_blank_page(200, 200)
    return made


def written(made: PdfWriter) -> bytes:
    file = io.BytesIO()
    made.write(file)
    return file.getvalue()


def action(kind: str, **more: str) -> DictionaryObject:
    found = DictionaryObject({NameObject("/S"): NameObject(kind)})
    found.update({NameObject(f"/{key}"): TextStringObject(value) for key, value in more.items()})
    return found


def refusal(content: bytes) -> str:
    with pytest.raises(ValidationError) as error:
        check_pdf(content)
    return error.value.message


def test_a_ticket_with_a_link_is_taken():
    made = writer()
    made.add_annotation(0, Link(rect=(0, 0, 50, 50), url="https://trains.example"))
    check_pdf(written(made))


def test_what_we_print_ourselves_is_taken():
    printed = FPDF()
    printed.add_page()
    printed.set_font("helvetica")
    printed.cell(text="Paid: £12.40")
    check_pdf(bytes(printed.output()))


def with_script() -> PdfWriter:
    made = writer()
    scripts = ArrayObject([TextStringObject("first"), made._add_object(action("/JavaScript", JS="app.alert(1)"))])
    names = DictionaryObject({NameObject("/Names"): scripts})
    made.root_object[NameObject("/Names")] = DictionaryObject({NameObject("/JavaScript"): names})
    return made


def with_attachment() -> PdfWriter:
    made = writer()
    made.add_attachment("run.exe", b"MZ")
    return made


def opening(found: DictionaryObject) -> PdfWriter:
    made = writer()
    made.root_object[NameObject("/OpenAction")] = made._add_object(found)
    return made


def hidden_in_a_page() -> PdfWriter:
    """Neither in the open nor named by a key in the file's own text: the name is written with a code in it."""
    made = writer()
    button = DictionaryObject(
        {
            NameObject("/Subtype"): NameObject("/Widget"),
            NameObject("/A"): made._add_object(action("/JavaScript", JS="1")),
        }
    )
    made.pages[0][NameObject("/Annots")] = ArrayObject([made._add_object(button)])
    return made


@pytest.mark.parametrize(
    "made",
    [
        with_script(),
        with_attachment(),
        opening(action("/Launch", F="cmd.exe")),
        opening(action("/SubmitForm", F="https://thief.example")),
        opening(action("/GoToE")),
        hidden_in_a_page(),
    ],
)
def test_whatever_runs_or_hides_is_found(made):
    assert refusal(written(made)) == LIVELY


def test_a_name_written_in_codes_is_found_too():
    content = written(opening(action("/Launch", F="cmd.exe"))).replace(b"/Launch", b"/#4caunch")
    assert b"/Launch" not in content
    assert refusal(content) == LIVELY


def test_a_locked_one_is_refused():
    made = writer()
    made.encrypt("secret")
    assert refusal(written(made)) == LOCKED


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"MZ a program", b"%PDF-1.7\n" + b"[" * 100_000])
def test_a_broken_one_is_refused(content):
    assert refusal(content) == BROKEN


def test_a_cut_off_one_is_refused_or_read():
    content = written(writer())
    assert refusal(content[:100]) == BROKEN


def test_one_that_leads_back_to_itself_is_read_once():
    made = writer()
    loop = made._add_object(ArrayObject())
    loop.get_object().append(loop)
    made.root_object[NameObject("/Round")] = loop
    check_pdf(written(made))


def test_one_without_a_page_or_with_very_many_is_refused():
    assert refusal(written(writer(0))) == BROKEN
    assert "50 at most" in refusal(written(writer(51)))


def test_a_stream_is_not_unpacked():
    made = writer()
    stream = StreamObject()
    stream.set_data(b"q Q " * 1000)
    made.root_object[NameObject("/Much")] = made._add_object(stream.flate_encode())
    check_pdf(written(made))
