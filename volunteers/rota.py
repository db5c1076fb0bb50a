"""What the rota shows: the sessions of a week or a month, and who is on, as far as the reader may know."""

import calendar
import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.utils import timezone

from members.models import Role, User
from volunteers.mine import monday_of
from volunteers.models import Clinic, ClinicSession, Shift
from volunteers.permissions import names_for

WEEK = dt.timedelta(days=7)
COLUMNS = ("pk", "clinic", "starts_at", "ends_at", "taken", "at_least", "places", "cancelled_at")


@dataclass(frozen=True)
class Period:
    """A week from Monday, or a month. `before` and `after` are days of the one before and the one after."""

    kind: str
    first: dt.date
    last: dt.date

    @classmethod
    def of(cls, kind: str, on: dt.date) -> "Period":
        if kind == "month":
            first = on.replace(day=1)
            return cls(kind, first, first.replace(day=calendar.monthrange(on.year, on.month)[1]))
        return cls("week", monday_of(on), monday_of(on) + dt.timedelta(days=6))

    @property
    def label(self) -> str:
        if self.kind == "month":
            return f"{self.first:%B %Y}"
        if self.first.year != self.last.year:
            return f"{self.first:%-d %B %Y} to {self.last:%-d %B %Y}"
        return f"{self.first:%-d %B} to {self.last:%-d %B %Y}"

    @property
    def before(self) -> dt.date:
        return self.first - dt.timedelta(days=1)

    @property
    def after(self) -> dt.date:
        return self.last + dt.timedelta(days=1)

    @property
    def weeks(self) -> Iterator[list[dt.date]]:
        """The days of each week that the period touches, from Monday."""
        monday = monday_of(self.first)
        while monday <= self.last:
            yield [monday + dt.timedelta(days=number) for number in range(7)]
            monday += WEEK


@dataclass(slots=True)
class Entry:
    """A session on the rota. `on` has the volunteers who are on it, by id, where the reader is told names."""

    pk: int
    day: dt.date
    starts: str
    ends: str
    clinic: str
    practice: str
    taken: int
    at_least: int
    places: int
    is_cancelled: bool
    has_begun: bool
    is_named: bool
    is_coordinated: bool
    on: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Rota:
    period: Period
    days: dict[dt.date, list[Entry]]

    @property
    def entries(self) -> Iterator[Entry]:
        for entries in self.days.values():
            yield from entries

    @property
    def weekdays(self) -> list[int]:
        """Monday to Friday, and the days of the weekend on which something is on."""
        used = {day.weekday() for day in self.days}
        return [number for number in range(7) if number < 5 or number in used]

    @property
    def weeks(self) -> list[list[dt.date]]:
        """The days of each week, Monday first, where one of the period's is among those that are shown."""
        shown, first, last = self.weekdays, self.period.first, self.period.last
        return [week for week in self.period.weeks if any(first <= week[number] <= last for number in shown)]


@dataclass(frozen=True)
class Known:
    """What the rota says of a clinic."""

    name: str
    practice_id: int
    practice: str
    network_id: int | None
    role_id: int
    role: str


def clinics_of(user: User) -> dict[int, Known]:
    """The clinics that somebody sees, by id. One query."""
    rows = Clinic.objects.visible_to(user).order_by("practice__name", "pk")
    columns = ("name", "practice", "practice__name", "practice__parent", "role", "role__name")
    return {pk: Known(*facts) for pk, *facts in rows.values_list("pk", *columns)}


def read(user: User, period: Period, clinics: Mapping[int, Known], *, short_names: bool = False) -> Rota:
    """The sessions of these clinics, of those that the user sees. With `short_names` everybody is called what people
    call them. Two queries, however many clinics and volunteers there are; no row becomes a model.
    """
    names, coordinated = names_for(user), set(user.workplace_ids(Role.COORDINATOR))
    sessions = ClinicSession.objects.between(period.first, period.last).filter(clinic__in=list(clinics))
    now, zone = timezone.now(), timezone.get_default_timezone()
    found: list[Entry] = []
    named: dict[int, tuple[Entry, bool]] = {}  # by session, and whether in full
    for pk, clinic, starts_at, ends_at, taken, at_least, places, cancelled in sessions.values_list(*COLUMNS):
        local, known = starts_at.astimezone(zone), clinics[clinic]
        entry = Entry(
            pk=pk,
            day=local.date(),
            starts=f"{local:%H:%M}",
            ends=f"{ends_at.astimezone(zone):%H:%M}",
            clinic=known.name,
            practice=known.practice,
            taken=taken,
            at_least=at_least,
            places=places,
            is_cancelled=cancelled is not None,
            has_begun=starts_at <= now,
            is_named=names.seen_at(known.practice_id, known.network_id),
            is_coordinated=known.practice_id in coordinated or known.network_id in coordinated,
        )
        found.append(entry)
        if entry.is_named and taken:
            named[pk] = entry, not short_names and names.whole_at(known.practice_id, known.network_id)
    if named:
        rows = Shift.objects.standing().filter(session__in=list(named)).order_by("volunteer__name", "volunteer")
        columns = ("session", "volunteer", "volunteer__name", "volunteer__called")
        for session, volunteer, name, called in rows.values_list(*columns):
            entry, whole = named[session]
            entry.on[volunteer] = name if whole else called or name.split(" ")[0]
    days: dict[dt.date, list[Entry]] = defaultdict(list)
    for entry in sorted(found, key=lambda each: (each.day, each.starts, each.practice, each.pk)):
        days[entry.day].append(entry)
    return Rota(period, dict(days))
