"""A community's library, the groups that are asked for, and how much is asked of the database."""

import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import InternalError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from directory.tests.queries import queries, same_for_many
from linkworkers.actions import Refused
from linkworkers.outbox.models import Message
from members.actions import communities, library, topics
from members.factories import UserFactory
from members.factories_communities import (
    PDF,
    CommunityFactory,
    LibraryItemFactory,
    ReplyFactory,
    TopicFactory,
    WishFactory,
    make_interest,
    make_member,
    make_moderator,
    make_talk,
    regional,
)
from members.models import Community, Following, LibraryItem, Region, Reply, StoredFile, Topic, User
from members.tests.community_steps import client_of, page, pdf, send

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


# The library


def test_a_file_is_added_once_downloaded_and_taken_out(east: Community, amara: User, callum: User) -> None:
    key = uuid.uuid4()
    facts = {"kind": "report", "title": "Our year", "about": "Figures", "year": "2025", "submission_key": key}
    for _ in range(2):
        send(amara, "library_new", "east", upload=pdf("../наш <год>.pdf"), **facts)
    [item] = LibraryItem.objects.all()
    assert StoredFile.objects.count() == 1
    answer = page(callum, "library_file", "east", item.pk)
    assert answer.content == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert page(callum, "library_remove", "east", item.pk).status_code == 404
    with pytest.raises(PermissionDenied):
        library.take_out(item, by=callum)
    send(amara, "library_remove", "east", item.pk)
    assert page(callum, "library_file", "east", item.pk).status_code == 404
    assert not StoredFile.objects.exists()
    with pytest.raises(Refused):
        library.take_out(item, by=amara)


@pytest.mark.parametrize(
    ("upload", "said"),
    [
        (pdf(content=b"MZ\x90\x00" + b"\x00" * 60), "is not PDF"),
        (pdf(content=b"%PDF-" + b"x" * 30 * 1024**2), "This file has 30 MB"),
        (pdf("run.exe"), "We cannot take .exe"),
        (pdf(content=b""), "This file is empty"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_not_taken(
    east: Community, amara: User, upload: SimpleUploadedFile, said: str
) -> None:
    answer = send(amara, "library_new", "east", kind="file", title="Kept title", about="a", year="2025", upload=upload)
    assert said in answer.content.decode()
    assert "Kept title" in answer.content.decode()
    assert not StoredFile.objects.exists()


# Interest groups, moderators, closing


def test_a_group_is_asked_for_and_opened_or_declined_by_the_office(amara: User, admin: User) -> None:
    interest = make_interest("carers")
    send(amara, "community_ask", name="Topics", purpose="Young carers", interest=interest.pk)
    asked = Community.objects.get(name="Topics")
    assert asked.slug == "topics-2"  # "topics" is an address of its own
    assert page(amara, "community", asked.slug).status_code == 404
    twice = send(amara, "community_ask", name="topics", purpose="Again", interest=interest.pk)
    assert "There is a community called topics" in twice.content.decode()
    with pytest.raises(PermissionDenied):
        communities.answer(asked, approve=True, by=amara)
    with pytest.raises(Refused, match="Say why not"):
        communities.answer(asked, approve=False, by=admin)
    communities.answer(asked, approve=True, by=admin)
    with pytest.raises(Refused, match="does not wait"):
        communities.answer(asked, approve=False, reason="No", by=admin)
    assert page(amara, "community", asked.slug).status_code == 200
    assert Following.objects.filter(user=amara, community=asked).exists()
    other = communities.ask(name="عربي", purpose="p", interest=interest, by=amara)
    assert other.slug == "group"
    communities.answer(other, approve=False, reason="There is one.", by=admin)
    assert Message.objects.filter(kind="community-answered").count() == 2


def test_a_moderator_is_a_member_in_force_and_named_once(east: Community, amara: User, admin: User) -> None:
    with pytest.raises(Refused, match="no membership in force"):
        communities.name_moderator(community=east, user=UserFactory(), by=admin)
    with pytest.raises(PermissionDenied):
        communities.name_moderator(community=east, user=amara, by=amara)
    moderator = communities.name_moderator(community=east, user=amara, by=admin)
    with pytest.raises(Refused, match="already"):
        communities.name_moderator(community=east, user=amara, by=admin)
    assert page(amara, "community_moderation", "east").status_code == 200
    assert page(amara, "community_moderation", "london").status_code == 404
    communities.end_moderator(moderator, by=admin)
    moderator.refresh_from_db()
    assert moderator.end_date == timezone.localdate()


# How much is asked of the database


def test_pages_ask_the_same_with_many_rows(east: Community, amara: User, callum: User) -> None:
    make_moderator(east, amara)
    client = client_of(amara)
    topic = TopicFactory(community=east, author=amara, kind="learned")
    topic_page = reverse("topic", args=["east", topic.pk])
    busy = 0

    def more() -> None:
        nonlocal busy
        busy += 1
        TopicFactory(community=east, title=f"Bereavement {busy}")
        ReplyFactory(topic=topic)
        WishFactory(topic=topic)
        LibraryItemFactory(community=east)
        communities.recount(east)

    same_for_many(client, reverse("community", args=["east"]), more)
    same_for_many(client, f"{reverse('community', args=['east'])}?q=bereavement&list=discussion", more)
    same_for_many(client, topic_page, more)
    same_for_many(client, reverse("topic_too", args=["east", topic.pk]), more)
    same_for_many(client, reverse("library", args=["east"]), more)
    same_for_many(client, reverse("communities"), lambda: CommunityFactory())
    assert len(queries(Client(), reverse("communities"))) <= 2


def test_five_thousand_topics_are_listed_and_searched_by_their_indexes(east: Community, amara: User) -> None:
    make_talk(east, topics=5_000, by=amara)
    needle = TopicFactory(community=east, author=amara, title="Bereavement café", text="On Mondays")
    ReplyFactory(topic=Topic.objects.get(title="Topic 3000"), text="Ask about the bereavement group.")
    communities.recount(east)
    assert east.topic_count == 5_001
    with connection.cursor() as cursor:
        cursor.execute("SELECT gin_clean_pending_list('topic_words'), gin_clean_pending_list('reply_words')")
        cursor.execute("ANALYZE members_topic, members_reply")

    def plan(rows) -> str:
        return rows.explain()

    listed = Topic.objects.filter(community=east).listed().newest_first()[:20]
    assert "topic_newest" in plan(listed)
    assert "Sort" not in plan(listed)
    found = Topic.objects.filter(community=east).listed().newest_first().search("bereaved", east)
    assert {each.pk for each in found} >= {needle.pk, Topic.objects.get(title="Topic 3000").pk}
    assert "topic_words" in plan(found)
    with CaptureQueriesContext(connection) as captured:
        assert client_of(amara).get(reverse("community", args=["east"]), {"page": 250}).status_code == 200
    assert not any("COUNT(" in query["sql"] and "members_topic" in query["sql"] for query in captured)
    for words in ("\x00'\"&|!:*", "a" * 5_000, "((((", "-", "or or"):
        assert page(amara, "community", "east", q=words).status_code == 200


def test_a_long_topic_is_read_in_pages_with_the_oldest_first(topic: Topic, amara: User, callum: User) -> None:
    make_talk(topic.community, topics=0, by=amara)
    replies = Reply.objects.bulk_create(
        Reply(topic=topic, author=callum, text=f"Reply {n}", html=f"<p>Reply number {n}.</p>") for n in range(60)
    )
    communities.recount(topic.community)
    first = page(amara, "topic", "east", topic.pk).content.decode()
    assert "Reply number 0." in first
    assert "Reply number 25." not in first
    assert "Jump to the newest" in first
    assert "Reply number 59." in page(amara, "topic", "east", topic.pk, page="last").content.decode()
    place = page(amara, "reply_link", replies[30].pk).headers["Location"]
    assert place == f"/communities/east/topics/{topic.pk}/?page=2#reply-{replies[30].pk}"
    for number in ("0", "-1", "x", "99999999999999999999"):
        assert page(amara, "topic", "east", topic.pk, page=number).status_code == 200


def test_the_log_of_moderators_is_only_added_to(east: Community, amara: User) -> None:
    entry = east.log.create(by=amara, act="left", kind="topic", key="1", title="T", path="/", reason="r")
    for change in (lambda: east.log.update(reason="other"), entry.delete):
        with pytest.raises(InternalError, match="append-only"), transaction.atomic():
            change()
