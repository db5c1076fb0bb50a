"""What is new in the communities and topics that people follow."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count

from members import permissions
from members.digest_sections._section import Line, Section, by_since
from members.models import Following, Membership, Reply, Topic

MOST = 8  # topics for a person: a digest is read in two minutes


@dataclass(frozen=True)
class TopicNews:
    """A topic with something new in it: the topic itself (`is_new`), or so many replies by others."""

    topic: Topic
    is_new: bool
    replies: int

    @property
    def path(self) -> str:
        return self.topic.link


def section(members: Sequence[Membership], since: Mapping[int, dt.datetime]) -> dict[int, Section]:
    """Five statements at most for each moment since when something is news, of which there are a few."""
    found = {}
    for moment, some in by_since(members, since):
        users = [member.user_id for member in some if member.user_id]
        for user, news in new_topics(users, moment).items():
            lines = [Line(_said(each), each.path) for each in news]
            found[user] = Section("In your communities and topics", f"“{news[0].topic}”", lines)
    return found


def _said(news: TopicNews) -> str:
    replies = "1 reply" if news.replies == 1 else f"{news.replies} replies"
    return f"{news.topic} ({news.topic.community}{f', {replies}' if news.replies else ''})"


def new_topics(user_ids: Iterable[int], since: dt.datetime) -> dict[int, list[TopicNews]]:
    """For each person, what others wrote since a moment: new topics of the communities they follow, and replies in the
    topics they follow. Stories of what worked come first, then what was talked of most.

    Five statements at most, however many people. Whoever has nothing new is left out, so that no empty digest is sent.
    """
    ids = list(user_ids)
    active = _active_since(since)
    replies = _replies_since(since)
    news: dict[int, dict[int, TopicNews]] = defaultdict(dict)
    fresh: dict[int, list[Topic]] = defaultdict(list)
    for topic in active.values():
        if topic.written_at > since and not topic.is_taken_back:
            fresh[topic.community_id].append(topic)
    followed = Following.objects.filter(user__in=ids, is_muted=False)
    communities = followed.filter(community__in=fresh).values_list("user", "community")
    topics = followed.filter(topic__in=replies.keys() & active.keys()).values_list("user", "topic")
    writers = {topic.author_id for topic in active.values()} | {by for found in replies.values() for by in found}
    blocked = permissions.shut_out(readers=ids, writers=writers)
    for user, community in communities:
        for topic in fresh[community]:
            if topic.author_id != user and (user, topic.author_id) not in blocked:
                news[user][topic.pk] = TopicNews(topic, True, _by_others(replies.get(topic.pk, {}), user, blocked))
    for user, topic_id in topics:
        count = _by_others(replies[topic_id], user, blocked)
        if count and topic_id not in news[user]:
            news[user][topic_id] = TopicNews(active[topic_id], False, count)
    return {user: sorted(found.values(), key=_rank)[:MOST] for user, found in news.items() if found}


def _active_since(since: dt.datetime) -> dict[int, Topic]:
    topics = Topic.objects.listed().filter(last_at__gt=since, community__state="open")
    rows = topics.select_related("community", "author").defer("text", "html", "words")
    return {topic.pk: topic for topic in rows}


def _replies_since(since: dt.datetime) -> dict[int, dict[int, int]]:
    """How many replies each person wrote in each topic."""
    found: dict[int, dict[int, int]] = defaultdict(dict)
    replies = Reply.objects.order_by().filter(written_at__gt=since, hidden_at=None, taken_back_at=None)
    for topic, author, count in replies.values_list("topic", "author").annotate(count=Count("pk")):
        found[topic][author] = count
    return found


def _by_others(counts: dict[int, int], user: int, blocked: set[tuple[int, int]]) -> int:
    return sum(count for author, count in counts.items() if author != user and (user, author) not in blocked)


def _rank(news: TopicNews) -> tuple[bool, int, float]:
    return (news.topic.kind != Topic.Kind.LEARNED, -news.replies, -news.topic.last_at.timestamp())
