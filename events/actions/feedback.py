"""Feedback: given once for a ticket, and kept so that nobody can tell whose it is."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction

from events.models import Feedback, FeedbackGiven, FeedbackQuestion, FeedbackReply, SessionMark, Ticket
from linkworkers.actions import Refused


def why_no_feedback(ticket: Ticket) -> str:
    """Why nobody is asked with this ticket, in a sentence; empty when they are. Needs `event`."""
    if not ticket.is_valid or ticket.event.is_cancelled:
        return "This ticket is not valid."
    if not ticket.event.is_over:
        return f"{ticket.event} is not over yet."
    if ticket.arrived_at is None and not ticket.event.is_online:
        return "Feedback is asked of those who were there."
    return ""


@transaction.atomic
def give(
    ticket: Ticket,
    *,
    answers: Mapping[str, Any],
    replies: Mapping[FeedbackQuestion, int | str],
    marks: Mapping[int, int],
) -> None:
    """Keeps the answers to what is asked of all, to the office's own questions, and marks of sessions by their key.

    No row of them leads to the ticket or to another row, and the trail is told nothing: a moment would lead there.
    Whoever calls has the ticket's link. Raises Refused when it was given already, or nobody is asked.
    """
    if why := why_no_feedback(ticket):
        raise Refused(why)
    try:
        with transaction.atomic():
            FeedbackGiven.objects.create(ticket=ticket)
    except IntegrityError as error:
        raise Refused("You have given your feedback already. Thank you.") from error
    Feedback.objects.create(event=ticket.event, **answers)
    FeedbackReply.objects.bulk_create(
        FeedbackReply(
            question=question, mark=said if isinstance(said, int) else None, text=said if isinstance(said, str) else ""
        )
        for question, said in replies.items()
    )
    SessionMark.objects.bulk_create(SessionMark(item_id=item, mark=mark) for item, mark in marks.items())
