"""What Celery does for events. Each asks what is due and not yet done: late, twice or two at once, it is done once."""

from celery import shared_task

from events.actions import attendance, booking, contribution_reviews, contributions, reminders, retention, waitlist


@shared_task
def confirm_paid_bookings() -> int:
    """Books what was paid for by card, where that was not done when we heard of it. Returns how many."""
    return booking.confirm_paid()


@shared_task
def free_lapsed_bookings() -> int:
    """Frees places of bookings that were left half way, and of offers that nobody took. Returns how many bookings."""
    return booking.expire_all_lapsed()


@shared_task
def move_waitlists_on() -> None:
    waitlist.move_all_on()


@shared_task
def close_waitlists() -> None:
    waitlist.close_begun()


@shared_task
def remind_of_contributions() -> int:
    """Reminds of drafts, and the panel of what is left to read. Returns how many mails were written."""
    return contribution_reviews.remind()


@shared_task
def forget_old_contributions() -> int:
    """Deletes contributions that came to nothing, a year after their event. Returns how many."""
    return contributions.forget_old()


@shared_task
def send_event_reminders() -> int:
    """A week and a day before, before an offer ends, and the day after. Returns how many mails were written."""
    return sum(run() for run in reminders.RUNS)


@shared_task
def forget_old_attendees() -> int:
    """Deletes what nobody needs any more of those who came. Returns how many rows were touched."""
    return retention.forget_old()


@shared_task
def credit_attendance() -> int:
    """Writes events that are over into the learning records of those who came. Returns how many entries."""
    return attendance.credit_all()
