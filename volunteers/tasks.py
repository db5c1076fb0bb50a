"""Celery's way in. Each task asks what is due and not yet done, so it is safe to run twice, or a day late."""

from celery import shared_task

from volunteers.actions import generation


@shared_task
def generate_sessions() -> int:
    """Makes the sessions of all clinics twelve weeks ahead. Returns how many are new."""
    return generation.generate()
