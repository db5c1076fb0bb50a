"""What is done with communities themselves: asking for one, opening and closing it, naming who looks after it."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Count, Max, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.text import slugify

from linkworkers.actions import Refused
from linkworkers.audit.actions import record
from members import permissions
from members.actions._counts import count_listed
from members.actions.following import follow_by_itself
from members.emails import communities as emails
from members.models import Community, Following, Interest, Moderator, Reply, Topic, TopicWish, User
from members.models.community import RESERVED_SLUGS

State = Community.State


@transaction.atomic
def ask(*, name: str, purpose: str, interest: Interest, by: User) -> Community:
    """A member asks for an interest group: the office opens it or says why not. Nobody else sees it until then.

    Raises PermissionDenied, and Refused when there is one of that name.
    """
    if not permissions.is_member(by):
        raise PermissionDenied
    community = Community(
        name=name, slug=_free_slug(name), purpose=purpose, interest=interest, state=State.ASKED, asked_by=by
    )
    try:
        with transaction.atomic():
            community.save()
    except IntegrityError as error:
        raise Refused(f"There is a community called {name}, or somebody has asked for one.") from error
    record("community.asked", by=by, subject=community, facts={"name": name})
    return community


@transaction.atomic
def answer(community: Community, *, approve: bool, reason: str = "", by: User) -> Community:
    """The office opens what was asked for, or says why not; whoever asked gets a mail, and follows what is opened.

    Raises PermissionDenied, and Refused when it has been answered, or a no has no reason.
    """
    locked = _lock(community, by)
    if locked.state != State.ASKED or locked.asked_by is None:
        raise Refused(f"This one does not wait for an answer: {locked.get_state_display().lower()}.")
    if not approve and not reason:
        raise Refused("Say why not. Whoever asked gets it by mail.")
    locked.state = State.OPEN if approve else State.DECLINED
    locked.answer = "" if approve else reason
    locked.save(update_fields=["state", "answer"])
    if approve:
        follow_by_itself(locked.asked_by, [locked])
    record(f"community.{'opened' if approve else 'declined'}", by=by, subject=locked)
    emails.community_answered(locked)
    return locked


@transaction.atomic
def close(community: Community, *, reason: str, by: User) -> Community:
    """It is read on, and nobody writes in it. Raises PermissionDenied, and Refused."""
    locked = _lock(community, by)
    if locked.state != State.OPEN:
        raise Refused(f"Only an open community can be closed. This one is: {locked.get_state_display().lower()}.")
    if not reason:
        raise Refused("Say why: its members read it on its page.")
    locked.state, locked.closed_at, locked.answer = State.CLOSED, timezone.now(), reason
    locked.save(update_fields=["state", "closed_at", "answer"])
    record("community.closed", by=by, subject=locked, facts={"reason": reason})
    return locked


@transaction.atomic
def reopen(community: Community, *, by: User) -> Community:
    """Members may write in it again. Raises PermissionDenied, and Refused."""
    locked = _lock(community, by)
    if locked.state != State.CLOSED:
        raise Refused(f"Only a closed community is opened again. This one is: {locked.get_state_display().lower()}.")
    locked.state, locked.closed_at, locked.answer = State.OPEN, None, ""
    locked.save(update_fields=["state", "closed_at", "answer"])
    record("community.reopened", by=by, subject=locked)
    return locked


@transaction.atomic
def name_moderator(*, community: Community, user: User, by: User, start_date: dt.date | None = None) -> Moderator:
    """From a day on, today unless told, somebody looks after a community.

    Raises PermissionDenied, and Refused when they are no member in force, or do it already.
    """
    locked = _lock(community, by)
    if not permissions.people_in_force().filter(pk=user.pk).exists():
        raise Refused(f"{user} has no membership in force. A moderator is a member.")
    if Moderator.objects.filter(community=locked, user=user, end_date=None).exists():
        raise Refused(f"{user} looks after {locked} already.")
    moderator = Moderator(community=locked, user=user, start_date=start_date or timezone.localdate())
    try:
        with transaction.atomic():
            moderator.save()
    except IntegrityError as error:
        raise Refused(f"{user} looks after {locked} on some of these days already.") from error
    follow_by_itself(user, [locked])
    record("moderator.named", by=by, subject=moderator, facts={"community": str(locked), "user": user.pk})
    return moderator


@transaction.atomic
def end_moderator(moderator: Moderator, *, by: User) -> Moderator:
    """Today is the last day on which they look after it; whoever has not begun never does.

    Raises PermissionDenied, and Refused when it has ended.
    """
    if not permissions.can_run_communities(by):
        raise PermissionDenied
    locked = Moderator.objects.select_for_update(of=("self",)).select_related("community", "user").get(pk=moderator.pk)
    if locked.end_date:
        raise Refused("This has ended already.")
    locked.end_date = max(timezone.localdate(), locked.start_date)
    locked.save(update_fields=["end_date"])
    record("moderator.ended", by=by, subject=locked, facts={"community": str(locked.community), "user": locked.user_id})
    return locked


@transaction.atomic
def recount(community: Community) -> None:
    """Brings every count and date that is kept of a community up to date with its rows, in six statements.

    Whatever makes topics, replies, wishes or followings in bulk calls it afterwards. A task does so every night, for
    a membership that lapsed ends no following: only people in force are counted.
    """
    Community.objects.select_for_update(no_key=True).get(pk=community.pk)
    topics = Topic.objects.filter(community=community)
    replies = Reply.objects.order_by().filter(topic=OuterRef("pk")).values("topic")
    wishes = TopicWish.objects.order_by().filter(topic=OuterRef("pk")).values("topic")
    topics.update(
        reply_count=Coalesce(Subquery(replies.annotate(n=Count("pk")).values("n")), 0),
        wish_count=Coalesce(Subquery(wishes.annotate(n=Count("pk")).values("n")), 0),
        last_at=Coalesce(Subquery(replies.annotate(last=Max("written_at")).values("last")), "written_at"),
    )
    followers = Following.objects.filter(
        community=community, is_muted=False, user__in=permissions.people_in_force()
    ).count()
    Community.objects.filter(pk=community.pk).update(follower_count=followers)
    count_listed(community)
    community.refresh_from_db(fields=["topic_count", "last_at", "follower_count"])


def recount_all() -> int:
    """Every community that has a page, each in a transaction of its own. Returns how many."""
    communities = list(Community.objects.shown())
    for community in communities:
        recount(community)
    return len(communities)


def _lock(community: Community, by: User) -> Community:
    if not permissions.can_run_communities(by):
        raise PermissionDenied
    locked = Community.objects.select_for_update(of=("self",)).select_related("asked_by")
    return locked.get(pk=community.pk)


def _free_slug(name: str) -> str:
    """An address from a name of any script; the office may change it."""
    plain = slugify(name)[:60] or "group"
    taken = RESERVED_SLUGS | set(Community.objects.filter(slug__startswith=plain).values_list("slug", flat=True))
    number = 1
    slug = plain
    while slug in taken:
        number += 1
        slug = f"{plain}-{number}"
    return slug
