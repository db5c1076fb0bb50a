"""What an attendee can do next, as links on the page of their ticket."""

from dataclasses import dataclass

from events.models import Ticket


@dataclass(frozen=True)
class NextStep:
    """A link on a ticket's page; `about` says in a few words what it is for."""

    label: str
    url: str
    about: str = ""


def after_links(ticket: Ticket) -> list[NextStep]:
    """What somebody whose ticket was valid can do once the event is over. Needs `event`."""
    return []
