"""The mails about reflections and about people who want to do the same. Each answers something that was done."""

from django.urls import reverse

from events.emails._news import news
from events.models import Introduction, Reflection
from linkworkers.outbox.actions import queue_all


def published(reflection: Reflection) -> None:
    """To its writer: others can read it now, and how to take it back."""
    ticket = reflection.ticket
    queue_all(
        [
            news(
                key=f"reflection-published:{reflection.pk}:{reflection.version}",
                kind="reflection-published",
                to=ticket.email,
                name=ticket.name,
                subject=f"Published: {reflection}",
                lines=[f"what you wrote about {reflection.event} can be read now. Thank you for it."],
                about=[("Read by", reflection.get_visibility_display()), ("Named as", reflection.line)],
                button="Read it as others do",
                path=reflection.get_absolute_url(),
                more=["You can change it or take it back at any time, by the page of your ticket."],
            )
        ]
    )


def declined(reflection: Reflection) -> None:
    """To its writer: why it is not published, and that it stays theirs."""
    ticket = reflection.ticket
    queue_all(
        [
            news(
                key=f"reflection-declined:{reflection.pk}:{reflection.version}",
                kind="reflection-declined",
                to=ticket.email,
                name=ticket.name,
                subject=f"About what you wrote: {reflection.event}",
                lines=[
                    f"thank you for what you wrote about {reflection.event}. We do not publish it as it is.",
                    reflection.reason,
                    "It stays yours, and you can change it and send it again.",
                ],
                button="Open what you wrote",
                path=reverse("event_reflection", args=[ticket.key]),
            )
        ]
    )


def asked(introduction: Introduction) -> None:
    """To the writer of a story: who wants to do the same, and what they say. Their address is not in it."""
    story = introduction.story
    queue_all(
        [
            news(
                key=f"introduction-asked:{introduction.pk}",
                kind="introduction-asked",
                to=story.ticket.email,
                name=story.ticket.name,
                subject="Somebody wants to do this too",
                lines=[
                    f"{introduction.by.name_among_members} has read your story, “{story}”, and writes:",
                    introduction.text,
                    "If you say yes, each of you gets the other’s name and e-mail address. Otherwise nothing happens.",
                ],
                button="Say yes or no",
                path=reverse("event_introduction", args=[introduction.key]),
            )
        ]
    )


def introduced(introduction: Introduction) -> None:
    """To both: the other's name and address."""
    story, asker = introduction.story, introduction.by
    writer = story.ticket
    queue_all(
        news(
            key=f"introduction-made:{introduction.pk}:{side}",
            kind="introduction-made",
            to=to,
            name=name,
            subject=f"May we introduce: {other}",
            lines=[f"you are about to do the same thing, about the story “{story}”. Here is how to reach each other:"],
            about=[("Name", other), ("E-mail", address)],
            button="Read the story",
            path=story.get_absolute_url(),
        )
        for side, to, name, other, address in (
            ("writer", writer.email, writer.name, asker.name, asker.email),
            ("asker", asker.email, asker.name, writer.name, writer.email),
        )
    )
