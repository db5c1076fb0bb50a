"""Feeds: an address of the open standard's API, or of a file, fetched whole before anything of it is used."""

import ipaddress
import json
import socket
import time
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

import httpx

from directory.importing.records import Unreadable
from directory.importing.sources import write_records

Json = dict[str, Any]

TIMEOUT = httpx.Timeout(30, connect=10)  # seconds
TRIES = 3
WAIT = 1.0  # seconds, doubled with each try
PER_PAGE = 100
MOST_PAGES = 20_000
MOST_BYTES = 2 * 1024**3  # of a whole feed
LARGEST_ANSWER = 32 * 1024**2  # bytes, of one page
FILES = (".json", ".ndjson", ".jsonl", ".csv", ".gz", ".zip")
NESTED = ("contacts", "phones", "schedules", "service_at_locations", "service_areas", "attributes", "cost_options")


class PublicOnly(httpx.BaseTransport):
    """Connects to addresses of the public internet and to no other, whatever a name or a redirect leads to.

    The address that was looked at is the one that is connected to, so a name cannot change its mind in between.
    """

    def __init__(self) -> None:
        self.by_host: dict[str, httpx.HTTPTransport] = {}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        host = request.url.host
        address = public_address(host, request.url.port or (443 if request.url.scheme == "https" else 80))
        inner = httpx.Request(
            request.method,
            request.url.copy_with(host=address),
            headers=request.headers,
            stream=request.stream,
            extensions={**request.extensions, "sni_hostname": host},
        )
        return self.by_host.setdefault(host, httpx.HTTPTransport()).handle_request(inner)

    def close(self) -> None:
        for transport in self.by_host.values():
            transport.close()


def public_address(host: str, port: int) -> str:
    """An address of this host. Raises Unreadable when there is none, or when any of them is not public."""
    try:
        found = [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError):
        raise Unreadable(f"There is no server called {host}.") from None
    for each in found:
        address = ipaddress.ip_address(each.partition("%")[0])
        if not address.is_global or address.is_multicast:
            raise Unreadable(f"{host} is inside a private network. Feeds come from the public internet.")
    return found[0]


def fetch(
    url: str, file: BinaryIO, *, allow_private: bool = False, progress: Callable[[int], None] | None = None
) -> None:
    """Writes to `file` what is at an address: a file as it is, or each service of a feed, as one record on each line.

    A feed's address is that of its API or of its /services. `progress` hears how many services came. Raises
    Unreadable, and nothing of the feed is to be used then. With `allow_private` servers of our own network are asked.
    """
    transport = httpx.HTTPTransport() if allow_private else PublicOnly()
    headers = {"User-Agent": "linkworkers-directory", "Accept": "application/json, */*;q=0.5"}
    try:
        address = httpx.URL(url.strip())
    except httpx.InvalidURL:
        address = httpx.URL("")
    if address.scheme not in ("http", "https") or not address.host:
        raise Unreadable("This is not an address that begins with http:// or https://.")
    with httpx.Client(
        transport=transport, headers=headers, timeout=TIMEOUT, follow_redirects=True, max_redirects=5, trust_env=False
    ) as client:
        feed = _Feed(client)
        if address.path.lower().endswith(FILES):
            file.write(feed.get(address, MOST_BYTES))
        else:
            write_records(feed.services(address, progress), file)
    file.seek(0)


class _Feed:
    def __init__(self, client: httpx.Client) -> None:
        self.client = client
        self.bytes = 0

    def services(self, address: httpx.URL, progress: Callable[[int], None] | None) -> Iterator[Json]:
        """Each service whole: fetched by itself where the list says nothing of what lies within it."""
        base = address.copy_with(path=f"{address.path.rstrip('/').removesuffix('/services')}/services")
        count = 0
        for number, page in self.pages(base):
            for item in page:
                if (
                    isinstance(item, dict)
                    and isinstance(item.get("id"), str)
                    and not any(name in item for name in NESTED)
                ):
                    item = self.json(base.copy_with(path=f"{base.path}/{item['id']}", query=None), number)
                yield item
                count += 1
            if progress:
                progress(count)

    def pages(self, base: httpx.URL) -> Iterator[tuple[int, list[Any]]]:
        for number in range(1, MOST_PAGES + 1):
            page = self.json(base.copy_merge_params({"page": str(number), "per_page": str(PER_PAGE)}), number)
            contents = page.get("contents")
            if not isinstance(contents, list):
                raise Unreadable(f"Page {number} of the feed has no contents: is this the address of an ORUK 3.0 API?")
            if page.get("page_number", number) != number:
                raise Unreadable(f"Asked for page {number}, the feed gave page {page['page_number']}.")
            yield number, contents
            total = page.get("total_pages")
            if page.get("last_page") is True or not contents or (isinstance(total, int) and number >= total):
                if isinstance(total, int) and number < total:
                    raise Unreadable(f"The feed stopped at page {number} of {total}.")
                return
        raise Unreadable(f"The feed has more than {MOST_PAGES:,} pages.")

    def json(self, url: httpx.URL, page: int) -> Json:
        try:
            found = json.loads(self.get(url, LARGEST_ANSWER))
        except Unreadable as error:
            raise Unreadable(f"The feed stopped at page {page}: {error}") from None
        except (ValueError, RecursionError):
            raise Unreadable(f"Page {page} of the feed is not JSON.") from None
        if not isinstance(found, dict):
            raise Unreadable(f"Page {page} of the feed is not a page of the open standard.")
        return found

    def get(self, url: httpx.URL, most: int) -> bytes:
        """The answer's bytes. A server that is slow, away or out of order is asked again, twice."""
        reason = ""
        for attempt in range(TRIES):
            if attempt:
                time.sleep(WAIT * 2 ** (attempt - 1))
            try:
                with self.client.stream("GET", url) as response:
                    if response.status_code < 300:
                        return self._body(response, most)
                    reason = f"{url.host} answered {response.status_code} {response.reason_phrase}.".replace(" .", ".")
                    if response.status_code < 500 and response.status_code != httpx.codes.TOO_MANY_REQUESTS:
                        break
            except httpx.TimeoutException:
                reason = f"{url.host} did not answer in time."
            except httpx.TooManyRedirects:
                raise Unreadable(f"{url.host} sends us from one address to another without end.") from None
            except (httpx.TransportError, httpx.DecodingError, httpx.InvalidURL) as error:
                reason = f"the connection to {url.host} failed ({type(error).__name__})."
        raise Unreadable(reason)

    def _body(self, response: httpx.Response, most: int) -> bytes:
        parts, size = [], 0
        for part in response.iter_bytes():
            size += len(part)
            if size > most or self.bytes + size > MOST_BYTES:
                raise Unreadable(f"{response.url.host} sends more than we take.")
            parts.append(part)
        self.bytes += size
        return b"".join(parts)
