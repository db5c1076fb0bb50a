"""What every action on a listing ends with."""

from django.utils import timezone

from directory.index import refresh
from directory.models import Service


def touch(service: Service) -> None:
    """Marks the listing as changed now, for those who take our data, and brings the search up to date."""
    service.last_modified = timezone.now()
    service.save(update_fields=["last_modified"])
    refresh([service.pk])
