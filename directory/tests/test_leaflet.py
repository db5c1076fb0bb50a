"""Listings on paper: in any script and length, with codes to scan, and never a place that must not be found."""

import io
import re
import uuid

import pypdf
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from directory.factories import CollectionFactory, CollectionItemFactory, OutwardCodeFactory, make_listing
from directory.leaflet import LONGEST, Entry, entries, poster_pdf, services_pdf
from directory.models import Service
from linkworkers import qr
from members.models import User


def text_of(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages).split())


def links(content: bytes) -> list[str]:
    """Where the codes lead."""
    return [
        note.get_object()["/A"]["/URI"]
        for page in pypdf.PdfReader(io.BytesIO(content)).pages
        for note in page["/Annots"]
    ]


def pages(content: bytes) -> int:
    return len(pypdf.PdfReader(io.BytesIO(content)).pages)


def entry(**changes: object) -> Entry:
    facts = {
        "name": "Verulam Talking Café",
        "organization": "Good Neighbours",
        "summary": "A weekly table where anyone can turn up.",
        "facts": [("When", "Mondays 14:00 to 16:00"), ("Telephone", "01727 000000")],
        "fresh": "Checked on 3 November 2026",
        "link": "http://testserver/s/abc234",
    }
    return Entry(**facts | changes)


def leaflet(*listed: Entry, **changes: object) -> bytes:
    parts = {"title": "For carers", "note": "", "url": "http://testserver/", "large": False}
    return services_pdf(entries=listed, **parts | changes)


def test_a_leaflet_says_what_where_when_and_how_fresh_it_is() -> None:
    text = text_of(leaflet(entry(), note="Kept by Amara.\nAsk her."))
    parts = ["For carers", "Kept by Amara.", "Verulam Talking Café", "Good Neighbours"]
    parts += ["When Mondays 14:00 to 16:00", "01727 000000", "Checked on 3 November 2026", "/s/abc234"]
    places = [text.index(part) for part in parts]
    assert places == sorted(places)
    assert re.search(r"Printed on \d+ \w+ 20\d\d\. Check before you go\. Page 1", text)


def test_large_print_is_sixteen_points_to_its_foot() -> None:
    def sizes(content: bytes) -> set[float]:
        found: set[float] = set()

        def see(text: str, cm: object, tm: object, font: object, size: float) -> None:
            if text.strip():
                found.add(size)

        for page in pypdf.PdfReader(io.BytesIO(content)).pages:
            page.extract_text(visitor_text=see)
        return found

    large = leaflet(entry(), large=True)
    assert min(sizes(large)) == 16.0
    assert 16.0 not in sizes(leaflet(entry()))
    assert re.search(r"Check before you go\. Page 1", text_of(large))


@pytest.mark.parametrize("large", [False, True])
def test_no_listing_is_broken_by_the_end_of_a_page(large: bool) -> None:
    facts = [("When", "Mondays 14:00 to 16:00\nFridays"), ("Where", "Hall\n12 Priory Mead"), ("Telephone", "01727 1")]
    listed = [entry(name=f"Begin{number}", facts=facts[number % 3 :], fresh=f"End{number}") for number in range(17)]
    sheets = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(leaflet(*listed, large=large))).pages]
    assert len(sheets) > 2
    for sheet in sheets:
        assert re.findall(r"Begin(\d+)", sheet) == re.findall(r"End(\d+)", sheet)


def test_what_nobody_can_come_to_says_so_beside_its_name() -> None:
    assert "Verulam Talking Café · Full just now" in text_of(leaflet(entry(standing="Full just now")))


def test_many_listings_run_over_pages_and_each_has_its_code() -> None:
    assert 3 <= pages(leaflet(*[entry() for _ in range(20)])) <= 10


def test_an_empty_leaflet_says_so() -> None:
    assert "nothing in it" in text_of(leaflet())


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=400),
    st.sampled_from(["", "محمد ", "שלום ", "বাংলা ", "🙂", "Жанна ", "字"]),
)
def test_any_text_is_printed_on_leaflet_and_poster(typed: str, script: str) -> None:
    text = script * 20 + typed
    listed = entry(name=text, organization=text, note=text, facts=[("When", text[:LONGEST]), ("Where", "A\nB")])
    assert leaflet(listed, title=text, note=text).startswith(b"%PDF")
    assert pages(poster_pdf(title=text, lines=[text, text, text], link="http://testserver/", caption="x")) == 1


def test_a_code_is_that_of_its_text() -> None:
    rows = qr.modules("http://testserver/s/abc234")
    assert len({len(row) for row in rows} | {len(rows)}) == 1
    finder = tuple(map(bool, (1, 1, 1, 1, 1, 1, 1)))
    assert rows[0][:7] == rows[0][-7:] == rows[-1][:7] == finder
    image = qr.svg("http://testserver/s/abc234", label='<b>"Café"')
    assert "<b>" not in image
    assert image.count("h1v1h-1z") == sum(map(sum, rows))


CLOSED = Service.Status.TEMPORARILY_CLOSED
pytestmark = pytest.mark.django_db


@pytest.fixture
def refuge() -> Service:
    """A listing at a confidential place, whose every word must stay off paper."""
    made = make_listing("Safe House Support", confidential=True, phone="0808 2000 247", needs=("abuse",))
    place = made.service_at_locations.get()
    place.location.addresses.update(address_1="9 Hidden Lane", city="Secretham", postal_code="AL9 9ZZ")
    place.schedules.create(byday="TU", freq="WEEKLY")
    return made


def test_a_confidential_place_is_on_no_paper(refuge: Service, client: Client) -> None:
    [listed] = entries([refuge.pk])
    poster = client.get(reverse("service_poster", args=[refuge.slug])).content
    image = client.get(reverse("service_qr", args=[refuge.slug])).content.decode()
    for text in (" ".join(listed.texts), text_of(leaflet(listed)), text_of(poster), image):
        for secret in ("Hidden Lane", "Secretham", "AL9", "Tuesday", str(refuge.service_at_locations.get().location)):
            assert secret not in text
        assert "The address is kept private. Ring 0808 2000 247." in text or text == image


def test_entries_keep_their_order_and_leave_out_what_is_not_listed() -> None:
    first, second, ended = make_listing("B", byday="MO", hours=(14, 16), amount=0), make_listing("A"), make_listing("C")
    Service.objects.filter(pk=ended.pk).update(status=Service.Status.DEFUNCT)
    found = entries([second.pk, uuid.uuid4(), ended.pk, first.pk], {first.pk: "Kind people"})
    assert [each.name for each in found] == ["A", "B"]
    assert found[1].note == "Kind people"
    assert ("When", "Mondays 14:00 to 16:00") in found[1].facts
    assert ("Cost", "Free") in found[1].facts
    assert any(label == "Where" and "12 Priory Mead, St Albans" in words for label, words in found[1].facts)


def test_more_entries_ask_no_more_of_the_database(django_assert_max_num_queries) -> None:
    ids = [make_listing(f"Listing {number}", phone="1", byday="MO").pk for number in range(30)]
    for some in (ids[:1], ids):
        with django_assert_max_num_queries(14):
            entries(some)


def test_a_search_is_printed_with_the_address_that_finds_it_again(client: Client) -> None:
    OutwardCodeFactory()
    for number in range(25):
        make_listing(f"Café {number:02}")
    answer = client.get(reverse("search_leaflet"), {"q": "café", "near": "AL1"})
    assert answer.headers["Content-Type"] == "application/pdf"
    text = text_of(answer.content)
    assert "Café near AL1" in text
    assert links(answer.content)[0].endswith("/directory/?q=caf%C3%A9&near=AL1")
    assert len(set(re.findall(r"Café \d\d", text))) == 20


@pytest.mark.parametrize("near", ["<script>", "ZZ99 9ZZ", "\x00", "x" * 5000])
def test_a_search_that_makes_no_sense_is_a_leaflet_with_nothing_in_it(near: str, client: Client) -> None:
    answer = client.get(reverse("search_leaflet"), {"near": near, "page": "99999", "q": "\x00"})
    assert answer.status_code == 200
    assert "nothing in it" in text_of(answer.content)


def test_a_shared_collection_is_printed_for_whoever_has_its_link(client: Client, link_worker: User) -> None:
    collection = CollectionFactory(owner=link_worker, name="For carers", link_shared=True)
    CollectionItemFactory(collection=collection, note="Kind to newcomers", service__name="Verulam Café")
    CollectionItemFactory(collection=collection, service__name="Gone Café", service__status="defunct")
    content = client.get(reverse("collection_leaflet", args=[collection.key])).content
    text = text_of(content)
    assert "Verulam Café" in text
    assert "Kind to newcomers" in text
    assert "Gone Café" not in text
    assert collection.key not in text
    assert links(content)[0].endswith(collection.get_absolute_url())


def test_a_collection_of_ones_own_has_no_code_that_others_could_not_open(client: Client, link_worker: User) -> None:
    collection = CollectionFactory(owner=link_worker, name="For carers")
    item = CollectionItemFactory(collection=collection)
    client.force_login(link_worker)
    content = client.get(reverse("collection_leaflet", args=[collection.key])).content
    assert links(content) == [f"http://testserver/s/{item.service.code}"]
    assert "The code leads" not in text_of(content)


def test_a_poster_says_how_to_come(client: Client) -> None:
    service = make_listing(phone="01727 000000", description="We talk.", application_process="Ask for Jo.", amount=2)
    today = timezone.localdate()
    for changes, standing in (({"full_since": today}, "Full just now"), ({"status": CLOSED}, "Closed for now")):
        Service.objects.filter(pk=service.pk).update(**changes)
        said = text_of(client.get(reverse("service_poster", args=[service.slug])).content)
        for words in (standing, "We talk.", "Ask for Jo.", "£2", "Ring 01727 000000"):
            assert words in said


@pytest.mark.parametrize("name", ["service_qr", "service_poster"])
@pytest.mark.parametrize("status", ["defunct", "inactive"])
def test_what_is_not_listed_has_no_paper(name: str, status: str, client: Client) -> None:
    service = make_listing(status=status)
    assert client.get(reverse(name, args=[service.slug])).status_code == 404


def test_the_code_of_a_listing_is_an_image_that_may_be_kept(client: Client) -> None:
    service = make_listing("Verulam Café")
    answer = client.get(reverse("service_qr", args=[service.slug]))
    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert "max-age=86400" in answer.headers["Cache-Control"]
    assert "QR code of Verulam Café" in answer.content.decode()
