"""Who follows what, who is told of replies and when, and what is new for the digest."""

import datetime as dt

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from linkworkers.outbox.models import Message
from members.actions import communities, following, topics
from members.digest_sections.communities import new_topics
from members.factories import EmployerFactory, MembershipFactory
from members.factories_communities import ReplyFactory, TopicFactory, follow, make_member, regional
from members.mail_kinds import unsubscribe_path
from members.models import Block, Community, Following, MailChoice, Region, Reply, Topic, User
from members.tasks import recount_communities, send_topic_summaries

pytestmark = pytest.mark.django_db


@pytest.fixture
def east(db: None) -> Community:
    return regional(Region.EAST)


@pytest.fixture
def amara(db: None) -> User:
    return make_member("Amara Okafor")


@pytest.fixture
def callum(db: None) -> User:
    return make_member("Callum Fenwick")


@pytest.fixture
def topic(east: Community, amara: User) -> Topic:
    return topics.start_topic(community=east, kind="question", title="Who has a minibus?", text="For a trip.", by=amara)


def choose(user: User, frequency: str) -> None:
    MailChoice.objects.create(user=user, kind="topic-reply", frequency=frequency)


def told() -> set[str]:
    return set(Message.objects.filter(kind="topic-reply").values_list("to", flat=True))


def summaries() -> int:
    """An hour later."""
    hour = dt.timedelta(hours=1)
    Reply.objects.update(written_at=F("written_at") - hour)
    Topic.objects.update(last_at=F("last_at") - hour)
    Following.objects.update(told_at=F("told_at") - hour)
    return following.send_summaries()


def test_whoever_belongs_follows_their_region_and_the_national_community(east: Community) -> None:
    membership = MembershipFactory(region=Region.EAST)
    for _ in range(2):
        following.follow_defaults(membership)
    followed = Following.objects.filter(user=membership.user)
    assert {row.community.slug for row in followed} == {"east", "national"}
    following.follow_community(east, by=membership.user, follows=False)
    following.follow_defaults(membership)
    assert followed.get(community=east).is_muted
    following.follow_defaults(EmployerFactory())
    following.follow_defaults(MembershipFactory(region=""))
    east.refresh_from_db()
    assert east.follower_count == 0
    assert Community.objects.get(kind="national").follower_count == 2


def test_followers_are_counted_and_every_night_anew(east: Community, amara: User) -> None:
    for follows in (True, True, False, False, True):
        following.follow_community(east, by=amara, follows=follows)
    lapsed = MembershipFactory(term=False).user
    Following.objects.create(user=lapsed, community=east)
    east.refresh_from_db()
    assert east.follower_count == 1
    Community.objects.update(follower_count=7, topic_count=7)
    assert recount_communities() == 13
    east.refresh_from_db()
    assert (east.follower_count, east.topic_count) == (1, 0)


def test_a_reply_is_told_to_followers_at_once_and_to_nobody_else(topic: Topic, amara: User, callum: User) -> None:
    off, daily, muted, lapsed = make_member(), make_member(), make_member(), MembershipFactory(term=False).user
    closed = make_member()
    closed.is_active = False
    closed.save()
    for user in (off, daily, lapsed, closed):
        follow(topic, user)
    follow(topic, muted, is_muted=True)
    choose(off, "off")
    choose(daily, "daily")
    topics.reply(topic=topic, text="**Ask** the church hall", by=callum)
    assert told() == {amara.email}
    [mail] = Message.objects.filter(kind="topic-reply")
    assert mail.unsubscribe == unsubscribe_path(amara.pk, "topic-reply")
    assert "Callum Fenwick replied in “Who has a minibus?”" in mail.subject
    assert "church" not in mail.text + mail.html
    assert Following.objects.filter(user=callum, topic=topic, is_muted=False).exists()


def test_whoever_mutes_a_topic_stays_out_of_it_though_they_write(topic: Topic, amara: User, callum: User) -> None:
    following.follow_topic(topic, by=amara, follows=False)
    topics.reply(topic=topic, text="I found one.", by=amara)
    topics.reply(topic=topic, text="Good!", by=callum)
    assert told() == set()


@pytest.mark.parametrize("turned", [False, True])
def test_nobody_hears_of_somebody_who_is_blocked(topic: Topic, amara: User, callum: User, turned: bool) -> None:
    by, whom = (callum, amara) if turned else (amara, callum)
    Block.objects.create(by=by, whom=whom)
    topics.reply(topic=topic, text="Hello", by=callum)
    assert told() == set()
    choose(amara, "daily")
    topics.reply(topic=topic, text="Hello again", by=callum)
    assert summaries() == 0
    following.follow_community(topic.community, by=amara, follows=True)
    topics.start_topic(community=topic.community, kind="question", title="T", text="t", by=callum)
    assert new_topics([amara.pk], timezone.now() - dt.timedelta(days=7)) == {}


def test_thirty_followers_cost_as_many_queries_as_one(topic: Topic, callum: User) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            topics.reply(topic=topic, text="Yes", by=callum)
        return len(captured)

    cost()  # from now on the writer follows
    one = cost()
    for _ in range(30):
        follow(topic, make_member())
    assert cost() == one
    assert Message.objects.filter(kind="topic-reply").count() == 33


def test_a_daily_summary_tells_all_that_was_written_once(topic: Topic, amara: User, callum: User) -> None:
    choose(amara, "daily")
    other = TopicFactory(community=topic.community)
    follow(other, amara)
    for text in ("One", "Two"):
        topics.reply(topic=topic, text=text, by=callum)
    topics.reply(topic=other, text="Three", by=callum)
    hidden = topics.reply(topic=other, text="Four", by=callum)
    topics.take_back_reply(hidden, by=callum)
    assert told() == set()
    assert summaries() == 1
    [mail] = Message.objects.filter(kind="topic-summary")
    assert mail.to == amara.email
    assert mail.subject == "3 replies in topics you follow"
    assert "2 replies by Callum Fenwick" in mail.text
    topics.reply(topic=topic, text="Five", by=callum)
    assert summaries() == 0  # one a day: the fifth is told tomorrow
    assert following.send_summaries(timezone.now() + dt.timedelta(days=1)) == 1
    assert following.send_summaries(timezone.now() + dt.timedelta(days=2)) == 0  # never empty
    assert send_topic_summaries() == 0


def test_what_was_told_at_once_is_not_told_again_by_the_summary(topic: Topic, amara: User, callum: User) -> None:
    topics.reply(topic=topic, text="One", by=callum)
    choose(amara, "daily")
    assert summaries() == 0


def test_the_digest_has_new_topics_and_replies_by_others(topic: Topic, amara: User, callum: User) -> None:
    since = timezone.now() - dt.timedelta(days=7)
    for user in (amara, callum):
        following.follow_community(topic.community, by=user, follows=True)
    old = TopicFactory(community=topic.community, title="Old", written_at=since - dt.timedelta(days=9))
    follow(old, callum)
    story = topics.start_topic(community=topic.community, kind="learned", title="A story", text="It worked", by=callum)
    topics.reply(topic=old, text="Mine", by=callum)
    news = new_topics([amara.pk, callum.pk, make_member().pk], since)
    assert [each.topic for each in news[amara.pk]] == [story]
    assert [each.topic for each in news[callum.pk]] == [topic]
    assert set(news) == {amara.pk, callum.pk}
    topics.reply(topic=old, text="Another’s", by=amara)
    [first, second] = new_topics([callum.pk], since)[callum.pk]
    assert (first.topic, first.is_new, first.replies, second.topic) == (old, False, 1, topic)


def test_the_digest_costs_the_same_for_many_people(topic: Topic) -> None:
    since = timezone.now() - dt.timedelta(days=7)

    def cost(people: list[int]) -> int:
        with CaptureQueriesContext(connection) as captured:
            new_topics(people, since)
        return len(captured)

    ReplyFactory(topic=topic)
    Topic.objects.update(last_at=timezone.now())
    one = cost([topic.author_id])
    people = [make_member() for _ in range(30)]
    for user in people:
        follow(topic, user)
    assert cost([user.pk for user in people]) == one <= 5


def test_what_was_made_in_bulk_is_counted_by_one_call(east: Community, amara: User) -> None:
    now = timezone.now()
    made = Topic.objects.bulk_create(
        Topic(community=east, author=amara, kind="question", title=f"T{n}", text="t", html="t", written_at=now)
        for n in range(3)
    )
    later = now + dt.timedelta(minutes=3)
    Reply.objects.bulk_create(
        Reply(topic=made[0], author=amara, text="r", html="r", written_at=later) for _ in range(2)
    )
    communities.recount(east)
    made[0].refresh_from_db()
    assert (made[0].reply_count, made[0].last_at) == (2, later)
    assert (east.topic_count, east.last_at) == (3, later)
