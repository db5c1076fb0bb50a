from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from linkworkers.outbox.actions import queue
from linkworkers.outbox.models import Message
from linkworkers.outbox.tests.mail_server import MailServer


@pytest.fixture(autouse=True)
def example_templates(settings: Settings) -> None:
    first, *others = settings.TEMPLATES
    ours = Path(__file__).parent / "templates"
    settings.TEMPLATES = [{**first, "DIRS": [*first["DIRS"], ours]}, *others]


@pytest.fixture
def write() -> Callable[..., Message | None]:
    """Queue the example message; any argument may be given another value."""

    def write(**arguments: object) -> Message | None:
        usual = {
            "key": "referral-accepted:123",
            "kind": "referral-accepted",
            "to": "nurse@example.org",
            "template": "example",
            "context": {"who": "Zoë O’Hara & Sons", "reference": "K7-QM2"},
        }
        return queue(**{**usual, **arguments})

    return write


@pytest.fixture
def mail_server(settings: Settings) -> Iterator[MailServer]:
    with MailServer() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        yield server
