"""What members wrote to each other: one community that talks much, and others that talk little."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from bench.made_up import DAY, MadeUp
from bench.tables import Table, last_id
from members.actions.communities import recount_all
from members.models import Community, Following, Interest, Membership, Reply, Topic

SMALL = 20  # interest groups, beside the national community and those of the regions
LONG_TALK = 200  # replies of one topic
WEEKS = 150  # in which all of it was written


@dataclass(frozen=True)
class TalkSize:
    """Of the national community. The others have a hundredth of it each."""

    topics: int
    replies: int

    @classmethod
    def of(cls, people: int) -> "TalkSize":
        """20,000 people wrote 5,000 topics and 40,000 replies."""
        return cls(max(1, people // 4), people * 2)


def write_communities(cursor: Any, size: TalkSize, now: dt.datetime) -> None:
    """Add what the members of a database wrote, through a psycopg2 cursor and in the caller's transaction."""
    _Talk(now).write(cursor, size)
    recount_all()


class _Talk:
    def __init__(self, now: dt.datetime) -> None:
        self.now = now
        self.made_up = MadeUp(now)
        models: list[type[Model]] = [Topic, Reply, Following]
        self.tables = {model: Table(model, after=last_id(model)) for model in models}
        self.writers = list(Membership.objects.exclude(user=None).order_by("pk").values_list("user", flat=True))

    def write(self, cursor: Any, size: TalkSize) -> None:
        national = Community.objects.get(kind=Community.Kind.NATIONAL)
        interest = Interest.objects.order_by("pk")[0]
        groups = [
            Community(name=f"Group {number}", slug=f"bench-{number}", purpose="For the bench.", interest=interest)
            for number in range(SMALL)
        ]
        Community.objects.bulk_create(groups)
        self._topic(national.pk, LONG_TALK)
        for number in range(1, size.topics):
            self._topic(national.pk, size.replies // size.topics + number % 2)
        for community in Community.objects.exclude(pk=national.pk):
            for _ in range(max(1, size.topics // 100)):
                self._topic(community.pk, 4)
        for user in self.writers:
            self.tables[Following].add(user_id=user, community_id=national.pk, told_at=self.now)
        for table in self.tables.values():
            table.copy(cursor)
            table.finish(cursor)

    def _topic(self, community: int, replies: int) -> None:
        written = self.made_up.ago(1, WEEKS * 7)
        topic = self.tables[Topic].next_id
        last = written
        for _ in range(replies):
            last = self.made_up.between(last, min(self.now, last + DAY))
            self.tables[Reply].add(topic_id=topic, **self._written(last, 3))
        kind = self.made_up.random.choice(Topic.Kind.values)
        self.tables[Topic].add(
            community_id=community,
            kind=kind,
            title=self.made_up.text(1)[:150],
            reply_count=replies,
            last_at=last,
            **self._written(written, 6),
        )

    def _written(self, at: dt.datetime, sentences: int) -> dict[str, Any]:
        text = self.made_up.text(sentences)
        return {
            "author_id": self.made_up.random.choice(self.writers),
            "text": text,
            "html": f"<p>{text}</p>",
            "written_at": at,
            "submission_key": self.made_up.key(),
        }
