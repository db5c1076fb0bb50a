"""The news for feed readers."""

import datetime as dt

from django.urls import reverse

from linkworkers.feeds import AtomFeed, readable
from members.models import Article

NEWEST = 30


class NewsFeed(AtomFeed):
    title = "News from Link Workers"
    subtitle = "What is new in social prescribing, from the association."

    def link(self) -> str:
        return reverse("news")

    def items(self) -> list[Article]:
        return list(Article.objects.published().news()[:NEWEST])

    def item_description(self, item: Article) -> str:
        """HTML, as on its page."""
        return readable(item.html)

    def item_author_name(self, item: Article) -> str:
        return readable(item.author)

    def item_pubdate(self, item: Article) -> dt.datetime | None:
        return item.published_at

    def item_updateddate(self, item: Article) -> dt.datetime:
        return item.changed_at
