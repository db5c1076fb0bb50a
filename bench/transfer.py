"""The whole directory out and in: how long it takes, and how much memory it needs."""

import gzip
import http.client
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from bench.client import Request
from bench.measure import House

STREAM = "/api/oruk/v3/services?full=true&format=ndjson"
WRITE_FILES = "import django; django.setup(); from directory.dumps import write_all; write_all()"
FILE = "services.ndjson.gz"
TIMEOUT = 120  # seconds without a byte
PIECE = 1 << 16  # bytes


@dataclass(frozen=True)
class Transfer:
    name: str
    services: int
    seconds: float
    size: int  # bytes sent, or of the file
    peak: int  # bytes of memory, of the process that does it


def out(house: House, environment: dict[str, str]) -> list[Transfer]:
    """The stream of everything, and the files of every night. Raises RuntimeError when either fails."""
    count = house.cast.services
    seconds, size, peak = _stream(house)
    stream = Transfer("API: everything, a line each", count, seconds, size, peak)
    seconds, peak = _run([sys.executable, "-c", WRITE_FILES], environment)
    written = (Path(environment["DUMPS_DIR"]) / FILE).stat().st_size
    return [stream, Transfer("the nightly files", count, seconds, written, peak)]


def into(environment: dict[str, str], folder: Path) -> Transfer:
    """Take the file in that `out` left in a folder. Raises RuntimeError when it is refused."""
    file = folder / FILE
    seconds, peak = _run([sys.executable, "-m", "django", "import_oruk", str(file), "--quiet"], environment)
    return Transfer("import into an empty database", _lines(file), seconds, file.stat().st_size, peak)


def _stream(house: House) -> tuple[float, int, int]:
    """Seconds, bytes, and the peak memory of the worker."""
    request, size = Request(STREAM), 0
    house.server.forget_peak()
    started = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", house.server.port, timeout=TIMEOUT)
    try:
        connection.request("GET", request.path, headers=request.headers)
        response = connection.getresponse()
        if response.status != 200:
            raise RuntimeError(f"{request.path} answered {response.status}")
        while piece := response.read(PIECE):
            size += len(piece)
    finally:
        connection.close()
    return time.perf_counter() - started, size, house.server.peak_memory()


def _run(command: list[str], environment: dict[str, str]) -> tuple[float, int]:
    """Seconds, and peak memory in bytes, of a command."""
    started = time.perf_counter()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}")
    return time.perf_counter() - started, usage.ru_maxrss * 1024


def _lines(file: Path) -> int:
    with gzip.open(file) as lines:
        return sum(1 for _ in lines)
