"""Delivery, and the nudge that asks for it."""

import logging
import time

from celery import shared_task
from django.core.mail import get_connection
from django.db import connection, transaction
from kombu.exceptions import OperationalError

from linkworkers.outbox.delivery import deliver_next
from linkworkers.outbox.forgetting import forget_old

logger = logging.getLogger(__name__)

LONGEST_RUN = 600  # seconds; what is left by then is the next sweep's
NUDGE_EXPIRES = 60  # seconds; by then the sweep has been


@shared_task(name="linkworkers.outbox.tasks.deliver_due")
def deliver_due() -> int:
    """Send what is due, one commit a message, over one connection; returns how many were tried.

    Safe to run twice, at once or after being killed. A mail server that cannot be reached ends the run.
    """
    tried = 0
    end = time.monotonic() + LONGEST_RUN
    mail_server = get_connection()
    try:
        while time.monotonic() < end and deliver_next(mail_server):
            tried += 1
    except OSError as error:
        logger.error("The mail server cannot be reached (%s); messages wait.", type(error).__name__)
    finally:
        mail_server.close()
    return tried


@shared_task
def forget_old_messages() -> int:
    """Blanks what old mails said, and deletes very old rows of the outbox. Returns how many."""
    return forget_old()


def nudge_after_commit() -> None:
    """Ask a worker to deliver once the transaction commits: once a transaction, however many messages it queued."""
    if not any(callback is _nudge for _, callback, *_ in connection.run_on_commit):
        transaction.on_commit(_nudge)


def _nudge() -> None:
    try:
        deliver_due.apply_async(expires=NUDGE_EXPIRES)
    except OperationalError as error:
        logger.warning("The broker is away (%s); the sweep will deliver.", type(error).__name__)
