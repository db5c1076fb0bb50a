"""Twelve weeks of sessions for all clinics: how long it takes, and whether a run that is killed is made up for."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass

import psycopg2

KILLED_AT = 0.4  # of the clinics
PATIENCE = 600  # seconds


@dataclass(frozen=True)
class Generation:
    """Two runs over so many clinics, the first killed when `kept` had their sessions, or none of them; `peak` is in
    bytes, of the process that went on. `missing` sessions are wanted by a pattern, `twice` are there for a day twice.
    """

    clinics: int
    kept: int
    seconds: float
    sessions: int
    without_room: int
    missing: int
    twice: int
    peak: int


def run(environment: dict[str, str], clinics: int, *, kill: bool) -> Generation:
    """Make the sessions of a database that was filled for it. Raises RuntimeError when that fails."""
    started = time.perf_counter()
    kept = _killed(environment, clinics) if kill else 0
    process = _start(environment)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - started
    if process.returncode:
        raise RuntimeError(f"generate_all ended with {process.returncode}")
    looked = subprocess.run([*_command(), "--look"], env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return Generation(kept=kept, seconds=seconds, peak=usage.ru_maxrss * 1024, **json.loads(looked.stdout))


def _killed(environment: dict[str, str], clinics: int) -> int:
    """Start a run and end it, without a word, in the middle; how many clinics had their sessions by then."""
    process = _start(environment)
    until = time.monotonic() + PATIENCE
    connection = psycopg2.connect(environment["DATABASE_URL"])
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            while time.monotonic() < until and process.poll() is None:
                if _done(cursor) >= clinics * KILLED_AT:
                    process.send_signal(signal.SIGKILL)
                    break
                time.sleep(0.02)
            process.wait()
            return _done(cursor)
    finally:
        connection.close()


def _done(cursor: "psycopg2.extensions.cursor") -> int:
    cursor.execute("SELECT count(*) FROM volunteers_clinic WHERE generated_until IS NOT NULL")
    return int(cursor.fetchone()[0])


def _start(environment: dict[str, str]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(_command(), env=environment, stdout=subprocess.DEVNULL)


def _command() -> list[str]:
    return [sys.executable, "-m", "django", "generate_all"]
