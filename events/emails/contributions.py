"""The mails about contributions. They always come: each answers something done, or a duty that was taken on."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from events.emails._news import news
from events.models import CallForContributions, Contribution
from events.wording import facts
from linkworkers.outbox.actions import Draft, queue_all
from members.models import User

State = Contribution.State
DRAFT_KEY = "contribution-draft:"


def _day(moment: object) -> str:
    return date_format(timezone.localtime(moment), "l j F Y, H:i")  # type: ignore[arg-type]


def _to(
    contribution: Contribution, *, key: str, subject: str, lines: Sequence[str], button: str, **more: object
) -> Draft:
    return news(
        key=f"{key}:{contribution.pk}" if not key.endswith("!") else key[:-1],
        kind="contribution",
        to=contribution.email,
        name=contribution.name,
        subject=subject,
        lines=lines,
        button=button,
        path=contribution.get_absolute_url(),
        **more,  # type: ignore[arg-type]
    )


def received(contribution: Contribution) -> None:
    """To whoever sent it in: it is here, and how it goes on."""
    call = contribution.call
    queue_all(
        [
            _to(
                contribution,
                key="contribution-received",
                subject=f"We have your contribution: {call.event}",
                lines=[
                    f"thank you for “{contribution.title}”. People of the panel read it without knowing whose it is.",
                    f"You hear from us by {_day(call.decide_by)}.",
                ],
                about=facts(call.event),
                button="See it, change it or take it back",
                more=[f"It can be changed until {_day(call.closes_at)}. Keep this mail: its link is the way back."],
            )
        ]
    )


def draft_kept(contribution: Contribution) -> None:
    """To whoever began one: the way back to it."""
    call = contribution.call
    queue_all(
        [
            _to(
                contribution,
                key="contribution-begun",
                subject=f"Your draft is kept: {call.event}",
                lines=[
                    f"your draft “{contribution.title}” is kept. Nobody reads it before you send it in.",
                    f"The call closes on {_day(call.closes_at)}.",
                ],
                button="Go on with it",
            )
        ]
    )


def changed(contribution: Contribution) -> None:
    """To whoever sent it in, for somebody with the link may have been another."""
    queue_all(
        [
            _to(
                contribution,
                key=f"contribution-changed:{contribution.pk}:{contribution.changed_at.timestamp():.0f}!",
                subject=f"Your contribution was changed: {contribution.call.event}",
                lines=[f"“{contribution.title}” was changed just now. The panel reads it as it is now."],
                button="See what it says",
                more=["If that was not you, answer this mail."],
            )
        ]
    )


def withdrawn(contribution: Contribution) -> None:
    queue_all(
        [
            _to(
                contribution,
                key="contribution-withdrawn",
                subject=f"Taken back: {contribution.title}",
                lines=[f"your contribution “{contribution.title}” to {contribution.call.event} is taken back."],
                button="See it",
                more=["It is deleted a year after the event."],
            )
        ]
    )


def draft_waits(contribution: Contribution) -> Draft:
    """Three days before the call closes, once."""
    call = contribution.call
    return _to(
        contribution,
        key=f"{DRAFT_KEY}{contribution.pk}!",
        subject=f"Your draft waits: {call.event}",
        lines=[
            f"your draft “{contribution.title}” is not sent in yet. The call closes on {_day(call.closes_at)}.",
        ],
        button="Finish it and send it in",
        more=["If you no longer want to, there is nothing to do: drafts are deleted."],
    )


def readings_wait(call: CallForContributions, reader: User, count: int) -> Draft:
    """To one of the panel, a week before decisions are due, once."""
    some = "a contribution waits" if count == 1 else f"{count} contributions wait"
    return news(
        key=readings_key(call, reader.pk),
        kind="panel-reminder",
        to=reader.email,
        name=reader.name,
        subject=f"{count} to read: {call.event}",
        lines=[f"{some} for your reading. Decisions go out by {_day(call.decide_by)}."],
        button="Read what is left",
        path=reverse("event_review", args=[call.event.slug]),
        more=["Each takes about five minutes. Step aside where you know whose it is."],
    )


def readings_key(call: CallForContributions, reader_id: int) -> str:
    return f"panel-reminder:{call.pk}:{reader_id}"


def decided(contribution: Contribution, comments: Sequence[str]) -> Draft:
    """To whoever offered it, once for each decision; `comments` are what readers wrote for them."""
    event, title = contribution.call.event, f"“{contribution.title}”"
    said = {
        State.ACCEPTED: (
            f"Yes please: {contribution.title}",
            [
                f"the panel read {title} and would like it at {event}.",
                "Please tell us whether you will come and speak. It goes onto the programme when you have said yes.",
            ],
            "Say whether you come",
        ),
        State.RESERVE: (
            f"On the reserve list: {contribution.title}",
            [
                f"the panel liked {title}. There were more good ones for {event} than there is room, so it is on the "
                "reserve list: when somebody cannot come, we write to you.",
            ],
            "See it",
        ),
        State.DECLINED: (
            f"About your contribution to {event}",
            [
                f"thank you for offering {title} to {event}. We cannot take it this time. There is less room than "
                "there are good ideas, and that you sent it in was worth it: the panel read it with care.",
                "Do offer it again: at a regional day, or to the next call.",
            ],
            "See it again",
        ),
    }
    subject, lines, button = said[State(contribution.state)]
    return _to(
        contribution,
        key=f"contribution-decision:{contribution.pk}:{contribution.state}!",
        subject=subject,
        lines=[*lines, contribution.decision_line],
        about=facts(event) if contribution.state == State.ACCEPTED else (),
        button=button,
        more=["What readers wrote for you:" if comments else "", *comments],
    )


def answered(contribution: Contribution) -> None:
    """To whoever offered it: what they said is noted."""
    comes = contribution.answer == Contribution.Answer.COMES
    event = contribution.call.event
    line = (
        f"thank you: “{contribution.title}” goes onto the programme of {event}. The office finds a time and a room."
        if comes
        else f"thank you for telling us that you cannot come with “{contribution.title}”. Somebody else gets the time."
    )
    queue_all(
        [
            _to(
                contribution,
                key=f"contribution-answer:{contribution.pk}:{contribution.answer}!",
                subject=f"{'You come and speak' if comes else 'You cannot come'}: {event}",
                lines=[line],
                about=facts(event) if comes else (),
                button="See it",
            )
        ]
    )


def thanks(call: CallForContributions, reader: User, count: int) -> Draft:
    """To one of the panel when everything is decided, once."""
    return news(
        key=f"panel-thanks:{call.pk}:{reader.pk}",
        kind="panel-thanks",
        to=reader.email,
        name=reader.name,
        subject=f"Thank you for reading: {call.event}",
        lines=[
            f"you read {count} contribution{'' if count == 1 else 's'} to {call.event}. The decisions are out, and "
            "everybody who offered something has an answer. Thank you."
        ],
        button="See the event",
        path=call.event.get_absolute_url(),
    )
