"""What is asked of every page that a test visits: accessible, no wider than the screen, and nothing wrong in it."""

import os
import re
import warnings
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response, ViewportSize

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = (1280, 390)  # pixels: a laptop, which most tests have before them already, and a phone
NARROWEST = 320  # pixels: a laptop at 400 %
HEIGHT = 900  # pixels
SLOW = 15_000  # milliseconds


class SlowAnswer(UserWarning):
    """The server took so long that it is told at the end of the run, though the test went on and may have passed."""


@dataclass
class Watch:
    """Everything that goes wrong in a browser context while a test uses it."""

    own: str  # the address of the test's server
    problems: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext) -> "Watch":
        context.on("console", self._console)
        context.on("weberror", lambda error: self.problems.append(f"{error.page.url}: {error.error}"))
        context.on("request", self._request)
        context.on("response", self._response)
        context.on("requestfinished", self._finished)
        return self

    def _console(self, message: ConsoleMessage) -> None:
        # What did not load is told by `_response`, which knows a page that is meant to be an error.
        if message.type in {"error", "warning"} and not message.text.startswith("Failed to load resource"):
            self.problems.append(f"{message.location['url']}: {message.text}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.own, "data:", "blob:", "about:")):
            self.problems.append(f"a request to {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= 400 and response.request.resource_type != "document":
            self.problems.append(f"{response.url} answered {response.status}")

    def _finished(self, request: Request) -> None:
        if (waited := request.timing["responseStart"]) > SLOW:
            warnings.warn(
                f"{request.method} {request.url} was answered after {waited:,.0f} ms", SlowAnswer, stacklevel=1
            )


def examine(page: Page, name: str, *, forgiven: Collection[str] = ()) -> list[str]:
    """What is wrong with the page as it stands, at each width; axe's rules in `forgiven` apart. Needs JavaScript.

    With SCREENSHOTS in the environment it saves `name` there at each width, to be looked at.
    """
    problems = []
    for width in WIDTHS:
        _resize(page, width)
        problems += [f"{name} at {width}: {problem}" for problem in [*_violations(page, forgiven), *_overflow(page)]]
        _photograph(page, f"{name}-{width}")
    _resize(page, NARROWEST)
    problems += [f"{name} at {NARROWEST}: {problem}" for problem in _overflow(page)]
    _resize(page, WIDTHS[0])
    return problems


def _resize(page: Page, width: int) -> None:
    size: ViewportSize = {"width": width, "height": HEIGHT}
    if page.viewport_size != size:
        page.set_viewport_size(size)


@cache
def _axe() -> str:
    return AXE.read_text()


def _violations(page: Page, forgiven: Collection[str]) -> list[str]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(_axe())
    options = {
        "runOnly": RULES,
        "rules": {rule: {"enabled": False} for rule in forgiven},
        "resultTypes": ["violations"],
        "performanceTimer": False,
    }
    # What is right would be ten times as much to bring over from the browser.
    violations = page.evaluate("options => axe.run(document, options).then((result) => result.violations)", options)
    return [
        " ".join(f"{violation['id']}: {node['failureSummary']} {node['html'][:200]}".split())
        for violation in violations
        for node in violation["nodes"]
    ]


def _overflow(page: Page) -> list[str]:
    """Elements that stick out, when the page can be scrolled sideways."""
    found = page.evaluate(
        """() => document.documentElement.scrollWidth <= innerWidth ? [] :
             [...document.querySelectorAll("body *")]
               .filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
               .map((element) => element.outerHTML.slice(0, 120))"""
    )
    return [f"scrolls sideways: {found[:3]}"] if found else []


def _photograph(page: Page, name: str) -> None:
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{re.sub(r'[^a-z0-9-]+', '-', name.lower())}.png", full_page=True)
