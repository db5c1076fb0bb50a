"""Mails that the calendar asks for: shifts and trainings that begin soon, the week, sessions without volunteers.

Each occasion has a key, and the outbox keeps keys: a run that was missed is made up for while there is still time, one
that is repeated sends nothing. People are gone through in batches, with the same number of queries for each.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from django.db.models import F, Q
from django.utils import timezone

from linkworkers.outbox.actions import Draft, queue_all, settle_all
from linkworkers.outbox.models import Message
from members.mail_kinds import frequencies
from members.models import Frequency, Post, Role, User
from volunteers.emails import reminders as emails
from volunteers.emails import training as training_emails
from volunteers.models import ClinicSession, Shift, TrainingPlace, Volunteer, availability_of
from volunteers.models.session import ClinicSessionQuerySet

BATCH = 500
HORIZONS = (48, 3)  # hours before a shift; of those that are due the last one goes
TRAINING_HOURS = 48
HOUR = dt.timedelta(hours=1)
UNFILLED_FROM = dt.time(8)  # London
UNFILLED_DAYS = 7
MOST_LISTED = 20  # sessions in a coordinator's mail
WEEK_FROM = dt.time(17)  # of the Sunday before, London
WEEK_UNTIL = dt.timedelta(days=2)  # from Monday on: a week is not told of when it is half over
MOST_OPEN = 5  # sessions that need somebody, in a volunteer's mail
OF_SESSION = ("clinic__practice", "clinic__role", "room")


def remind_of_shifts() -> int:
    """Reminds whoever is on a shift 48 and 3 hours before it, never after its start. Returns how many were written.

    Whoever took a shift later than that needs no reminder of that time: they have just said yes. Made up for late, as
    long as the next one is not due. Hours are hours, whatever the clocks do. A shift that is moved is told of again.
    """
    now = timezone.now()
    return queue_all(_shift_drafts(now), batch=BATCH)


def _shift_drafts(now: dt.datetime) -> Iterator[Draft]:
    latest = now
    for hours in sorted(HORIZONS):
        before = hours * HOUR
        due = (
            Shift.objects.standing()
            .filter(starts_at__gt=latest, starts_at__lte=now + before, user__is_active=True)
            .filter(created_at__lte=F("starts_at") - before)
            .select_related("user", "volunteer", "session__clinic__practice", "session__clinic__role", "session__room")
        )
        latest = now + before
        for shifts in _in_batches(due):
            keys = {each.pk: f"{emails.SHIFT}:{each.pk}:{hours}:{each.starts_at:%Y%m%dT%H%MZ}" for each in shifts}
            for shift in _wanted(emails.SHIFT, shifts, keys, {each.pk: each.user_id for each in shifts}):
                yield emails.shift_reminder(shift, key=keys[shift.pk])


def remind_of_trainings() -> int:
    """The same 48 hours before a training, to whoever has a place. Returns how many were written."""
    now, before = timezone.now(), TRAINING_HOURS * HOUR
    due = (
        TrainingPlace.objects.coming()
        .filter(training__starts_at__gt=now, training__starts_at__lte=now + before)
        .filter(joined_at__lte=F("training__starts_at") - before, volunteer__user__is_active=True)
        .filter(Q(moved_up_at=None) | Q(moved_up_at__lte=F("training__starts_at") - before))
        .select_related("training__workplace", "volunteer__user")
    )

    def drafts() -> Iterator[Draft]:
        for places in _in_batches(due):
            keys = {each.pk: f"training-reminder:{each.pk}:{each.training.starts_at:%Y%m%dT%H%MZ}" for each in places}
            users = {each.pk: each.volunteer.user_id or 0 for each in places}
            for place in _wanted(emails.SHIFT, places, keys, users):
                yield training_emails.reminder(place, key=keys[place.pk])

    return queue_all(drafts(), batch=BATCH)


def tell_unfilled() -> int:
    """Tells each coordinator, once a day from 8 o'clock on, of the sessions of the next seven days that are short of
    volunteers; nothing when none is. Returns how many mails were written.
    """
    now = timezone.localtime()
    if now.time() < UNFILLED_FROM:
        return 0
    today = now.date()
    posts = Post.objects.current(today).filter(role=Role.COORDINATOR)

    def drafts() -> Iterator[Draft]:
        for users in _in_batches(User.objects.filter(pk__in=posts.values("user"), is_active=True)):
            keys = {user.pk: f"{emails.UNFILLED}:{user.pk}:{today}" for user in users}
            wanted = _wanted(emails.UNFILLED, users, keys, {user.pk: user.pk for user in users})
            mine = defaultdict(set)
            held = posts.filter(user__in=[user.pk for user in wanted])
            for user_id, workplace_id in held.values_list("user", "workplace").order_by():
                mine[user_id].add(workplace_id)
            places = set().union(*mine.values()) if mine else set()
            short = _short(places, today, today + dt.timedelta(days=UNFILLED_DAYS))
            for user in wanted:
                found = [each for each in short if _is_at(each, mine[user.pk])]
                if found:
                    listed, more = found[:MOST_LISTED], len(found[MOST_LISTED:])
                    yield emails.unfilled(user, key=keys[user.pk], sessions=listed, more=more)

    return queue_all(drafts(), batch=BATCH)


def send_weeks() -> int:
    """Sends each volunteer, from Sunday 17 o'clock on, their shifts of the week and what needs somebody whom they
    could be; made up for until Tuesday night. Who has neither gets nothing. Returns how many were written.
    """
    now = timezone.localtime()
    monday = now.date() + dt.timedelta(days=(1 if now.isoweekday() == 7 else 1 - now.isoweekday()))
    if (now.isoweekday() == 7 and now.time() < WEEK_FROM) or now.date() >= monday + WEEK_UNTIL:
        return 0
    sunday = monday + dt.timedelta(days=6)
    posts = Post.objects.current(monday).filter(role=Role.VOLUNTEER)
    open_week = _OpenWeek(monday, sunday)

    def drafts() -> Iterator[Draft]:
        for users in _in_batches(User.objects.filter(pk__in=posts.values("user"), is_active=True)):
            keys = {user.pk: f"{emails.WEEK}:{user.pk}:{monday}" for user in users}
            wanted = _wanted(emails.WEEK, users, keys, {user.pk: user.pk for user in users})
            ids = [user.pk for user in wanted]
            shifts = defaultdict(list)
            due = Shift.objects.to_come().filter(user__in=ids, session__in=_of_days(monday, sunday))
            for shift in due.select_related("session__clinic__practice", "session__room").order_by("starts_at"):
                shifts[shift.user_id].append(shift)
            volunteering = defaultdict(list)
            for volunteer in Volunteer.objects.filter(user__in=ids).order_by("pk"):
                volunteering[volunteer.user_id].append(volunteer)
            silent = []
            for user in wanted:
                mine = shifts[user.pk]
                open_ones = open_week.for_volunteers(volunteering[user.pk], mine)
                if mine or open_ones:
                    yield emails.week(user, key=keys[user.pk], shifts=mine, open_ones=open_ones)
                else:
                    silent.append(keys[user.pk])
            settle_all(silent, emails.WEEK)

    return queue_all(drafts(), batch=BATCH)


class _OpenWeek:
    """The sessions of a week that are short of volunteers, and who is cleared for each: a query for a role's day."""

    def __init__(self, first: dt.date, last: dt.date) -> None:
        self.by_place: dict[int, list[ClinicSession]] = defaultdict(list)
        self.cleared: dict[tuple[int, dt.date], set[int]] = {}
        short = _of_days(first, last).short().filter(starts_at__gt=timezone.now())
        for session in short.select_related(*OF_SESSION):
            practice = session.clinic.practice
            for place in {practice.pk, practice.parent_id or practice.pk}:
                self.by_place[place].append(session)

    def for_volunteers(self, own: Sequence[Volunteer], shifts: Sequence[Shift]) -> list[ClinicSession]:
        """Those that somebody could be on, whichever workplace they are of; first the times they said they can."""
        found = {}
        for volunteer in own:
            for session in self.by_place.get(volunteer.workplace_id, ()):
                busy = any(each.starts_at < session.ends_at and session.starts_at < each.ends_at for each in shifts)
                if not busy and volunteer.pk in self._cleared_for(session):
                    can = availability_of(session.starts_at) in volunteer.availability
                    found[session.pk] = (not can, session.starts_at, session.pk, session)
        return [session for *_, session in sorted(found.values(), key=lambda row: row[:3])][:MOST_OPEN]

    def _cleared_for(self, session: ClinicSession) -> set[int]:
        role, day = session.clinic.role, session.on
        if (role.pk, day) not in self.cleared:
            cleared = Volunteer.objects.cleared_for(role, on=day).values_list("pk", flat=True)
            self.cleared[role.pk, day] = set(cleared)
        return self.cleared[role.pk, day]


def _of_days(first: dt.date, last: dt.date) -> ClinicSessionQuerySet:
    return ClinicSession.objects.on().between(first, last).order_by("starts_at", "pk")


def _short(places: Collection[int], first: dt.date, last: dt.date) -> list[ClinicSession]:
    """The sessions to come of these days that are short, at these workplaces and at the practices of these networks."""
    at = Q(clinic__practice__in=places) | Q(clinic__practice__parent__in=places)
    found = _of_days(first, last).short().filter(at, starts_at__gt=timezone.now())
    return list(found.select_related(*OF_SESSION))


def _is_at(session: ClinicSession, places: Collection[int]) -> bool:
    practice = session.clinic.practice
    return practice.pk in places or practice.parent_id in places


def _in_batches(rows: Any) -> Iterator[list[Any]]:
    last = 0
    while some := list(rows.filter(pk__gt=last).order_by("pk")[:BATCH]):
        yield some
        last = some[-1].pk


def _wanted(kind: str, rows: Sequence[Any], keys: dict[int, str], users: dict[int, int]) -> list[Any]:
    """The rows whose key has not been used, and whose person takes mails of this kind."""
    used = set(Message.objects.filter(key__in=keys.values()).values_list("key", flat=True))
    left = [row for row in rows if keys[row.pk] not in used]
    chosen = frequencies(kind, [users[row.pk] for row in left])
    return [row for row in left if chosen[users[row.pk]] != Frequency.OFF]
