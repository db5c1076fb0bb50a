"""What members write in a community: topics, replies, and that they want to do this too.

A community is locked before its topics, and a topic before its replies, always.
"""

import uuid

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from linkworkers.actions import Refused
from linkworkers.audit.actions import record
from members import permissions
from members.actions._counts import count_listed
from members.actions.following import tell_followers
from members.actions.library import discard
from members.emails import communities as emails
from members.models import Community, Flag, Following, LibraryItem, Reply, Topic, TopicWish, User

SENT_BEFORE = "This was sent already, as it stood then. Change it where it stands, or begin anew."


@transaction.atomic
def start_topic(
    *, community: Community, kind: str, title: str, text: str, by: User, submission_key: uuid.UUID | None = None
) -> Topic:
    """Starts a topic, which its author follows: once for each `submission_key`.

    Raises PermissionDenied, and Refused when the community is closed, or the key came with something else before.
    """
    locked = _lock_community(community, by)
    key = submission_key or uuid.uuid4()
    if sent := Topic.objects.filter(submission_key=key).first():
        if (sent.author_id, sent.community_id, sent.title, sent.text) == (by.pk, locked.pk, title, text):
            return sent
        raise Refused(SENT_BEFORE)
    _refuse_closed(locked)
    now = timezone.now()
    topic = Topic(community=locked, kind=kind, title=title, author=by, written_at=now, last_at=now, submission_key=key)
    topic.write(text)
    topic.save()
    Community.objects.filter(pk=locked.pk).update(topic_count=F("topic_count") + 1, last_at=now)
    Following.objects.create(user=by, topic=topic, told_at=now)
    record("topic.started", by=by, subject=topic, facts={"community": locked.slug, "kind": kind})
    return topic


@transaction.atomic
def reply(*, topic: Topic, text: str, by: User, submission_key: uuid.UUID | None = None) -> Reply:
    """Answers in a topic, follows it and mails those who follow it: once for each `submission_key`.

    Raises PermissionDenied, and Refused when it takes no replies, or the key came with something else before.
    """
    locked = _lock_topic(topic, by)
    key = submission_key or uuid.uuid4()
    if sent := Reply.objects.filter(submission_key=key).first():
        if (sent.author_id, sent.topic_id, sent.text) == (by.pk, locked.pk, text):
            return sent
        raise Refused(SENT_BEFORE)
    _refuse_closed(locked.community)
    if locked.is_closed:
        raise Refused("A moderator has closed this topic for replies. You can start another one.")
    now = timezone.now()
    written = Reply(topic=locked, author=by, written_at=now, submission_key=key)
    written.write(text)
    written.save()
    Topic.objects.filter(pk=locked.pk).update(reply_count=F("reply_count") + 1, last_at=now)
    Community.objects.filter(pk=locked.community_id).update(last_at=now)
    Following.objects.get_or_create(user=by, topic=locked)
    record("reply.written", by=by, subject=written, facts={"topic": locked.pk})
    tell_followers(written)
    return written


@transaction.atomic
def edit_topic(topic: Topic, *, title: str, text: str, by: User) -> Topic:
    """Its author changes title and text; it is shown as edited. Raises PermissionDenied, and Refused."""
    locked = _lock_topic(topic, by)
    _check_change(locked, locked, by)
    if (locked.title, locked.text) != (title, text):
        locked.title = title
        _rewrite(locked, text, by, "title")
    return locked


@transaction.atomic
def edit_reply(reply: Reply, *, text: str, by: User) -> Reply:
    """Its author changes the text; it is shown as edited. Raises PermissionDenied, and Refused."""
    locked = _lock_reply(reply, by)
    _check_change(locked, locked.topic, by)
    if locked.text != text:
        _rewrite(locked, text, by)
    return locked


@transaction.atomic
def take_back_topic(topic: Topic, *, by: User) -> Topic:
    """Takes away its title and text for good; the replies stay. Nobody can want to do it too any more.

    Raises PermissionDenied. Taken back twice it is as if once.
    """
    locked = _lock_topic(topic, by)
    if not permissions.can_take_back(by, locked):
        raise PermissionDenied
    if not locked.is_taken_back:
        locked.title = ""
        _take_back(locked, by, "title")
        count_listed(locked.community)
    return locked


@transaction.atomic
def take_back_reply(reply: Reply, *, by: User) -> Reply:
    """Takes its text away for good; its place stays. Raises PermissionDenied. Taken back twice it is as if once."""
    locked = _lock_reply(reply, by)
    if not permissions.can_take_back(by, locked):
        raise PermissionDenied
    if not locked.is_taken_back:
        _take_back(locked, by)
    return locked


@transaction.atomic
def want_too(topic: Topic, *, note: str = "", by: User) -> TopicWish:
    """Says to the author of a story that one wants to do it too. Said again, the note is changed.

    The author gets one mail, if they are still a member. Raises PermissionDenied, and Refused.
    """
    locked = _lock_topic(topic, by)
    if not locked.takes_wishes:
        raise Refused("This topic is not one that somebody can want to do too, or no longer.")
    if locked.author_id == by.pk:
        raise Refused("This is your own story: others can say that they want to do it too.")
    wish, created = TopicWish.objects.update_or_create(topic=locked, user=by, defaults={"note": note})
    if created:
        Topic.objects.filter(pk=locked.pk).update(wish_count=F("wish_count") + 1)
        record("topic.wanted_too", by=by, subject=locked)
        author = locked.author_id
        if permissions.people_in_force().filter(pk=author).exists() and not permissions.shut_out(
            readers=[author], writers=[by.pk]
        ):
            emails.wants_too(wish)
    return wish


@transaction.atomic
def want_no_more(topic: Topic, *, by: User) -> None:
    """Takes it back; asked twice it is as if once. Raises PermissionDenied."""
    locked = _lock_topic(topic, by)
    gone, _ = TopicWish.objects.filter(topic=locked, user=by).delete()
    if gone:
        Topic.objects.filter(pk=locked.pk).update(wish_count=F("wish_count") - 1)
        record("topic.wanted_no_more", by=by, subject=locked)


def take_all_back(user: User) -> None:
    """Takes away everything that somebody wrote in communities or told a moderator, when they leave and wish it so."""
    now = timezone.now()
    Topic.objects.filter(author=user, taken_back_at=None).update(title="", text="", html="", taken_back_at=now)
    Reply.objects.filter(author=user, taken_back_at=None).update(text="", html="", taken_back_at=now)
    Flag.objects.filter(by=user).update(text="")
    Flag.objects.filter(author=user).update(excerpt="")
    for item in LibraryItem.objects.filter(by=user, removed_at=None):
        discard(item, reason="Its author has left.", by=user)


def _rewrite(locked: Topic | Reply, text: str, by: User, *more: str) -> None:
    locked.write(text)
    locked.edited_at = timezone.now()
    locked.save(update_fields=["text", "html", "edited_at", *more])
    record(f"{locked._meta.model_name}.edited", by=by, subject=locked)


def _take_back(locked: Topic | Reply, by: User, *more: str) -> None:
    locked.text = locked.html = ""
    locked.taken_back_at = timezone.now()
    locked.save(update_fields=["text", "html", "taken_back_at", *more])
    record(f"{locked._meta.model_name}.taken_back", by=by, subject=locked)


def _check_change(written: Topic | Reply, topic: Topic, by: User) -> None:
    if not permissions.can_change_text(by, written):
        raise PermissionDenied
    if written.is_taken_back:
        raise Refused("You have taken this back already.")
    _refuse_closed(topic.community)
    if topic.is_closed or topic.is_hidden:
        raise Refused("A moderator has closed this topic. What stands in it stays as it is, or is taken back.")


def _refuse_closed(community: Community) -> None:
    if not community.is_open:
        raise Refused(f"{community} is closed: it can be read, and nobody writes in it any more.")


def _lock_community(community: Community, by: User) -> Community:
    if not permissions.is_member(by):
        raise PermissionDenied
    return Community.objects.select_for_update(no_key=True).get(pk=community.pk)


def _lock_topic(topic: Topic, by: User) -> Topic:
    """The topic, as long as this person sees it; its community is locked first."""
    community = _lock_community(topic.community, by)
    locked = (
        Topic.objects.visible_to(by)
        .select_for_update(of=("self",))
        .select_related("author")
        .filter(pk=topic.pk)
        .first()
    )
    if locked is None:
        raise PermissionDenied
    if locked.community_id == community.pk:
        locked.community = community
    return locked


def _lock_reply(reply: Reply, by: User) -> Reply:
    topic = _lock_topic(reply.topic, by)
    locked = Reply.objects.select_for_update(of=("self",)).get(pk=reply.pk)
    locked.topic = topic
    return locked
