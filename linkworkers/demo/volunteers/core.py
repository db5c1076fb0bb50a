"""The demo's volunteers, their clinics, who was on when and who was booked: twelve weeks back and twelve ahead."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle, product
from typing import cast

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from linkworkers.audit.models import AuditEvent
from linkworkers.demo import DOMAIN, PASSWORD
from linkworkers.demo.clock import Clock
from linkworkers.demo.places import World
from members.models import Post, Role, User, Workplace
from referrals.models import Appointment, CareContact, Referral
from referrals.models.referral import State
from volunteers.models import (
    Booking,
    Check,
    Clinic,
    ClinicSession,
    ClinicTime,
    Room,
    Shift,
    Stage,
    StageChange,
    Volunteer,
    VolunteerRole,
)

WEEKS = 12
CONTACT = CareContact.Result


@dataclass(frozen=True)
class Person:
    """name, where, months since they began, roles, grid cells, postcode, what they are called and say of themselves."""

    name: str
    at: str
    months: int
    roles: tuple[str, ...]
    availability: tuple[str, ...]
    postcode: str
    called: str
    line: str
    born: dt.date
    bus_pass: bool = False


LINK, GREET, CONNECT = "volunteer-link-worker", "greeter", "community-connector"
PEOPLE = (
    Person(
        "Maureen D’Souza",
        "maltings",
        17,
        (LINK, GREET),
        ("tue-am", "thu-pm", "fri-am"),
        "AL1 4HJ",
        "Mo",
        "Thirty years a school secretary. Ask me about allotments.",
        dt.date(1954, 4, 18),
        True,
    ),
    Person(
        "Yusuf Demir",
        "grange",
        8,
        (LINK,),
        ("wed-am", "wed-pm", "tue-am"),
        "AL3 5QD",
        "Yusuf",
        "Retired bus driver, still knows every stop.",
        dt.date(1957, 9, 2),
        True,
    ),
    Person(
        "Eileen Fry",
        "mendip",
        20,
        (LINK, CONNECT),
        ("mon-am", "mon-pm", "thu-am"),
        "BA11 2HG",
        "Eileen",
        "Sings alto, bakes rye bread.",
        dt.date(1960, 1, 30),
    ),
    Person(
        "Rosemary Achebe",
        "herts",
        26,
        (LINK, GREET),
        ("tue-am", "wed-am", "thu-pm", "fri-am"),
        "AL1 5NU",
        "Rose",
        "Was a district nurse; likes long walks and short meetings.",
        dt.date(1952, 11, 7),
        True,
    ),
    Person(
        "Graham Pike",
        "herts",
        11,
        (LINK,),
        ("thu-am", "thu-pm", "fri-am"),
        "AL4 9TX",
        "Graham",
        "Can fix a tap and find a form.",
        dt.date(1963, 6, 21),
    ),
    Person(
        "Leila Haddad",
        "maltings",
        5,
        (GREET,),
        ("mon-am", "fri-am"),
        "AL1 3LB",
        "Leila",
        "Speaks Arabic and French. New in town two years ago.",
        dt.date(1994, 3, 12),
    ),
    Person(
        "Bernard Okoro",
        "maltings",
        14,
        (GREET, CONNECT),
        ("mon-am", "wed-am", "fri-am"),
        "AL2 2BQ",
        "Bernie",
        "Front of house at the theatre for years.",
        dt.date(1956, 8, 5),
        True,
    ),
    Person(
        "Chloe Barton",
        "harpenden",
        7,
        (LINK,),
        ("fri-am", "fri-pm"),
        "AL5 4RT",
        "Chloe",
        "Studies psychology, runs on Sundays.",
        dt.date(2001, 10, 9),
    ),
    Person(
        "Stanley Wu",
        "mendip",
        9,
        (LINK,),
        ("mon-am", "tue-am"),
        "BA11 4AA",
        "Stan",
        "Model railways, and always a flask of tea.",
        dt.date(1955, 2, 14),
        True,
    ),
)


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
    helpers, notes = _save_volunteers(world, clock), iter(NOTES)
    for plan in PLANS:
        clinic = _save_clinic(plan, world, clock)
        sessions = list(_sessions(clinic, clock))
        ClinicSession.objects.bulk_create(sessions)
        _fill(clinic, [each for each in helpers if _helps_at(each, clinic)], clock)
        if clinic.role.meets_people:
            _book(clinic, world, clock, notes)
    Clinic.objects.update(generated_until=clock.today + dt.timedelta(weeks=WEEKS))


def _helps_at(helper: Volunteer, clinic: Clinic) -> bool:
    return helper.workplace_id in (clinic.practice_id, clinic.practice.parent_id)


def _save_volunteers(world: World, clock: Clock) -> list[Volunteer]:
    password = make_password(PASSWORD)
    roles = {role.key: role for role in VolunteerRole.objects.prefetch_related("needs")}
    coordinator = world.people["coordinator"]
    helpers = []
    for person in PEOPLE:
        workplace = world.workplaces[person.at]
        began = clock.day_before(person.months * 30)
        user = _account(person.name) or _open_account(person, workplace, began, password, clock)
        helper = Volunteer.objects.create(
            workplace=workplace,
            user=user,
            stage=Stage.ACTIVE,
            stage_since=clock.at(began, 10),
            name=person.name,
            called=person.called,
            email=user.email,
            phone="01632 960450",
            postcode=person.postcode,
            date_of_birth=person.born,
            emergency_contact="A neighbour, 01632 960451",
            motivation="I have time, and I like people.",
            hopes="To be of use, and to get to know the town better.",
            agreed_to_six_months=True,
            availability=list(person.availability),
            applied_at=clock.at(began - dt.timedelta(days=48), 11),
            started_on=began,
            board_line=person.line,
            has_bus_pass=person.bus_pass,
        )
        helper.roles.set(roles[key] for key in person.roles)
        _tell_the_way(helper, began, coordinator, clock)
        _note_checks(helper, began, coordinator, clock)
        helpers.append(helper)
    return helpers


def _account(name: str) -> User | None:
    return User.objects.filter(name=name, email__endswith=DOMAIN).first()


def _open_account(person: Person, workplace: Workplace, began: dt.date, password: str, clock: Clock) -> User:
    email = person.name.lower().replace(" ", ".").replace("’", "") + DOMAIN
    user = User.objects.create(email=email, name=person.name, password=password, date_joined=clock.at(began, 9))
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    Post.objects.create(user=user, workplace=workplace, role=Role.VOLUNTEER, start_date=began)
    return user


def _tell_the_way(helper: Volunteer, began: dt.date, by: User, clock: Clock) -> None:
    """Each step a good week after the one before; the last on the day they began."""
    steps = (Stage.APPLIED, Stage.INTERVIEW, Stage.REFERENCES, Stage.DBS, Stage.INDUCTION, Stage.ACTIVE)
    StageChange.objects.bulk_create(
        StageChange(
            volunteer=helper,
            stage=stage,
            at=clock.at(began - dt.timedelta(days=9 * (len(steps) - 1 - number)), 10, 30),
            by=None if stage == Stage.APPLIED else by,
        )
        for number, stage in enumerate(steps)
    )


def _note_checks(helper: Volunteer, began: dt.date, by: User, clock: Clock) -> None:
    """What runs out is renewed in time, the last time less than its months ago."""
    needs = {need for role in helper.roles.all() for need in role.needs.all()}
    for need in sorted(needs, key=lambda need: need.pk):
        done = began - dt.timedelta(days=7)
        while need.valid_months and _months_after(done, need.valid_months) <= clock.today:
            done = _months_after(done, need.valid_months) - dt.timedelta(days=10)
        ends_on = _months_after(done, need.valid_months) if need.valid_months else None
        Check.objects.create(
            volunteer=helper,
            requirement=need,
            passed=True,
            done_on=done,
            ends_on=ends_on,
            by=by,
            at=clock.at(done, 15),
        )


def _months_after(day: dt.date, months: int) -> dt.date:
    year, month = divmod(day.month - 1 + months, 12)
    return day.replace(year=day.year + year, month=month + 1, day=min(day.day, 28))


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
    maureen = _account("Maureen D’Souza")
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


def _book(clinic: Clinic, world: World, clock: Clock, notes: Iterator[str]) -> None:
    """Referrals of the practice: seen while their cases were open, or to be seen."""
    referrals = (
        Referral.objects.filter(practice=clinic.practice, state__in=[State.ACTIVE, State.CLOSED])
        .exclude(episode__appointments__contact=None, episode__appointments__cancelled_at=None)
        .select_related("episode", "submitted_by")
        .order_by("-submitted_at", "pk")
    )
    waiting = [each for each in referrals if each.episode.first_contact_at]
    desk = world.staff[clinic.practice_id][0]
    sessions = clinic.sessions.filter(taken__gt=0, starts_at__lt=clock.now + dt.timedelta(days=16))
    # Today's and those to come first, then the past from the latest on, for there are not enough people for all.
    for session in sorted(sessions, key=lambda one: (one.on < clock.today, abs(one.on - clock.today), one.pk)):
        shift = session.shifts.standing().select_related("volunteer").first()
        for number, starts_at in enumerate(session.slots[:4] if session.on == clock.today else session.slots[:2]):
            able = [each for each in waiting if _can_be_seen(each, starts_at)]
            if shift is None or not able:
                break
            waiting.remove(able[0])
            _see(able[0], session, shift, starts_at, desk, clock, notes, missed=number == 1 and session.pk % 3 == 0)


def _can_be_seen(referral: Referral, starts_at: dt.datetime) -> bool:
    """Known for a while by then, and not closed yet."""
    first, closed = referral.episode.first_contact_at, referral.episode.closed_at
    return first is not None and first < starts_at - dt.timedelta(days=2) and (closed is None or starts_at < closed)


def _see(
    referral: Referral,
    session: ClinicSession,
    shift: Shift,
    starts_at: dt.datetime,
    desk: User,
    clock: Clock,
    notes: Iterator[str],
    *,
    missed: bool,
) -> None:
    booked_at = min(starts_at - dt.timedelta(days=6), clock.now - dt.timedelta(hours=2))
    ends_at = starts_at + dt.timedelta(minutes=session.slot_minutes)
    appointment = Appointment.objects.create(
        episode=referral.episode,
        kind=Appointment.Kind.CLINIC,
        starts_at=starts_at,
        minutes=session.slot_minutes,
        place=f"{session.clinic.practice}, {session.room}",
        with_user=shift.user,
        created_by=desk,
        created_at=booked_at,
    )
    state = Booking.State.BOOKED
    if session.on < clock.today:
        state = Booking.State.MISSED if missed else Booking.State.ATTENDED
        _write_up(appointment, shift, ends_at, notes, missed=missed)
    Booking.objects.create(
        session=session,
        referral=referral,
        appointment=appointment,
        shift=shift,
        starts_at=starts_at,
        ends_at=ends_at,
        state=state,
        booked_by=desk,
        booked_at=booked_at,
    )


OPENINGS = (
    "Came in early and was glad of the tea.",
    "A quiet start, then it all came out.",
    "Brought the letters from the council; we went through them together.",
    "Talked about the garden for a while, and then about being on their own.",
    "Sleeping a little better since last time.",
    "Was in two minds about coming, and stayed the whole half hour.",
    "The grandchildren had been; that did more than anything.",
    "Worried about the winter and the heating.",
    "Has not seen anybody since Sunday, and said so straight away.",
    "In good spirits: the knee is better.",
    "Came with a neighbour, who waited outside.",
    "We needed the half hour and could have done with more.",
)
ENDINGS = (
    "We looked up the choir at the hall and the bus that goes there.",
    "The form for the blue badge is filled in; it goes off tomorrow.",
    "Wanted to be heard more than anything. We meet again in a fortnight.",
    "Has been to the Talking Café and met somebody from the old street.",
    "Will ring the advice line on Thursday and tell me how it went.",
    "Took the leaflet of the walking group and will think about it.",
    "We wrote down three things to ask the housing officer.",
    "The library has a computer morning; a place is booked for Wednesday.",
    "Next time we look at the bus pass together.",
    "Agreed that a call in between would help, so I will ring on Friday.",
)
NOTES = [f"{opening} {ending}" for ending, opening in product(ENDINGS, OPENINGS)]


def _write_up(appointment: Appointment, shift: Shift, at: dt.datetime, notes: Iterator[str], *, missed: bool) -> None:
    contact = CareContact.objects.create(
        episode=appointment.episode,
        kind=CareContact.Kind.CLINIC,
        result=CONTACT.DID_NOT_ATTEND if missed else CONTACT.TOOK_PART,
        happened_at=appointment.starts_at,
        minutes=None if missed else appointment.minutes,
        note="" if missed else next(notes),
        by=shift.user,
        appointment=appointment,
        created_at=at,
    )
    AuditEvent.objects.create(
        at=at,
        verb="contact.logged",
        actor_id=shift.user_id,
        actor=f"{shift.user.name} <{shift.user.email}>",
        subject_type="referrals.carecontact",
        subject_id=str(contact.pk),
        person_id=appointment.episode.person_id,
        facts={"result": str(contact.result)},
    )
