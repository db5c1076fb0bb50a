"""Celery's way in. Each task asks what is due and not yet done, so it is safe to run twice, or a day late."""

from celery import shared_task

from volunteers.actions import attendance, reminders


@shared_task
def send_reminders() -> int:
    """Reminds volunteers of shifts and trainings that begin soon. Returns how many mails were written."""
    return reminders.remind_of_shifts() + reminders.remind_of_trainings()


@shared_task
def tell_unfilled() -> int:
    """Tells coordinators which sessions are short of volunteers. Returns how many mails were written."""
    return reminders.tell_unfilled()


@shared_task
def send_weeks() -> int:
    """Sends volunteers the week before them. Returns how many mails were written."""
    return reminders.send_weeks()


@shared_task
def take_in_courses() -> int:
    """Notes the requirements that volunteers have by a course they passed here. Returns how many."""
    return attendance.take_in_courses()
