"""Celery's way in. Each task asks what is due and not yet done, so it is safe to run twice, or a day late."""

import logging

from celery import shared_task
from django.db import transaction
from kombu.exceptions import OperationalError

from directory import actions, dumps, gaps, index, places
from directory.models import DataChange, PageTally

logger = logging.getLogger(__name__)


@shared_task
def ask_owners() -> int:
    """Asks owners whether their listings are still right. Returns how many letters went out."""
    return actions.ask_owners()


@shared_task
def write_dumps() -> int:
    """Writes the files of open data anew. Returns how many services are in them."""
    return dumps.write_all()


@shared_task
def compact_tallies() -> None:
    """Adds up what the open data's pages count by, and the notes of its changes."""
    PageTally.objects.compact()
    DataChange.objects.compact()


@shared_task
def go_over_listings() -> None:
    """Brings the search, and what we know of places from addresses, up to date with the calendar and with the office's
    synonyms and postcode files.
    """
    places.learn()
    index.refresh_all()


@shared_task
def forget_old_searches() -> None:
    """Deletes the counts of searches that are more than two years old."""
    gaps.forget_old_searches()


@shared_task
def take_in_next_import() -> None:
    """Takes in the file or feed that has waited longest in the office, if one waits."""
    actions.run_next_import()


def nudge_import() -> None:
    """Asks a worker to begin once the transaction commits; while the broker is away, the sweep of each minute does."""
    transaction.on_commit(_nudge_import)


def _nudge_import() -> None:
    try:
        take_in_next_import.apply_async()
    except OperationalError as error:
        logger.warning("The broker is away (%s); the import waits for the sweep.", type(error).__name__)
