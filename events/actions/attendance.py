"""Having been there: into the learning record of whoever has an account."""

from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Cast, Concat

from events.models import Event, Ticket
from members.actions import learning
from members.models import Association, LearningEntry, LearningKind

AT_ONCE = 500


def source_of(event: Event) -> str:
    """By what name a learning record knows that somebody was at an event."""
    return f"event:{event.pk}"


def credit_all() -> int:
    """Writes events that are over into the learning records of those who were let in, and not yet credited. What a
    telephone sends late is credited when it comes. Safe to run twice, or two at once; returns how many were written.
    """
    source = Concat(Value("event:"), Cast(OuterRef("event"), CharField()), output_field=CharField())
    credited = LearningEntry.objects.filter(user=OuterRef("user"), source=source)
    due = Ticket.objects.arrived().filter(~Exists(credited), event__in=Event.objects.over(), user__is_active=True)
    provider = Association.get().name[:120]
    written = last = 0
    while some := list(due.filter(pk__gt=last).select_related("event", "user").order_by("pk")[:AT_ONCE]):
        for ticket in some:
            _credit(ticket, provider)
        written += len(some)
        last = some[-1].pk
    return written


def _credit(ticket: Ticket, provider: str) -> None:
    event = ticket.event
    if ticket.user is not None:
        learning.credit(
            user=ticket.user,
            source=source_of(event),
            title=event.title,
            on=event.until,
            kind=LearningKind.EVENT,
            points=event.points,
            formal_hours=event.formal_hours,
            days=(event.until - event.on).days + 1,
            provider=provider,
        )


def take_back(ticket: Ticket) -> None:
    """Takes an event out of the record of somebody who was not there after all. Needs `event` and `user`."""
    if ticket.user is not None and not Ticket.objects.of(ticket.user).arrived().filter(event=ticket.event).exists():
        learning.take_back(user=ticket.user, source=source_of(ticket.event))
