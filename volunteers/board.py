"""Who is on a practice's photo board today, and when they are usually there."""

import datetime as dt
from collections import Counter, defaultdict
from dataclasses import dataclass

from django.db.models.functions import ExtractIsoWeekDay
from django.utils import timezone

from linkworkers.templatetags import initials_name
from members.models import Workplace
from volunteers.models import Shift, Volunteer

DAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")
BEFORE, AHEAD = dt.timedelta(weeks=8), dt.timedelta(weeks=4)
USUAL = 2  # shifts on a weekday, within these twelve weeks


@dataclass(frozen=True)
class Face:
    """Somebody on the board. `days` is as in “Tuesdays and Thursdays”, empty when they have no usual ones."""

    volunteer: Volunteer
    role: str
    days: str

    @property
    def name(self) -> str:
        return self.volunteer.short_name

    @property
    def initials(self) -> str:
        """Of the first and the last name, accents kept."""
        words = self.volunteer.name.split()
        return "".join(initials_name("", word)[:-1] for word in [*words[:1], *words[1:][-1:]])


def faces(practice: Workplace, *, with_photos: bool = False) -> list[Face]:
    """Everybody who is on the board of a practice today, in the order of their names. Three queries.

    Consent is asked by its last day each time, so that nobody is shown a day longer. `with_photos` brings their bytes.
    """
    shown = Volunteer.objects.on_board().for_clinics_at(practice).prefetch_related("roles").order_by("name", "pk")
    people = list(shown.select_related("photo") if with_photos else shown)
    usual = _usual_days(practice, [person.pk for person in people])
    return [
        Face(
            volunteer=person,
            role=" and ".join(role.name for role in person.roles.all()[:2]) or "Volunteer",
            days=_listed(usual[person.pk]),
        )
        for person in people
    ]


def _usual_days(practice: Workplace, people: list[int]) -> dict[int, list[str]]:
    now = timezone.now()
    shifts = Shift.objects.standing().filter(
        volunteer__in=people,
        session__clinic__practice=practice,
        starts_at__gte=now - BEFORE,
        starts_at__lte=now + AHEAD,
    )
    counts: dict[int, Counter[int]] = defaultdict(Counter)
    for person, weekday in shifts.annotate(day=ExtractIsoWeekDay("starts_at")).values_list("volunteer", "day"):
        counts[person][weekday] += 1
    found: dict[int, list[str]] = defaultdict(list)
    for person, days in counts.items():
        found[person] = [DAYS[day - 1] for day, number in sorted(days.items()) if number >= USUAL]
    return found


def _listed(words: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))
