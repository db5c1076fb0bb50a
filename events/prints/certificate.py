"""The certificate of having been at an event."""

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format

from events.certificates import code_of
from events.models import Ticket
from linkworkers.templatetags import plain_number
from members.learning_pdf import certificate_pdf


def attendance_pdf(ticket: Ticket, *, association: str) -> bytes:
    """For a ticket that somebody was let in with. Needs `event`."""
    event = ticket.event
    counts = []
    if event.points:
        counts.append(f"{plain_number(event.points)} point{'' if event.points == 1 else 's'}")
    if event.formal_hours:
        counts.append(f"{plain_number(event.formal_hours)} formal hour{'' if event.formal_hours == 1 else 's'}")
    day = date_format(event.on)
    code = code_of(ticket)
    return certificate_pdf(
        heading="Certificate of attendance",
        name=ticket.name,
        did="was there:",
        title=event.title,
        facts=[day if event.on == event.until else f"{day} to {date_format(event.until)}", " and ".join(counts)],
        association=association,
        code=code,
        link=f"{settings.SITE_URL}{reverse('event_attendance', args=[code])}",
    )
