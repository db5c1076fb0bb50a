"""The reminders of a day on which every membership ends at once: how long it takes, and how much memory it needs."""

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Renewals:
    """One run over so many members; `peak` is in bytes, of the process that does it."""

    members: int
    seconds: float
    messages: int
    queries: int
    batches: int
    peak: int

    @property
    def queries_a_batch(self) -> float:
        return self.queries / self.batches


def run(environment: dict[str, str]) -> Renewals:
    """Remind everybody of a database that was filled for it. Raises RuntimeError when that fails."""
    command = [sys.executable, "-m", "django", "remind_all"]
    started = time.perf_counter()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    said = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stdout.close()
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}")
    return Renewals(**json.loads(said), seconds=time.perf_counter() - started, peak=usage.ru_maxrss * 1024)
