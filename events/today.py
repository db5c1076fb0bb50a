"""What *today* shows of events: a place that is held for somebody, the next one they come to, and their door."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from events.models import Event, EventDuty, Order, Ticket
from members.models import User


@dataclass(frozen=True)
class Panel:
    """`held` is a booking that is not finished, or an offer from the waitlist."""

    held: Order | None
    ticket: Ticket | None
    door: Event | None


def panel(user: User) -> Panel | None:
    """One query for whoever has nothing to do with events; three more otherwise."""
    now = timezone.now()
    held = Order.objects.filter(buyer=user, state=Order.State.HELD, held_until__gt=now)
    tickets = Ticket.objects.of(user).valid().filter(event__ends_at__gt=now, event__cancelled_at=None)
    duties = EventDuty.objects.filter(user=user, duty=EventDuty.Duty.DOOR)
    some = User.objects.filter(pk=user.pk).filter(
        Q(pk__in=held.values("buyer")) | Q(pk__in=tickets.values("user")) | Q(pk__in=duties.values("user"))
    )
    if not some.exists():
        return None
    today = timezone.localdate()
    doors = Event.objects.to_come().filter(duties__in=duties, starts_at__date__lte=today, ends_at__date__gte=today)
    return Panel(
        held.select_related("event").order_by("held_until").first(),
        tickets.select_related("event").order_by("event__starts_at", "pk").first(),
        doors.first(),
    )
