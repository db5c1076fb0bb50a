"""Atom feeds that any reader can read."""

import re
from typing import Any

from django.contrib.syndication.views import Feed
from django.utils.feedgenerator import Atom1Feed

# What XML cannot hold, not even escaped.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


def readable(text: str) -> str:
    return _CONTROLS.sub("", text)


class AtomFeed(Feed):
    """A feed of rows: `str()` is the title, `get_absolute_url()` the address. Titles are plain text, never HTML."""

    feed_type = Atom1Feed

    def item_title(self, item: Any) -> str:
        return readable(str(item))
