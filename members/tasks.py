"""Celery's way in. Each task asks what is due and not yet done, so it is safe to run twice, or a day late."""

from celery import shared_task

from members.actions import (
    bank,
    communities,
    following,
    invoices,
    learning_reminders,
    renewals,
    summaries,
    vacancies,
)

TAKE_IN_FOR = 45.0  # seconds


@shared_task
def take_in_bank_lines() -> int:
    """Records payments of bank lines whose invoice is chosen. Returns how many."""
    return bank.take_in(seconds=TAKE_IN_FOR).recorded


@shared_task
def remind_of_invoices() -> int:
    """Mails whoever has not paid an invoice seven and 21 days after it was due. Returns how many mails went out."""
    return invoices.remind()


@shared_task
def send_renewals() -> int:
    """Reminds people that their membership ends, or has ended. Returns how many mails were written."""
    return renewals.send_renewals()


@shared_task
def send_employer_summaries() -> int:
    """Tells employers once a month about their seats. Returns how many mails were written."""
    return summaries.send_employer_summaries()


@shared_task
def send_topic_summaries() -> int:
    """Mails whoever wants one mail a day of the replies in their topics. Returns how many mails were queued."""
    return following.send_summaries()


@shared_task
def recount_communities() -> int:
    """Counts members, topics and replies of every community anew. Returns how many communities there are."""
    return communities.recount_all()


@shared_task
def write_vacancy_letters() -> int:
    """Reminds posters of the closing date, and asks afterwards what became of it. Returns how many mails went out."""
    return vacancies.write_due_letters()


@shared_task
def forget_old_vacancies() -> int:
    """Deletes what was never confirmed, and what ended long ago. Returns how many."""
    return vacancies.forget_old()


@shared_task
def remind_of_learning_year() -> int:
    """Writes to members whose learning year ends soon with something missing. Returns how many mails were written."""
    return learning_reminders.remind_of_learning_year()


@shared_task
def ask_about_supervision() -> int:
    """Writes to members whose last supervision is long ago. Returns how many mails were written."""
    return learning_reminders.ask_about_supervision()
