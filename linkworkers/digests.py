"""The members' digest: put together from what each part of the house has to say, for many members at once.

Celery finds the task by this module's name: see `linkworkers.celery`.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence

from celery import shared_task
from django.utils import timezone

from events.digest_section import section as events_section
from linkworkers.outbox.actions import queue_all, settle_all
from linkworkers.outbox.models import Message
from members.digest_sections import communities, news, region, vacancies
from members.digest_sections._section import Section
from members.emails.digest import KIND, digest_key, members_digest
from members.mail_kinds import frequencies
from members.models import Association, Frequency, Membership

AT_ONCE = 500  # members
THURSDAY, FROM = 4, dt.time(7)  # London
LOOKS_BACK = 9  # weeks, for the last digest
WEEK, MONTH = dt.timedelta(weeks=1), dt.timedelta(weeks=4)  # of news, where there was no last one

# In the order of the mail; the first two that have something are named in its subject.
SECTIONS: tuple[Callable[[Sequence[Membership], Mapping[int, dt.datetime]], dict[int, Section]], ...] = (
    communities.section,
    events_section,
    vacancies.section,
    news.section,
    region.section,
)


@shared_task
def send_members_digests() -> int:
    """Writes this week's digest for each member who wants one and has none, from Thursday 7 o'clock in London.

    Whoever wants it monthly gets it in the week of the month's first Thursday. Made up for later in the week; a week
    without a worker is told with the next. Where nothing is new that is noted, and nothing sent. Safe to run twice, or
    two at once. Returns how many were written.
    """
    now = timezone.localtime()
    thursday = now.date() + dt.timedelta(days=THURSDAY - now.isoweekday())
    begins = timezone.make_aware(dt.datetime.combine(thursday, FROM))
    if now < begins:
        return 0
    association = Association.get()
    people = Membership.objects.in_force(now.date()).filter(user__is_active=True).select_related("user")
    written = after = 0
    while some := list(people.filter(pk__gt=after).order_by("pk")[:AT_ONCE]):
        written += _send(some, begins, now, association)
        after = some[-1].pk
    return written


def _send(members: list[Membership], begins: dt.datetime, now: dt.datetime, association: Association) -> int:
    """What was written for some members. Two workers at once write the same keys, and only one of them each."""
    thursday = begins.date()
    since = _since(members, begins)
    due = [member for member in members if member.user_id in since]
    if not due:
        return 0
    found = [section(due, since) for section in SECTIONS]
    drafts, settled = [], []
    for member in due:
        assert member.user  # noqa: S101 - asked for
        sections = [said[member.user.pk] for said in found if member.user.pk in said]
        if sections:
            drafts.append(
                members_digest(member.user, sections, thursday=thursday, asked_at=now, association=association)
            )
        else:
            settled.append(digest_key(member.user.pk, thursday))
    settle_all(settled, KIND, due_at=now)
    return queue_all(drafts, batch=AT_ONCE)


def _since(members: list[Membership], begins: dt.datetime) -> dict[int, dt.datetime]:
    """Of those who are to have this week's digest, since when something is news: since their last one was put
    together.
    """
    thursday = begins.date()
    users = [member.user_id for member in members if member.user_id]
    weeks = {user: [digest_key(user, thursday - ago * WEEK) for ago in range(LOOKS_BACK)] for user in users}
    keys = [key for of_user in weeks.values() for key in of_user]
    last = dict(Message.objects.filter(key__in=keys).values_list("key", "due_at"))
    usual = {Frequency.WEEKLY: begins - WEEK, Frequency.MONTHLY: begins - MONTH}
    if thursday.day > 7:
        del usual[Frequency.MONTHLY]
    wanted = frequencies(KIND, users)
    return {
        user: max((last[key] for key in weeks[user] if key in last), default=usual[wanted[user]])
        for user in users
        if wanted[user] in usual and weeks[user][0] not in last
    }
