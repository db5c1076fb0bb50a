"""What people write, with stars and dashes, as HTML that can do no harm."""

import nh3
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
# A text stands within a page that has its own first and second headings.
HEADINGS = {"h1": "h3", "h2": "h4", "h3": "h5", "h4": "h6", "h5": "h6", "h6": "h6"}

_reader = MarkdownIt("commonmark", {"html": False, "breaks": True, "linkify": False}).enable(["table", "strikethrough"])


def render(text: str) -> SafeString:
    """Markdown (CommonMark, tables, crossed out) as HTML. Whatever HTML was typed is shown as it was typed.

    Headings begin at the third level. Links open no script, and tell search engines that they are not ours.
    """
    tokens = _reader.parse(text.replace("\x00", ""))
    for token in tokens:
        token.tag = HEADINGS.get(token.tag, token.tag)
    html = _reader.renderer.render(tokens, _reader.options, {})
    clean = nh3.clean(
        html,
        tags=TAGS | TABLES,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="nofollow noopener noreferrer ugc",
    )
    return mark_safe(clean)  # noqa: S308 - cleaned by nh3
