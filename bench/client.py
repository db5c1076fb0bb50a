"""A browser's share of a request: cookies, forms, and a connection that is kept open."""

import http.client
import json
import random
import time
from dataclasses import dataclass
from types import TracebackType
from typing import Any
from urllib.parse import urlencode

TIMEOUT = 60  # seconds
TOKEN = "b" * 32  # Django compares the header with the cookie; any 32 letters do


@dataclass(frozen=True)
class Request:
    path: str
    session: str = ""  # nobody's
    form: dict[str, str | list[str]] | None = None  # posted when there is one
    document: Any = None  # posted as JSON when there is one

    @property
    def posts(self) -> bool:
        return self.form is not None or self.document is not None

    @property
    def method(self) -> str:
        return "POST" if self.posts else "GET"

    @property
    def body(self) -> bytes:
        if self.document is not None:
            return json.dumps(self.document).encode()
        return urlencode(self.form or {}, doseq=True).encode()

    @property
    def expected(self) -> int:
        """A form leads on; a page, and a document, is answered at once."""
        return 200 if self.form is None else 302

    @property
    def headers(self) -> dict[str, str]:
        """Each from another address: one address may ask the open data for so much in a minute and no more."""
        headers = {"X-Forwarded-For": f"10.{'.'.join(str(random.randrange(256)) for _ in range(3))}"}
        if self.session or self.posts:
            session = f"sessionid={self.session}; " if self.session else ""
            headers["Cookie"] = f"{session}csrftoken={TOKEN}"
        if not self.posts:
            return headers
        kind = "application/x-www-form-urlencoded" if self.document is None else "application/json"
        return headers | {"X-CSRFToken": TOKEN, "Content-Type": kind}


@dataclass(frozen=True)
class Answer:
    status: int
    seconds: float  # from the first byte sent to the last byte read
    body: bytes
    queries: int | None = None
    location: str = ""  # where a form leads on to

    @property
    def size(self) -> int:
        return len(self.body)


class Client:
    """One kept-open connection to a server on this machine."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)

    def __enter__(self) -> "Client":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.connection.close()

    def send(self, request: Request, *, queries: str = "") -> Answer:
        """Send a request and read the whole answer. Raises RuntimeError unless it is answered as expected.

        With `queries` "count" they are counted; with "show" they are the answer, as JSON.
        """
        body, headers = request.body, request.headers | ({"X-Queries": queries} if queries else {})
        started = time.perf_counter()
        self.connection.request(request.method, request.path, body, headers)
        response = self.connection.getresponse()
        page = response.read()
        seconds = time.perf_counter() - started
        location = response.getheader("Location", "")
        if response.status != request.expected:
            raise RuntimeError(
                f"{request.method} {request.path} answered {response.status} "
                f"{location}\n{page.decode(errors='replace')[:3000]}"
            )
        counted = response.getheader("X-Queries")
        return Answer(response.status, seconds, page, int(counted) if counted else None, location)
