"""What members of the demo write to each other, want to do too, keep in libraries and report."""

import datetime as dt
import tomllib
import uuid
from pathlib import Path
from typing import Any

from django.db.models import Model

from linkworkers.audit.models import AuditEvent
from linkworkers.demo.clock import Clock
from linkworkers.demo.directory.trail import deed
from linkworkers.demo.places import World
from linkworkers.pdf import GREEN, INK, Page
from members import reporting
from members.actions.communities import recount
from members.actions.following import follow_defaults
from members.models import (
    Community,
    Flag,
    Following,
    Interest,
    LibraryItem,
    Membership,
    ModerationEntry,
    Moderator,
    Reply,
    StoredFile,
    Target,
    Topic,
    TopicWish,
    User,
)

Entry = dict[str, Any]
NAMESPACE = uuid.UUID("0f2d3c0b-5a3e-5c8e-9a43-3a7f6f0f5d11")


def build(world: World, clock: Clock) -> None:
    """Saves it all, with its trail. People and memberships are saved already."""
    data = tomllib.loads((Path(__file__).parent / "communities.toml").read_text(encoding="utf-8"))
    talk = _Talk(world, clock)
    for kind, tell in (
        ("group", talk.open_group),
        ("moderator", talk.name_moderator),
        ("topic", talk.tell_topic),
        ("item", talk.keep),
    ):
        for entry in data[kind]:
            tell(entry)
    AuditEvent.objects.bulk_create(sorted(talk.trail, key=lambda event: event.at))
    for membership in Membership.objects.exclude(user=None).select_related("user"):
        follow_defaults(membership)
    for community in Community.objects.shown():
        recount(community)


class _Talk:
    """One method for each kind of entry."""

    def __init__(self, world: World, clock: Clock) -> None:
        self.clock = clock
        self.people = {user.name: user for user in world.people.values()}
        self.communities = {community.slug: community for community in Community.objects.all()}
        self.trail: list[AuditEvent] = []

    def _note(self, verb: str, at: dt.datetime, by: User | None, subject: Model, **facts: object) -> None:
        self.trail.append(deed(verb, at, by, subject, **facts))

    def _office(self) -> User:
        return self.people["Morwenna Tregear"]

    def open_group(self, entry: Entry) -> None:
        """An interest group that a member asked for; with `asked` it waits for the office."""
        by, at = self.people[entry["by"]], self.clock.ago(entry["days"], 10)
        community = Community.objects.create(
            name=entry["name"],
            slug=entry["slug"],
            purpose=entry["purpose"],
            interest=Interest.objects.get(slug=entry["interest"]),
            state=Community.State.ASKED if entry.get("asked") else Community.State.OPEN,
            asked_by=by,
            created_at=at,
        )
        self.communities[community.slug] = community
        self._note("community.asked", at, by, community, name=community.name)
        if community.is_open:
            self._note("community.opened", at + dt.timedelta(hours=3), self._office(), community)

    def name_moderator(self, entry: Entry) -> None:
        community, user = self.communities[entry["community"]], self.people[entry["user"]]
        at = self.clock.ago(entry["days"], 11)
        moderator = Moderator.objects.create(community=community, user=user, start_date=at.date())
        self._note("moderator.named", at, self._office(), moderator, community=str(community), user=user.pk)

    def tell_topic(self, entry: Entry) -> None:
        """A topic with its replies, one after the other, and whoever wants to do it too."""
        community, by = self.communities[entry["community"]], self.people[entry["by"]]
        at = self.clock.ago(entry["days"], 9, 20)
        topic = Topic(
            community=community,
            author=by,
            kind=entry["kind"],
            title=entry["title"],
            written_at=at,
            submission_key=uuid.uuid5(NAMESPACE, entry["title"]),
        )
        topic.write(entry["text"].strip())
        topic.save()
        self._note("topic.started", at, by, topic, community=community.slug, kind=topic.kind)
        self._follow(topic, by)
        for number, answer in enumerate(entry["replies"]):
            self._reply(topic, answer, self.clock.ago(answer["days"], 10, 5) + dt.timedelta(minutes=47 * number))
        for wish in entry.get("wishes", []):
            user, wished = self.people[wish["by"]], self.clock.ago(wish["days"], 16, 30)
            TopicWish.objects.create(topic=topic, user=user, note=wish["note"], created_at=wished)
            self._note("topic.wanted_too", wished, user, topic)
        if "pinned" in entry:
            self._pin(topic, entry["pinned"], at + dt.timedelta(minutes=5))

    def _reply(self, topic: Topic, answer: Entry, at: dt.datetime) -> None:
        by = self.people[answer["by"]]
        reply = Reply(
            topic=topic,
            author=by,
            written_at=at,
            submission_key=uuid.uuid5(NAMESPACE, f"{topic.title}/{answer['text']}"),
        )
        reply.write(answer["text"])
        reply.save()
        self._note("reply.written", at, by, reply, topic=topic.pk)
        self._follow(topic, by)
        if "reported" in answer:
            self._report(reply, self.people[answer["reported"]], at + dt.timedelta(hours=2))

    def _follow(self, topic: Topic, user: User) -> None:
        Following.objects.get_or_create(user=user, topic=topic, defaults={"told_at": self.clock.now})

    def _pin(self, topic: Topic, reason: str, at: dt.datetime) -> None:
        Topic.objects.filter(pk=topic.pk).update(is_pinned=True)
        entry = ModerationEntry.objects.create(
            at=at,
            community=topic.community,
            by=topic.author,
            act=ModerationEntry.Act.PINNED,
            kind=Target.TOPIC,
            key=str(topic.pk),
            title=topic.title,
            path=topic.link,
            reason=reason,
        )
        self._note("topic.pinned", at, topic.author, entry, key=entry.key, community=topic.community.slug)

    def _report(self, reply: Reply, by: User, at: dt.datetime) -> None:
        """One that waits for a moderator."""
        reported = reporting.reply(reply)
        flag = Flag.objects.create(
            kind=reported.kind,
            key=reported.key,
            community=reported.community,
            author=reported.author,
            path=reported.path,
            excerpt=reported.excerpt,
            reason=Flag.Reason.UNKIND,
            text="It is meant for everybody in the thread, and Siobhán had asked about somebody who grieves.",
            by=by,
            created_at=at,
        )
        self._note("flag.made", at, by, flag, kind=flag.kind, key=flag.key, reason=flag.reason)

    def keep(self, entry: Entry) -> None:
        """A file in a library, made as a page of our own."""
        by, at = self.people[entry["by"]], self.clock.ago(entry["days"], 14, 10)
        file = StoredFile.keep(
            name=entry["file"], content_type="application/pdf", content=_page(entry["title"], entry["lines"]), by=by
        )
        item = LibraryItem.objects.create(
            community=self.communities[entry["community"]],
            kind=entry["kind"],
            title=entry["title"],
            about=entry["about"],
            year=entry["year"],
            file=file,
            by=by,
            added_at=at,
        )
        self._note("library_item.added", at, by, item, community=entry["community"], bytes=file.size)


def _page(title: str, lines: list[str]) -> bytes:
    pdf = Page("".join([title, *lines]), footer_text=title)
    pdf.set_title(title)
    pdf.set_lang("en-GB")
    pdf.set_text_color(*GREEN)
    pdf.write_block(title, size=20, bold=True, after=6)
    pdf.set_text_color(*INK)
    for line in lines:
        pdf.write_block(line, after=4)
    return bytes(pdf.output())
