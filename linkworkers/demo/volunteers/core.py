"""The demo's clinics and who was on when: twelve weeks back and twelve ahead."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from typing import cast

from linkworkers.demo.clock import Clock
from linkworkers.demo.places import World
from linkworkers.demo.volunteers.people import GREET, LINK, account_of, save_volunteers
from linkworkers.demo.volunteers.seen import NOTES, book
from volunteers.models import (
    Clinic,
    ClinicSession,
    ClinicTime,
    Room,
    Shift,
    Volunteer,
    VolunteerRole,
)

WEEKS = 12


@dataclass(frozen=True)
class Plan:
    """key of the practice, name, role, room, link worker, weekday and times, every n weeks, places, at least."""

    practice: str
    name: str
    role: str
    room: str
    link_worker: str
    times: tuple[tuple[int, str, str], ...]
    every_weeks: int = 1
    places: int = 1
    at_least: int = 1
    swaps_need_approval: bool = False
    need_to_know: str = ""


PLANS = (
    Plan(
        "maltings",
        "Listening clinic",
        LINK,
        "Room 4",
        "link-worker",
        ((1, "09:00", "12:00"), (3, "14:00", "17:00")),
        swaps_need_approval=True,
        need_to_know="Report to the front desk and sign in. Linda keeps the key of room 4. The kettle is in the staff "
        "room, second door left. The panic button is under the desk: press once, somebody comes.",
    ),
    Plan(
        "maltings",
        "Front door",
        GREET,
        "",
        "",
        ((0, "08:30", "11:30"), (4, "08:30", "11:30")),
        places=2,
        need_to_know="Coats and badges hang behind the desk. The wheelchair is by the lift.",
    ),
    Plan(
        "grange",
        "Wednesday clinic",
        LINK,
        "The Garden Room",
        "colleague",
        ((2, "09:30", "12:30"),),
        need_to_know="Ring the side bell. The room is cold until ten: the heater is in the cupboard.",
    ),
    Plan("harpenden", "Friday clinic", LINK, "Room 2", "colleague", ((4, "10:00", "12:30"),), every_weeks=2),
    Plan("willow", "Monday clinic", LINK, "Consulting room 5", "outsider", ((0, "09:30", "12:30"),), places=2),
)
DIRECTIONS = {"Room 4": "First floor, lift by the entrance.", "The Garden Room": "Through the waiting room, then left."}


def build(world: World, clock: Clock) -> None:
    helpers, notes = save_volunteers(world, clock), iter(NOTES)
    for plan in PLANS:
        clinic = _save_clinic(plan, world, clock)
        sessions = list(_sessions(clinic, clock))
        ClinicSession.objects.bulk_create(sessions)
        _fill(clinic, [each for each in helpers if _helps_at(each, clinic)], clock)
        if clinic.role.meets_people:
            book(clinic, world, clock, notes)
    Clinic.objects.update(generated_until=clock.today + dt.timedelta(weeks=WEEKS))


def _helps_at(helper: Volunteer, clinic: Clinic) -> bool:
    return helper.workplace_id in (clinic.practice_id, clinic.practice.parent_id)


def _save_clinic(plan: Plan, world: World, clock: Clock) -> Clinic:
    practice = world.workplaces[plan.practice]
    room = None
    if plan.room:
        room = Room.objects.create(practice=practice, name=plan.room, directions=DIRECTIONS.get(plan.room, ""))
    clinic = Clinic.objects.create(
        practice=practice,
        name=plan.name,
        role=VolunteerRole.objects.get(key=plan.role),
        room=room,
        link_worker=world.people[plan.link_worker] if plan.link_worker else None,
        starts_on=clock.today - dt.timedelta(weeks=WEEKS, days=clock.today.weekday()),
        every_weeks=plan.every_weeks,
        places=plan.places,
        at_least=plan.at_least,
        swaps_need_approval=plan.swaps_need_approval,
        need_to_know=plan.need_to_know,
    )
    ClinicTime.objects.bulk_create(
        ClinicTime(
            clinic=clinic, weekday=weekday, starts=dt.time.fromisoformat(starts), ends=dt.time.fromisoformat(ends)
        )
        for weekday, starts, ends in plan.times
    )
    return clinic


def _sessions(clinic: Clinic, clock: Clock) -> Iterator[ClinicSession]:
    """Every day of the pattern, and one today, so that whoever looks has a clinic to look at."""
    times = {each.weekday: (each.starts, each.ends) for each in clinic.times.all()}
    for offset in range(-7 * WEEKS, 7 * WEEKS):
        day = clock.today + dt.timedelta(days=offset)
        week = (day - clinic.starts_on).days // 7
        if day >= clinic.starts_on and day.weekday() in times and week % clinic.every_weeks == 0:
            yield _session(clinic, day, *times[day.weekday()], clock)
        elif offset == 0 and clinic.name == "Listening clinic":
            yield _session(clinic, day, dt.time(13), dt.time(16), clock)


def _session(clinic: Clinic, day: dt.date, starts: dt.time, ends: dt.time, clock: Clock) -> ClinicSession:
    return ClinicSession(
        clinic=clinic,
        room=clinic.room,
        pattern_on=day,
        starts_at=clock.at(day, starts.hour, starts.minute),
        ends_at=clock.at(day, ends.hour, ends.minute),
        slot_minutes=clinic.slot_minutes,
        at_once=clinic.at_once,
        places=clinic.places,
        at_least=clinic.at_least,
    )


def _fill(clinic: Clinic, helpers: list[Volunteer], clock: Clock) -> None:
    """In turn; some weeks ahead there are gaps, for there always are."""
    able = [helper for helper in helpers if clinic.role in helper.roles.all()]
    # Whoever this is about comes first, so that the accounts of the demo have something to look at.
    maureen = account_of("Maureen D’Souza")
    turns = cycle(sorted(able, key=lambda helper: helper.user_id != (maureen and maureen.pk)))
    for number, session in enumerate(clinic.sessions.order_by("starts_at")):
        ahead = (session.on - clock.today).days
        gap = (ahead > 21 and number % 2) or (4 < ahead <= 21 and number % 4 == 3)
        wanted = 0 if gap else session.places - (1 if session.places > 1 and number % 3 == 0 else 0)
        for _ in range(min(wanted, len(able))):
            helper = next(turns)
            busy = Shift.objects.standing().filter(
                user=helper.user, starts_at__lt=session.ends_at, ends_at__gt=session.starts_at
            )
            if not busy.exists() and session.on >= (helper.started_on or clock.today):
                made_at = min(session.starts_at - dt.timedelta(days=9), clock.now - dt.timedelta(hours=3))
                Shift.objects.create(
                    session=session,
                    volunteer=helper,
                    user_id=cast(int, helper.user_id),
                    starts_at=session.starts_at,
                    ends_at=session.ends_at,
                    how=Shift.How.SIGNED_UP,
                    created_by=helper.user,
                    created_at=made_at,
                    attended=True if session.is_over else None,
                )
