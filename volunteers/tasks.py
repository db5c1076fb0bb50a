"""Celery's way in. Each task asks what is due and not yet done, so it is safe to run twice, or a day late."""

from celery import shared_task

from volunteers.actions import cover


@shared_task
def ask_further_for_cover() -> int:
    """Closes requests and swaps that are void, and asks the next volunteers. Returns how many were asked."""
    return cover.ask_further()
