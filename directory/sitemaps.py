"""Which pages search engines are told of: every listing that anybody may see."""

import datetime as dt

from django.contrib.sitemaps import Sitemap
from django.db.models import Max, QuerySet
from django.urls import reverse

from directory.models import Service


class Listings(Sitemap):
    limit = 10_000  # in one file

    def items(self) -> QuerySet[Service]:
        return Service.objects.listed().only("slug", "last_modified").order_by("pk")

    def lastmod(self, service: Service) -> dt.datetime:
        return service.last_modified

    def location(self, service: Service) -> str:
        return reverse("service", args=[service.slug])

    def get_latest_lastmod(self) -> dt.datetime | None:
        """One aggregate: what Django would do is to ask every listing."""
        return self.items().aggregate(latest=Max("last_modified"))["latest"]


SITEMAPS: dict[str, type[Sitemap] | Sitemap] = {"listings": Listings}
