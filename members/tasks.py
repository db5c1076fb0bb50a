"""Celery's way in. Each task asks what is due and not yet done, so it is safe to run twice, or a day late."""

from celery import shared_task

from members.actions import vacancies


@shared_task
def write_vacancy_letters() -> int:
    """Reminds posters of the closing date, and asks afterwards what became of it. Returns how many mails went out."""
    return vacancies.write_due_letters()


@shared_task
def forget_old_vacancies() -> int:
    """Deletes what was never confirmed, and what ended long ago. Returns how many."""
    return vacancies.forget_old()
