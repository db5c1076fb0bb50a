"""The mails of communities. None of them carries what somebody wrote in a topic: it stays behind the log-in."""

import datetime as dt

from linkworkers.outbox.actions import Draft, queue
from members.mail_kinds import unsubscribe_path
from members.models import Community, Flag, Reply, Topic, TopicWish, User
from members.reporting import Reported

REPLY = "topic-reply"


def topic_reply(reply: Reply, reader: User) -> Draft:
    """Somebody has answered in a topic that the reader follows."""
    return Draft(
        key=f"topic-reply:{reply.pk}:{reader.pk}",
        kind="topic-reply",
        to=reader.email,
        template="topic-reply",
        context={"reader": reader, "writer": reply.author, "topic": reply.topic, "path": reply.link},
        unsubscribe=unsubscribe_path(reader.pk, REPLY),
    )


def summary_key(reader: User, day: dt.date) -> str:
    return f"topic-summary:{reader.pk}:{day:%Y-%m-%d}"


def topic_summary(reader: User, topics: list[tuple[Topic, list[Reply]]], day: dt.date) -> Draft:
    """What was answered since the last summary, topic by topic."""
    lines = [
        {
            "topic": topic,
            "replies": replies,
            "names": list(dict.fromkeys(str(reply.author) for reply in replies)),
            "path": replies[0].link,
        }
        for topic, replies in topics
    ]
    return Draft(
        key=summary_key(reader, day),
        kind="topic-summary",
        to=reader.email,
        template="topic-summary",
        context={"reader": reader, "lines": lines, "count": sum(len(replies) for _, replies in topics)},
        unsubscribe=unsubscribe_path(reader.pk, REPLY),
    )


def wants_too(wish: TopicWish) -> None:
    """To the author of a story: somebody wants to do it too. Said once, however often the button is pressed."""
    topic = wish.topic
    queue(
        key=f"topic-too:{topic.pk}:{wish.user_id}",
        kind="topic-too",
        to=topic.author.email,
        template="topic-too",
        context={"reader": topic.author, "person": wish.user, "topic": topic, "path": topic.link},
    )


def community_answered(community: Community) -> None:
    """To whoever asked for an interest group: it is open, or why it is not."""
    asked_by = community.asked_by
    assert asked_by is not None  # noqa: S101 - the database sees to it
    queue(
        key=f"community-answered:{community.pk}",
        kind="community-answered",
        to=asked_by.email,
        template="community-answered",
        context={"reader": asked_by, "community": community},
    )


def flag_made(flag: Flag, reader: str) -> None:
    """To a moderator: something waits to be looked at. Neither what it is nor who said so stands in the mail."""
    queue(
        key=f"flag-made:{flag.pk}:{reader}",
        kind="flag-made",
        to=reader,
        template="flag-made",
        context={"flag": flag},
    )


def flag_decided(flag: Flag) -> None:
    """To whoever reported something: what was decided."""
    queue(
        key=f"flag-decided:{flag.pk}",
        kind="flag-decided",
        to=flag.by.email,
        template="flag-decided",
        context={"reader": flag.by, "flag": flag},
    )


def moderated(reported: Reported, *, what: str, reason: str, entry_id: int) -> None:
    """To an author: what a moderator did with what they wrote, and why. Who reported it is not said."""
    if reported.author is not None:
        queue(
            key=f"moderated:{entry_id}",
            kind="moderated",
            to=reported.author.email,
            template="moderated",
            context={"reader": reported.author, "reported": reported, "what": what, "reason": reason},
        )
