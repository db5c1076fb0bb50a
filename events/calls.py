"""Whether an event asks for contributions just now."""

from events.models import CallForContributions, Event


def open_call(event: Event) -> CallForContributions | None:
    """The event's call while something can be offered, else None: also when it is a draft, cancelled or has begun. One
    query, or none.
    """
    if not event.is_public or event.is_cancelled or event.has_begun:
        return None
    call: CallForContributions | None = getattr(event, "call", None)
    return call if call is not None and call.is_open else None
