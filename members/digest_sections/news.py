"""What the association has written for everybody since."""

import datetime as dt
from collections.abc import Mapping, Sequence

from members.digest_sections._section import Line, Section
from members.models import Article, Membership

MOST = 5


def section(members: Sequence[Membership], since: Mapping[int, dt.datetime]) -> dict[int, Section]:
    """One query: news that became public since then, the newest first."""
    new = list(Article.objects.published().news().filter(published_at__gte=min(since.values())).defer("text", "html"))
    found = {}
    for user, moment in since.items():
        if own := [article for article in new if article.published_at and article.published_at >= moment][:MOST]:
            lines = [Line(article.title, article.get_absolute_url()) for article in own]
            found[user] = Section("News", own[0].title, lines)
    return found
