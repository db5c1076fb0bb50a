"""How an event is told of in mails, prints and pages: when and where."""

from django.utils import timezone
from django.utils.formats import date_format

from events.models import Event


def when(event: Event) -> str:
    """Day and time in a line, London time."""
    start, end = timezone.localtime(event.starts_at), timezone.localtime(event.ends_at)
    if event.on == event.until:
        return f"{date_format(start, 'l j F Y')}, {date_format(start, 'H:i')} to {date_format(end, 'H:i')}"
    return f"{date_format(start, 'l j F Y, H:i')} to {date_format(end, 'l j F Y, H:i')}"


def facts(event: Event) -> list[tuple[str, str]]:
    return [("When", when(event)), ("Where", event.where)]
