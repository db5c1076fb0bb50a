"""The inspection itself: it sees what it is there to see, on pages made up for it."""

import pytest
from playwright.sync_api import Browser, BrowserContext
from pytest_django.live_server_helper import LiveServer

from tests.browser import inspection
from tests.browser.inspection import SlowAnswer, Watch, examine

SOUND = """<!doctype html><html lang="en-GB"><head><title>Sound</title></head>
<body><main><h1>Sound</h1><p>Nothing is wrong here.</p></main></body></html>"""


@pytest.mark.parametrize(
    ("flaw", "seen"),
    [
        ("<img src='data:,'>", "image-alt"),
        ("<p style='color: #aaa'>Pale on white</p>", "color-contrast"),
        ("<input name='age'>", "label"),
        ("<h4>Three levels further down</h4>", "heading-order"),
        ("<div style='width: 1300px'>Wider than a laptop</div>", "scrolls sideways"),
    ],
)
def test_a_flaw_is_seen_at_each_width(browser: Browser, flaw: str, seen: str) -> None:
    page = browser.new_page()
    page.set_content(SOUND.replace("</main>", f"{flaw}</main>"))
    problems = [problem for problem in examine(page, "made up") if seen in problem]
    assert {problem.split(":")[0] for problem in problems} >= {"made up at 390", "made up at 1280"}
    page.close()


def test_a_sound_page_has_no_problems(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content(SOUND)
    assert examine(page, "made up") == []
    page.close()


@pytest.mark.parametrize(
    ("flaw", "seen"),
    [
        ("<img alt='' src='https://elsewhere.test/spy.png'>", "a request to https://elsewhere.test/spy.png"),
        ("<img alt='' src='https://own.test/gone.png'>", "https://own.test/gone.png answered 404"),
        ("<script>console.error('it broke')</script>", "it broke"),
        ("<script>nothing.there()</script>", "nothing is not defined"),
        (
            "<meta http-equiv='Content-Security-Policy' content=\"script-src 'none'\"><script>alert()</script>",
            "Content Security Policy",
        ),
    ],
)
def test_what_goes_wrong_meanwhile_is_noted(browser: Browser, flaw: str, seen: str) -> None:
    context = browser.new_context()
    context.route("**/*", lambda route: route.fulfill(status=404))
    watch = Watch("https://own.test").over(context)
    page = context.new_page()
    page.set_content(SOUND.replace("</head>", f"{flaw}</head>"))
    page.wait_for_load_state("networkidle")
    assert [problem for problem in watch.problems if seen in problem]
    context.close()


@pytest.mark.django_db(transaction=True)
def test_an_answer_that_took_too_long_is_told(
    browser: Browser, live_server: LiveServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inspection, "SLOW", 0)
    context = browser.new_context()
    Watch(live_server.url).over(context)
    with pytest.warns(SlowAnswer, match="GET .* was answered after") as told:
        _visit_and_leave(context, f"{live_server.url}/events/")
    assert any("/events/ was" in str(each.message) for each in told)


def _visit_and_leave(context: BrowserContext, url: str) -> None:
    context.new_page().goto(url, wait_until="networkidle")
    context.close()
