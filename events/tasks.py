"""What Celery does for events. Each asks what is due and not yet done: late, twice or two at once, it is done once."""

from celery import shared_task

from events.actions import waitlist


@shared_task
def move_waitlists_on() -> None:
    waitlist.move_all_on()


@shared_task
def close_waitlists() -> None:
    waitlist.close_begun()
