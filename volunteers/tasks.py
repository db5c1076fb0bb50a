"""Celery's way in. Each task asks what is due and not yet done, so it is safe to run twice, or a day late."""

from celery import shared_task

from volunteers.actions import bookings, day


@shared_task
def release_offers() -> int:
    """Gives back times that were held for people and not answered for. Returns how many."""
    return bookings.release_offers()


@shared_task
def write_down_missed() -> int:
    """Writes into their cases that people did not come. Returns how many."""
    return day.write_down_missed()
