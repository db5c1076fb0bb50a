"""What events hear from lower apps."""

from typing import Any

from django.db import transaction
from django.dispatch import receiver

from events.actions import booking
from members.models import Invoice
from members.signals import invoice_paid


@receiver(invoice_paid, dispatch_uid="events.book_what_is_paid")
def book_what_is_paid(sender: type[Invoice], **facts: Any) -> None:
    """Books what was paid for by card once the payment is in the books. When that fails, the task does it a minute
    later: the payment stands whatever happens.
    """
    transaction.on_commit(booking.confirm_paid, robust=True)
