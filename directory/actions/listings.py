"""What the office changes in listings by hand."""

from django.db.models import QuerySet
from django.utils import timezone

from directory import index
from directory.models import Service


def touch_all(services: QuerySet[Service]) -> None:
    """What `touch` does, for every listing that something they share was changed of: a place, an organisation.

    In the caller's transaction; each batch of listings costs a few queries.
    """
    ids = list(services.values_list("pk", flat=True).distinct())
    Service.objects.filter(pk__in=ids).update(last_modified=timezone.now())
    index.refresh(ids)
