"""Celery's way in. Each task asks what is due and not yet done, so it is safe to run twice, or a day late."""

from celery import shared_task

from volunteers.actions import journey_checks, journey_own, journey_references, retention


@shared_task
def note_courses() -> int:
    """Notes what volunteers have by passing a course. Returns how many checks were made."""
    return journey_checks.note_courses()


@shared_task
def remind_of_checks() -> int:
    """Writes to volunteers and coordinators before a check ends. Returns how many mails were written."""
    return journey_checks.remind_of_checks()


@shared_task
def remind_referees() -> int:
    """Reminds each referee once. Returns how many mails were written."""
    return journey_references.remind()


@shared_task
def end_pauses() -> int:
    """Brings back whoever's pause has ended. Returns how many."""
    return journey_own.end_pauses()


@shared_task
def forget_old_volunteers() -> int:
    """Deletes what is kept long enough of applicants and of volunteers who left. Returns how many people."""
    return retention.forget_old()
