"""What is measured of volunteering: the rota as its coordinator sees it, and a volunteer's own shifts."""

from bench.client import Request
from bench.scenarios import WORST, Scenario

ROTA = [
    Scenario("rota month", WORST, lambda cast: [Request("/volunteers/rota/?view=month", cast.coordinator)]),
    Scenario("rota week", WORST, lambda cast: [Request("/volunteers/rota/", cast.coordinator)]),
    Scenario("my shifts", WORST, lambda cast: [Request("/volunteers/", cast.volunteer)]),
]
