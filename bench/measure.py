"""Turns of every page in random order, so that what slows the machine for a while slows all of them alike."""

import random
import statistics
from collections.abc import Callable
from dataclasses import dataclass, field

from bench.cast import Cast
from bench.client import Client
from bench.scenarios import FLOOR, Scenario
from bench.server import Server

WARM_UP = 6  # rounds, after which both workers have compiled every template and opened their connections
IN_A_ROW = 3  # requests of one turn


@dataclass(frozen=True)
class House:
    """One size of the data set, with its server and its people."""

    share: float  # of England
    server: Server
    cast: Cast


@dataclass
class Sample:
    """What one scenario took at one house."""

    seconds: list[float] = field(default_factory=list)  # a request, as the client sees it
    processor: list[float] = field(default_factory=list)  # seconds a request of the workers' time, one value a turn
    queries: int = 0
    size: int = 0  # bytes

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    @property
    def p95(self) -> float:
        return statistics.quantiles(self.seconds, n=20)[-1]

    @property
    def cpu(self) -> float:
        return statistics.median(self.processor)


def measure(
    houses: list[House], scenarios: list[Scenario], rounds: int, progress: Callable[[float], None]
) -> dict[tuple[float, str], Sample]:
    """Measure each scenario and the floor at each house, `rounds` turns of IN_A_ROW requests.

    Keyed by share and scenario name. Raises RuntimeError when a page does not answer as it should.
    """
    turns = [(house, scenario) for house in houses for scenario in [FLOOR, *scenarios]]
    samples = {(house.share, scenario.name): Sample() for house, scenario in turns}
    for done in range(WARM_UP + rounds):
        random.shuffle(turns)
        for house, scenario in turns:
            sample = Sample() if done < WARM_UP else samples[house.share, scenario.name]
            _take_turn(house, scenario, sample)
        progress((done + 1) / (WARM_UP + rounds))
    for house, scenario in turns:
        _count(house, scenario, samples[house.share, scenario.name])
    return samples


def _count(house: House, scenario: Scenario, sample: Sample) -> None:
    """One more request, with its queries counted: that costs, and is therefore not measured."""
    *before, measured = scenario.steps(house.cast)
    with Client(house.server.port) as client:
        for request in before:
            client.send(request)
        answer = client.send(measured, count_queries=True)
    sample.queries, sample.size = answer.queries or 0, answer.size


def _take_turn(house: House, scenario: Scenario, sample: Sample) -> None:
    """A few requests over one new connection, which the kernel gives to either worker."""
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
