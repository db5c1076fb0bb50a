"""Mails that the calendar asks for: a learning year that ends with something missing, and supervision that is long ago.

Each occasion has a key, and the outbox keeps keys: a run that was missed is made up for, one that is repeated sends
nothing. Members are gone through in batches, with the same number of queries for each.
"""

from collections.abc import Collection, Iterator

from django.utils import timezone

from linkworkers.outbox.actions import Draft, queue_all
from linkworkers.outbox.models import Message
from members.emails import learning as emails
from members.learning_year import figures, gap_since, member_since
from members.mail_kinds import frequencies
from members.models import Association, Frequency, Membership, Post

DAYS_BEFORE = (60, 14)  # the end of the learning year; the last one that is due is the one that goes
BATCH = 500


def remind_of_learning_year() -> int:
    """Writes to members who miss points or formal hours, 60 and 14 days before their learning year ends.

    Nobody is reminded of a day on which they were no member yet. Returns how many mails were written.
    """
    association = Association.get()
    _, ends = association.learning_year()
    due = [days for days in DAYS_BEFORE if (ends - timezone.localdate()).days <= days]
    if not due:
        return 0
    days = min(due)

    def drafts() -> Iterator[Draft]:
        for memberships in _in_batches():
            keys = {
                membership.pk: f"learning-reminder:{membership.user_id}:{ends}:{days}"
                for membership in memberships
                if (ends - member_since(membership)).days >= days
            }
            wanted = _wanted("learning-reminder", memberships, keys)
            found = figures([membership.mailbox.pk for membership in wanted], association)
            for membership in wanted:
                standing = found[membership.mailbox.pk].standing
                if not standing.is_reached:
                    yield emails.year_reminder(membership.mailbox, key=keys[membership.pk], standing=standing)

    return queue_all(drafts())


def ask_about_supervision() -> int:
    """Writes to members whose last supervision is too long ago, once for each gap: see `learning_year.gap_since`.

    Returns how many mails were written.
    """
    association = Association.get()

    def drafts() -> Iterator[Draft]:
        for memberships in _in_batches():
            people = [membership.mailbox.pk for membership in memberships]
            found, roles = figures(people, association), _roles(people)
            keys = {}
            for membership in memberships:
                user_id = membership.mailbox.pk
                since = gap_since(
                    last=found[user_id].last_supervision,
                    member_since=member_since(membership),
                    roles=roles.get(user_id, ()),
                    association=association,
                )
                if since:
                    keys[membership.pk] = f"supervision-gap:{user_id}:{since}"
            for membership in _wanted("supervision-gap", memberships, keys):
                yield emails.supervision_gap(
                    membership.mailbox,
                    key=keys[membership.pk],
                    last=found[membership.mailbox.pk].last_supervision,
                    weeks=association.supervision_weeks,
                )

    return queue_all(drafts())


def _in_batches() -> Iterator[list[Membership]]:
    """The people whose membership is in force and who can log in."""
    people = Membership.objects.in_force().filter(user__is_active=True).select_related("user").order_by("pk")
    last = 0
    while some := list(people.filter(pk__gt=last)[:BATCH]):
        yield some
        last = some[-1].pk


def _wanted(kind: str, memberships: Collection[Membership], keys: dict[int, str]) -> list[Membership]:
    """Those with a key that has not been used, whose holder takes mails of this kind."""
    sent = set(Message.objects.filter(key__in=keys.values()).values_list("key", flat=True))
    open_ones = [each for each in memberships if each.pk in keys and keys[each.pk] not in sent]
    chosen = frequencies(kind, [each.mailbox.pk for each in open_ones])
    return [each for each in open_ones if chosen[each.mailbox.pk] != Frequency.OFF]


def _roles(user_ids: Collection[int]) -> dict[int, set[str]]:
    """The roles that each of these people holds today."""
    roles: dict[int, set[str]] = {}
    for user_id, role in Post.objects.current().filter(user__in=user_ids).values_list("user", "role").order_by():
        roles.setdefault(user_id, set()).add(role)
    return roles
