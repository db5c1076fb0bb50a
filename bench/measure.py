"""Turns of every page in random order, so that what slows the machine for a while slows all of them alike."""

import json
import random
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import psycopg2
from psycopg2.extensions import connection as Connection

from bench.cast import Cast
from bench.client import Client, Request
from bench.scenarios import FLOOR, Scenario
from bench.server import Server

WARM_UP = 6  # rounds, after which both workers have compiled every template and opened their connections
IN_A_ROW = 3  # requests of one turn


@dataclass(frozen=True)
class House:
    """One size of the data set, with its server and its people. `database` is where its SQL is run by itself too."""

    share: float  # of England
    server: Server
    cast: Cast
    database: str = ""


@dataclass
class Sample:
    """What one scenario took at one house."""

    seconds: list[float] = field(default_factory=list)  # a request, as the client sees it
    processor: list[float] = field(default_factory=list)  # seconds a request of the workers' time, one value a turn
    sql: list[float] = field(default_factory=list)  # seconds of the same statements, without the application
    queries: int = 0
    size: int = 0  # bytes

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    @property
    def p95(self) -> float:
        return statistics.quantiles(self.seconds, n=20)[-1]

    @property
    def median_sql(self) -> float | None:
        return statistics.median(self.sql) if self.sql else None

    @property
    def cpu(self) -> float:
        return statistics.median(self.processor)


def measure(
    houses: list[House], scenarios: list[Scenario], rounds: int, progress: Callable[[float], None]
) -> dict[tuple[float, str], Sample]:
    """Measure each scenario and the floor at each house, `rounds` turns of IN_A_ROW requests.

    Keyed by share and scenario name. Raises RuntimeError when a page does not answer as it should.
    """
    direct = {house.share: psycopg2.connect(house.database) for house in houses if house.database}
    for connection in direct.values():
        connection.autocommit = True
    turns = [(house, scenario) for house in houses for scenario in [FLOOR, *scenarios]]
    samples = {(house.share, scenario.name): Sample() for house, scenario in turns}
    for done in range(WARM_UP + rounds):
        random.shuffle(turns)
        for house, scenario in turns:
            sample = Sample() if done < WARM_UP else samples[house.share, scenario.name]
            measured = _take_turn(house, scenario, sample)
            if scenario.budget is None and house.share in direct:
                _run_directly(house, measured, direct[house.share], sample)
        progress((done + 1) / (WARM_UP + rounds))
    for connection in direct.values():
        connection.close()
    for house, scenario in turns:
        _count(house, scenario, samples[house.share, scenario.name])
    return samples


def _count(house: House, scenario: Scenario, sample: Sample) -> None:
    """One more request, with its queries counted: that costs, and is therefore not measured."""
    *before, measured = scenario.steps(house.cast)
    with Client(house.server.port) as client:
        for request in before:
            client.send(request)
        answer = client.send(measured, queries="count")
    sample.queries, sample.size = answer.queries or 0, answer.size


def _take_turn(house: House, scenario: Scenario, sample: Sample) -> list[Request]:
    """A few requests over one new connection, which the kernel gives to either worker. Returns the measured ones."""
    turns = [scenario.steps(house.cast) for _ in range(IN_A_ROW)]
    with Client(house.server.port) as client:
        for *before, _ in turns:
            for request in before:
                client.send(request)
        client.send(FLOOR.steps(house.cast)[0])  # opens the connection
        processor_before = house.server.processor_seconds()
        answers = [client.send(measured) for *_, measured in turns]
        processor_after = house.server.processor_seconds()
    sample.seconds += [answer.seconds for answer in answers]
    sample.processor.append((processor_after - processor_before) / IN_A_ROW)
    return [measured for *_, measured in turns]


def _run_directly(house: House, requests: list[Request], direct: Connection, sample: Sample) -> None:
    """What each of these requests asks Postgres, asked by nobody but psycopg2.

    Postgres has answered it just before, so this is the least that it can take.
    """
    with Client(house.server.port) as client, direct.cursor() as cursor:
        for request in requests:
            statements = json.loads(client.send(request, queries="show").body)
            started = time.perf_counter()
            for statement in statements:
                cursor.execute(statement)
                if cursor.description:
                    cursor.fetchall()
            sample.sql.append(time.perf_counter() - started)
