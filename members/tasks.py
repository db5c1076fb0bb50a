"""Celery's way in. Each task asks what is due and not yet done, so it is safe to run twice, or a day late."""

from celery import shared_task

from members.actions import bank, invoices

TAKE_IN_FOR = 45.0  # seconds


@shared_task
def take_in_bank_lines() -> int:
    """Records payments of bank lines whose invoice is chosen. Returns how many."""
    return bank.take_in(seconds=TAKE_IN_FOR).recorded


@shared_task
def remind_of_invoices() -> int:
    """Mails whoever has not paid an invoice seven and 21 days after it was due. Returns how many mails went out."""
    return invoices.remind()
