"""Who belongs, since when and as what: people of the demo's towns, members all over the country, and two employers."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from allauth.account.models import EmailAddress
from dateutil.relativedelta import relativedelta
from django.utils import timezone

from linkworkers.demo import DOMAIN
from linkworkers.demo.clock import Clock
from linkworkers.demo.members.books import settle
from linkworkers.demo.places import World
from members import periods
from members.actions.seats import hash_token
from members.models import Association, Membership, Plan, Region, Seat, Term, User
from members.models.membership import luhn

DAY = dt.timedelta(days=1)
SEED = 20_261_125
OTHERS = 160  # members beside those who have posts
YEARS = 3

# Of those who have posts: the account or name, the plan, and how many days ago the running term began.
OF_THE_TOWNS = [
    ("link-worker", "individual", 320),
    ("colleague", "free", 90),
    ("outsider", "individual", 41),
    ("volunteer", "volunteer", 200),
    ("coordinator", "free", 15),
    ("Callum Fenwick", "individual", 372),  # in grace
    ("Aisha Rahman", "free", 500),  # lapsed
    ("Tom Weatherall", "individual", 250),
    ("admin", "honorary", 900),
]
FIRST = (
    "Adaeze Aled Amina Anya Bethan Bronagh Ceri Chidi Clare Davinder Eilidh Farah Gareth Hamish Iona Jamal Joanne "
    "Kavita Keir Laleh Lucia Mairi Marek Meena Nnamdi Olwen Parveen Rhys Roisin Samir Sean Tamsin Usman Yetunde Zofia"
).split()
LAST = (
    "Abbott Achebe Bassi Begum Cairns Caldwell Devlin Doyle Ellis Faulkner Griffiths Haddad Ibrahim Jarvis Khan "
    "Lindqvist Macleod Mensah Nash Oduya Parekh Quinn Rafferty Sandhu Tierney Unsworth Vaughan Walsh Yates Zając"
).split()


@dataclass(frozen=True)
class Belonging:
    """A membership that is not saved yet, and the day on which its running term began."""

    membership: Membership
    began: dt.date


def build(world: World, clock: Clock) -> None:
    """Everything in about forty statements, with a history of three years for the office's charts."""
    rng = Random(SEED)  # noqa: S311 - the same world for everybody is the point
    Association.objects.update_or_create(
        pk=Association.ONLY,
        defaults={
            "name": "The Link Workers’ Association",
            "address": "12 Made-up Row\nLondon\nWC1B 3XX",
            "email": f"office{DOMAIN}",
            "phone": "020 7946 0999",
            "company_number": "Charity 0000000",
            "account_name": "Link Workers Association",
            "sort_code": "00-00-00",
            "account_number": "00000000",
        },
    )
    plans = {plan.key: plan for plan in Plan.objects.all()}
    employers = _employers(world, clock, plans)
    belongings = [*_of_the_towns(world, clock, plans), *_others(clock, rng, plans, world.people["admin"]), *employers]
    _number([each.membership for each in belongings], rng)
    Membership.objects.bulk_create(each.membership for each in belongings)
    terms = [term for each in belongings for term in _terms(each)]
    Term.objects.bulk_create(terms)
    settle([term for term in terms if term.plan.price_for(term.seats)], by=world.people["admin"])
    _seats(world, clock, plans, employers[0].membership, rng)
    _waiting(world, clock, plans)


def _number(memberships: list[Membership], rng: Random) -> None:
    digits = map(str, rng.sample(range(100_000, 1_000_000), len(memberships)))
    for membership, number in zip(memberships, digits, strict=True):
        membership.number = f"M{number}{luhn(number)}"


def _person(user: User, plan: Plan, region: str, joined: dt.datetime) -> Membership:
    return Membership(user=user, plan=plan, region=region, applied_at=joined, created_at=joined)


def _of_the_towns(world: World, clock: Clock, plans: dict[str, Plan]) -> list[Belonging]:
    made = []
    for key, plan, began in OF_THE_TOWNS:
        user = world.people[key]
        region = user.posts.values_list("workplace__region", flat=True)[0]
        membership = _person(user, plans[plan], region, clock.ago(began, 10))
        made.append(Belonging(membership, clock.today - dt.timedelta(days=began)))
    return made


def _others(clock: Clock, rng: Random, plans: dict[str, Plan], admin: User) -> list[Belonging]:
    """People who work elsewhere. They cannot log in, and nobody writes to them."""
    names = rng.sample([f"{first} {last}" for first in FIRST for last in LAST], OTHERS)
    users = User.objects.bulk_create(
        User(
            email=f"{name.lower().replace(' ', '.').replace('ą', 'a')}{DOMAIN}",
            name=name,
            password="!",  # noqa: S106 - no password fits
            date_joined=clock.ago(rng.randint(10, 1_000), 9),
        )
        for name in names
    )
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in users
    )
    made = []
    for user in users:
        plan = rng.choices(["free", "individual", "volunteer", "student"], [46, 38, 12, 4])[0]
        membership = _person(user, plans[plan], rng.choice(Region.values), user.date_joined)
        if membership.plan.needs_approval:
            membership.approved_at, membership.approved_by = user.date_joined, admin
        began = clock.today - dt.timedelta(days=rng.randint(3, 395))
        if rng.random() < 0.06:
            membership.cancelled_on = min(began + 100 * DAY, clock.today)
            membership.cancel_reason = "I have changed my job."
        made.append(Belonging(membership, began))
    return made


def _employers(world: World, clock: Clock, plans: dict[str, Plan]) -> list[Belonging]:
    plan = plans["employer"]
    rows = [
        ("employer", "member", 14, 300),
        ("hartlepool", "Paul Robson", 10, 380),  # in grace: an employer of the North East
    ]
    made = []
    for key, contact, seats, began in rows:
        workplace = world.workplaces[key]
        joined = clock.ago(began + 365, 11)
        membership = Membership(
            workplace=workplace,
            organization_name=workplace.name,
            contact=world.people[contact],
            plan=plan,
            seats=seats,
            region=workplace.region,
            billing_address=f"{workplace.name}\nAccounts\n{workplace.postcode}",
            purchase_order="PO-2026-118" if key == "employer" else "",
            applied_at=joined,
            approved_at=joined + DAY,
            approved_by=world.people["admin"],
            created_at=joined,
        )
        made.append(Belonging(membership, clock.today - dt.timedelta(days=began)))
    return made


def _terms(belonging: Belonging) -> Iterator[Term]:
    """The running term, and the years before it back to when they joined."""
    membership, plan = belonging.membership, belonging.membership.plan
    since = timezone.localdate(membership.created_at)
    starts = [belonging.began]
    while plan.months and len(starts) < YEARS and (before := starts[0] - relativedelta(months=plan.months)) >= since:
        starts.insert(0, before)
    for number, first in enumerate(starts):
        follows = starts[number + 1] if number + 1 < len(starts) else None
        yield Term(
            membership=membership,
            plan=plan,
            start_date=first,
            end_date=follows - DAY if follows else periods.term_end(first, plan.months),
            seats=membership.seats,
            reason=Term.Reason.RENEWED if number else Term.Reason.JOINED,
            created_at=timezone.make_aware(dt.datetime.combine(first, dt.time(10))),
        )


def _seats(world: World, clock: Clock, plans: dict[str, Plan], chiltern: Membership, rng: Random) -> None:
    """The member of the demo and her colleague sit on their employer's seats; one offer waits, one was given up."""
    guests = [world.people["member"], world.people["Joshua Bright"]]
    made = [_person(guest, plans["free"], chiltern.region, clock.ago(200, 10)) for guest in guests]
    for membership in made:
        membership.applied_at = None
    _number_apart(made, rng)
    Membership.objects.bulk_create(made)
    at = clock.ago(200, 11)

    def seat(email: str, name: str, **facts: object) -> Seat:
        return Seat(
            membership=chiltern,
            email=email,
            name=name,
            token_hash=hash_token(f"demo:{email}"),
            offered_by=world.people["member"],
            **{"offered_at": at, "expires_at": at + Seat.LIFETIME, **facts},
        )

    taken = [seat(guest.email, guest.name, member=own, accepted_at=at) for guest, own in zip(guests, made, strict=True)]
    waiting = seat(
        f"priya.nair{DOMAIN}", "Priya Nair", offered_at=clock.ago(3, 10), expires_at=clock.now + dt.timedelta(days=25)
    )
    ended = seat(f"leaver{DOMAIN}", "Stewart Mole", ended_at=clock.ago(40, 16))
    Seat.objects.bulk_create([*taken, waiting, ended])


def _number_apart(memberships: list[Membership], rng: Random) -> None:
    used = set(Membership.objects.values_list("number", flat=True))
    for membership in memberships:
        while True:
            digits = str(rng.randint(100_000, 999_999))
            membership.number = f"M{digits}{luhn(digits)}"
            if membership.number not in used:
                used.add(membership.number)
                break


def _waiting(world: World, clock: Clock, plans: dict[str, Plan]) -> None:
    """One application for the office to decide on: a trust that would like ten seats."""
    contact = world.people["Helen Stride"]
    membership = Membership(
        plan=plans["employer"],
        contact=contact,
        organization_name="Mendip Community Trust",
        seats=10,
        region=Region.SOUTH_WEST,
        answer="Two primary care networks, eleven link workers and a team of connectors around Frome.",
        applied_at=clock.ago(2, 15),
        created_at=clock.ago(2, 15),
    )
    _number_apart([membership], Random(SEED + 1))  # noqa: S311
    membership.save()
