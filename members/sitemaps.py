"""Which pages search engines are told of: what is open, and what the association wrote."""

import datetime as dt

from django.contrib.sitemaps import Sitemap
from django.db.models import Max, QuerySet

from members.models import Article, Vacancy

LIMIT = 10_000  # in one file


class Vacancies(Sitemap):
    limit = LIMIT

    def items(self) -> QuerySet[Vacancy]:
        return Vacancy.objects.open().only("slug", "decided_at").order_by("pk")

    def lastmod(self, vacancy: Vacancy) -> dt.datetime | None:
        return vacancy.decided_at

    def get_latest_lastmod(self) -> dt.datetime | None:
        """One aggregate: what Django would do is to ask every row."""
        return self.items().aggregate(latest=Max("decided_at"))["latest"]


class Articles(Sitemap):
    limit = LIMIT

    def items(self) -> QuerySet[Article]:
        return Article.objects.published().only("kind", "slug", "changed_at").order_by("pk")

    def lastmod(self, article: Article) -> dt.datetime:
        return article.changed_at

    def get_latest_lastmod(self) -> dt.datetime | None:
        """One aggregate, as above."""
        return self.items().aggregate(latest=Max("changed_at"))["latest"]


SITEMAPS: dict[str, type[Sitemap] | Sitemap] = {"vacancies": Vacancies, "articles": Articles}
