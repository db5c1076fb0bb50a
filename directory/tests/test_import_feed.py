"""Feeds over the net: page by page, whole or not at all, and never from inside our own network."""

import io
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.management import CommandError, call_command

from directory.importing import Unreadable, feed
from directory.importing.sources import open_source
from directory.models import Phone, Service
from directory.tests.feeds import Json, listing, row_counts

Answer = tuple[int, dict[str, str], bytes]
LISTINGS = [listing(number) for number in range(1, 6)]


def flat(document: Json) -> Json:
    return {name: value for name, value in document.items() if not isinstance(value, list)}


class Feed:
    """A feed on this machine: five services, two on each page. `answers` take the place of what it would say."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.answers: dict[str, list[Answer]] = {}
        self.nested = False

    def answer(self, path: str) -> Answer:
        self.asked.append(path)
        if waiting := self.answers.get(path):
            return waiting.pop(0)
        url = urlsplit(path)
        if url.path == "/api/services":
            number = int(parse_qs(url.query)["page"][0])
            some = LISTINGS[2 * number - 2 : 2 * number]
            contents = some if self.nested else [flat(each) for each in some]
            page = {"page_number": number, "total_pages": 3, "last_page": number == 3, "contents": contents}
            return 200, {}, json.dumps(page).encode()
        found = [each for each in LISTINGS if url.path == f"/api/services/{each['id']}"]
        return (200, {}, json.dumps(found[0]).encode()) if found else (404, {}, b"{}")


@pytest.fixture
def source() -> Iterator[Feed]:
    served = Feed()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, body = served.answer(self.path)
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    served.url = f"http://127.0.0.1:{server.server_port}"  # type: ignore[attr-defined]
    yield served
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "WAIT", 0)


def fetched(address: str, *, allow_private: bool = True) -> list[Json]:
    file = io.BytesIO()
    feed.fetch(address, file, allow_private=allow_private)
    return [record.document for record in open_source(file).records]


@pytest.mark.parametrize("address", ["/api", "/api/", "/api/services", "/api/services/"])
def test_a_feed_is_read_page_by_page_and_each_service_whole(source: Feed, address: str) -> None:
    assert fetched(source.url + address) == LISTINGS
    assert len(source.asked) == 3 + 5
    assert source.asked[0] == "/api/services?page=1&per_page=100"


def test_services_that_come_whole_are_not_asked_for_again(source: Feed) -> None:
    source.nested = True
    assert fetched(f"{source.url}/api") == LISTINGS
    assert len(source.asked) == 3


def test_a_file_is_fetched_as_it_is(source: Feed) -> None:
    source.answers["/data/all.json"] = [(200, {}, json.dumps(LISTINGS).encode())]
    assert fetched(f"{source.url}/data/all.json") == LISTINGS


def test_a_server_that_stumbles_is_asked_again(source: Feed) -> None:
    source.answers["/api/services?page=2&per_page=100"] = [(503, {}, b""), (500, {}, b"")]
    assert fetched(f"{source.url}/api") == LISTINGS
    assert source.asked.count("/api/services?page=2&per_page=100") == 3


PAGE_2 = "/api/services?page=2&per_page=100"
STOPS: dict[str, tuple[list[Answer], str]] = {
    "out of order": ([(500, {}, b"")] * 3, "The feed stopped at page 2: 127.0.0.1 answered 500"),
    "gone": ([(404, {}, b"")], "The feed stopped at page 2: 127.0.0.1 answered 404 Not Found."),
    "breaks off": (
        [(200, {"Content-Length": "999"}, b'{"contents": [')] * 3,
        "The feed stopped at page 2: the connection",
    ),
    "not JSON": ([(200, {}, b"<h1>Sorry</h1>")], "Page 2 of the feed is not JSON."),
    "no page": ([(200, {}, b"[]")], "Page 2 of the feed is not a page of the open standard."),
    "no contents": ([(200, {}, b"{}")], "Page 2 of the feed has no contents"),
    "the first again": (
        [(200, {}, b'{"contents": [{}], "page_number": 1}')],
        "Asked for page 2, the feed gave page 1.",
    ),
    "ends too soon": ([(200, {}, b'{"contents": [], "total_pages": 3}')], "The feed stopped at page 2 of 3."),
}


@pytest.mark.django_db
@pytest.mark.parametrize(("answers", "said"), STOPS.values(), ids=STOPS.keys())
def test_a_feed_that_stops_half_way_changes_nothing(source: Feed, answers: list[Answer], said: str) -> None:
    source.answers[PAGE_2] = list(answers)
    before = row_counts()
    with pytest.raises(CommandError) as refused:
        call_command("import_oruk", f"{source.url}/api", allow_private=True, quiet=True)
    assert said in str(refused.value)
    assert row_counts() == before


def test_a_feed_that_has_no_end_is_left(source: Feed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "LARGEST_ANSWER", 500)
    with pytest.raises(Unreadable, match="sends more than we take"):
        fetched(f"{source.url}/api")
    monkeypatch.setattr(feed, "LARGEST_ANSWER", 10**7)
    monkeypatch.setattr(feed, "MOST_PAGES", 2)
    with pytest.raises(Unreadable, match="more than 2 pages"):
        fetched(f"{source.url}/api")


@pytest.mark.django_db
def test_the_command_takes_in_a_feed(source: Feed) -> None:
    call_command("import_oruk", f"{source.url}/api", allow_private=True, quiet=True)
    assert Service.objects.count() == 5
    assert Phone.objects.count() == 10
    assert Service.objects.first().source == f"{source.url}/api"  # type: ignore[union-attr]


# --- Our own network


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "10.1.2.3", "192.168.0.1", "169.254.169.254", "[::1]", "[::ffff:127.0.0.1]", "[fe80::1]", "0.0.0.0",
     "100.64.0.1", "2130706433", "localhost"],
)  # fmt: skip
def test_addresses_of_our_own_network_are_not_asked(host: str) -> None:
    with pytest.raises(Unreadable, match="is inside a private network"):
        fetched(f"http://{host}/api", allow_private=False)


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Says where names lead, for a test's own names."""

    def lead(**known: list[str]) -> None:
        def look_up(host: str, port: int, **kwargs: object) -> list[tuple[object, ...]]:
            return [(0, 0, 0, "", (address, port)) for address in known[host.partition(".")[0]]]

        monkeypatch.setattr(feed.socket, "getaddrinfo", look_up)

    return lead


def test_a_name_that_leads_inside_is_not_asked(names: Callable[..., None]) -> None:
    names(outside=["93.184.216.34", "10.0.0.1"])
    with pytest.raises(Unreadable, match=r"outside\.example is inside a private network"):
        fetched("https://outside.example/api", allow_private=False)


def test_a_redirect_inside_is_not_followed(
    source: Feed, names: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first server counts as public here; the one that it sends us to does not."""
    looked_at = feed.public_address
    monkeypatch.setattr(
        feed, "public_address", lambda host, port: "127.0.0.1" if host == "outside.example" else looked_at(host, port)
    )
    port = urlsplit(source.url).port
    source.answers["/api/services?page=1&per_page=100"] = [(302, {"Location": f"http://127.0.0.1:{port}/secret"}, b"")]
    with pytest.raises(Unreadable, match=r"127\.0\.0\.1 is inside a private network"):
        fetched(f"http://outside.example:{port}/api", allow_private=False)
    assert source.asked == ["/api/services?page=1&per_page=100"]


@pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://a.example/", "gopher://a.example", "cafe", "http://"])
def test_only_web_addresses_are_asked(address: str) -> None:
    with pytest.raises(Unreadable, match="not an address that begins with"):
        fetched(address, allow_private=False)
