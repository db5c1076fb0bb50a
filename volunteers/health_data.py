"""What the data say of a programme, for the questions of the health check that data can answer."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import median
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db.models import Count, Exists, F, Min, OuterRef, Q
from django.utils import timezone

from members.models import Post, Role, Workplace
from volunteers.models import (
    HERE,
    Check,
    CheckKind,
    Clinic,
    ClinicSession,
    ExitAnswer,
    ExpenseClaim,
    HealthAnswer,
    Milestone,
    Requirement,
    Shift,
    Stage,
    Volunteer,
)

Answer = HealthAnswer.Answer
WEEK, DAY = dt.timedelta(weeks=1), dt.timedelta(days=1)
SILENT = 8 * WEEK
LOOKS_BACK = 12 * WEEK
FILLED_BEFORE = 7 * DAY
THANKED_WITHIN = 31 * DAY
PAID_WITHIN, YEAR = 30 * DAY, 365 * DAY
QUICK, SLOW = 42, 84  # days from an application to a first shift
FAIR, UNFAIR = 50, 65  # per cent of shifts in the hands of the busiest third
MOST_NAMES = 5


@dataclass(frozen=True)
class Finding:
    """What the data say. `names` are the first few that somebody has to look at."""

    answer: HealthAnswer.Answer
    text: str
    names: tuple[str, ...] = ()


def here(workplace: Workplace, at: str) -> Q:
    """Rows of the workplace and, where it is a network, of its practices."""
    return Q(**{at: workplace}) | Q(**{f"{at}__parent": workplace})


class Programme:
    """The volunteers of a workplace, looked at once for all questions."""

    def __init__(self, workplace: Workplace) -> None:
        self.workplace = workplace

    @cached_property
    def people(self) -> Sequence[Any]:
        """Everybody who ever volunteered or applied, with what the questions ask of them. One query.

        `missing`: something that a role of theirs needs is not in order; `trained`: in the last year; `first`: their
        first shift; `shifts_lately`: those worked in twelve weeks; `seen`: on a shift in the last eight weeks or ahead;
        `lost`: a shift, before that.
        """
        now, today = timezone.now(), timezone.localdate()
        in_order = Check.objects.in_order(today).filter(volunteer=OuterRef(OuterRef("pk")), requirement=OuterRef("pk"))
        needed = Requirement.objects.filter(roles__volunteers=OuterRef("pk"), is_active=True)
        trained = Check.objects.filter(
            volunteer=OuterRef("pk"),
            requirement__kind=CheckKind.TRAINING,
            passed=True,
            done_on__gte=today - relativedelta(years=1),
        )
        shifts = Shift.objects.filter(volunteer=OuterRef("pk"))
        lately = shifts.standing().exclude(attended=False).filter(starts_at__gte=now - SILENT)
        lost = shifts.filter(
            Q(end_reason__in=[Shift.Ended.CANCELLED, Shift.Ended.GIVEN_UP]) | Q(attended=False),
            starts_at__gte=now - 2 * SILENT,
            starts_at__lt=now - 2 * WEEK,
        )
        worked = Q(shifts__ended_at=None, shifts__ends_at__lte=now) & ~Q(shifts__attended=False)
        return list(
            Volunteer.objects.filter(here(self.workplace, "workplace"))
            .annotate(
                missing=Exists(needed.filter(~Exists(in_order))),
                trained=Exists(trained),
                first=Min("shifts__starts_at", filter=worked),
                shifts_lately=Count("shifts", filter=worked & Q(shifts__starts_at__gte=now - LOOKS_BACK)),
                seen=Exists(lately),
                lost=Exists(lost),
            )
            .only("name", "stage", "applied_at", "started_on")
        )

    @property
    def active(self) -> list[Any]:
        return [person for person in self.people if person.stage == Stage.ACTIVE]


def by_share(part: int, whole: int, *, well: int = 80, fair: int = 50) -> HealthAnswer.Answer:
    """Yes from `well` per cent on, partly from `fair` on."""
    share = 100 * part / whole
    return Answer.YES if share >= well else Answer.PARTLY if share >= fair else Answer.NO


def person_to_turn_to(programme: Programme) -> Finding | None:
    """Of the clinics that run, those behind which a link worker with a post today stands."""
    at_work = Post.objects.current().filter(user=OuterRef("link_worker"), role=Role.LINK_WORKER)
    clinics = Clinic.objects.running().filter(here(programme.workplace, "practice"))
    found = list(clinics.annotate(backed=Exists(at_work)).values_list("name", "backed"))
    if not found:
        return None
    backed = sum(has for _, has in found)
    names = tuple(name for name, has in found if not has)[:MOST_NAMES]
    text = f"Clinics with a link worker behind them: {backed} of {len(found)}."
    return Finding(by_share(backed, len(found), well=100), text, names)


def checks_in_order(programme: Programme) -> Finding | None:
    """Of the active volunteers, those who have in order today what all of their roles need."""
    people = programme.active
    if not people:
        return None
    lacking = [person.name for person in people if person.missing]
    well = len(people) - len(lacking)
    text = f"Active volunteers with every check in order: {well} of {len(people)}."
    return Finding(by_share(well, len(people), well=100, fair=90), text, tuple(lacking[:MOST_NAMES]))


def time_to_first_shift(programme: Programme) -> Finding | None:
    """The median of days from application to first shift, of those whose first shift was in the last year."""
    since = timezone.now() - relativedelta(years=1)
    began = [person for person in programme.people if person.first and person.first >= since]
    days = [(person.first - person.applied_at).days for person in began if person.first >= person.applied_at]
    if not days:
        return None
    middle = round(median(days))
    answer = Answer.YES if middle <= QUICK else Answer.PARTLY if middle <= SLOW else Answer.NO
    text = f"Days from applying to the first shift: {middle}, the median of those who began in a year ({len(days)})."
    return Finding(answer, text)


def shifts_filled(programme: Programme) -> Finding | None:
    """Of the sessions of twelve weeks, those that had the volunteers they need seven days before."""
    now = timezone.now()
    early = Q(shifts__created_at__lte=F("starts_at") - FILLED_BEFORE)
    stayed = Q(shifts__ended_at=None) | Q(shifts__ended_at__gt=F("starts_at") - FILLED_BEFORE)
    sessions = list(
        ClinicSession.objects.on()
        .filter(here(programme.workplace, "clinic__practice"), starts_at__gte=now - LOOKS_BACK, starts_at__lte=now)
        .annotate(early=Count("shifts", filter=early & stayed))
        .order_by()
        .values_list("early", "at_least")
    )
    if not sessions:
        return None
    filled = sum(number >= needed for number, needed in sessions)
    text = f"Sessions of twelve weeks with enough volunteers a week before: {filled} of {len(sessions)}."
    return Finding(by_share(filled, len(sessions)), text)


def fair_load(programme: Programme) -> Finding | None:
    """The share of the last twelve weeks' shifts that the busiest third of the volunteers worked."""
    counts = sorted((person.shifts_lately for person in programme.active), reverse=True)
    total = sum(counts)
    if len(counts) < 3 or not total:
        return None
    third = -(-len(counts) // 3)
    share = round(100 * sum(counts[:third]) / total)
    answer = Answer.YES if share <= FAIR else Answer.PARTLY if share <= UNFAIR else Answer.NO
    text = f"The busiest third ({third} of {len(counts)}) worked {share}% of the shifts of twelve weeks."
    return Finding(answer, text)


def nobody_silent(programme: Programme) -> Finding | None:
    """Active volunteers without a shift in the last eight weeks or ahead, and those who are back after losing one."""
    begun = timezone.localdate() - SILENT
    people = [person for person in programme.active if person.started_on <= begun]
    if not people:
        return None
    silent = [person.name for person in people if not person.seen]
    lost = [person for person in people if person.lost]
    text = (
        f"Volunteers with a shift in the last eight weeks, or one ahead: {len(people) - len(silent)} of {len(people)}."
    )
    if lost:
        text += f" Of those who lost a shift, came back: {sum(person.seen for person in lost)} of {len(lost)}."
    answer = by_share(len(people) - len(silent), len(people), well=100, fair=85)
    return Finding(answer, text, tuple(silent[:MOST_NAMES]))


def expenses_paid(programme: Programme) -> Finding | None:
    """Of the claims sent in a year that were not declined, those paid within thirty days of it. What was sent less than
    thirty days ago and is not paid yet is left out.
    """
    now = timezone.now()
    claims = ExpenseClaim.objects.filter(here(programme.workplace, "volunteer__workplace"), sent_at__gte=now - YEAR)
    late = Q(paid_at=None) | Q(paid_at__gt=F("sent_at") + PAID_WITHIN)
    counted = claims.exclude(state=ExpenseClaim.State.DECLINED).exclude(paid_at=None, sent_at__gt=now - PAID_WITHIN)
    found = counted.aggregate(all=Count("pk"), late=Count("pk", filter=late))
    if not found["all"]:
        return None
    in_time = found["all"] - found["late"]
    text = f"Claims of the last year paid within thirty days: {in_time} of {found['all']}."
    return Finding(by_share(in_time, found["all"], well=95), text)


def training_done(programme: Programme) -> Finding | None:
    """Of the active volunteers, those who did a training in the last year."""
    people = programme.active
    if not people:
        return None
    without = [person.name for person in people if not person.trained]
    done = len(people) - len(without)
    text = f"Active volunteers who did a training in the last year: {done} of {len(people)}."
    return Finding(by_share(done, len(people)), text, tuple(without[:MOST_NAMES]))


def thanked_in_time(programme: Programme) -> Finding | None:
    """Of the milestones noted in a year, those thanked for within a month; those whose month runs are left out."""
    now = timezone.now()
    rows = Milestone.objects.filter(
        here(programme.workplace, "volunteer__workplace"),
        volunteer__stage__in=HERE,
        noted_at__gte=now - relativedelta(years=1),
    ).values_list("noted_at", "letter__written_at")
    found = [
        written is not None and written - noted <= THANKED_WITHIN
        for noted, written in rows
        if written or noted <= now - THANKED_WITHIN
    ]
    if not found:
        return None
    text = f"Milestones of a year thanked for within a month: {sum(found)} of {len(found)}."
    return Finding(by_share(sum(found), len(found)), text)


def reasons_for_leaving(programme: Programme) -> Finding | None:
    """Of those who left in a year, those who said why. What was done about it the coordinator knows."""
    since = timezone.localdate() - relativedelta(years=1)
    left = Volunteer.objects.filter(here(programme.workplace, "workplace"), stage=Stage.LEFT, left_on__gte=since)
    told = ExitAnswer.objects.filter(volunteer=OuterRef("pk")).exclude(why="")
    found = left.aggregate(all=Count("pk"), told=Count("pk", filter=Exists(told)))
    if not found["all"]:
        return None
    text = f"Of those who left in the last year, said why: {found['told']} of {found['all']}."
    return Finding(by_share(found["told"], found["all"]), text)
