"""What of a volunteer's checks is in order, until when, and which shifts to come fall after."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from dateutil.relativedelta import relativedelta
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from volunteers.models import Check, Requirement, Shift, Volunteer, VolunteerRole

SOON = dt.timedelta(days=60)


def counts_until(requirement: Requirement, done_on: dt.date) -> dt.date | None:
    """The last day on which something done on a day counts; None is for good."""
    if requirement.valid_months is None:
        return None
    return done_on + relativedelta(months=requirement.valid_months) - dt.timedelta(days=1)


@dataclass
class Standing:
    """One requirement of a volunteer. `checks` are theirs of it, the latest first; `roles` those that need it."""

    requirement: Requirement
    roles: list[str] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)

    def is_good(self, on: dt.date) -> bool:
        """The same as `CheckQuerySet.in_order`, asked of what is at hand."""
        for check in self.checks:
            if check.done_on > on:
                continue
            if not check.passed:
                return False
            if check.ends_on is None or check.ends_on >= on:
                return True
        return False

    @property
    def until(self) -> dt.date | None:
        """The last day of what counts today; None where it counts for good, or nothing does."""
        today = timezone.localdate()
        if not self.is_good(today):
            return None
        ends: list[dt.date] = []
        for check in self.checks:
            if not check.passed:
                break
            if check.done_on <= today and check.ends_on is None:
                return None
            if check.done_on <= today and check.ends_on:
                ends.append(check.ends_on)
        return max(ends)

    @property
    def state(self) -> str:
        """good, soon, ended, bad or missing: what a page says in words."""
        today = timezone.localdate()
        if self.is_good(today):
            return "soon" if self.until and self.until <= today + SOON else "good"
        if not self.checks:
            return "missing"
        return "ended" if self.checks[0].passed else "bad"

    @property
    def latest(self) -> Check | None:
        return self.checks[0] if self.checks else None


@dataclass
class Clearance:
    """A volunteer's roles, each with what it needs, and how each of these stands."""

    roles: list[VolunteerRole]
    standings: list[Standing]
    needs: dict[int, list[int]]  # of a role's id, the ids of requirements

    def missing(self, on: dt.date, role_id: int | None = None) -> list[Requirement]:
        """What is not in order on a day, for one role or for any."""
        wanted = set(self.needs.get(role_id, []) if role_id else [each.requirement.pk for each in self.standings])
        return [each.requirement for each in self.standings if each.requirement.pk in wanted and not each.is_good(on)]

    def problems(self, shifts: Iterable[Shift]) -> list[tuple[Shift, list[Requirement]]]:
        """The shifts on whose day something that the clinic's role needs is not in order, with what it is."""
        found = ((shift, self.missing(shift.session.on, shift.session.clinic.role_id)) for shift in shifts)
        return [(shift, missing) for shift, missing in found if missing]


def clearance_of(volunteer: Volunteer) -> Clearance:
    """Three queries."""
    return clearances([volunteer])[volunteer.pk]


def clearances(volunteers: Iterable[Volunteer]) -> dict[int, Clearance]:
    """Of each of them, in three queries."""
    ids = [volunteer.pk for volunteer in volunteers]
    held = Volunteer.roles.through.objects.filter(volunteer__in=ids).select_related("volunteerrole")
    roles: dict[int, list[VolunteerRole]] = {}
    for row in held.order_by("volunteerrole__pk"):
        roles.setdefault(row.volunteer_id, []).append(row.volunteerrole)
    role_ids = {role.pk for some in roles.values() for role in some}
    needs: dict[int, list[Requirement]] = {}
    links = VolunteerRole.needs.through.objects.filter(volunteerrole__in=role_ids, requirement__is_active=True)
    for link in links.select_related("requirement").order_by("requirement__pk"):
        needs.setdefault(link.volunteerrole_id, []).append(link.requirement)
    checks: dict[tuple[int, int], list[Check]] = {}
    for check in Check.objects.filter(volunteer__in=ids).order_by("-done_on", "-pk"):
        checks.setdefault((check.volunteer_id, check.requirement_id), []).append(check)
    made = {}
    for pk in ids:
        standings: dict[int, Standing] = {}
        for role in roles.get(pk, []):
            for need in needs.get(role.pk, []):
                one = standings.setdefault(need.pk, Standing(need, [], checks.get((pk, need.pk), [])))
                one.roles.append(role.name)
        made[pk] = Clearance(
            roles=roles.get(pk, []),
            standings=[standings[key] for key in sorted(standings)],
            needs={role.pk: [need.pk for need in needs.get(role.pk, [])] for role in roles.get(pk, [])},
        )
    return made


def lacks_on(day: dt.date) -> Q:
    """Of volunteers: those of whom something that a role of theirs needs will not be in order on a day."""
    in_order = Check.objects.in_order(day).filter(volunteer=OuterRef(OuterRef("pk")), requirement=OuterRef("pk"))
    needed = Requirement.objects.filter(roles__volunteers=OuterRef("pk"), is_active=True)
    return Q(Exists(needed.filter(~Exists(in_order))))
