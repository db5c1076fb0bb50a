"""The mails that the calendar asks for: before an event, before an offer ends, and the day after."""

from events.calendar import ticket_ics
from events.emails._news import news
from events.models import Event, Order, ProgrammeItem, Ticket
from events.wording import facts
from linkworkers.markdown import plain
from linkworkers.outbox.actions import Draft
from members.mail_kinds import unsubscribe_path

REMINDER = "event-reminder"
AFTER = "event-after"


def _unsubscribe(ticket: Ticket, kind: str) -> str:
    """Whoever has an account ends these mails with one click; others get two for each event, and no more."""
    return unsubscribe_path(ticket.user_id, kind) if ticket.user_id else ""


def _joining(event: Event) -> list[tuple[str, str]]:
    return [*facts(event), ("Join online", event.online_link)]


def week_before(ticket: Ticket, *, key: str) -> Draft:
    event = ticket.event
    return news(
        key=key,
        kind=REMINDER,
        to=ticket.email,
        name=ticket.name,
        subject=f"In a week: {event}",
        lines=[f"{event} is a week away.", plain(event.joining)],
        about=_joining(event),
        button="Open your ticket",
        path=ticket.get_absolute_url(),
        more=[
            "There you say what you need, choose sessions, and have the code for the door.",
            "If you cannot come, give the ticket back or hand it on there: somebody may be waiting for the place.",
        ],
        calendar=ticket_ics(ticket),
        unsubscribe=_unsubscribe(ticket, REMINDER),
    )


def day_before(ticket: Ticket, chosen: list[ProgrammeItem], *, key: str) -> Draft:
    event = ticket.event
    sessions = "\n".join(
        f"{each.starts_at:%H:%M} {each.title}{f', {each.hall}' if each.hall else ''}" for each in chosen
    )
    return news(
        key=key,
        kind=REMINDER,
        to=ticket.email,
        name=ticket.name,
        subject=f"Very soon: {event}",
        lines=[f"{event} is about to begin.", plain(event.joining)],
        about=[*_joining(event), ("Your sessions", sessions)],
        button="Open your ticket",
        path=ticket.get_absolute_url(),
        more=["" if event.is_online else "Have its code at hand at the door, on your telephone or on paper."],
        unsubscribe=_unsubscribe(ticket, REMINDER),
    )


def offer_ends(order: Order, until: str, *, key: str) -> Draft:
    """It always comes: the place goes to somebody else."""
    return news(
        key=key,
        kind="waitlist-offer-ends",
        to=order.email,
        name=order.name,
        subject=f"Your place is held until {until}: {order.event}",
        lines=[f"the place at {order.event} is held for you until {until}. After that it goes to the next."],
        about=facts(order.event),
        button="Take the place",
        path=order.get_absolute_url(),
        more=["If you no longer want it, say so there, and somebody else need not wait."],
    )


def day_after(ticket: Ticket, *, key: str) -> Draft:
    event = ticket.event
    return news(
        key=key,
        kind=AFTER,
        to=ticket.email,
        name=ticket.name,
        subject=f"Thank you for coming: {event}",
        lines=[
            f"thank you for coming to {event}.",
            "Two minutes of your time make the next one better: what was good, and what was not. Nobody can see that "
            "it was you.",
            "And if you take something with you, write it down: for yourself, for your region, or as a story for all.",
        ],
        button="Feedback, reflection and certificate",
        path=ticket.get_absolute_url(),
        unsubscribe=_unsubscribe(ticket, AFTER),
    )
