"""Celery's way in. Each task asks what is due and not yet done, so it is safe to run twice, or a day late."""

from celery import shared_task

from volunteers.actions import (
    board,
    bookings,
    cover,
    day,
    expense_nudges,
    generation,
    impact,
    journey_checks,
    journey_own,
    journey_references,
    lapsed_shifts,
    reminders,
    retention,
    thanks,
)


@shared_task
def generate_sessions() -> int:
    """Makes the sessions of all clinics twelve weeks ahead. Returns how many are new."""
    return generation.generate()


@shared_task
def nudge_about_expenses() -> int:
    """Asks volunteers who claimed nothing for the last month. Returns how many mails were written."""
    return expense_nudges.nudge()


@shared_task
def note_milestones() -> int:
    """Notes hours and years that volunteers reached, and tells their coordinators. Returns how many."""
    return thanks.note_milestones()


@shared_task
def look_after_boards() -> int:
    """Deletes photos whose consent has ended, and asks those whose consent ends soon. Returns how many were deleted."""
    deleted = board.forget_photos()
    board.ask_to_renew()
    return deleted


@shared_task
def tell_what_clinics_achieved() -> int:
    """Counts the months that are over, and mails last month to everybody concerned. Returns how many mails."""
    impact.count_months()
    return impact.send_digests()


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
def ask_further_for_cover() -> int:
    """Closes requests and swaps that are void, and asks the next volunteers. Returns how many were asked."""
    return cover.ask_further()


@shared_task
def release_offers() -> int:
    """Gives back times that were held for people and not answered for. Returns how many."""
    return bookings.release_offers()


@shared_task
def write_down_missed() -> int:
    """Writes into their cases that people did not come. Returns how many."""
    return day.write_down_missed()


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
def end_lapsed_shifts() -> int:
    """Takes volunteers off shifts to come that they cannot be on any more. Returns how many."""
    return lapsed_shifts.end_lapsed()


@shared_task
def forget_old_volunteers() -> int:
    """Deletes what is kept long enough of applicants and of volunteers who left. Returns how many people."""
    return retention.forget_old()
