"""The demo's volunteers: who they are, how they came, and that their checks are in order."""

import datetime as dt
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from linkworkers.demo import DOMAIN, PASSWORD
from linkworkers.demo.clock import Clock
from linkworkers.demo.places import World
from members.models import Post, Role, User, Workplace
from volunteers.models import (
    Check,
    Stage,
    StageChange,
    Volunteer,
    VolunteerRole,
)


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


def save_volunteers(world: World, clock: Clock) -> list[Volunteer]:
    password = make_password(PASSWORD)
    roles = {role.key: role for role in VolunteerRole.objects.prefetch_related("needs")}
    coordinator = world.people["coordinator"]
    helpers = []
    for person in PEOPLE:
        workplace = world.workplaces[person.at]
        began = clock.day_before(person.months * 30)
        user = account_of(person.name) or _open_account(person, workplace, began, password, clock)
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


def account_of(name: str) -> User | None:
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
