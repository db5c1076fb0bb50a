"""Changing a clinic: what becomes of the sessions that are there, looked at first and then done."""

import copy
import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from linkworkers.actions import Refused
from linkworkers.audit.actions import record
from linkworkers.fingerprint import fingerprint
from members.models import User
from volunteers import permissions
from volunteers.actions import _slots, generation
from volunteers.actions._shifts import deal, end_shift
from volunteers.actions.clinics import save_clinic
from volunteers.actions.sessions import lock_clinic, why_elsewhere
from volunteers.emails import clinics as emails
from volunteers.emails.clinics import News, in_words
from volunteers.models import GENERATED_AHEAD, Booking, Clinic, ClinicSession, Shift
from volunteers.pattern import Half, Occurrence, Pattern, monday

ON_SESSIONS = ("room_id", "slot_minutes", "at_once", "places", "at_least")
WORTH_ASKING = frozenset({"starts_at", "room_id", "slot_minutes", "at_once"})
STALE = "Something changed meanwhile. This is how it is now: look again before you go on."


class Kind(models.TextChoices):
    """What a change means for a session."""

    MOVED = "moved", "another time"
    ALTERED = "altered", "another room or other slots"
    DROPPED = "dropped", "no longer in the pattern"


class Deed(models.TextChoices):
    KEEP = "keep", "Keep these sessions as they are"
    MOVE = "move", "Change them too"
    CANCEL = "cancel", "Cancel them"


@dataclass(frozen=True)
class Affected:
    """A session to come that the change is about, with what it would become."""

    session: ClinicSession
    kind: Kind
    target: Occurrence | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    unfit: int = 0  # people booked who would have no slot
    off: Mapping[int, str] = field(default_factory=dict)  # shifts that would end, and why

    @property
    def is_busy(self) -> bool:
        return bool(self.session.taken or self.session.booked)

    @property
    def needs_answer(self) -> bool:
        return self.is_busy and (self.kind == Kind.DROPPED or not WORTH_ASKING.isdisjoint(self.values))


@dataclass(frozen=True)
class Group:
    """Sessions with somebody on them or booked, to which the same happens: about which somebody decides."""

    kind: Kind
    sessions: list[Affected]

    @property
    def volunteers(self) -> int:
        return sum(each.session.taken for each in self.sessions)

    @property
    def booked(self) -> int:
        return sum(each.session.booked for each in self.sessions)

    @property
    def unfit(self) -> int:
        return sum(each.unfit for each in self.sessions)

    @property
    def off(self) -> list[str]:
        return sorted({why for each in self.sessions for why in each.off.values()})


@dataclass(frozen=True)
class Plan:
    """What a change would do. `stamp` stands for all that it was made from."""

    clinic: Clinic
    affected: list[Affected]
    uncleared: dict[int, str]  # shifts of volunteers who cannot be the clinic's new role, and why
    stamp: str

    @property
    def groups(self) -> list[Group]:
        asked = [each for each in self.affected if each.needs_answer]
        groups = (Group(kind, [each for each in asked if each.kind == kind]) for kind in Kind)
        return [group for group in groups if group.sessions]

    @property
    def quiet(self) -> int:
        """How many sessions change without anybody on them."""
        return sum(not each.is_busy for each in self.affected)

    @property
    def reasons(self) -> list[str]:
        return sorted(set(self.uncleared.values()))

    @property
    def needs_answer(self) -> bool:
        return bool(self.groups or self.uncleared)


def plan_change(clinic: Clinic, *, facts: Mapping[str, Any], week: Mapping[int, Half], by: User) -> Plan:
    """What becomes of the sessions after today when the clinic gets these facts and times. Changes nothing.

    Sessions that were moved or added by hand stay as they are, unless the clinic ends before them. Raises
    PermissionDenied, and Refused when somebody is booked and the new role is not one that people are booked with.
    """
    if not permissions.can_coordinate(by, clinic.practice):
        raise PermissionDenied
    new = copy.copy(clinic)
    for name, value in facts.items():
        setattr(new, name, value)
    zone = timezone.get_default_timezone()
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    begin = dt.datetime.combine(tomorrow, dt.time(), tzinfo=zone)
    found = clinic.sessions.to_come().select_related("room").prefetch_related(_standing_shifts())
    to_come = list(found.order_by("starts_at"))
    for session in to_come:
        session.clinic = clinic
    sessions = [session for session in to_come if session.starts_at >= begin]
    if new.role != clinic.role and not new.role.meets_people and any(session.booked for session in to_come):
        raise Refused(f"People are booked here, and nobody is booked with a {new.role.name.lower()}. End this clinic.")
    affected = list(_compare(clinic, new, Pattern.made_of(new, week), sessions, tomorrow))
    leaving = {each.session.pk for each in affected if each.target}
    affected = [_with_consequences(each, leaving, by) for each in affected]
    return Plan(
        clinic=clinic,
        affected=affected,
        uncleared=dict(_uncleared(new, to_come)) if new.role != clinic.role else {},
        stamp=fingerprint(
            {
                "was": [[getattr(clinic, name) for name in facts], sorted(_week(clinic).items())],
                "now": [[str(value) for value in facts.values()], sorted(week.items())],
                "sessions": [
                    [each.pk, each.starts_at, each.ends_at, each.room_id, sorted(s.pk for s in each.shifts.all())]
                    for each in to_come
                ],
                "bookings": sorted(_bookings(to_come)),
            }
        ),
    )


@transaction.atomic
def change_clinic(
    clinic: Clinic,
    *,
    facts: Mapping[str, Any],
    week: Mapping[int, Half],
    deeds: Mapping[str, str] | None = None,
    stamp: str = "",
    by: User,
) -> News:
    """Gives a clinic other facts and times, and does with its sessions what `deeds` says for each kind of change.

    Empty sessions follow of themselves. Whoever is booked in one that is cancelled, or has no slot in one that is
    moved, is offered another time. Raises PermissionDenied, and Refused when what was looked at (`stamp`) has changed,
    or somebody is concerned about whom nothing was decided.
    """
    deeds = deeds or {}
    clinic = lock_clinic(clinic)
    locked = _slots.lock_sessions(clinic, clinic.sessions.to_come().values_list("pk", flat=True))
    plan = plan_change(clinic, facts=facts, week=week, by=by)
    if plan.needs_answer and (plan.stamp != stamp or not {group.kind.value for group in plan.groups} <= set(deeds)):
        raise Refused(STALE)
    before = {name: getattr(clinic, name) for name in facts}
    for name, value in facts.items():
        setattr(clinic, name, value)
    times_change = _week(clinic) != dict(week)
    save_clinic(clinic, week)
    changed = {name: [str(was), str(facts[name])] for name, was in before.items() if was != facts[name]}
    record("clinic.changed", by=by, subject=clinic, summary=str(clinic), facts={**changed, "times": times_change})
    news = News(clinic)
    try:
        with transaction.atomic():
            _take_off(plan.uncleared, by=by, news=news)
            _settle(plan, deeds, by=by, news=news)
            _make_new(clinic)
    except IntegrityError as error:
        raise Refused(STALE) from error
    fresh = ClinicSession.objects.filter(clinic=clinic, cancelled_at=None, starts_at__gt=timezone.now())
    rest = {session.pk: session for session in fresh.select_related("clinic__role", "clinic__practice", "room")}
    _slots.offer(news, {**_refreshed(locked), **rest}.values(), by=by)
    news.tell()
    return news


def _settle(plan: Plan, deeds: Mapping[str, str], *, by: User, news: News) -> None:
    """Does what was decided with each session; those that nobody is concerned by follow the pattern."""

    def deed(each: Affected) -> str:
        if each.needs_answer:
            return deeds[each.kind]
        return Deed.CANCEL if each.kind == Kind.DROPPED else Deed.MOVE

    decided = [(each, deed(each)) for each in plan.affected]  # before anything is done with them
    for each, what in decided:
        if what == Deed.CANCEL:
            _cancel(each, by=by, news=news)
    moving = [each for each, what in decided if what == Deed.MOVE and each.kind != Kind.DROPPED]
    # Out of their rooms first, and those that go furthest ahead first: none is then in another's way.
    ClinicSession.objects.filter(pk__in=[each.session.pk for each in moving if "room_id" in each.values]).update(
        room=None
    )
    generation.hold_rooms(each.values.get("room_id") for each in moving)
    later = [each for each in moving if each.target and each.target.starts_at > each.session.starts_at]
    sooner = [each for each in moving if each not in later]
    roomless = [each.session for each in [*reversed(later), *sooner] if not _move(each, by=by, news=news)]
    if roomless:
        emails.rooms_are_taken({plan.clinic: sorted(roomless, key=lambda session: session.starts_at)})


def _cancel(each: Affected, *, by: User, news: News) -> None:
    session = each.session
    if not each.is_busy:
        try:
            session.delete()
        except models.ProtectedError:  # somebody was on it or booked once
            pass
        else:
            return
    if each.target:  # the pattern makes that day's session anew
        session.pattern_on = None
        session.save(update_fields=["pattern_on"])
    _slots.release(session, reason="The clinic’s times change.", by=by, news=news)


def _move(each: Affected, *, by: User, news: News) -> bool:
    """Gives a session what it is to have, and returns whether it has the room that it wanted."""
    session, was = each.session, in_words(each.session)
    _take_off(each.off, by=by, news=news)
    bookings = _slots.standing(session)
    fit, unfit = _slots.fitting(session, bookings, each.values)
    for booking in unfit:
        _slots.release_booking(booking, reason="The clinic’s times change.", by=by, news=news)
    session.refresh_from_db(fields=["taken", "booked"])
    values = {**each.values, "places": max(each.values.get("places", session.places), session.taken)}
    values["at_least"] = min(values.get("at_least", session.at_least), values["places"])
    room_id = values.get("room_id")
    has_room = not room_id or not _slots.in_room(session, room_id, *_times_of(session, values))
    _slots.relocate(session, values if has_room else {**values, "room_id": None}, fit, news=news)
    if not WORTH_ASKING.isdisjoint(each.values):
        where = f" in {session.room}" if session.room else ""
        for shift in session.shifts.standing().select_related("user"):
            news.volunteers[shift.user].append(f"{was} is now {in_words(session)}{where}.")
    deal(session)
    return has_room


def _times_of(session: ClinicSession, values: Mapping[str, Any]) -> tuple[dt.datetime, dt.datetime]:
    return values.get("starts_at", session.starts_at), values.get("ends_at", session.ends_at)


def _take_off(shifts: Mapping[int, str], *, by: User, news: News) -> None:
    for shift in Shift.objects.standing().filter(pk__in=shifts).select_related("session", "volunteer", "user"):
        shift.session.clinic = news.clinic
        end_shift(shift, reason=Shift.Ended.TAKEN_OFF, by=by)
        news.volunteers[shift.user].append(f"You are no longer down for {in_words(shift.session)}. {shifts[shift.pk]}")


def _make_new(clinic: Clinic) -> None:
    """The sessions of days that the pattern has now; those of today stay as they are."""
    today = timezone.localdate()
    until = max(clinic.generated_until or today, today + GENERATED_AHEAD)
    generation.make([_again(clinic)], until=until, first_day=today + dt.timedelta(days=1))


def _again(clinic: Clinic) -> Clinic:
    return Clinic.objects.select_related("practice__parent", "room").prefetch_related("times").get(pk=clinic.pk)


def _compare(
    old: Clinic, new: Clinic, pattern: Pattern, sessions: list[ClinicSession], tomorrow: dt.date
) -> Iterator[Affected]:
    """What the change means for each session; nothing for those that stay."""
    before = Pattern.of(old)
    gained: dict[dt.date, list[Occurrence]] = {}  # days of a week that were not in the pattern, to move sessions to
    has = set(old.sessions.filter(pattern_on__gte=monday(tomorrow)).values_list("pattern_on", flat=True))
    for session in sessions:
        if new.ends_on and session.on > new.ends_on:
            if old.ends_on is None or session.on <= old.ends_on:
                yield Affected(session, Kind.DROPPED)
            continue
        was = before.on(session.pattern_on) if session.pattern_on else None
        if was is None or (was.starts_at, was.ends_at) != (session.starts_at, session.ends_at):
            continue  # moved or added by hand
        values = {name: getattr(new, name) for name in ON_SESSIONS if _follows(session, old, new, name)}
        target = pattern.on(was.on)
        if target is None:
            week = monday(was.on)
            if week not in gained:
                days = pattern.between(max(week, tomorrow), week + dt.timedelta(days=6))
                gained[week] = [each for each in days if not before.on(each.on) and each.on not in has]
            target = gained[week].pop(0) if gained[week] else None
        if target is None:
            yield Affected(session, Kind.DROPPED)
        elif target != was:
            times = {"starts_at": target.starts_at, "ends_at": target.ends_at, "pattern_on": target.on}
            yield Affected(session, Kind.MOVED, target, {"room_id": session.room_id, **values, **times})
        elif values:
            yield Affected(session, Kind.ALTERED, target, values)


def _follows(session: ClinicSession, old: Clinic, new: Clinic, name: str) -> bool:
    """Whether a session gets the clinic's new room or number: not when somebody gave it one of its own."""
    was, now, has = getattr(old, name), getattr(new, name), getattr(session, name)
    if name == "room_id" and new.room and not new.room.is_active:
        return False
    return was != now and has != now and (has == was or (name == "room_id" and has is None))


def _with_consequences(each: Affected, leaving: set[int], by: User) -> Affected:
    if not each.needs_answer or each.target is None:
        return each
    session, target = each.session, each.target
    bookings = session.bookings.standing().select_related("referral") if session.booked else []
    _, unfit = _slots.fitting(session, bookings, each.values)
    off = {}
    if each.kind == Kind.MOVED:
        others = leaving - {session.pk}
        for shift in session.shifts.all():
            why = why_elsewhere(shift, session, target.starts_at, target.ends_at, by=by, leaving=others)
            if why:
                off[shift.pk] = why
    return Affected(session, each.kind, target, each.values, len(unfit), off)


def _uncleared(new: Clinic, sessions: Iterable[ClinicSession]) -> Iterator[tuple[int, str]]:
    for session in sessions:
        for shift in session.shifts.all():
            why = permissions.why_not_cleared(shift.volunteer, new.role, new.practice, on=session.on)
            if why:
                yield shift.pk, why


def _standing_shifts() -> models.Prefetch:
    return models.Prefetch("shifts", Shift.objects.standing().select_related("volunteer", "user"))


def _bookings(sessions: Iterable[ClinicSession]) -> list[int]:
    ids = [session.pk for session in sessions if session.booked]
    found = Booking.objects.standing().filter(session__in=ids)
    return list(found.values_list("pk", flat=True))


def _week(clinic: Clinic) -> dict[int, Half]:
    return {time.weekday: (time.starts, time.ends) for time in clinic.times.all()}


def _refreshed(sessions: Mapping[int, ClinicSession]) -> dict[int, ClinicSession]:
    found = ClinicSession.objects.filter(pk__in=sessions, cancelled_at=None)
    return found.select_related("clinic__role", "clinic__practice", "room").in_bulk()
