"""What moderators do, each with its reason in their log; and what members report to them.

Locks are taken in one order: community, topic, reply, then reports.
"""

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from linkworkers.actions import Refused
from linkworkers.audit.actions import record
from members import permissions, reporting
from members.actions import library
from members.actions._counts import count_listed
from members.emails import communities as emails
from members.models import (
    Association,
    Community,
    Flag,
    LibraryItem,
    ModerationEntry,
    Moderator,
    Reply,
    Target,
    Topic,
    User,
)
from members.reporting import Reported

Act = ModerationEntry.Act
Decision = Flag.Decision

# What an author is told, where it touches what they wrote.
TOLD = {
    Act.CLOSED: "closed for replies",
    Act.MOVED: "moved to another community",
    Act.HIDDEN: "hidden from other members",
    Act.SHOWN: "shown again",
    Act.REMOVED: "taken out of the library",
}
SETTLES = {Act.HIDDEN: Decision.HIDDEN, Act.REMOVED: Decision.HIDDEN, Act.CLOSED: Decision.CLOSED}


@transaction.atomic
def moderate_topic(topic: Topic, *, act: str, reason: str, by: User, to: Community | None = None) -> Topic:
    """Pins, closes, moves or hides a topic, or the other way round; closing and hiding answer the reports about it.

    Its author is mailed what concerns them. Raises PermissionDenied, and Refused when it is so already, without a
    reason, or to a community that is not open.
    """
    locked = _lock_topic(topic, by, to)
    if not reason:
        raise Refused("Say why: it stands in the moderators’ log.")
    old = locked.community
    now = timezone.now()
    match act:
        case Act.PINNED | Act.UNPINNED:
            _refuse(locked.is_pinned == (act == Act.PINNED))
            locked.is_pinned = act == Act.PINNED
        case Act.CLOSED:
            _refuse(locked.is_closed)
            locked.closed_at, locked.closed_reason = now, reason
        case Act.REOPENED:
            _refuse(not locked.is_closed)
            locked.closed_at, locked.closed_reason = None, ""
        case Act.HIDDEN:
            _hide(locked, reason, by)
        case Act.SHOWN:
            _show(locked)
        case Act.MOVED:
            _move(locked, to)
        case _:
            raise Refused("Choose what to do with this topic.")
    locked.save()
    for community in {old, locked.community}:
        count_listed(community)
    _note(reporting.topic(locked), act, reason, by, community=old)
    return locked


@transaction.atomic
def moderate_reply(reply: Reply, *, act: str, reason: str, by: User) -> Reply:
    """Hides a reply, or shows it again; hiding answers the reports about it, and its author is mailed.

    Raises PermissionDenied, and Refused when it is so already, or without a reason.
    """
    topic = _lock_topic(reply.topic, by)
    locked = Reply.objects.select_for_update(of=("self",)).select_related("author").get(pk=reply.pk)
    locked.topic = topic
    if not reason:
        raise Refused("Say why: it stands in the moderators’ log.")
    if act == Act.HIDDEN:
        _hide(locked, reason, by)
    elif act == Act.SHOWN:
        _show(locked)
    else:
        raise Refused("Choose what to do with this reply.")
    locked.save(update_fields=["hidden_at", "hidden_by", "hidden_reason"])
    _note(reporting.reply(locked), act, reason, by)
    return locked


@transaction.atomic
def remove_item(item: LibraryItem, *, reason: str, by: User) -> LibraryItem:
    """A moderator takes something out of a library. Raises PermissionDenied, and Refused."""
    if not permissions.can_moderate(by, item.community):
        raise PermissionDenied
    if not reason:
        raise Refused("Say why: it stands in the moderators’ log.")
    Community.objects.select_for_update(no_key=True).get(pk=item.community_id)
    removed = library.discard(item, reason=reason, by=by)
    _note(reporting.library_item(removed), Act.REMOVED, reason, by)
    return removed


@transaction.atomic
def report(reported: Reported, *, reason: str, text: str = "", by: User) -> Flag:
    """Asks a moderator to look at something, and mails whoever looks after it. Reported twice it is as if once.

    Serves every kind of thing that `members.reporting` knows. Raises PermissionDenied, and Refused for one's own.
    """
    if not permissions.is_member(by):
        raise PermissionDenied
    if reported.author == by:
        raise Refused("You wrote this yourself: you can change it or take it back.")
    mine = Flag.objects.waiting().filter(kind=reported.kind, key=reported.key, by=by)
    try:
        with transaction.atomic():
            flag = Flag.objects.create(
                kind=reported.kind,
                key=reported.key,
                community=reported.community,
                author=reported.author,
                path=reported.path,
                excerpt=reported.excerpt,
                reason=reason,
                text=text,
                by=by,
            )
    except IntegrityError:
        return mine.get()
    record("flag.made", by=by, subject=flag, facts={"kind": flag.kind, "key": flag.key, "reason": reason})
    for mailbox in _mailboxes(flag):
        emails.flag_made(flag, mailbox)
    return flag


@transaction.atomic
def decide(flag: Flag, *, decision: str, note: str, by: User) -> Flag:
    """Leaves what was reported, hides it or closes it; every report about it is answered with that, and its reporter
    mailed. What is not of a community is put right on its own page, and is only said to be so here.

    Raises PermissionDenied, and Refused when somebody was quicker, without a reason, or for a decision that does not
    fit.
    """
    if not permissions.can_decide(by, flag):
        raise PermissionDenied
    if decision not in flag.choices:
        raise Refused("Choose what to do with it.")
    if not note:
        raise Refused("Say why: whoever reported it reads this, and it stands in the moderators’ log.")
    thing = _lock_thing(flag, by)
    locked = Flag.objects.select_for_update(of=("self",)).select_related("decided_by").get(pk=flag.pk)
    if not locked.is_waiting:
        raise Refused(f"{locked.decided_by} has decided this already: {locked.get_decision_display().lower()}.")
    if decision in (Decision.LEFT, Decision.DEALT_WITH) or thing is None:
        act = Act.LEFT if decision == Decision.LEFT else Act.DEALT_WITH
        title = flag.log_title
        _enter(act, note, by, kind=flag.kind, key=flag.key, title=title, path=flag.path, community=flag.community)
        _settle(flag.kind, flag.key, decision, note, by)
    elif isinstance(thing, LibraryItem):
        remove_item(thing, reason=note, by=by)
    elif isinstance(thing, Reply):
        moderate_reply(thing, act=Act.HIDDEN, reason=note, by=by)
    else:
        act = Act.HIDDEN if decision == Decision.HIDDEN else Act.CLOSED
        moderate_topic(thing, act=act, reason=note, by=by)
    locked.refresh_from_db()
    return locked


def _note(reported: Reported, act: str, reason: str, by: User, community: Community | None = None) -> None:
    """Everything that follows from an act: the log, the audit trail, the author's mail and the answered reports."""
    entry = _enter(
        act,
        reason,
        by,
        kind=reported.kind,
        key=reported.key,
        title=reported.title,
        path=reported.path,
        community=community or reported.community,
    )
    if act in TOLD and reported.author != by:
        emails.moderated(reported, what=TOLD[Act(act)], reason=reason, entry_id=entry.pk)
    if act in SETTLES and reported.author != by:  # nobody answers reports of what they wrote
        _settle(reported.kind, reported.key, SETTLES[Act(act)], reason, by)


def _enter(
    act: str, reason: str, by: User, *, kind: str, key: str, title: str, path: str, community: Community | None
) -> ModerationEntry:
    entry = ModerationEntry.objects.create(
        act=act, reason=reason, by=by, kind=kind, key=key, title=title[:200], path=path, community=community
    )
    record(f"{kind}.{act}", by=by, subject=entry, facts={"key": key, "community": community and community.slug})
    return entry


def _settle(kind: str, key: str, decision: str, note: str, by: User) -> None:
    """Answers every report about a thing that waits, and tells who made it."""
    for flag in Flag.objects.waiting().filter(kind=kind, key=key).select_for_update(of=("self",)).select_related("by"):
        flag.decision, flag.note, flag.decided_by, flag.decided_at = decision, note, by, timezone.now()
        flag.save(update_fields=["decision", "note", "decided_by", "decided_at"])
        record("flag.decided", by=by, subject=flag, facts={"decision": decision})
        emails.flag_decided(flag)


def _mailboxes(flag: Flag) -> list[str]:
    """Who is told that something waits: the moderators in force, but for its author; the office where there is none."""
    moderators = Moderator.objects.current().filter(community=flag.community).exclude(user=flag.author)
    people = permissions.people_in_force().filter(pk__in=moderators.values("user"))
    found = list(people.values_list("email", flat=True)) if flag.community else []
    office = Association.get().email
    return found or ([office] if office else [])


def _hide(locked: Topic | Reply, reason: str, by: User) -> None:
    _refuse(locked.is_hidden)
    locked.hidden_at, locked.hidden_by, locked.hidden_reason = timezone.now(), by, reason


def _show(locked: Topic | Reply) -> None:
    _refuse(not locked.is_hidden)
    locked.hidden_at, locked.hidden_by, locked.hidden_reason = None, None, ""


def _move(locked: Topic, to: Community | None) -> None:
    """With the reports about it and its replies, which are the other community's to decide now."""
    if to is None or not to.is_open:
        raise Refused("Choose an open community to move it to.")
    _refuse(to.pk == locked.community_id)
    locked.community, locked.is_pinned = to, False
    replies = [str(pk) for pk in Reply.objects.filter(topic=locked).values_list("pk", flat=True)]
    waiting = Flag.objects.waiting()
    waiting.filter(kind=Target.TOPIC, key=str(locked.pk)).order_by().update(community=to)
    waiting.filter(kind=Target.REPLY, key__in=replies).order_by().update(community=to)


def _refuse(already: bool) -> None:
    if already:
        raise Refused("Somebody has done that already. Look at it again.")


def _lock_topic(topic: Topic, by: User, to: Community | None = None) -> Topic:
    """The topic, with its community and the one that it goes to locked before it."""
    communities = [topic.community_id, *([to.pk] if to else [])]
    list(Community.objects.select_for_update(no_key=True).filter(pk__in=communities).order_by("pk"))
    locked = Topic.objects.select_for_update(of=("self",)).select_related("community", "author").get(pk=topic.pk)
    if not permissions.can_moderate(by, locked.community):
        raise PermissionDenied
    return locked


def _lock_thing(flag: Flag, by: User) -> Topic | Reply | LibraryItem | None:
    """What a report is about, locked before the report is; None when it is not of a community."""
    match flag.kind:
        case Target.TOPIC:
            return _lock_topic(Topic.objects.select_related("community").get(pk=flag.key), by)
        case Target.REPLY:
            reply = Reply.objects.select_related("topic__community").get(pk=flag.key)
            _lock_topic(reply.topic, by)
            return reply
        case Target.LIBRARY_ITEM:
            item = LibraryItem.objects.select_related("community").get(pk=flag.key)
            Community.objects.select_for_update(no_key=True).get(pk=item.community_id)
            return item
    return None
