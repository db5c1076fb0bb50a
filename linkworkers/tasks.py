"""Housekeeping that belongs to no app."""

from celery import shared_task
from django.core.management import call_command


@shared_task
def clear_sessions() -> None:
    """Deletes sessions that have ended: each names somebody, and none is of use."""
    call_command("clearsessions")
