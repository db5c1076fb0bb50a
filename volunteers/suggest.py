"""Whom to ask first to be on a session, and why."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from directory.models import OutwardCode, Postcode
from linkworkers import geo
from linkworkers.templatetags import wait
from volunteers.models import DAYS, ClinicSession, CoverAsk, Shift, Volunteer, availability_of

NEAR_IN_TIME = dt.timedelta(weeks=4)  # how far back and ahead shifts count against somebody
RESTING = dt.timedelta(days=14)  # for so long after they were asked, others are asked first
# What makes somebody come first, in points.
FITS, EACH_SHIFT, EACH_MILE, JUST_ASKED = 4.0, 0.75, 0.1, 2.0
MILES_UNKNOWN, FAR = 5.0, 20.0

Position = tuple[float, float]
PART_NAMES = {"am": "mornings", "pm": "afternoons", "eve": "evenings"}


@dataclass(frozen=True)
class Suggestion:
    """A volunteer who may be on a session and is free then. `reasons` are sentences for whoever chooses."""

    volunteer: Volunteer
    reasons: list[str]
    score: float


def ranked(session: ClinicSession, *, leave_out: Collection[int] = ()) -> list[Suggestion]:
    """Everybody who could be put on a session now, whom to ask first on top: cleared on its day, and nowhere else then.

    Those who are usually free then come before others, then whoever has few shifts in the last and the next four
    weeks, lives near, and was not asked just now. `leave_out` has ids of volunteers. Needs `session.clinic` with its
    practice and role. Three queries, however many volunteers there are.
    """
    practice, now = session.clinic.practice, timezone.now()
    elsewhere = Shift.objects.standing().filter(
        user=OuterRef("user"), starts_at__lt=session.ends_at, ends_at__gt=session.starts_at
    )
    volunteers = list(
        Volunteer.objects.for_clinics_at(practice)
        .cleared_for(session.clinic.role, on=session.on)
        .filter(~Exists(elsewhere))
        .exclude(pk__in=leave_out)
        .annotate(
            shifts_before=_shifts(now - NEAR_IN_TIME, now),
            shifts_ahead=_shifts(now, now + NEAR_IN_TIME),
            asked_at=_last_asked(),
        )
        .order_by("name", "pk")
    )
    miles = _miles(practice.postcode, volunteers)
    cell = availability_of(session.starts_at)
    found = [_suggestion(each, cell, miles.get(each.pk), now) for each in volunteers]
    return sorted(found, key=lambda each: -each.score)  # of those who score the same, by name


def _shifts(first: dt.datetime, last: dt.datetime) -> Coalesce:
    """How many shifts of a person stand that begin between two moments, at whichever workplaces."""
    rows: QuerySet = Shift.objects.standing().filter(user=OuterRef("user"), starts_at__gte=first, starts_at__lt=last)
    return Coalesce(Subquery(rows.order_by().values("user").annotate(number=Count("pk")).values("number")), 0)


def _last_asked() -> Subquery:
    """When a person was last asked to cover, at whichever workplace."""
    return Subquery(
        CoverAsk.objects.filter(volunteer__user=OuterRef("user")).order_by("-asked_at").values("asked_at")[:1]
    )


def _suggestion(volunteer: Volunteer, cell: str, miles: float | None, now: dt.datetime) -> Suggestion:
    before, ahead = volunteer.shifts_before, volunteer.shifts_ahead  # type: ignore[attr-defined]
    fits = cell in volunteer.availability
    asked = volunteer.asked_at  # type: ignore[attr-defined]
    rest = max(0.0, 1 - (now - asked) / RESTING) if asked else 0.0
    near = MILES_UNKNOWN if miles is None else min(miles, FAR)
    score = FITS * fits - EACH_SHIFT * (before + ahead) - EACH_MILE * near - JUST_ASKED * rest
    reasons = [
        _availability(volunteer, cell),
        f"{before} {'shift' if before == 1 else 'shifts'} in the last four weeks, {ahead} in the next.",
        "How far they live is not known." if miles is None else f"{_told(miles)} from the practice.",
    ]
    if asked:
        reasons.append(f"Asked to cover {wait(asked)} ago.")
    return Suggestion(volunteer, reasons, score)


def _availability(volunteer: Volunteer, cell: str) -> str:
    day, _, part = cell.partition("-")
    then = f"{WEEKDAYS[day]} {PART_NAMES[part]}"
    if not volunteer.availability:
        return "Has not said when they are usually free."
    return f"Usually free on {then}." if cell in volunteer.availability else f"Not usually free on {then}."


def _told(miles: float) -> str:
    return "Less than a mile" if miles < 1 else f"About {round(miles)} mile{'' if round(miles) == 1 else 's'}"


def _miles(postcode: str, volunteers: Iterable[Volunteer]) -> dict[int, float]:
    """By volunteer, as the crow flies between the centres of postcodes, or of their first halves where they are not
    known. Two queries.
    """
    codes = {each.pk: each.postcode for each in volunteers if each.postcode}
    centres = _centres({postcode, *codes.values()}) if postcode and codes else {}
    here = centres.get(postcode)
    return {pk: geo.miles_between(*here, *centres[code]) for pk, code in codes.items() if here and code in centres}


def _centres(typed: set[str]) -> dict[str, Position]:
    codes = {each: (geo.normalise_postcode(each) or "", geo.outward_of(each) or "") for each in typed}
    whole = _positions(Postcode.objects.filter(pk__in={code for code, _ in codes.values()}))
    outward = _positions(OutwardCode.objects.filter(pk__in={code for _, code in codes.values()}))
    found = {each: whole.get(code) or outward.get(first) for each, (code, first) in codes.items()}
    return {each: centre for each, centre in found.items() if centre}


def _positions(rows: QuerySet) -> dict[str, Position]:
    return {pk: (latitude, longitude) for pk, latitude, longitude in rows.values_list("pk", "latitude", "longitude")}


WEEKDAYS = dict(zip(DAYS, ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"), strict=True))
