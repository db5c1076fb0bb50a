"""What an attendee can do next, as links on the page of their ticket."""

from dataclasses import dataclass

from django.urls import reverse

from events.models import FeedbackGiven, Ticket


@dataclass(frozen=True)
class NextStep:
    """A link on a ticket's page; `about` says in a few words what it is for."""

    label: str
    url: str
    about: str = ""


def after_links(ticket: Ticket) -> list[NextStep]:
    """What somebody whose ticket was valid can do once the event is over. Needs `event`. One query."""
    event = ticket.event
    if not event.is_over or event.is_cancelled or (ticket.arrived_at is None and not event.is_online):
        return []
    steps = []
    if not FeedbackGiven.objects.filter(ticket=ticket).exists():
        feedback = reverse("event_feedback", args=[ticket.key])
        steps.append(NextStep("Say how it was", feedback, "Two minutes, and nobody can see that it was you."))
    reflection = reverse("event_reflection", args=[ticket.key])
    steps.append(NextStep("Write what you take with you", reflection, "For yourself, your region or everybody."))
    if ticket.arrived_at is not None:
        certificate = reverse("event_certificate", args=[ticket.key])
        steps.append(NextStep("Your certificate (PDF)", certificate, "That you were there, for your employer."))
    return steps
