"""Celery's way in. Each task asks what is due and not yet done, so it is safe to run twice, or a day late."""

from celery import shared_task

from events.actions import contribution_reviews, contributions


@shared_task
def remind_of_contributions() -> int:
    """Reminds of drafts, and the panel of what is left to read. Returns how many mails were written."""
    return contribution_reviews.remind()


@shared_task
def forget_old_contributions() -> int:
    """Deletes contributions that came to nothing, a year after their event. Returns how many."""
    return contributions.forget_old()
