"""A made-up country, the same each time for one size and one moment: who works where, and how each case stands."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bench.cases import Cases, Network, Plan
from bench.made_up import DAY, MadeUp
from bench.tables import Table
from members.models import Post, Region, Role, User, Workplace
from referrals.models.referral import State

YEARS = 3
CASES_HELD = 40  # open cases of each link worker
WAITING = 24  # referrals in each network's inbox
JOINING = 0.04  # share of the referrals that join an open episode
CASES_AT_A_TIME = 5_000  # go into the database together


@dataclass(frozen=True)
class Size:
    networks: int
    practices: int
    link_workers: int
    referrals: int

    @classmethod
    def of(cls, share: float) -> "Size":
        """A share of England, where 1.0 is 1,250 networks and 1.3 million referrals. Two networks at least."""
        networks = max(2, round(1_250 * share))
        return cls(
            networks=networks,
            practices=max(networks, round(6_300 * share)),
            link_workers=max(networks, round(3_600 * share)),
            referrals=max(4 * networks, round(1_300_000 * share)),
        )


def write_world(cursor: Any, size: Size, now: dt.datetime, progress: Callable[[float], None]) -> None:
    """Fill an empty database through a psycopg2 cursor, in the caller's transaction.

    The triggers that keep history stand still meanwhile; every constraint and foreign key is checked, each time that
    a bundle of rows goes in. Calls `progress` with the share done, up to 1.0.
    """
    made_up = MadeUp(now)
    people = {model: Table(model) for model in (User, Workplace, Post)}
    networks = _workplaces_and_people(size, people, made_up)
    cases = Cases(networks, made_up)
    tables = [*people.values(), *cases.tables.values()]
    plans = sorted(plan for network in networks for plan in _plans(network, networks[network], size, made_up))
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for table in tables:
        cursor.execute(f"ALTER TABLE {table.name} DISABLE TRIGGER USER")
    for done, plan in enumerate(plans, start=1):
        cases.write(plan)
        if done % CASES_AT_A_TIME == 0 or done == len(plans):
            for table in tables:
                table.copy(cursor)
            progress(done / len(plans))
    for table in tables:
        table.finish(cursor)
        cursor.execute(f"ALTER TABLE {table.name} ENABLE TRIGGER USER")


def _workplaces_and_people(size: Size, tables: dict[Any, Table], made_up: MadeUp) -> dict[int, Network]:
    joined = made_up.now - (YEARS + 1) * 365 * DAY

    def workplace(kind: str, name: str, code: str, **more: Any) -> int:
        region = made_up.random.choice(Region.values[:9])
        mailbox = f"{code.lower()}@bench.invalid"
        return tables[Workplace].add(kind=kind, name=name, ods_code=code, region=region, email=mailbox, **more)

    def user(account: str, role: Role, at: int) -> int:
        email = f"{account}-{at}-{tables[User].next_id}@bench.invalid"
        number = tables[User].add(email=email, name=made_up.name(), password="!", date_joined=joined)
        tables[Post].add(user_id=number, workplace_id=at, role=role, start_date=joined.date(), wte="1.00")
        return number

    networks: dict[int, Network] = {}
    for number in range(size.networks):
        name = f"{made_up.town()} Primary Care Network"
        networks[workplace("network", name, f"U{number:05}", list_size=50_000)] = Network()
    for network in networks:
        user("manager", Role.MANAGER, network)
    ids = list(networks)
    for number in range(size.practices):
        network = ids[number % len(ids)]
        practice = workplace(
            "practice", f"{made_up.town()} Surgery", f"E{number:05}", parent_id=network, list_size=10_000
        )
        networks[network].staff[practice] = user("practice", Role.PRACTICE_STAFF, practice)
    for number in range(size.link_workers):
        network = ids[number % len(ids)]
        networks[network].link_workers.append(user("link-worker", Role.LINK_WORKER, network))
    return networks


def _plans(number: int, network: Network, size: Size, made_up: MadeUp) -> list[Plan]:
    """The episodes of one network: today's inbox and caseloads, and everything that is over."""
    total = size.referrals // size.networks + (number <= size.referrals % size.networks)
    joined = int(total * JOINING)
    waiting = min(WAITING, total // 4)
    held = min(CASES_HELD * len(network.link_workers), total // 4)
    over = total - waiting - held - joined
    plans = [(made_up.ago(0, 16), State.MORE_ASKED if each % 6 == 0 else State.SUBMITTED) for each in range(waiting)]
    plans += [(made_up.ago(10, 20), State.ACCEPTED) for each in range(held // 8)]
    plans += [(made_up.ago(25, 270), State.ACTIVE) for each in range(held - held // 8)]
    ends = made_up.random.choices([State.CLOSED, State.DECLINED, State.WITHDRAWN], [86, 9, 5], k=over)
    plans += [(made_up.ago(20, 365 * YEARS), end) for end in ends]
    joinable = [index for index, (_, state) in enumerate(plans) if state in (State.ACTIVE, State.CLOSED)]
    chosen = set(made_up.random.sample(joinable, joined))
    return [Plan(opened_at, number, state, index in chosen) for index, (opened_at, state) in enumerate(plans)]
