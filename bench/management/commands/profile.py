"""`python -m django profile SCENARIO CAST`: where the time of one page goes."""

import cProfile
import io
import json
import pstats
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.test import Client

from bench.cast import Cast
from bench.client import Request
from bench.directory_scenarios import DIRECTORY
from bench.events_scenarios import EVENTS
from bench.members_scenarios import MEMBERSHIP
from bench.rota_scenarios import ROTA
from bench.scenarios import SCENARIOS

ALL = SCENARIOS + MEMBERSHIP + ROTA + EVENTS + DIRECTORY
WARM_UP = 5
TIMES = 50
LINES = 25


class Command(BaseCommand):
    help = "Profile a scenario in this process: the functions that take most themselves, and with all they call."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("scenario", choices=[each.name for each in ALL])
        parser.add_argument("cast", type=json.loads, help="what the command fill printed")

    def handle(self, *, scenario: str, cast: dict[str, Any], **options: Any) -> None:
        chosen = next(each for each in ALL if each.name == scenario)
        client, people = Client(), Cast(**cast)
        profile = cProfile.Profile()
        for turn in range(WARM_UP + TIMES):
            *before, measured = chosen.steps(people)
            for request in before:
                _send(client, request)
            if turn >= WARM_UP:
                profile.enable()
            _send(client, measured)
            profile.disable()
        text = io.StringIO()
        statistics = pstats.Stats(profile, stream=text).strip_dirs()
        for order in ("tottime", "cumulative"):
            statistics.sort_stats(order).print_stats(LINES)
        self.stdout.write(f"{scenario}, {TIMES} times. The profiler itself takes as long again.\n{text.getvalue()}")


def _send(client: Client, request: Request) -> None:
    """Hand the request to the application in this process. Raises CommandError when it is not answered as it should."""
    content_type = request.headers.get("Content-Type", "")
    answer = client.generic(request.method, request.path, request.body, content_type, headers=request.headers)
    if answer.status_code != request.expected:
        raise CommandError(f"{request.method} {request.path} answered {answer.status_code}.")
