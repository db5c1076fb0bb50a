"""The mails to whoever posted a job or a volunteer role. Each has their private link, so none is kept readable."""

from django.utils import timezone

from linkworkers.outbox.actions import queue
from members.models import Vacancy
from members.vacancy_links import own_path


def confirm(vacancy: Vacancy) -> None:
    """Asks whether it was they who wrote it."""
    _write("vacancy-confirm", vacancy, about="")


def new_link(vacancy: Vacancy) -> None:
    """For a link that has expired: one a day."""
    _write("vacancy-link", vacancy, about=str(timezone.localdate()))


def decided(vacancy: Vacancy) -> None:
    """What the office made of it."""
    _write("vacancy-decided", vacancy, about=str(vacancy.version))


def closing_soon(vacancy: Vacancy) -> None:
    _write("vacancy-closing", vacancy, about=str(vacancy.closes_on))


def was_it_filled(vacancy: Vacancy) -> None:
    _write("vacancy-filled", vacancy, about=str(vacancy.closes_on))


def _write(kind: str, vacancy: Vacancy, *, about: str) -> None:
    queue(
        key=":".join(filter(None, [kind, str(vacancy.pk), about])),
        kind=kind,
        to=vacancy.contact_email,
        template=kind,
        context={"vacancy": vacancy, "path": own_path(vacancy)},
        secret=True,
    )
