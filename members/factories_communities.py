"""Communities, what is written in them and what is reported, for tests."""

import datetime as dt
from typing import Any, cast

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from linkworkers.markdown import render
from members.actions.communities import recount
from members.factories import MembershipFactory, UserFactory
from members.models import (
    Community,
    Flag,
    Following,
    Interest,
    LibraryItem,
    Moderator,
    Region,
    Reply,
    StoredFile,
    Target,
    Topic,
    TopicWish,
    User,
)

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


class CommunityFactory(DjangoModelFactory[Community]):
    """An interest group that is open."""

    class Meta:
        model = Community

    name = factory.Sequence(lambda n: f"Group {n}")
    slug = factory.Sequence(lambda n: f"group-{n}")
    purpose = "For whoever cares about it."
    interest = factory.LazyFunction(lambda: make_interest("carers"))


class TopicFactory(DjangoModelFactory[Topic]):
    """A discussion. Its community is not counted anew: see `recount`."""

    class Meta:
        model = Topic

    community = factory.SubFactory(CommunityFactory)
    author = factory.SubFactory(UserFactory)
    kind = Topic.Kind.DISCUSSION
    title = factory.Sequence(lambda n: f"Topic {n}")
    text = "What do you do about it?"
    html = factory.LazyAttribute(lambda topic: render(topic.text))
    last_at = factory.SelfAttribute("written_at")
    written_at = factory.LazyFunction(timezone.now)


class ReplyFactory(DjangoModelFactory[Reply]):
    class Meta:
        model = Reply

    topic = factory.SubFactory(TopicFactory)
    author = factory.SubFactory(UserFactory)
    text = "We ring them first."
    html = factory.LazyAttribute(lambda reply: render(reply.text))


class WishFactory(DjangoModelFactory[TopicWish]):
    class Meta:
        model = TopicWish

    topic = factory.SubFactory(TopicFactory, kind=Topic.Kind.LEARNED)
    user = factory.SubFactory(UserFactory)


class LibraryItemFactory(DjangoModelFactory[LibraryItem]):
    class Meta:
        model = LibraryItem

    community = factory.SubFactory(CommunityFactory)
    kind = LibraryItem.Kind.REPORT
    title = factory.Sequence(lambda n: f"Report {n}")
    about = "What we found in a year."
    year = 2026
    by = factory.SubFactory(UserFactory)

    @factory.lazy_attribute
    def file(self: Any) -> StoredFile:
        return StoredFile.keep(name="report.pdf", content_type="application/pdf", content=PDF, by=self.by)


class FlagFactory(DjangoModelFactory[Flag]):
    """A report of a reply, unless told otherwise."""

    class Meta:
        model = Flag

    class Params:
        about = factory.SubFactory(ReplyFactory)

    kind = Target.REPLY
    key = factory.LazyAttribute(lambda flag: str(flag.about.pk))
    community = factory.LazyAttribute(lambda flag: flag.about.topic.community)
    author = factory.LazyAttribute(lambda flag: flag.about.author)
    path = factory.LazyAttribute(lambda flag: flag.about.link)
    excerpt = factory.LazyAttribute(lambda flag: flag.about.text)
    reason = Flag.Reason.UNKIND
    by = factory.SubFactory(UserFactory)


def regional(region: Region) -> Community:
    """The community of a region, as every installation has it; a test that commits empties the tables of it."""
    facts = {"name": region.label, "slug": region.value.replace("_", "-"), "purpose": f"For {region.label}."}
    return Community.objects.get_or_create(kind=Community.Kind.REGION, region=region, defaults=facts)[0]


def make_interest(slug: str) -> Interest:
    """As lasting."""
    return Interest.objects.get_or_create(slug=slug, defaults={"name": slug.capitalize()})[0]


def make_member(name: str = "", **membership: Any) -> User:
    """Somebody whose membership is in force, with no post."""
    facts = {"user__name": name} if name else {}
    return cast(User, MembershipFactory(**facts, **membership).user)


def make_moderator(community: Community, user: User) -> Moderator:
    return Moderator.objects.create(community=community, user=user)


def make_talk(community: Community, *, topics: int, replies: int = 0, by: User) -> list[Topic]:
    """Many topics with replies, made at once and counted."""
    now = timezone.now()
    made = Topic.objects.bulk_create(
        Topic(
            community=community,
            author=by,
            kind=Topic.Kind.DISCUSSION,
            title=f"Topic {number}",
            text=f"Text {number}",
            html=f"<p>Text {number}</p>",
            written_at=now - dt.timedelta(minutes=number),
        )
        for number in range(topics)
    )
    Reply.objects.bulk_create(
        Reply(topic=topic, author=by, text="Yes.", html="<p>Yes.</p>", written_at=now)
        for topic in made
        for _ in range(replies)
    )
    recount(community)
    return made


def follow(topic: Topic, user: User, **facts: Any) -> Following:
    return Following.objects.create(topic=topic, user=user, **facts)
