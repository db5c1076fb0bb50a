"""Communities: topics, replies, wishes, the library, who sees what, and the worst that is sent to them."""

import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from linkworkers.actions import Refused
from linkworkers.audit.models import AuditEvent
from linkworkers.outbox.models import Message
from members.actions import communities, following, topics
from members.factories import MembershipFactory, UserFactory
from members.factories_communities import (
    LibraryItemFactory,
    ReplyFactory,
    TopicFactory,
    make_member,
    regional,
)
from members.models import Community, LibraryItem, Region, Topic, User
from members.tests.community_steps import page, pdf, send

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
    return topics.start_topic(community=east, kind="learned", title="A walk on Tuesdays", text="It worked.", by=amara)


# What is there from the beginning


def test_each_region_and_nation_has_a_community_and_there_is_one_for_all() -> None:
    assert set(Community.objects.filter(kind="region").values_list("region", flat=True)) == set(Region.values)
    assert Community.objects.get(kind="national").is_open


@pytest.mark.parametrize(
    "facts",
    [
        {"kind": "region", "region": "east"},
        {"kind": "national"},
        {"kind": "region", "region": ""},
        {"kind": "interest", "region": ""},
        {"kind": "national", "region": "east"},
    ],
)
def test_the_database_keeps_one_community_a_region_and_each_kind_its_facts(facts: dict) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Community.objects.create(name="Another", slug="another", purpose="Twice.", **facts)


# Who sees what


def test_anybody_sees_what_a_community_is_for_and_nothing_that_was_written(topic: Topic) -> None:
    for user in (None, UserFactory()):
        assert "East of England" in page(user, "communities").content.decode()
        text = page(user, "community", "east").content.decode()
        assert "1 topic" in text
        assert topic.title not in text


def test_somebody_whose_membership_has_lapsed_gets_in_nowhere(topic: Topic) -> None:
    lapsed = MembershipFactory(term=False).user
    topic.community.moderators.create(user=lapsed)
    item = LibraryItemFactory(community=topic.community)
    for name, *rest in (
        ("topic", "east", topic.pk),
        ("topic_new", "east"),
        ("library", "east"),
        ("library_file", "east", item.pk),
        ("moderation",),
        ("topic_link", topic.pk),
    ):
        assert page(lapsed, name, *rest).headers["Location"] == reverse("members")
    with pytest.raises(PermissionDenied):
        topics.reply(topic=topic, text="Hello", by=lapsed)
    with pytest.raises(PermissionDenied):
        following.follow_topic(topic, by=lapsed, follows=True)


def test_a_topic_of_another_community_is_not_found_under_this_one(topic: Topic, amara: User) -> None:
    reply = ReplyFactory(topic=topic, author=amara)
    item = LibraryItemFactory(community=topic.community, by=amara)
    other = TopicFactory(community=topic.community, author=amara)
    for name, *rest in (
        ("topic", "west-midlands", topic.pk),
        ("topic_edit", "west-midlands", topic.pk),
        ("reply_edit", "west-midlands", topic.pk, reply.pk),
        ("reply_edit", "east", other.pk, reply.pk),
        ("reply_take_back", "east", other.pk, reply.pk),
        ("library_file", "west-midlands", item.pk),
        ("library_remove", "west-midlands", item.pk),
        ("topic", "nowhere", topic.pk),
        ("topic", "east", 99999999999999999999),
        ("flag_new", "topic", "9" * 30),
        ("flag_new", "reply", "x"),
        ("flag_new", "nothing", "1"),
    ):
        assert page(amara, name, *rest).status_code == 404, name


def test_what_somebody_else_wrote_is_not_changed_or_taken_back(topic: Topic, callum: User) -> None:
    for name in ("topic_edit", "topic_take_back"):
        assert page(callum, name, "east", topic.pk).status_code == 404
        assert send(callum, name, "east", topic.pk, title="Mine", text="Mine").status_code == 404
    with pytest.raises(PermissionDenied):
        topics.edit_topic(topic, title="Mine", text="Mine", by=callum)
    with pytest.raises(PermissionDenied):
        topics.take_back_topic(topic, by=callum)


# Writing


def test_a_topic_is_written_replied_to_and_counted(topic: Topic, callum: User) -> None:
    answer = send(callum, "topic", "east", topic.pk, text="**Well** done")
    reply = topic.replies.get()
    assert answer.headers["Location"] == f"/communities/east/topics/{topic.pk}/#reply-{reply.pk}"
    assert reply.html == "<p><strong>Well</strong> done</p>\n"
    topic.refresh_from_db()
    assert (topic.reply_count, topic.last_at) == (1, reply.written_at)
    assert (topic.community.topic_count, topic.community.last_at) == (1, reply.written_at)
    verbs = set(AuditEvent.objects.values_list("verb", flat=True))
    assert {"topic.started", "reply.written"} <= verbs
    assert not AuditEvent.objects.filter(facts__icontains="done").exists()


def test_a_form_that_is_sent_twice_makes_one(east: Community, topic: Topic, callum: User, amara: User) -> None:
    key = uuid.uuid4()
    for _ in range(2):
        send(callum, "topic", "east", topic.pk, text="Yes", submission_key=key)
        send(callum, "topic_new", "east", kind="question", title="T", text="t", submission_key=key)
    assert topic.replies.count() == 1
    assert Topic.objects.filter(title="T").count() == 1
    other = send(callum, "topic", "east", topic.pk, text="Something else", submission_key=key)
    assert "sent already" in other.content.decode()
    assert "Something else" in other.content.decode()
    assert "sent already" in send(amara, "topic", "east", topic.pk, text="Yes", submission_key=key).content.decode()
    assert send(amara, "topic", "east", topic.pk, text="Yes", submission_key="no key").status_code == 200


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Write your reply."),
        ("  \r\n\t ", "Write your reply."),
        ("\x00\u200b\u202e", "Write your reply."),
        ("[a]: https://example.org", "Write your reply."),
        ("- " * 9_999 + "x", "Write your reply."),  # deeper than anybody reads
        ("x" * 20_001, "Shorten it to 20,000 characters."),
    ],
)
def test_what_cannot_be_read_is_not_sent(topic: Topic, callum: User, text: str, said: str) -> None:
    answer = send(callum, "topic", "east", topic.pk, text=text)
    assert said in answer.content.decode()
    assert not topic.replies.exists()


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script> [x](javascript:alert(1)) <img src=x onerror=alert(1)>",
        ">" * 19_990 + "x\n\nend",
        "\n".join("> " * (line % 60) + "row" for line in range(160)) + "\n\nend",
        "[" * 20_000,
        "*a_" * 6_666,
        "\u202eمرحبا 👩‍👩‍👧‍👧 \x00 ok" + "\r\n" * 3,
        "|a" * 9_000 + "\n" + "|-" * 900,
    ],
)
def test_the_worst_texts_are_kept_and_do_no_harm(topic: Topic, callum: User, text: str) -> None:
    assert send(callum, "topic", "east", topic.pk, text=text).status_code == 302
    html = topic.replies.get().html
    assert "<script" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html
    assert page(callum, "topic", "east", topic.pk).status_code == 200


def test_a_closed_topic_or_community_takes_nothing_and_keeps_what_was_typed(
    topic: Topic, callum: User, admin: User
) -> None:
    Topic.objects.filter(pk=topic.pk).update(closed_at=timezone.now(), closed_reason="It is answered.")
    closed = send(callum, "topic", "east", topic.pk, text="One more thing").content.decode()
    assert "closed this topic for replies" in closed
    assert "One more thing" in closed
    Topic.objects.filter(pk=topic.pk).update(closed_at=None, closed_reason="")
    communities.close(topic.community, reason="We meet in National.", by=admin)
    closed = send(callum, "topic", "east", topic.pk, text="One more thing").content.decode()
    assert "nobody writes in it any more" in closed
    assert "One more thing" in closed
    for name, data in (
        ("topic_new", {"kind": "question", "title": "T", "text": "One more thing"}),
        ("library_new", {"kind": "file", "title": "T", "about": "a", "year": 2026, "upload": pdf()}),
    ):
        assert "nobody writes in it any more" in send(callum, name, "east", **data).content.decode()
    assert not topic.replies.exists()
    assert not LibraryItem.objects.exists()
    with pytest.raises(Refused):
        topics.want_too(topic, by=callum)
    assert "east" not in [each.slug for each in Community.objects.listed()]


def test_what_one_wrote_is_changed_and_shown_as_edited(topic: Topic, amara: User) -> None:
    send(amara, "topic_edit", "east", topic.pk, title="A walk", text="It *works*.")
    topic.refresh_from_db()
    assert (topic.title, topic.html) == ("A walk", "<p>It <em>works</em>.</p>\n")
    assert "edited today" in page(amara, "topic", "east", topic.pk).content.decode()


def test_what_is_taken_back_is_gone_and_its_place_stays(topic: Topic, amara: User, callum: User) -> None:
    reply = topics.reply(topic=topic, text="Unwise words", by=callum)
    for _ in range(2):
        send(callum, "reply_take_back", "east", topic.pk, reply.pk)
    send(amara, "topic_take_back", "east", topic.pk)
    text = page(callum, "topic", "east", topic.pk).content.decode()
    assert text.count("Taken back by its author.") == 2
    assert "Unwise" not in text
    reply.refresh_from_db()
    topic.refresh_from_db()
    assert (reply.text, topic.title, topic.reply_count) == ("", "", 1)
    assert page(callum, "reply_edit", "east", topic.pk, reply.pk).status_code == 404
    assert "Taken back" in page(callum, "community", "east").content.decode()  # for its replies
    lonely = topics.start_topic(community=topic.community, kind="question", title="Oh", text="no", by=amara)
    topics.take_back_topic(lonely, by=amara)
    topic.community.refresh_from_db()
    assert topic.community.topic_count == 1


# I want to do this too


def test_somebody_wants_to_do_it_too_and_the_author_sees_who(topic: Topic, amara: User, callum: User) -> None:
    for note in ("May I ring you?", "May I ring you on Friday?"):
        send(callum, "topic_too", "east", topic.pk, note=note)
    assert "1 person wants to do this too" in page(amara, "topic", "east", topic.pk).content.decode()
    mine = page(amara, "topic_too", "east", topic.pk).content.decode()
    assert "Callum Fenwick" in mine
    assert "on Friday" in mine
    assert "Callum Fenwick" not in page(make_member(), "topic", "east", topic.pk).content.decode()
    [mail] = Message.objects.filter(kind="topic-too")
    assert (mail.to, "Callum Fenwick" in mail.text, "ring" in mail.text) == (amara.email, True, False)
    for _ in range(2):
        send(callum, "topic_too_withdraw", "east", topic.pk)
    topic.refresh_from_db()
    assert (topic.wish_count, topic.wishes.count()) == (0, 0)


def test_nobody_wants_their_own_story_or_what_is_no_story(topic: Topic, amara: User, callum: User) -> None:
    with pytest.raises(Refused, match="your own"):
        topics.want_too(topic, by=amara)
    question = TopicFactory(community=topic.community)
    assert page(callum, "topic_too", "east", question.pk).status_code == 404
    with pytest.raises(Refused):
        topics.want_too(question, by=callum)
    topics.take_back_topic(topic, by=amara)
    with pytest.raises(Refused):
        topics.want_too(topic, by=callum)
