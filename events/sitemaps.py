"""Which pages of events search engines are told of."""

import datetime as dt

from django.contrib.sitemaps import Sitemap

from events.models import Event, Reflection
from events.models.event import EventQuerySet
from events.models.reflection import ReflectionQuerySet

LIMIT = 10_000  # in one file


class Events(Sitemap):
    limit = LIMIT

    def items(self) -> EventQuerySet:
        return Event.objects.public().only("slug").order_by("pk")


class Stories(Sitemap):
    """Those for everybody."""

    limit = LIMIT

    def items(self) -> ReflectionQuerySet:
        return Reflection.objects.stories_of("").only("published_at").order_by("pk")

    def lastmod(self, story: Reflection) -> dt.datetime | None:
        return story.published_at


SITEMAPS: dict[str, type[Sitemap] | Sitemap] = {"events": Events, "stories": Stories}
