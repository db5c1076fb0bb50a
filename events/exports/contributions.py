"""What is kept of what somebody offered to events, and of what they read for a panel."""

from collections.abc import Iterator

from events.models import Contribution, Review
from linkworkers.export import Row, Section
from members.exports import Lazy
from members.models import User


def contributions(user: User) -> Section:
    return Section(
        key="event-contributions",
        title="What you offered to events",
        why="To choose what is on the programme. What came to nothing is deleted a year after the event.",
        rows=Lazy(_contributions, user),
        covers=frozenset({"events.contribution.user"}),
    )


def _contributions(user: User) -> Iterator[Row]:
    for each in Contribution.objects.of(user).select_related("call__event").order_by("pk"):
        yield {
            "event": each.call.event.title,
            "title": each.title,
            "kind": each.get_kind_display(),
            "name": each.name,
            "e-mail address": each.email,
            "organisation": each.organisation,
            "presented with": each.co_presenters,
            "what it is about": each.abstract,
            "what people take away": each.takeaways,
            "who it is for": each.audience,
            "needs": each.needs,
            "begun": each.created_at,
            "sent in": each.sent_at,
            "standing": each.get_state_display(),
            "your answer": each.get_answer_display(),
        }


def reviews(user: User) -> Section:
    return Section(
        key="event-reviews",
        title="What you read for the panel of an event",
        why="To choose what is on the programme. Those who offered something never learn who read it.",
        rows=Lazy(_reviews, user),
        covers=frozenset({"events.review.reviewer"}),
    )


def _reviews(user: User) -> Iterator[Row]:
    for each in Review.objects.filter(reviewer=user).select_related("contribution__call__event").order_by("pk"):
        yield {
            "event": each.contribution.call.event.title,
            "contribution": each.contribution.number,
            "read": each.at,
            "stepped aside": each.steps_aside,
            "scores": [each.purpose, each.use, each.clarity],
            "for the panel": each.for_panel,
            "for whoever offers it": each.for_author,
        }
