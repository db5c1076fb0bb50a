"""Celery's way in. Each task asks what is due and not yet done, so it is safe to run twice, or a day late."""

from celery import shared_task

from members.actions import learning_reminders


@shared_task
def remind_of_learning_year() -> int:
    """Writes to members whose learning year ends soon with something missing. Returns how many mails were written."""
    return learning_reminders.remind_of_learning_year()


@shared_task
def ask_about_supervision() -> int:
    """Writes to members whose last supervision is long ago. Returns how many mails were written."""
    return learning_reminders.ask_about_supervision()
