"""Whether an event asks for contributions just now."""

from django.utils import timezone

from events.models import CallForContributions, Event


def open_call(event: Event) -> CallForContributions | None:
    """The event's call while something can be offered, else None: also when it is a draft, cancelled or has begun. One
    query, or none.
    """
    if not event.is_public or event.is_cancelled or event.has_begun:
        return None
    now = timezone.now()
    found = CallForContributions.objects.filter(event=event, opens_at__lte=now, closes_at__gt=now).first()
    if found:
        found.event = event
    return found
