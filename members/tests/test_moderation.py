"""Reports to moderators, what they decide, and the log that keeps it."""

import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from directory.tests.queries import same_for_many
from linkworkers.actions import Refused
from linkworkers.audit.models import AuditEvent
from linkworkers.outbox.models import Message
from members import reporting
from members.actions import communities, moderation, topics
from members.factories_communities import (
    FlagFactory,
    LibraryItemFactory,
    ReplyFactory,
    TopicFactory,
    make_member,
    make_moderator,
    regional,
)
from members.models import (
    Association,
    Community,
    Flag,
    ModerationEntry,
    Region,
    Reply,
    StoredFile,
    Target,
    Topic,
    User,
)
from members.reporting import Reported
from referrals.tests.race import race

pytestmark = pytest.mark.django_db


@pytest.fixture
def east(db: None) -> Community:
    return regional(Region.EAST)


@pytest.fixture
def moderator(east: Community) -> User:
    user = make_member("Grace Adeyemi")
    make_moderator(east, user)
    return user


@pytest.fixture
def reporter(db: None) -> User:
    return make_member("Tom Ashby")


@pytest.fixture
def reply(east: Community) -> Reply:
    topic = TopicFactory(community=east, author=make_member())
    reply = ReplyFactory(topic=topic, author=make_member("Rhiannon Davies"))
    communities.recount(east)
    return reply


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def mails(kind: str) -> list[Message]:
    return list(Message.objects.filter(kind=kind).order_by("created_at"))


def report(reply: Reply, by: User) -> Flag:
    return moderation.report(reporting.reply(reply), reason="unkind", text="Not kind.", by=by)


def test_a_reply_is_reported_and_hidden_and_nobody_learns_by_whom(
    east: Community, reply: Reply, moderator: User, reporter: User
) -> None:
    client = client_of(reporter)
    url = reverse("flag_new", args=["reply", reply.pk])
    for _ in range(2):
        answer = client.post(url, {"reason": "unkind", "text": "Not kind."})
        assert answer.headers["Location"] == reply.link
    [flag] = Flag.objects.all()
    assert flag.excerpt == reply.text
    assert [mail.to for mail in mails("flag-made")] == [moderator.email]
    other = report(reply, make_member())
    office = client_of(moderator)
    queue = office.get(reverse("community_moderation", args=["east"])).content.decode()
    assert reply.text in queue
    decide = reverse("flag_decide", args=[flag.pk])
    assert "Tom Ashby" in office.get(decide).content.decode()
    assert "Say why." in office.post(decide, {"decision": "hidden"}).content.decode()
    assert office.post(decide, {"decision": "hidden", "note": "We are kind here."}).status_code == 302
    reply.refresh_from_db()
    assert reply.is_hidden
    assert {flag.decision for flag in Flag.objects.all()} == {"hidden"}
    assert {mail.to for mail in mails("flag-decided")} == {reporter.email, other.by.email}
    [told] = mails("moderated")
    assert told.to == reply.author.email
    assert "We are kind here." in told.text
    assert "Tom" not in told.text + told.html
    page = reverse("topic", args=["east", reply.topic_id])
    assert "Hidden by a moderator." in client.get(page).content.decode()
    assert reply.text not in client.get(page).content.decode()
    assert reply.text in client_of(reply.author).get(page).content.decode()
    [entry] = ModerationEntry.objects.all()
    assert (entry.act, entry.by, entry.reason) == ("hidden", moderator, "We are kind here.")
    assert "We are kind here." in office.get(f"{reverse('moderation')}?list=log").content.decode()
    assert {"flag.made", "flag.decided", "reply.hidden"} <= set(AuditEvent.objects.values_list("verb", flat=True))
    assert client.get(url).status_code == 404  # what is hidden is not reported once more


def test_what_is_left_is_told_to_the_reporter_alone(reply: Reply, moderator: User, reporter: User) -> None:
    flag = report(reply, reporter)
    moderation.decide(flag, decision="left", note="It is blunt, and it is true.", by=moderator)
    assert [mail.to for mail in mails("flag-decided")] == [reporter.email]
    assert mails("moderated") == []
    assert report(reply, reporter).pk != flag.pk  # it may be reported again


def test_a_topic_is_closed_by_a_decision_and_a_file_taken_out(
    east: Community, reply: Reply, moderator: User, reporter: User
) -> None:
    flag = moderation.report(reporting.topic(reply.topic), reason="unsafe", by=reporter)
    moderation.decide(flag, decision="closed", note="It goes in circles.", by=moderator)
    with pytest.raises(Refused, match="closed this topic"):
        topics.reply(topic=reply.topic, text="And yet", by=reporter)
    item = LibraryItemFactory(community=east)
    flag = moderation.report(reporting.library_item(item), reason="privacy", by=reporter)
    with pytest.raises(Refused, match="Choose what"):
        moderation.decide(flag, decision="closed", note="No", by=moderator)
    moderation.decide(flag, decision="hidden", note="It names somebody.", by=moderator)
    assert not StoredFile.objects.exists()


def test_who_may_not_decide(reply: Reply, moderator: User, reporter: User, admin: User) -> None:
    flag = report(reply, reporter)
    elsewhere = make_member()
    make_moderator(regional(Region.LONDON), elsewhere)
    for user in (reporter, elsewhere, reply.author):
        with pytest.raises(PermissionDenied):
            moderation.decide(flag, decision="left", note="No", by=user)
        assert client_of(user).get(reverse("flag_decide", args=[flag.pk])).status_code == 404
        with pytest.raises(PermissionDenied):
            moderation.moderate_reply(reply, act="hidden", reason="No", by=user)
    make_moderator(reply.topic.community, reply.author)  # nobody decides on what they wrote themselves
    assert client_of(reply.author).get(reverse("flag_decide", args=[flag.pk])).status_code == 404
    with pytest.raises(PermissionDenied):
        moderation.decide(flag, decision="left", note="No", by=reply.author)
    moderation.decide(flag, decision="left", note="Fine", by=admin)


def test_nobody_reports_themselves_and_the_office_hears_where_there_is_no_moderator(
    reply: Reply, reporter: User
) -> None:
    Association.get()
    Association.objects.update(email="office@example.test")
    with pytest.raises(Refused, match="wrote this yourself"):
        report(reply, reply.author)
    report(reply, reporter)
    assert [mail.to for mail in mails("flag-made")] == ["office@example.test"]
    form = client_of(reporter).post(reverse("flag_new", args=["topic", reply.topic_id]), {"reason": "other"})
    assert "Say what is wrong with it." in form.content.decode()


def test_other_things_are_reported_to_the_office_and_only_said_to_be_put_right(reporter: User, admin: User) -> None:
    profile = Reported(
        kind=Target.PROFILE, key="abc", title="A profile", author=make_member(), path="/members/", text="Rude " * 300
    )
    flag = moderation.report(profile, reason="unkind", by=reporter)
    assert len(flag.excerpt) < 610
    assert flag.choices == ["left", "dealt_with"]
    moderation.decide(flag, decision="dealt_with", note="They changed it.", by=admin)
    assert ModerationEntry.objects.get().community is None
    assert client_of(admin).get(reverse("moderation") + "?list=log").status_code == 200


def test_a_hidden_topic_is_there_for_its_author_and_moderators_alone(
    reply: Reply, moderator: User, reporter: User, admin: User
) -> None:
    topic = reply.topic
    moderation.moderate_topic(topic, act="hidden", reason="It names somebody.", by=moderator)
    page = reverse("topic", args=["east", topic.pk])
    assert client_of(reporter).get(page).status_code == 404
    assert client_of(reporter).get(reply.link).status_code == 404
    for user in (topic.author, moderator, admin):
        assert "It names somebody." in client_of(user).get(page).content.decode()
    assert topic.title not in client_of(reporter).get(reverse("community", args=["east"])).content.decode()
    with pytest.raises(PermissionDenied):
        topics.reply(topic=topic, text="Hello", by=reporter)
    with pytest.raises(PermissionDenied):
        topics.edit_topic(topic, title="T", text="t", by=topic.author)
    topic.community.refresh_from_db()
    assert topic.community.topic_count == 0
    with pytest.raises(Refused, match="already"):
        moderation.moderate_topic(topic, act="hidden", reason="Again", by=admin)
    moderation.moderate_topic(topic, act="shown", reason="It was a mistake.", by=admin)
    topic.community.refresh_from_db()
    assert topic.community.topic_count == 1
    assert len(mails("moderated")) == 2


def test_a_topic_moves_with_its_reports_and_its_old_mails_still_lead_to_it(
    reply: Reply, moderator: User, reporter: User
) -> None:
    topic, london = reply.topic, regional(Region.LONDON)
    flag = report(reply, reporter)
    url = reverse("topic_moderate", args=["east", topic.pk])
    client = client_of(moderator)
    assert "Choose where to move it." in client.post(url, {"act": "moved", "reason": "r"}).content.decode()
    client.post(url, {"act": "moved", "to": london.pk, "reason": "It is about London."})
    topic.refresh_from_db()
    flag.refresh_from_db()
    assert (topic.community, flag.community) == (london, london)
    counts = dict(Community.objects.filter(topic_count__gt=0).values_list("slug", "topic_count"))
    assert counts == {"london": 1}
    reader = client_of(reporter)
    assert reader.get(reverse("topic", args=["east", topic.pk])).status_code == 404
    assert reader.get(topic.link).headers["Location"] == f"/communities/london/topics/{topic.pk}/"
    with pytest.raises(PermissionDenied):
        moderation.decide(flag, decision="left", note="No longer mine", by=moderator)
    Community.objects.filter(pk=london.pk).update(state="open")
    with pytest.raises(PermissionDenied):
        moderation.moderate_topic(topic, act="pinned", reason="r", by=moderator)


def test_a_pinned_topic_stands_first_and_a_topic_opens_again(east: Community, reply: Reply, moderator: User) -> None:
    newer = TopicFactory(community=east)
    moderation.moderate_topic(reply.topic, act="pinned", reason="Read this first.", by=moderator)
    assert list(Topic.objects.filter(community=east).listed().newest_first()) == [reply.topic, newer]
    moderation.moderate_topic(reply.topic, act="closed", reason="Answered.", by=moderator)
    moderation.moderate_topic(reply.topic, act="reopened", reason="Not quite.", by=moderator)
    for act in ("nonsense", "removed"):
        with pytest.raises(Refused):
            moderation.moderate_topic(reply.topic, act=act, reason="r", by=moderator)
    assert topics.reply(topic=reply.topic, text="More", by=make_member()).pk


def test_the_moderators_pages_ask_the_same_with_many_rows(east: Community, moderator: User) -> None:
    client = client_of(moderator)

    def more() -> None:
        topic = TopicFactory(community=east)
        FlagFactory(about=ReplyFactory(topic=topic))
        FlagFactory(about=ReplyFactory(topic=topic), decision="left", decided_by=moderator, decided_at=topic.last_at)
        east.log.create(by=moderator, act="left", kind="reply", key="1", title="T", path="/", reason="r")

    for chosen in ("waiting", "decided", "log"):
        same_for_many(client, f"{reverse('moderation')}?list={chosen}", more)


def test_the_office_hides_with_a_reason_decides_and_names_moderators(
    east: Community, reply: Reply, reporter: User, admin: User
) -> None:
    office = client_of(admin)
    topics_url = reverse("admin:members_topic_changelist")
    hide = {"action": "hide", "_selected_action": [reply.topic_id]}
    assert "Say why" in office.post(topics_url, hide, follow=True).content.decode()
    office.post(topics_url, hide | {"reason": "Against our rules."})
    reply.topic.refresh_from_db()
    assert reply.topic.hidden_reason == "Against our rules."
    flag = report(reply, reporter)
    change = reverse("admin:members_flag_change", args=[flag.pk])
    without_why = office.post(change, {"decision": "left", "note": ""})
    assert "Say why." in without_why.content.decode()  # and it can still be said there
    assert office.post(change, {"decision": "closed", "note": "x"}).status_code == 200
    assert office.post(change, {"decision": "left", "note": "It is fine."}).status_code == 302
    flag.refresh_from_db()
    assert (flag.decision, flag.decided_by) == ("left", admin)
    add = reverse("admin:members_moderator_add")
    office.post(add, {"community": east.pk, "user": reporter.pk, "start_date": "2026-11-01"})
    assert east.moderators.get().user == reporter
    refused = office.post(add, {"community": east.pk, "user": reporter.pk, "start_date": "2026-11-01"}, follow=True)
    assert "already" in refused.content.decode()
    new = {"name": "Carers", "slug": "carers", "purpose": "For carers"}
    assert "Choose the interest" in office.post(reverse("admin:members_community_add"), new).content.decode()
    office.post(reverse("admin:members_community_add"), new | {"interest": 2})
    assert Community.objects.get(slug="carers").is_open
    taken = office.post(
        reverse("admin:members_community_add"), new | {"interest": 2, "slug": "moderation", "name": "CARERS"}
    )
    assert "This address is taken" in taken.content.decode()
    assert "of this name" in taken.content.decode()


@pytest.mark.django_db(transaction=True)
def test_two_moderators_decide_at_once_and_the_second_is_told_who_was_first(
    east: Community, reply: Reply, moderator: User, admin: User, reporter: User
) -> None:
    flag = report(reply, reporter)
    first, second = race(
        Community.objects.filter(pk=east.pk),
        lambda: moderation.decide(flag, decision="hidden", note="Unkind.", by=moderator),
        lambda: moderation.decide(flag, decision="left", note="Fine.", by=admin),
    )
    assert first.decision == "hidden"
    assert isinstance(second, Refused)
    assert "Grace Adeyemi has decided this already: hidden" in str(second)
    assert len(mails("flag-decided")) == 1
    assert ModerationEntry.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_reply_sent_twice_at_once_is_one(east: Community, reply: Reply, reporter: User) -> None:
    key = uuid.uuid4()
    results = race(
        Community.objects.filter(pk=east.pk),
        *[lambda: topics.reply(topic=reply.topic, text="Yes", by=reporter, submission_key=key)] * 2,
    )
    assert results[0] == results[1]
    reply.topic.refresh_from_db()
    assert reply.topic.replies.filter(author=reporter).count() == 1
