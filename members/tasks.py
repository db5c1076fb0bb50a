"""Celery's way in. Each task asks what is due and not yet done, so it is safe to run twice, or a day late."""

from celery import shared_task

from members.actions import renewals


@shared_task
def send_renewals() -> int:
    """Reminds people that their membership ends, or has ended. Returns how many mails were written."""
    return renewals.send_renewals()
