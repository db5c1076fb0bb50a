"""Counting what clinics achieved, and telling those who made it possible."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from dateutil.relativedelta import relativedelta
from django.db.models import Q
from django.utils import timezone

from linkworkers.batches import batched
from linkworkers.outbox.actions import Draft, queue_all
from members.mail_kinds import frequencies
from members.models import Frequency, Post, Role, User
from volunteers import impact
from volunteers.emails import impact as emails
from volunteers.models import Clinic, ClinicMonth, ClinicSession, Shift

BATCH = 200  # clinics


def count_months() -> int:
    """Counts the months that are over and not counted yet, twelve back at most. Returns how many rows it wrote.

    Two runs at once write each row once.
    """
    counted = 0
    for month in impact.months_to_count():
        done = ClinicMonth.objects.filter(month=month).values("clinic")
        sessions = ClinicSession.objects.between(month, impact.last_day(month)).exclude(clinic__in=done)
        clinics = sessions.order_by("clinic").values_list("clinic", flat=True).distinct()
        for some in batched(clinics, BATCH):
            counted += len(ClinicMonth.objects.bulk_create(impact.count(month, some), ignore_conflicts=True))
    return counted


def send_digests() -> int:
    """Writes to everybody concerned what their clinics achieved last month, once it is counted. Returns how many mails.

    Volunteers who were there and coordinators get it unless they said no, staff of a practice when they asked for it,
    and a practice's shared mailbox. Nobody hears of a clinic in which nothing took place.
    """
    month = timezone.localdate().replace(day=1) - relativedelta(months=1)
    rows = list(
        ClinicMonth.objects.filter(month=month)
        .select_related("clinic__practice")
        .order_by("clinic__practice__name", "clinic__name", "pk")
    )
    rows = [row for row in rows if not impact.achieved(row).is_empty]
    if not rows:
        return 0
    return queue_all(_drafts(rows))


def _drafts(rows: list[ClinicMonth]) -> Iterator[Draft]:
    people, practices = _concerned(rows), defaultdict(list)
    for row in rows:
        if row.clinic.practice.email:
            practices[row.clinic.practice].append(row)
    for practice, theirs in practices.items():
        yield emails.to_practice(practice, theirs)
    for kind, found in people.items():
        wanted = frequencies(kind, [user.pk for user in found])
        for user, theirs in found.items():
            if wanted[user.pk] != Frequency.OFF:
                yield emails.to_person(user, kind, theirs)


def _concerned(rows: list[ClinicMonth]) -> dict[str, dict[User, list[ClinicMonth]]]:
    """By kind of mail, who is concerned with which clinics: each person under one kind, each clinic once."""
    month = rows[0].month
    there = defaultdict(set)
    sessions = ClinicSession.objects.between(month, impact.last_day(month))
    for clinic, user in Shift.objects.worked().filter(session__in=sessions).values_list("session__clinic", "user"):
        there[user].add(clinic)
    places = {row.clinic.practice_id for row in rows} | {row.clinic.practice.parent_id for row in rows}
    posts = Post.objects.current().filter(
        Q(workplace__in=places - {None}), role__in=[Role.VOLUNTEER, Role.COORDINATOR, Role.PRACTICE_STAFF]
    )
    found: dict[str, dict[User, list[ClinicMonth]]] = {emails.KIND: {}, emails.KIND_OF_PRACTICES: {}}
    by_role = sorted(posts.select_related("user"), key=lambda post: (post.role == Role.PRACTICE_STAFF, post.pk))
    for post in by_role:
        kind = emails.KIND_OF_PRACTICES if post.role == Role.PRACTICE_STAFF else emails.KIND
        theirs = [row for row in rows if _concerns(post, row.clinic, there)]
        if kind == emails.KIND_OF_PRACTICES and post.user in found[emails.KIND]:
            kind = emails.KIND
        _add(found[kind].setdefault(post.user, []), theirs)
    return {kind: {user: own for user, own in people.items() if own} for kind, people in found.items()}


def _concerns(post: Post, clinic: Clinic, there: dict[int, set[int]]) -> bool:
    near = post.workplace_id in (clinic.practice_id, clinic.practice.parent_id)
    return near and (post.role != Role.VOLUNTEER or clinic.pk in there[post.user_id])


def _add(own: list[ClinicMonth], more: Iterable[ClinicMonth]) -> None:
    own.extend(row for row in more if row not in own)
