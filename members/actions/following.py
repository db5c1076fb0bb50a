"""Following communities and topics, and the mails that come of it."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Greatest
from django.utils import timezone

from linkworkers.batches import batched
from linkworkers.outbox.actions import queue_all
from linkworkers.outbox.models import Message
from members import permissions
from members.emails import communities as emails
from members.mail_kinds import frequencies
from members.models import Community, Following, Frequency, Membership, Moderator, Reply, Topic, TopicWish, User

KIND = "topic-reply"
SETTLED = dt.timedelta(minutes=1)  # by then a reply that was being saved is there
PEOPLE_AT_ONCE = 500


@transaction.atomic
def follow_community(community: Community, *, by: User, follows: bool) -> None:
    """Follows it, or stops. Either may be asked twice. Raises PermissionDenied."""
    if not permissions.is_member(by):
        raise PermissionDenied
    row, created = Following.objects.get_or_create(user=by, community=community, defaults={"is_muted": not follows})
    changed = created and follows
    if not created:
        changed = bool(Following.objects.filter(pk=row.pk, is_muted=follows).update(is_muted=not follows))
    if changed:
        _count(community, 1 if follows else -1)


@transaction.atomic
def follow_topic(topic: Topic, *, by: User, follows: bool) -> None:
    """Follows it from now on, or stops: what was written meanwhile is not told. Raises PermissionDenied."""
    if not permissions.is_member(by):
        raise PermissionDenied
    Following.objects.update_or_create(
        user=by, topic=topic, defaults={"is_muted": not follows, "told_at": timezone.now()}
    )


def follow_by_itself(user: User, communities: Iterable[Community]) -> None:
    """Follows communities for somebody who did not ask, unless they have stopped following them before."""
    for community in communities:
        _, created = Following.objects.get_or_create(user=user, community=community)
        if created:
            _count(community, 1)


def _count(community: Community, step: int) -> None:
    """One more follower, or one less. Somebody whose membership had ended was not counted: never below none."""
    Community.objects.filter(pk=community.pk).update(follower_count=Greatest(F("follower_count") + step, 0))


@transaction.atomic
def follow_defaults(membership: Membership) -> None:
    """Whoever belongs follows their own region's community and the national one.

    To be called whenever a person's membership comes into force, or its region changes: nothing that they follow or
    have stopped following changes by it.
    """
    if membership.user is not None:
        own = Q(kind=Community.Kind.NATIONAL) | Q(kind=Community.Kind.REGION, region=membership.region)
        follow_by_itself(membership.user, Community.objects.listed().filter(own))


def tell_followers(reply: Reply) -> None:
    """Mails whoever follows the topic and wants to hear of replies at once: five statements, and two for each 500.

    Never its writer, nobody who blocked them or was blocked, nobody whose membership has ended. Whoever wants one mail
    a day is left to `send_summaries`.
    """
    topic = reply.topic
    followers = Following.objects.filter(topic=topic, is_muted=False).exclude(user=reply.author)
    readers = list(permissions.people_in_force().filter(pk__in=followers.values("user")))
    ids = [reader.pk for reader in readers]
    wanted = frequencies(KIND, ids)
    blocked = permissions.shut_out(readers=ids, writers=[reply.author_id])
    at_once = [
        reader
        for reader in readers
        if wanted[reader.pk] == Frequency.AT_ONCE and (reader.pk, reply.author_id) not in blocked
    ]
    daily = [reader for reader, frequency in wanted.items() if frequency == Frequency.DAILY]
    queue_all(emails.topic_reply(reply, reader) for reader in at_once)
    Following.objects.filter(topic=topic).exclude(user__in=daily).update(told_at=reply.written_at)


def send_summaries(now: dt.datetime | None = None) -> int:
    """One mail for each person who wants one a day and whose topics have replies that they were not told of.

    Safe to run twice: nobody gets two on one day, and what was not told today is told tomorrow. Returns how many.
    """
    until = (now or timezone.now()) - SETTLED
    due = Following.objects.filter(topic__last_at__gt=F("told_at"), is_muted=False)
    people = permissions.people_in_force().filter(pk__in=due.values("user")).in_bulk()
    wanted = frequencies(KIND, people)
    daily = [people[pk] for pk, frequency in wanted.items() if frequency == Frequency.DAILY]
    return sum(_summarise(some, until) for some in batched(daily, PEOPLE_AT_ONCE))


@transaction.atomic
def _summarise(people: list[User], until: dt.datetime) -> int:
    """Six statements for some people."""
    day = timezone.localdate(until)
    keys = {emails.summary_key(person, day): person for person in people}
    told_today = set(Message.objects.filter(key__in=keys).values_list("key", flat=True))
    readers = {person.pk: person for key, person in keys.items() if key not in told_today}
    followings = list(
        Following.objects.filter(user__in=readers, topic__last_at__gt=F("told_at"), is_muted=False)
        .select_for_update(of=("self",))
        .select_related("topic__community")
        .order_by("pk")
    )
    news = _replies_since(followings, until)
    writers = {reply.author_id for replies in news.values() for reply in replies}
    blocked = permissions.shut_out(readers=readers, writers=writers)
    told: dict[int, list[tuple[Topic, list[Reply]]]] = defaultdict(list)
    for following in followings:
        replies = [
            reply
            for reply in news.get(following.topic_id or 0, [])
            if reply.written_at > following.told_at
            and reply.author_id != following.user_id
            and (following.user_id, reply.author_id) not in blocked
        ]
        if replies and following.topic:
            told[following.user_id].append((following.topic, replies))
    count = queue_all(emails.topic_summary(readers[pk], topics, day) for pk, topics in told.items())
    told_at = Greatest("told_at", until)  # never back to what was written before they began to follow
    Following.objects.filter(pk__in=[following.pk for following in followings]).update(told_at=told_at)
    return count


def _replies_since(followings: list[Following], until: dt.datetime) -> dict[int, list[Reply]]:
    """The replies that may be news to one of them, by topic, the oldest first: one query."""
    found: dict[int, list[Reply]] = defaultdict(list)
    if followings:
        replies = Reply.objects.filter(
            topic__in=[following.topic_id for following in followings],
            topic__hidden_at=None,
            written_at__gt=min(following.told_at for following in followings),
            written_at__lte=until,
            hidden_at=None,
            taken_back_at=None,
        )
        for reply in replies.select_related("author").defer("text", "html"):
            found[reply.topic_id].append(reply)
    return found


def erase(user: User) -> None:
    """Forgets what somebody follows and what they want to do too, when they leave. They moderate nothing any more."""
    Following.objects.filter(user=user).delete()
    wishes = TopicWish.objects.filter(user=user)
    Topic.objects.filter(wishes__in=wishes).update(wish_count=F("wish_count") - 1)
    wishes.delete()
    today = timezone.localdate()
    Moderator.objects.filter(user=user, start_date__gt=today).delete()
    Moderator.objects.current().filter(user=user).update(end_date=today)
