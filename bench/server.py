"""The application under measurement: the Procfile's gunicorn, and the processor time of its workers."""

import http.client
import shlex
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from linkworkers.embedded import command_that_ends_with_us

START_TIMEOUT = 60  # seconds
STOP_TIMEOUT = 10  # seconds


@dataclass(frozen=True)
class Server:
    port: int
    workers: tuple[int, ...]  # process ids

    def processor_seconds(self) -> float:
        """What the workers have used of the processors since they began.

        From each process's own clock, which counts nanoseconds; /proc/<pid>/stat counts in hundredths of a second.
        The clock of another process is `~pid << 3 | 2` in Linux (see clock_getcpuclockid(3)).
        """
        return sum(time.clock_gettime(~worker << 3 | 2) for worker in self.workers)

    def forget_peak(self) -> None:
        """Let `peak_memory` begin anew. Linux does so for whoever writes a 5."""
        for worker in self.workers:
            Path(f"/proc/{worker}/clear_refs").write_text("5")

    def peak_memory(self) -> int:
        """The most bytes of memory that any one worker has had."""
        lines = (line for worker in self.workers for line in Path(f"/proc/{worker}/status").read_text().splitlines())
        return max(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))


@contextmanager
def serving(environment: dict[str, str], log: Path) -> Iterator[Server]:
    """Run the Procfile's web process on a free port and stop it on exit. Raises RuntimeError when it does not start."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    with log.open("w") as output:
        process = subprocess.Popen(
            command_that_ends_with_us(*_web_command(port)),
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait(process, port, log)
        # Its children are its workers. They are given the time to start all: the first answers for itself only.
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        yield Server(port, tuple(map(int, children.read_text().split())))
    finally:
        process.terminate()
        try:
            process.wait(STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _web_command(port: int) -> list[str]:
    lines = Path("Procfile").read_text(encoding="utf-8").splitlines()
    command = next(line.removeprefix("web:") for line in lines if line.startswith("web:"))
    words = shlex.split(command.replace("$PORT", str(port)))
    return [sys.executable if word == "python" else word for word in words]


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=START_TIMEOUT)
        try:
            connection.request("GET", "/healthz")
            connection.getresponse().read()
            return
        except OSError as error:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"gunicorn did not start:\n{log.read_text()[-2000:]}") from error
            time.sleep(0.1)
        finally:
            connection.close()
