"""What the directory, reminders, the rota and sales are to reach, as ratios between figures of one run."""

from collections.abc import Callable
from dataclasses import dataclass

from bench.directory_scenarios import API_FIRST, API_LAST, BARE, LOCAL, MISSPELLING, NATIONWIDE
from bench.generation import Generation
from bench.measure import Sample
from bench.renewals import Renewals
from bench.sale import BUYERS, Sales
from bench.transfer import Transfer

MOST_MEMORY = 1.2  # of moving all, against moving a hundredth
MOST_MINUTES = 5.0  # for the sessions of all clinics


@dataclass(frozen=True)
class Aim:
    says: str
    reached: float
    most: float

    @property
    def is_missed(self) -> bool:
        return round(self.reached, 2) > self.most


def _median(sample: Sample) -> float:
    return sample.median


def _p95(sample: Sample) -> float:
    return sample.p95


AIMS: tuple[tuple[str, str, str, Callable[[Sample], float], float], ...] = (
    ("search page: median × bare view", LOCAL, BARE, _median, 1.5),
    ("nationwide search: p95 × local", NATIONWIDE, LOCAL, _p95, 2.0),
    ("misspelt search: p95 × local", MISSPELLING, LOCAL, _p95, 2.0),
    ("API: median of last page × first", API_LAST, API_FIRST, _median, 1.2),
)


def of_pages(samples: dict[str, Sample]) -> list[Aim]:
    """The aims of which both pages were measured; `samples` are those of one house, by scenario."""
    return [
        Aim(says, figure(samples[page]) / figure(samples[against]), most)
        for says, page, against, figure, most in AIMS
        if page in samples and against in samples
    ]


def of_transfers(large: list[Transfer], small: list[Transfer]) -> list[Aim]:
    """What goes out needs the same memory however much it is."""
    pairs = zip(large, small, strict=True)
    return [Aim(f"{all.name}: peak memory × a hundredth", all.peak / some.peak, MOST_MEMORY) for all, some in pairs]


def of_renewals(large: Renewals, small: Renewals) -> list[Aim]:
    """Memory and the queries of a batch stay, however many are due at once; and everybody is written to once."""
    return [
        Aim("renewals: peak memory × a hundredth", large.peak / small.peak, MOST_MEMORY),
        Aim("renewals: queries of a batch × a hundredth", large.queries_a_batch / small.queries_a_batch, 1.0),
        Aim("renewals: members without a message", (large.members - large.messages) / large.members, 0.0),
    ]


def of_generation(large: Generation, small: Generation) -> list[Aim]:
    """Minutes at most and the same memory, however many clinics; what a killed run left is made up for, once."""
    return [
        Aim("sessions made ahead: minutes", large.seconds / 60, MOST_MINUTES),
        Aim("sessions made ahead: peak memory × a hundredth", large.peak / small.peak, MOST_MEMORY),
        Aim("sessions made ahead: missing", float(large.missing), 0.0),
        Aim("sessions made ahead: made twice", float(large.twice), 0.0),
    ]


def of_sales(run: Sales) -> list[Aim]:
    """Each place is sold once and none is left, nobody sees an error, and nobody is passed by who came later."""
    return [
        Aim("sales: tickets beyond the places", float(max(0, run.most - run.places)), 0.0),
        Aim("sales: places left", float(max(0, run.places - run.least)), 0.0),
        Aim("sales: error pages", float(run.errors), 0.0),
        Aim("sales: people without place or turn", float(run.sales * (BUYERS - run.places) - run.waiting), 0.0),
        Aim("sales: people passed", float(run.out_of_order), 0.0),
    ]
