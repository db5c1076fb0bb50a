"""What *my shifts* shows a volunteer: where they are next, what comes after, and what is not in order with them."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from members.models import Role, User
from volunteers.models import JOINING, Booking, Check, Shift, Stage, Volunteer

# What is shown of a shift and its session.
SHOWN = (
    *("user", "starts_at", "ends_at", "ended_at", "volunteer__name", "volunteer__called"),
    *("session__note", "session__room__name", "session__room__directions"),
    *("session__clinic__name", "session__clinic__need_to_know"),
    *("session__clinic__role__name", "session__clinic__role__meets_people"),
    *("session__clinic__practice__name", "session__clinic__practice__phone"),
)


@dataclass(frozen=True)
class Week:
    label: str
    shifts: list[Shift]


def volunteering_of(user: User) -> list[Volunteer]:
    """Where somebody volunteers, is joining or has paused, each with `has_role`. One query."""
    role = Volunteer.roles.through.objects.filter(volunteer=OuterRef("pk"))
    return list(
        Volunteer.objects.of(user)
        .filter(stage__in=[*JOINING, Stage.ACTIVE, Stage.PAUSED])
        .select_related("workplace")
        .annotate(has_role=Exists(role))
        .order_by("workplace__name", "pk")
    )


def not_in_order(user: User, volunteering: list[Volunteer]) -> list[str]:
    """What keeps somebody from taking shifts today, and what to do about it, as sentences. At most one query."""
    held = user.workplace_ids(Role.VOLUNTEER)
    missing = _missing(user) if any(each.is_active for each in volunteering) else {}
    said = []
    for each in volunteering:
        where = each.workplace.name
        if each.stage in JOINING:
            said.append(
                f"You are joining {where} as a volunteer; the step now is: {each.get_stage_display().lower()}. Shifts "
                "are offered to you here when your coordinator has made you active."
            )
        elif each.stage == Stage.PAUSED:
            until = f" until {each.paused_until:%-d %B %Y}" if each.paused_until else ""
            said.append(
                f"Your volunteering at {where} is paused{until}. Tell your coordinator when you would like to come "
                "back."
            )
        elif each.workplace_id not in held:
            said.append(f"Your post as a volunteer at {where} has ended. Ask your coordinator to give you a new one.")
        elif not each.has_role:  # type: ignore[attr-defined]
            said.append(f"You have no role at {where} yet. Ask your coordinator to give you one, and you can sign up.")
        said += [
            f"You cannot be {role.lower()} at {where} at the moment: something is not in order or has ended, namely "
            f"{names}. Ask your coordinator how to put it right."
            for role, names in missing.get(each.pk, [])
        ]
    return said


def _missing(user: User) -> dict[int, list[tuple[str, str]]]:
    """By volunteer, each role that something is missing for today, with the names of what is missing."""
    in_order = Check.objects.in_order(timezone.localdate()).filter(
        volunteer=OuterRef("volunteer"), requirement=OuterRef("needs")
    )
    rows = (
        Volunteer.roles.through.objects.filter(
            volunteer__user=user, volunteer__stage=Stage.ACTIVE, volunteerrole__needs__is_active=True
        )
        .annotate(needs=F("volunteerrole__needs"))
        .filter(~Exists(in_order))
        .order_by("volunteer", "volunteerrole__name", "volunteerrole__needs")
        .values_list("volunteer", "volunteerrole__name", "volunteerrole__needs__name")
    )
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for (volunteer, role), group in groupby(rows, key=lambda row: row[:2]):
        found[volunteer].append((role, " and ".join(what for _, _, what in group)))
    return found


def shifts_of(user: User) -> Sequence[Shift]:
    """Somebody's shifts that are not over, the next first. Each has `others`, what people call whoever else is on, and
    `people`, how many are booked with them. One query.
    """
    own = Shift.objects.standing().filter(user=user, ends_at__gt=timezone.now())
    together = list(
        Shift.objects.standing()
        .filter(session__in=own.values("session"))
        .select_related("volunteer", "session__clinic__practice", "session__clinic__role", "session__room")
        .only(*SHOWN)
        .annotate(people=Count("bookings", filter=Q(bookings__state=Booking.State.BOOKED)))
        .order_by("starts_at", "pk")
    )
    others: dict[int, list[str]] = defaultdict(list)
    for each in together:
        if each.user_id != user.pk:
            others[each.session_id].append(each.volunteer.short_name)
    mine = [each for each in together if each.user_id == user.pk]
    for each in mine:
        each.others = others[each.session_id]  # type: ignore[attr-defined]
    return mine


def next_shift(user: User) -> QuerySet[Shift]:
    """The shift that somebody is on now or next, with its place."""
    return (
        Shift.objects.standing()
        .filter(user=user, ends_at__gt=timezone.now())
        .select_related("session__clinic__practice", "session__clinic__role", "session__room")
        .order_by("starts_at", "pk")[:1]
    )


def by_week(shifts: Sequence[Shift]) -> list[Week]:
    """Shifts in order of time, by London's weeks from Monday."""
    this = monday_of(timezone.localdate())
    names = {this: "This week", this + dt.timedelta(weeks=1): "Next week"}
    return [
        Week(names.get(monday, f"Week from {monday:%-d %B}"), list(group))
        for monday, group in groupby(shifts, key=lambda each: monday_of(timezone.localdate(each.starts_at)))
    ]


def monday_of(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())
