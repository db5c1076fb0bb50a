"""Celery's way in. Each task asks what is due and not yet done, so it is safe to run twice, or a day late."""

from celery import shared_task

from referrals import actions


@shared_task
def send_morning_digests() -> int:
    """Mails each link worker their day, once a working day. Returns how many mails were queued."""
    return actions.send_morning_digests()


@shared_task
def flag_unanswered_referrals() -> int:
    """Tells managers of referrals that waited 14 days. Returns how many were flagged."""
    return actions.flag_unanswered()


@shared_task
def delete_expired_drafts() -> int:
    """Forgets drafts untouched for 30 days. Returns how many."""
    return actions.delete_expired_drafts()
