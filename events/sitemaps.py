"""Which pages of events search engines are told of."""

from django.contrib.sitemaps import Sitemap

from events.models import Event
from events.models.event import EventQuerySet

LIMIT = 10_000  # in one file


class Events(Sitemap):
    limit = LIMIT

    def items(self) -> EventQuerySet:
        return Event.objects.public().only("slug").order_by("pk")


SITEMAPS: dict[str, type[Sitemap] | Sitemap] = {"events": Events}
