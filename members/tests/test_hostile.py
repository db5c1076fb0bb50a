"""What somebody tries who is not who they should be, or sends what nobody types."""

import pytest
from django.urls import reverse

from members.actions import leaving, moderation
from members.factories import MembershipFactory
from members.factories_communities import CommunityFactory, ReplyFactory, TopicFactory, make_moderator
from members.factories_people import make_letter
from members.models import Flag, ModerationEntry, Reply, Target, Topic, User
from members.reporting import find
from tests.world import logged_in

pytestmark = pytest.mark.django_db
TOKEN = "zqxtoken"


def reported(kind: str, key: object, *, by: User) -> Flag:
    thing = find(kind, str(key), by)
    assert thing
    return moderation.report(thing, reason=Flag.Reason.UNKIND, by=by)


def test_a_letter_that_was_reported_is_erased_with_its_writer() -> None:
    writer, reader = MembershipFactory().user, MembershipFactory().user
    letter = make_letter(writer, reader, TOKEN)
    flag = reported(Target.LETTER, letter.pk, by=reader)
    leaving.leave(writer, take_texts=False, by=writer)
    flag.refresh_from_db()
    assert flag.excerpt == ""


def test_the_log_of_moderators_keeps_no_words_and_no_name_of_an_author(admin: User) -> None:
    writer, reader = MembershipFactory(user__name=f"Ada {TOKEN}").user, MembershipFactory().user
    letter, reply = make_letter(writer, reader, TOKEN), ReplyFactory(author=writer, text=TOKEN)
    for kind, thing in ((Target.LETTER, letter), (Target.REPLY, reply)):
        moderation.decide(reported(kind, thing.pk, by=reader), decision=Flag.Decision.LEFT, note="So.", by=admin)
    moderation.moderate_reply(reply, act=ModerationEntry.Act.HIDDEN, reason="So.", by=admin)
    assert [entry.title for entry in ModerationEntry.objects.all() if TOKEN in entry.title] == []


def test_nobody_answers_a_report_of_what_they_wrote_by_closing_it_themselves() -> None:
    moderator = make_moderator(CommunityFactory(), MembershipFactory().user)
    topic = TopicFactory(community=moderator.community, author=moderator.user)
    flag = reported(Target.TOPIC, topic.pk, by=MembershipFactory().user)
    moderation.moderate_topic(topic, act=ModerationEntry.Act.CLOSED, reason="Enough.", by=moderator.user)
    flag.refresh_from_db()
    assert flag.is_waiting


def test_a_moderator_is_none_elsewhere() -> None:
    moderator, other = make_moderator(CommunityFactory(), MembershipFactory().user), CommunityFactory()
    topic = TopicFactory(community=other)
    reply = ReplyFactory(topic=topic)
    client = logged_in(moderator.user)
    for name, args in (
        ("topic_moderate", [other.slug, topic.pk]),
        ("topic_moderate", [moderator.community.slug, topic.pk]),
        ("reply_moderate", [other.slug, topic.pk, reply.pk]),
        ("community_moderation", [other.slug]),
    ):
        assert client.get(reverse(name, args=args)).status_code == 404, name
    assert Topic.objects.get(hidden_at=None) == topic
    assert Reply.objects.get(hidden_at=None) == reply


@pytest.mark.parametrize(
    "path",
    [
        "M%00/renew/",
        "employer/%00/",
        "people/%00/",
        "letters/to/%00/",
        "letters/%00/",
        "invoices/%00/",
        "receipts/%00/",
        "credit-notes/%00/",
        "unsubscribe/%00/",
        "seats/accept/%00/",
        "join/confirm/%00/",
    ],
)
def test_what_no_address_holds_is_not_there(path: str, member: User) -> None:
    assert logged_in(member).get(f"/members/{path}").status_code == 404


@pytest.mark.parametrize("path", ["/certificates/%00/", "/courses/certificates/%00/"])
def test_so_with_certificates(path: str, member: User) -> None:
    assert logged_in(member).get(path).status_code in (301, 302, 404)
