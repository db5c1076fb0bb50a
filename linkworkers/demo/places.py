"""Where the demo plays, and who works there."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from linkworkers.demo import ACCOUNTS, DOMAIN, PASSWORD
from linkworkers.demo.clock import Clock
from members.models import Post, Region, Role, User, Workplace

Kind = Workplace.Kind


@dataclass(frozen=True)
class Area:
    """What a story there may name."""

    town: str
    cafe: str
    hall: str
    park: str
    library: str
    outward: tuple[str, ...]
    streets: tuple[str, ...]


AREAS = {
    "herts": Area(
        town="St Albans",
        cafe="the Talking Café at Verulam Hall",
        hall="Verulam Hall",
        park="the park by the lake",
        library="the library in the Maltings",
        outward=("AL1", "AL2", "AL3", "AL4"),
        streets=("Abbots Rise", "Clockmaker Lane", "Fuller Court", "Priory Mead", "Watercress Close", "Roman Gardens"),
    ),
    "mendip": Area(
        town="Frome",
        cafe="the Talking Café at Market Yard",
        hall="the Weavers' Hall",
        park="the riverside meadow",
        library="the library on the bridge",
        outward=("BA11", "BA5", "BA6", "BA16"),
        streets=("Dyers Close", "Quarry Row", "Vallis View", "Cheesemonger Lane", "Fosse Gardens", "Orchard Batch"),
    ),
    "hartlepool": Area(
        town="Hartlepool",
        cafe="the Talking Café at the Headland Hall",
        hall="the Headland Hall",
        park="the promenade",
        library="the library by the clock tower",
        outward=("TS24", "TS25", "TS26", "TS27"),
        streets=("Ropery Walk", "Lifeboat Street", "Shipwright Close", "Dock View", "Sandpiper Road", "Croft Terrace"),
    ),
}

# key, name, code, region, postcode
NETWORKS = [
    ("herts", "Mid Herts Primary Care Network", "U99001", Region.EAST, "AL1 3XX"),
    ("mendip", "Frome and Mendip Primary Care Network", "U99002", Region.SOUTH_WEST, "BA11 1XX"),
    ("hartlepool", "Hartlepool Bay Primary Care Network", "U99003", Region.NORTH_EAST, "TS24 7XX"),
]

# network, key, name, code, postcode, registered patients
PRACTICES = [
    ("herts", "maltings", "The Maltings Surgery", "E99001", "AL1 3HD", 18_400),
    ("herts", "grange", "Grange Street Surgery", "E99002", "AL3 5NB", 12_900),
    ("herts", "verulam", "Verulam Lane Surgery", "E99003", "AL3 4RL", 9_700),
    ("herts", "fleetville", "Fleetville Green Practice", "E99004", "AL4 0PG", 11_200),
    ("herts", "harpenden", "Harpenden Row Medical Centre", "E99005", "AL2 3JT", 7_300),
    ("mendip", "willow", "Willow Vale Surgery", "L99001", "BA11 1LW", 13_600),
    ("mendip", "mells", "Mells Lane Health Centre", "L99002", "BA11 3ND", 8_100),
    ("mendip", "cathedral", "Cathedral Green Surgery", "L99003", "BA5 2RH", 10_400),
    ("mendip", "glaston", "Glaston Road Surgery", "L99004", "BA6 9DT", 6_800),
    ("hartlepool", "headland", "Headland View Surgery", "A99001", "TS24 0JP", 9_900),
    ("hartlepool", "burn", "Burn Valley Surgery", "A99002", "TS26 9LE", 12_100),
    ("hartlepool", "seaton", "Seaton Sands Medical Centre", "A99003", "TS25 1DN", 8_600),
]

# key, kind, name, region, postcode
OTHERS = [
    ("office", Kind.ASSOCIATION, "The Link Workers’ Association", Region.LONDON, "WC1B 3XX"),
    ("employer", Kind.EMPLOYER, "Chiltern Community Links CIC", Region.EAST, "AL1 1XX"),
    ("verulam-hall", Kind.COMMUNITY, "Verulam Hall Community Trust", Region.EAST, "AL3 4QX"),
    ("headland-hall", Kind.COMMUNITY, "Headland Hall Association", Region.NORTH_EAST, "TS24 0QX"),
]

# name, role, workplace, months since it began, WTE, account (else the name makes the address)
PEOPLE: list[tuple[str, Role, str, int, str | None, str]] = [
    ("Amara Okafor", Role.LINK_WORKER, "herts", 31, "0.80", "link-worker"),
    ("Dev Patel", Role.LINK_WORKER, "herts", 19, "0.60", "colleague"),
    ("Siobhán O’Connor", Role.LINK_WORKER, "herts", 14, "0.50", ""),
    ("Ruth Bell", Role.LINK_WORKER, "herts", 40, "0.40", ""),
    ("Grace Adeyemi", Role.MANAGER, "herts", 26, "1.00", "manager"),
    ("Winston Clarke", Role.COORDINATOR, "herts", 22, None, "coordinator"),
    ("Rhiannon Pryce", Role.LINK_WORKER, "mendip", 48, "1.00", "outsider"),
    ("Tom Weatherall", Role.LINK_WORKER, "mendip", 13, "0.40", ""),
    ("Helen Stride", Role.MANAGER, "mendip", 30, "0.80", ""),
    ("Callum Fenwick", Role.LINK_WORKER, "hartlepool", 25, "1.00", ""),
    ("Aisha Rahman", Role.LINK_WORKER, "hartlepool", 13, "0.50", ""),
    ("Paul Robson", Role.MANAGER, "hartlepool", 34, "1.00", ""),
    ("Linda Marsh", Role.PRACTICE_STAFF, "maltings", 60, None, "practice"),
    ("Dr Priya Shah", Role.PRACTICE_STAFF, "maltings", 52, None, ""),
    ("Kasia Nowak", Role.PRACTICE_STAFF, "maltings", 27, None, ""),
    ("Dr Owen Hughes", Role.PRACTICE_STAFF, "grange", 70, None, ""),
    ("Sandra Oyelaran", Role.PRACTICE_STAFF, "grange", 33, None, ""),
    ("Dr Fatima Malik", Role.PRACTICE_STAFF, "verulam", 45, None, ""),
    ("Jenny Cole", Role.PRACTICE_STAFF, "verulam", 18, None, ""),
    ("Dr Samuel Adjei", Role.PRACTICE_STAFF, "fleetville", 38, None, ""),
    ("Dr Claire Whitmore", Role.PRACTICE_STAFF, "harpenden", 29, None, ""),
    ("Mohammed Aziz", Role.PRACTICE_STAFF, "harpenden", 16, None, ""),
    ("Dr Jonathan Sparkes", Role.PRACTICE_STAFF, "willow", 64, None, ""),
    ("Beth Chivers", Role.PRACTICE_STAFF, "willow", 21, None, ""),
    ("Dr Ngozi Eze", Role.PRACTICE_STAFF, "mells", 24, None, ""),
    ("Dr Alan Trott", Role.PRACTICE_STAFF, "cathedral", 55, None, ""),
    ("Lucy Maggs", Role.PRACTICE_STAFF, "glaston", 37, None, ""),
    ("Dr Susan Metcalfe", Role.PRACTICE_STAFF, "headland", 80, None, ""),
    ("Gary Hodgson", Role.PRACTICE_STAFF, "headland", 15, None, ""),
    ("Dr Rajesh Menon", Role.PRACTICE_STAFF, "burn", 42, None, ""),
    ("Denise Carr", Role.PRACTICE_STAFF, "seaton", 28, None, ""),
    ("Maureen D’Souza", Role.VOLUNTEER, "maltings", 17, None, "volunteer"),
    ("Yusuf Demir", Role.VOLUNTEER, "grange", 8, None, ""),
    ("Eileen Fry", Role.VOLUNTEER, "mendip", 20, None, ""),
    ("Piotr Zieliński", Role.PROVIDER, "verulam-hall", 23, None, "provider"),
    ("Carol Dunn", Role.PROVIDER, "headland-hall", 12, None, ""),
    ("Zainab Iqbal", Role.MEMBER, "employer", 10, None, "member"),
    ("Joshua Bright", Role.MEMBER, "employer", 6, None, ""),
    ("Morwenna Tregear", Role.ADMINISTRATOR, "office", 50, "1.00", "admin"),
    ("Olufemi Bankole", Role.ADMINISTRATOR, "office", 9, "0.60", ""),
]
LEFT = {"Ruth Bell": 20}  # days since the last day
LEAVING = {"Siobhán O’Connor": 24}  # days until the last day


@dataclass
class World:
    """The saved places and people, found by key and by account or name."""

    workplaces: dict[str, Workplace] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)
    staff: dict[int, list[User]] = field(default_factory=dict)  # of a practice, by its id
    workers: dict[int, list[User]] = field(default_factory=dict)  # today's link workers of a network, by its id

    def practices(self, network: str) -> list[Workplace]:
        return [self.workplaces[key] for parent, key, *_ in PRACTICES if parent == network]

    def area(self, practice: Workplace) -> Area:
        return next(area for key, area in AREAS.items() if self.workplaces[key].pk == practice.parent_id)


def is_demo(workplace: tuple[str, str | None]) -> bool:
    """Whether a workplace, by name and code, is one of these."""
    known = {(name, code) for _, name, code, *_ in NETWORKS}
    known |= {(name, code) for _, _, name, code, *_ in PRACTICES}
    return workplace in known | {(name, None) for _, _, name, *_ in OTHERS}


def settle(clock: Clock) -> World:
    """Saves the workplaces, the people and their posts."""
    world = World()
    _save_workplaces(world)
    _save_people(world, clock)
    return world


def _save_workplaces(world: World) -> None:
    for number, (key, name, code, region, postcode) in enumerate(NETWORKS):
        world.workplaces[key] = Workplace(
            kind=Kind.NETWORK,
            name=name,
            ods_code=code,
            region=region,
            postcode=postcode,
            phone=f"01632 9600{number:02}",
            email=f"{key}.network{DOMAIN}",
        )
    for key, kind, name, region, postcode in OTHERS:
        world.workplaces[key] = Workplace(kind=kind, name=name, region=region, postcode=postcode)
    Workplace.objects.bulk_create(world.workplaces.values())
    practices = {}
    for number, (network, key, name, code, postcode, list_size) in enumerate(PRACTICES):
        parent = world.workplaces[network]
        practices[key] = Workplace(
            kind=Kind.PRACTICE,
            name=name,
            ods_code=code,
            parent=parent,
            region=parent.region,
            postcode=postcode,
            list_size=list_size,
            phone=f"01632 9601{number:02}",
            email=f"{key}.surgery{DOMAIN}",
        )
    Workplace.objects.bulk_create(practices.values())
    world.workplaces |= practices


def _save_people(world: World, clock: Clock) -> None:
    password = make_password(PASSWORD)  # one slow hash for everybody; all have the same password anyway
    posts = []
    for name, role, workplace, months, wte, account in PEOPLE:
        began = clock.day_before(months * 30)
        local = account or _local_part(name)
        user = User(email=local + DOMAIN, name=name, password=password, date_joined=clock.at(began, 9))
        world.people[local if account in ACCOUNTS else name] = user
        posts.append(
            Post(
                user=user,
                workplace=world.workplaces[workplace],
                role=role,
                start_date=began,
                end_date=_last_day(name, clock),
                wte=Decimal(wte) if wte else None,
            )
        )
    users = User.objects.bulk_create(world.people.values())
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in users
    )
    for post in Post.objects.bulk_create(posts):
        if post.role == Role.PRACTICE_STAFF:
            world.staff.setdefault(post.workplace_id, []).append(post.user)
        elif post.role == Role.LINK_WORKER and not (post.end_date and post.end_date < clock.today):
            world.workers.setdefault(post.workplace_id, []).append(post.user)


def _local_part(name: str) -> str:
    plain = name.removeprefix("Dr ").lower().translate(str.maketrans("áń", "an", "’"))
    return plain.replace(" ", ".")


def _last_day(name: str, clock: Clock) -> dt.date | None:
    if name in LEFT:
        return clock.today - dt.timedelta(days=LEFT[name])
    return clock.in_days(LEAVING[name]) if name in LEAVING else None
