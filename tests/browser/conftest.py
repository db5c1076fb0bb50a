"""A real browser for the tests of this folder."""

import os
import shutil
import threading
import time
from collections.abc import Generator, Iterator
from typing import Protocol

import pytest
from django.conf import settings
from django.core.signals import request_finished, request_started
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from members.models import User
from tests.browser.inspection import HEIGHT, Watch
from tests.browser.post_mortem import what_the_server_is_at
from tests.world import logged_in

QUIET = 0.2  # seconds
TIMEOUT = 60_000  # milliseconds: long, for a busy machine; what still waits then is told by `what_the_server_is_at`
CANDIDATES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# No background traffic: a test talks to its own server and to nobody else.
ARGUMENTS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(call: pytest.CallInfo[None]) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "call" and report.failed:
        report.sections.append(("What the server was at", what_the_server_is_at()))
    return report


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium: CHROMIUM's, else the system's. Without one the tests skip, or fail where it is required."""
    executable = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CANDIDATES)), None)
    if executable is None:
        message = "No Chromium found: run `apt-get install chromium`, or name one in the variable CHROMIUM."
        if os.environ.get("CI") or os.environ.get("REQUIRE_CHROMIUM") == "1":
            pytest.fail(message)
        pytest.skip(message)
    # Playwright's event loop runs in this thread, which makes Django take honest database calls for asynchronous ones.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    arguments = [*ARGUMENTS, "--no-sandbox"] if os.geteuid() == 0 else ARGUMENTS
    expect.set_options(timeout=TIMEOUT)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, headless=True, args=arguments)
        yield chromium
        chromium.close()


class Traffic:
    """Counts the requests that the server is at work on."""

    def __init__(self) -> None:
        self._open = 0
        self._lock = threading.Lock()

    def begun(self, **signal: object) -> None:
        with self._lock:
            self._open += 1

    def ended(self, **signal: object) -> None:
        with self._lock:
            self._open -= 1

    def wait_for_silence(self) -> None:
        """Returns when nothing has been asked for a moment; fails after ten seconds in which something always was."""
        until = time.monotonic() + 10
        quiet_since = time.monotonic()
        while time.monotonic() < until:
            if self._open:
                quiet_since = time.monotonic()
            elif time.monotonic() - quiet_since > QUIET:
                return
            time.sleep(QUIET / 10)
        pytest.fail("The server is still at work on a request.")


@pytest.fixture
def traffic() -> Iterator[Traffic]:
    traffic = Traffic()
    request_started.connect(traffic.begun)
    request_finished.connect(traffic.ended)
    yield traffic
    request_started.disconnect(traffic.begun)
    request_finished.disconnect(traffic.ended)


class Visit(Protocol):
    """Opens a tab of a browser of its own."""

    def __call__(self, user: User | None = None, *, javascript: bool = True, width: int = 1280) -> Page: ...


@pytest.fixture
def visit(browser: Browser, live_server: LiveServer, traffic: Traffic) -> Iterator[Visit]:
    """Opens a tab as somebody who is logged in already, or as nobody.

    Fails the test at its end when a page wrote an error into the console, broke the content security policy or asked
    another host for anything.
    """
    watches: list[Watch] = []
    contexts: list[BrowserContext] = []

    def open_tab(user: User | None = None, *, javascript: bool = True, width: int = 1280) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            java_script_enabled=javascript,
            viewport={"width": width, "height": HEIGHT},
            locale="en-GB",
            timezone_id="Europe/London",
            reduced_motion="reduce",
        )
        context.set_default_timeout(TIMEOUT)
        contexts.append(context)
        watches.append(Watch(live_server.url).over(context))
        if user is not None:
            cookie = logged_in(user).cookies[settings.SESSION_COOKIE_NAME]
            context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
        return context.new_page()

    yield open_tab
    # A page that is left saves what was typed last; the tables are emptied only when that has been answered.
    for page in [page for context in contexts for page in context.pages]:
        page.goto("about:blank")
    traffic.wait_for_silence()
    for context in contexts:
        context.close()
    assert [problem for watch in watches for problem in watch.problems] == []
