"""A ticket as whoever has it sees it."""

from events.actions._places import lock_ticket
from events.models import Ticket
from linkworkers.actions import Refused


def lock_seen(ticket: Ticket) -> Ticket:
    """The ticket as it is now, locked, provided that it is still whose it was when it was looked at: a link that was
    handed on opens nothing, not even for whoever opened the page a moment before. Raises Refused otherwise.
    """
    locked = lock_ticket(ticket.pk)
    if locked.key != ticket.key:
        raise Refused("This ticket has just been handed on to somebody else.")
    return locked
