"""The demo's applicants at every stage, what their referees said, and checks that end soon."""

import datetime as dt
from dataclasses import dataclass

from linkworkers.demo import DOMAIN
from linkworkers.demo.clock import Clock
from linkworkers.demo.places import World
from linkworkers.demo.volunteers.people import CONNECT, GREET, LINK
from members.models import User
from volunteers.models import (
    GONE,
    JOINING,
    Check,
    ExitAnswer,
    Stage,
    StageChange,
    Volunteer,
    VolunteerReference,
    VolunteerRole,
)


@dataclass(frozen=True)
class Applicant:
    """name, where, stage, days at it, role, born, postcode, grid cells, why, what they hope for and bring along."""

    name: str
    at: str
    stage: Stage
    days: int
    role: str
    born: dt.date
    postcode: str
    availability: tuple[str, ...]
    why: str
    hopes: str = ""
    skills: str = ""
    note: str = ""


APPLICANTS = (
    Applicant(
        "Ines Prado",
        "maltings",
        Stage.APPLIED,
        2,
        LINK,
        dt.date(1988, 5, 9),
        "AL1 4LP",
        ("mon-eve", "tue-eve", "sat-am"),
        "When my father was ill, a volunteer rang him every Tuesday. I never forgot what that did for him, and for me.",
        "To meet people who are not at work with me.",
        "Portuguese and Spanish. I listen better than I talk.",
    ),
    Applicant(
        "Tomasz Zielinski",
        "herts",
        Stage.APPLIED,
        9,
        GREET,
        dt.date(1999, 12, 1),
        "AL3 4TR",
        ("wed-am", "wed-pm", "fri-pm"),
        "I am between jobs and would like to be useful.",
    ),
    Applicant(
        "Margaret Oyelaran",
        "maltings",
        Stage.INTERVIEW,
        4,
        LINK,
        dt.date(1959, 8, 17),
        "AL4 0QA",
        ("tue-am", "tue-pm", "thu-am", "thu-pm"),
        "Forty years a midwife. I miss the sitting and listening, not the paperwork.",
        "A reason to be somewhere on a Tuesday.",
        "Calm when others are not. Yoruba.",
    ),
    Applicant(
        "Dylan Rees",
        "herts",
        Stage.REFERENCES,
        11,
        CONNECT,
        dt.date(1979, 3, 3),
        "AL2 3NN",
        ("mon-am", "fri-am", "sat-am"),
        "I run a café. People tell me things, and I would like to know what to answer.",
        note="Warm, a little shy of silence. Would be good at the library.",
    ),
    Applicant(
        "Nasreen Begum",
        "maltings",
        Stage.DBS,
        16,
        LINK,
        dt.date(1971, 10, 22),
        "AL1 5HT",
        ("mon-pm", "wed-pm", "thu-pm"),
        "My neighbours ask me to read their letters. I could do that where there is a kettle and a colleague.",
        "To get my confidence back after a long time of caring.",
        "Bengali, Urdu. I know the benefits forms by heart.",
        "Both referees glow. Certificate posted on Monday.",
    ),
    Applicant(
        "Peter Langford",
        "maltings",
        Stage.INDUCTION,
        5,
        GREET,
        dt.date(1950, 6, 30),
        "AL1 1QW",
        ("mon-am", "tue-am", "wed-am", "thu-am", "fri-am"),
        "Since Jean died the mornings are long.",
        "Company, to be honest.",
        "Never late in my life.",
        "Start gently, with Bernie at the front door.",
    ),
    Applicant(
        "Carla Novak",
        "maltings",
        Stage.DECLINED,
        24,
        LINK,
        dt.date(1992, 1, 19),
        "AL10 8GH",
        ("sat-pm",),
        "I can do one Saturday a month until the summer.",
        note="We have no Saturdays. Told her of the food bank.",
    ),
    Applicant(
        "Oliver Dean",
        "herts",
        Stage.WITHDRAWN,
        31,
        GREET,
        dt.date(1985, 7, 7),
        "AL3 6AA",
        ("fri-pm",),
        "A colleague told me of it.",
    ),
)
REFEREES = {
    "Dylan Rees": [
        (
            "Sian Morgan",
            "Supplies the café",
            "We have done business since he opened. He knows every regular by name.",
            "He notices who has not come for a week, and walks round.",
        ),
        ("Reverend Paul Hobbs", "Neighbour", "", ""),
    ],
    "Nasreen Begum": [
        ("Farida Khan", "Friend", "Our children went to school together.", "Patient, and she keeps what she is told."),
        (
            "Jo Whitlock",
            "Carers’ centre",
            "She came to our group for three years.",
            "Explains any form.",
        ),
    ],
    "Peter Langford": [
        ("Alan Frost", "Bowls club", "Same club since 1987.", "Says good morning so that one believes it."),
        ("Dr Ruth Carey", "Taught with him", "We shared a staff room.", "Reliable to the minute."),
    ],
}


def build(world: World, clock: Clock) -> None:
    """Nothing where the volunteers of the demo are not there."""
    if not Volunteer.objects.exists() or Volunteer.objects.exclude(stage=Stage.ACTIVE).exists():
        return
    for applicant in APPLICANTS:
        _save(applicant, world, clock)
    _end_soon("maltings", "agreement", 20, world, clock)
    _end_soon("grange", "safeguarding", 6, world, clock)
    _leave(world, clock)


def _save(applicant: Applicant, world: World, clock: Clock) -> None:
    by = world.people["coordinator"]
    since = clock.ago(applicant.days, 10, 40)
    line = [*JOINING[: JOINING.index(applicant.stage) + 1]] if applicant.stage in JOINING else [Stage.APPLIED]
    days = [applicant.days + 8 * (len(line) - 1 - number) for number in range(len(line))]
    if applicant.stage in GONE:
        line, days = [Stage.APPLIED, applicant.stage], [applicant.days + 9, applicant.days]
    volunteer = Volunteer.objects.create(
        workplace=world.workplaces[applicant.at],
        stage=applicant.stage,
        stage_since=since,
        name=applicant.name,
        email=applicant.name.lower().replace(" ", ".") + DOMAIN,
        phone="01632 960470",
        postcode=applicant.postcode,
        date_of_birth=applicant.born,
        motivation=applicant.why,
        hopes=applicant.hopes,
        skills=applicant.skills,
        heard_from="A poster in the waiting room",
        agreed_to_six_months=True,
        availability=list(applicant.availability),
        applied_at=clock.ago(days[0], 10, 40),
        interview_at=clock.at(clock.next_working_days(3)[-1], 14, 30) if applicant.stage == Stage.INTERVIEW else None,
        interview_place="Room 4, The Maltings" if applicant.stage == Stage.INTERVIEW else "",
    )
    role = VolunteerRole.objects.get(key=applicant.role)
    volunteer.roles.add(role)
    for stage, ago in zip(line, days, strict=True):
        StageChange.objects.create(
            volunteer=volunteer,
            stage=stage,
            at=clock.ago(ago, 10, 40),
            by=None if stage in (Stage.APPLIED, Stage.WITHDRAWN) else by,
            note=applicant.note if stage == applicant.stage else "",
        )
    _ask(volunteer, applicant, clock, by)
    if applicant.stage in (Stage.DBS, Stage.INDUCTION):
        _note(volunteer, role, ("references",), clock, applicant.days, by)
    if applicant.stage == Stage.INDUCTION:
        _note(volunteer, role, ("dbs-basic", "dbs-enhanced"), clock, applicant.days, by)


def _ask(volunteer: Volunteer, applicant: Applicant, clock: Clock, by: User) -> None:
    for name, relation, known, strengths in REFEREES.get(applicant.name, []):
        reference = VolunteerReference(
            volunteer=volunteer,
            name=name,
            email=name.lower().replace(" ", ".") + DOMAIN,
            relation=relation,
            asked_at=clock.ago(applicant.days + 7, 11),
            asked_by=by,
        )
        if known:
            reference.answered_at = clock.ago(applicant.days + 2, 19)
            reference.known_for, reference.how_known = VolunteerReference.KnownFor.LONG, known
            reference.strengths, reference.has_concerns, reference.would_recommend = strengths, False, True
        reference.save()


def _note(volunteer: Volunteer, role: VolunteerRole, keys: tuple[str, ...], clock: Clock, days: int, by: User) -> None:
    for need in role.needs.filter(key__in=keys):
        done = clock.day_before(days + 1)
        Check.objects.create(
            volunteer=volunteer,
            requirement=need,
            passed=True,
            done_on=done,
            ends_on=done.replace(year=done.year + 3, day=min(done.day, 28)) if need.valid_months else None,
            by=by,
            at=clock.at(done, 15),
        )


def _end_soon(place: str, key: str, days: int, world: World, clock: Clock) -> None:
    """The first volunteer of a place has something that ends within so many days."""
    checks = Check.objects.filter(requirement__key=key, volunteer__workplace=world.workplaces[place])
    found = checks.order_by("volunteer__pk", "-done_on").first()
    if found:
        Check.objects.filter(pk=found.pk).update(ends_on=clock.today + dt.timedelta(days=days))


def _leave(world: World, clock: Clock) -> None:
    """Somebody who left some months ago, and said why."""
    gone = Volunteer.objects.create(
        workplace=world.workplaces["maltings"],
        name="Hilary Brandt",
        email=f"hilary.brandt{DOMAIN}",
        stage=Stage.LEFT,
        stage_since=clock.ago(140, 16),
        left_on=clock.day_before(140),
        started_on=clock.day_before(900),
        applied_at=clock.ago(950, 10),
        agreed_to_six_months=True,
    )
    StageChange.objects.create(volunteer=gone, stage=Stage.ACTIVE, at=clock.ago(900, 10))
    StageChange.objects.create(volunteer=gone, stage=Stage.LEFT, at=gone.stage_since)
    ExitAnswer.objects.create(
        volunteer=gone,
        at=gone.stage_since,
        why="We move to be near the grandchildren.",
        best="The Tuesday regulars, and Linda’s tea.",
        change="Tell us more often what became of the people we met.",
        would_return=ExitAnswer.Again.YES,
    )
