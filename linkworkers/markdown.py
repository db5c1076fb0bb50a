"""What people write, with stars and dashes, as HTML that can do no harm."""

import html as entities

import nh3
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

# Images are left out: each would tell another host who reads this page.
TAGS = {
    "p",
    "br",
    "hr",
    "em",
    "strong",
    "s",
    "a",
    "ul",
    "ol",
    "li",
    "blockquote",
    "code",
    "pre",
    "h3",
    "h4",
    "h5",
    "h6",
}
TABLES = set("table thead tbody tr th td".split())
FIRST, LAST = 3, 6  # levels of headings: a text stands within a page that has its own first and second

_reader = MarkdownIt("commonmark", {"html": False, "breaks": True, "linkify": False}).enable(["table", "strikethrough"])


def render(text: str) -> SafeString:
    """Markdown (CommonMark, tables, crossed out) as HTML. Whatever HTML was typed is shown as it was typed.

    Headings begin at the third level, whichever the writer began with. Links open no script, and tell search engines
    that they are not ours.
    """
    tokens = _reader.parse(text.replace("\x00", ""))
    levels = sorted({token.tag for token in tokens if token.type == "heading_open"})
    headings = {tag: f"h{min(level, LAST)}" for level, tag in enumerate(levels, start=FIRST)}
    for token in tokens:
        token.tag = headings.get(token.tag, token.tag)
    html = _reader.renderer.render(tokens, _reader.options, {})
    clean = nh3.clean(
        html,
        tags=TAGS | TABLES,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="nofollow noopener noreferrer ugc",
    )
    return mark_safe(clean)  # noqa: S308 - cleaned by nh3


def plain(text: str) -> str:
    """The same as text without marks, for a mail: lines stay lines, and of a link its words."""
    return entities.unescape(strip_tags(render(text))).strip()
