"""What pytest needs before Django reads its settings: an environment, and servers where that names none.

Loaded with `-p` from pytest.ini, because a conftest.py comes too late. Each run has servers of its own, so several
runs in one checkout, and a `make run` beside them, do not meet.
"""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from linkworkers.embedded import servers

VAR = Path(__file__).resolve().parent.parent / "var"
ABANDONED = 24 * 60 * 60  # seconds

ENVIRONMENT = {
    "SECRET_KEY": "tests keep no secrets",
    "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
    "SITE_URL": "http://testserver",
    "DEFAULT_FROM_EMAIL": "Link Workers <no-reply@linkworkers.test>",
    "EMAIL_URL": "memorymail://",
    "HTTPS": "0",
    "DEMO": "0",
    "DEBUG": "0",
    "TRUSTED_PROXY_COUNT": "0",
}


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    """Complete the environment ahead of pytest-django, which loads the settings in this hook."""
    os.environ.update(ENVIRONMENT)
    if "PYTEST_XDIST_WORKER" not in os.environ:  # a worker inherits its controller's servers
        _start_servers(early_config)
    return (yield)


def _start_servers(config: pytest.Config) -> None:
    VAR.mkdir(exist_ok=True)
    for directory in VAR.glob("test-*"):
        if directory.stat().st_mtime < time.time() - ABANDONED:  # its run was killed
            shutil.rmtree(directory)
    directory = tempfile.TemporaryDirectory(prefix="test-", dir=VAR)
    config.add_cleanup(directory.cleanup)
    running = servers(Path(directory.name), for_tests=True)
    os.environ.update(running.__enter__())
    config.add_cleanup(lambda: running.__exit__(None, None, None))
