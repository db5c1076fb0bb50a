"""`make run`: the whole application on this machine, with a made-up world in it.

Starts the servers that the environment does not name, brings the database up to date, fills an empty one with the
demo, and runs the Procfile until it is told to stop. For an installation see `docs/operations.md` instead.
"""

import hashlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import ExitStack
from pathlib import Path

import django
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connections

from linkworkers.demo import ACCOUNTS, PASSWORD
from linkworkers.embedded import command_that_ends_with_us, kept_secret, servers

VAR = Path("var")
START_TIMEOUT = 60  # seconds
STOP_TIMEOUT = 10  # seconds; honcho itself kills after five


def main() -> None:
    """Run until Ctrl-C or SIGTERM. Exits non-zero, with one sentence, when it cannot start."""
    port = int(os.environ.get("PORT", "8000"))
    if _is_taken(port):
        sys.exit(f"Port {port} is taken by another program. Stop that one, or choose another: make run PORT=8001")
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, _stop)
    VAR.mkdir(exist_ok=True)
    with ExitStack() as stack:
        try:
            urls = stack.enter_context(servers(VAR))
        except RuntimeError as error:
            sys.exit(str(error))
        os.environ.update(_environment(port, urls))
        _prepare()
        sys.exit(_serve(port))


def _stop(received: int, frame: object) -> None:
    """End the program once: what is already stopping is not hurried by a second Ctrl-C."""
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, signal.SIG_IGN)
    sys.exit(0)


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def _environment(port: int, urls: dict[str, str]) -> dict[str, str]:
    """Every setting the application requires; what the environment says wins over what suits a demo."""
    suits_a_demo = {
        "DJANGO_SETTINGS_MODULE": "linkworkers.settings",
        "SECRET_KEY": kept_secret(VAR / "secret-key"),
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        "SITE_URL": f"http://127.0.0.1:{port}",
        "DEFAULT_FROM_EMAIL": "Link Workers <demo@localhost>",
        "EMAIL_URL": f"filemail:///{VAR}/mail",
        "HTTPS": "0",
        # A database that somebody brought may hold real people: it gets neither made-up ones nor their easy log-in.
        "DEMO": "0" if os.environ.get("DATABASE_URL") else "1",
        # Celery warns at length against root, which a container's only user may well be.
        "PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges",
        # Put this interpreter's programs first for the Procfile.
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    return {**suits_a_demo, **os.environ, **urls, "PORT": str(port), "PATH": suits_a_demo["PATH"]}


def _prepare() -> None:
    """Bring database and static files up to date; fill an empty demo database."""
    django.setup()
    print("Bringing the database up to date …", flush=True)
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    _collect_static_files()
    if settings.DEMO and not get_user_model().objects.exists():
        print("Making up a small world to look at …", flush=True)
        call_command("demo")
    connections.close_all()


def _collect_static_files() -> None:
    """Collect and compress the static files, unless they are those of the last time."""
    listing = sorted(
        f"{path} {storage.size(path)} {storage.get_modified_time(path)}"
        for finder in get_finders()
        for path, storage in finder.list([])
    )
    digest = hashlib.sha256("\n".join(listing).encode()).hexdigest()
    collected = VAR / "static-files"
    if collected.exists() and collected.read_text(encoding="ascii") == digest and settings.STATIC_ROOT.exists():
        return
    print("Collecting the static files …", flush=True)
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    collected.write_text(digest, encoding="ascii")


def _serve(port: int) -> int:
    """Run the Procfile's processes, say when the web answers, and return the exit code."""
    # Honcho would read .env again and prefer it to what was prepared above.
    command = [sys.executable, "-m", "honcho", "--env", os.devnull, "start", "--port", str(port)]
    processes = subprocess.Popen(command_that_ends_with_us(*command), start_new_session=True)
    try:
        if _answers(port, processes):
            _welcome(port)
        return processes.wait()
    finally:
        processes.terminate()
        try:
            processes.wait(STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            processes.kill()


def _answers(port: int, processes: subprocess.Popen[bytes]) -> bool:
    """Wait for the web's first answer, whatever it says; False when the processes ended or nothing came in time."""
    deadline = time.monotonic() + START_TIMEOUT
    while processes.poll() is None and time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5).close()
        except urllib.error.HTTPError:
            return True  # unwell, but its page says what is wrong
        except OSError:
            time.sleep(0.1)
        else:
            return True
    return False


def _welcome(port: int) -> None:
    lines = ["", f"Ready: http://127.0.0.1:{port}/"]
    if settings.DEMO:
        lines += ["", f"Log in with the password {PASSWORD} as", ""]
        lines += [f"  {name + '@demo.test':<24}{does}" for name, does in ACCOUNTS.items()]
    if settings.EMAIL_BACKEND.endswith("filebased.EmailBackend"):
        lines += ["", f"E-mails are written to {settings.EMAIL_CONFIG['EMAIL_FILE_PATH']}/"]
    print("\n".join([*lines, "Ctrl-C stops everything.", ""]), flush=True)


if __name__ == "__main__":
    main()
