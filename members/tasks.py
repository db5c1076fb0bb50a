"""Celery's way in. Each task asks what is due and not yet done, so it is safe to run twice, or a day late."""

from celery import shared_task

from members.actions import communities, following


@shared_task
def send_topic_summaries() -> int:
    """Mails whoever wants one mail a day of the replies in their topics. Returns how many mails were queued."""
    return following.send_summaries()


@shared_task
def recount_communities() -> int:
    """Counts members, topics and replies of every community anew. Returns how many communities there are."""
    return communities.recount_all()
