"""Headings of a text that somebody wrote, within a page that has its own."""

import pytest

from linkworkers.markdown import render


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("# One\n\n## Two\n\n### Three", ["<h3>One</h3>", "<h4>Two</h4>", "<h5>Three</h5>"]),
        ("## One\n\n## Two", ["<h3>One</h3>", "<h3>Two</h3>"]),
        ("## One\n\n###### Deep", ["<h3>One</h3>", "<h4>Deep</h4>"]),
        ("\n\n".join(f"{'#' * level} x" for level in range(1, 7)), ["<h3>x</h3>", "<h6>x</h6>"]),
    ],
)
def test_begin_at_the_third_level_and_skip_none(text: str, html: list[str]) -> None:
    written = render(text)
    assert all(heading in written for heading in html)
    assert "<h1>" not in written
    assert "<h2>" not in written
