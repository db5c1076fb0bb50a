"""The mails to speakers. They always come: each answers something that was done."""

from django.urls import reverse

from events.emails._news import news
from events.models import Speaker
from events.wording import facts
from linkworkers.outbox.actions import queue_all


def asked(speaker: Speaker, *, key: str) -> None:
    """To a speaker: the link to their own page, where they introduce themselves. `key` says which asking it was."""
    event = speaker.event
    queue_all(
        [
            news(
                key=key,
                kind="event-speaker",
                to=speaker.email,
                name=speaker.name,
                subject=f"You are on the programme: {event}",
                lines=[
                    f"you are on the programme of {event}. Thank you.",
                    "On your page you can check your sessions, write a few sentences about yourself and add a photo. "
                    "What you write and your photo are public only if you agree there.",
                ],
                about=facts(event),
                button="Open your speaker’s page",
                path=reverse("event_speaker", args=[speaker.key]),
                more=["The link is yours alone: whoever has it can change what stands there."],
                secret=True,
            )
        ]
    )
