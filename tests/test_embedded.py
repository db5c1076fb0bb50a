"""The servers of our own: private, durable, and gone when whoever started them is gone."""

import os
import shutil
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
import pytest
import redis

from linkworkers import embedded

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True)
def _nothing_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.delenv("REDIS_URL")


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """A place whose path holds a space and is longer than a Unix socket's may be."""
    return tmp_path / f"a checkout {'x' * 120}"


def query(url: str, sql: str) -> object:
    connection = psycopg2.connect(url)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchone()[0] if cursor.description else None
    finally:
        connection.close()


def test_what_the_database_holds_is_there_the_next_time(directory: Path) -> None:
    with embedded.servers(directory) as urls:
        query(urls["DATABASE_URL"], "CREATE TABLE kept AS SELECT 'yesterday' AS day")
    with embedded.servers(directory) as urls:
        assert query(urls["DATABASE_URL"], "SELECT day FROM kept") == "yesterday"
        assert query(urls["DATABASE_URL"], "SHOW fsync") == "on"


def test_nobody_gets_in_without_the_password(directory: Path) -> None:
    with embedded.servers(directory, for_tests=True) as urls:
        broker = redis.Redis.from_url(urls["REDIS_URL"])
        assert broker.ping()
        broker.close()
        for role in ("linkworkers", "postgres"):
            with pytest.raises(psycopg2.OperationalError, match="password"):
                psycopg2.connect(urls["DATABASE_URL"], user=role, password="guess")
        stranger = redis.Redis(host="127.0.0.1", port=urlsplit(urls["REDIS_URL"]).port)
        with pytest.raises(redis.AuthenticationError):
            stranger.ping()
        stranger.close()


def test_the_application_is_no_superuser_but_may_create_databases(directory: Path) -> None:
    with embedded.servers(directory, for_tests=True) as urls:
        superuser = "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"
        assert query(urls["DATABASE_URL"], superuser) is False
        query(urls["DATABASE_URL"], "CREATE DATABASE another")


@pytest.mark.parametrize("given", ["DATABASE_URL", "REDIS_URL"])
def test_a_given_server_is_used_and_only_the_other_is_started(
    directory: Path, given: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(given, "somewhere://else")
    with embedded.servers(directory, for_tests=True) as urls:
        assert urls[given] == "somewhere://else"
        assert {"DATABASE_URL": "valkey", "REDIS_URL": "postgres"}[given] in os.listdir(directory)
        assert {"DATABASE_URL": "postgres", "REDIS_URL": "valkey"}[given] not in os.listdir(directory)


def test_with_both_servers_given_nothing_is_written(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"DATABASE_URL": "postgres://somewhere/else", "REDIS_URL": "redis://somewhere/0"}
    for name, url in given.items():
        monkeypatch.setenv(name, url)
    with embedded.servers(directory) as urls:
        assert urls == given
    assert not directory.exists()


def test_two_runs_do_not_share_a_directory(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "LOCK_TIMEOUT", 0)
    with (
        embedded.servers(directory, for_tests=True),
        pytest.raises(RuntimeError, match="in use by another run"),
        embedded.servers(directory, for_tests=True),
    ):
        pass


def test_a_process_number_left_by_a_crash_is_not_believed(directory: Path) -> None:
    with embedded.servers(directory, for_tests=True):
        pass
    pid_file = directory / "postgres" / "data" / "postmaster.pid"
    pid_file.write_text(f"{os.getpid()}\n")  # some living process that is not Postgres
    with embedded.servers(directory, for_tests=True) as urls:
        assert query(urls["DATABASE_URL"], "SELECT 1") == 1


def test_an_interrupted_creation_is_begun_again(directory: Path) -> None:
    unfinished = directory / "postgres" / "data.new"
    unfinished.mkdir(parents=True)
    (unfinished / "PG_VERSION").write_text("18\n")
    with embedded.servers(directory, for_tests=True) as urls:
        assert query(urls["DATABASE_URL"], "SELECT 1") == 1


@pytest.fixture
def starter(directory: Path) -> Iterator[subprocess.Popen[str]]:
    """Another Python that has started servers and says their Postgres URL on its first line."""
    program = (
        "import sys, time; from pathlib import Path; from linkworkers.embedded import servers\n"
        "with servers(Path(sys.argv[1]), for_tests=True) as urls:\n"
        "    print(urls['DATABASE_URL'], flush=True); time.sleep(600)"
    )
    command = [sys.executable, "-c", program, str(directory)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


@pytest.mark.skipif(not shutil.which("setpriv"), reason="needs Linux's setpriv")
def test_servers_end_with_the_one_who_started_them_even_when_killed(
    starter: subprocess.Popen[str], directory: Path
) -> None:
    url = starter.stdout.readline().strip()
    assert query(url, "SELECT 1") == 1
    starter.kill()
    with embedded.servers(directory, for_tests=True) as urls:  # waits for the lock those servers held
        assert query(urls["DATABASE_URL"], "SELECT 1") == 1
        with pytest.raises(psycopg2.OperationalError):
            psycopg2.connect(url)


def test_a_server_that_cannot_start_says_why(directory: Path) -> None:
    with embedded.servers(directory, for_tests=True):
        pass
    (directory / "postgres" / "data" / "PG_VERSION").write_text("9\n")
    with pytest.raises(RuntimeError, match="incompatible with server"), embedded.servers(directory, for_tests=True):
        pass


def test_a_secret_is_kept_for_its_owner_only(tmp_path: Path) -> None:
    secret = embedded.kept_secret(tmp_path / "secret")
    assert len(secret) >= 50
    assert embedded.kept_secret(tmp_path / "secret") == secret
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600


def test_a_taken_port_is_named_before_anything_starts() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        began = time.monotonic()
        run = subprocess.run(
            [sys.executable, "-m", "linkworkers.run"],
            cwd=ROOT,
            env={**os.environ, "PORT": str(port)},
            capture_output=True,
            text=True,
        )
    assert run.returncode == 1
    assert run.stderr.startswith(f"Port {port} is taken")
    assert time.monotonic() - began < 30
