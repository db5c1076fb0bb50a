"""What the card company tells us, taken into the books."""

from django.db import transaction
from django.utils import timezone

from linkworkers.audit.actions import record
from linkworkers.audit.models import AuditEvent
from members.actions.payments import record_payment
from members.cards import POUNDS, CardEvent, Happened
from members.models import Invoice, Payment

REFUNDED = "payment.refunded_by_card"


@transaction.atomic
def take(event: CardEvent) -> Payment | None:
    """Records a card payment, once however often it is told. One for no invoice that we know, or not in pounds, waits
    for the office as an unplaced payment. A refund made on the company's pages is noted with its payment: the office
    writes it down as paid back. Returns the payment that it is about, if we have it.
    """
    if event.happened == Happened.REFUNDED:
        return _note_refund(event)
    invoice = Invoice.objects.filter(number=event.invoice_number).first()
    reference = event.payment.removeprefix("stripe:")
    if invoice is None:
        reference += f" for “{event.invoice_number[:60]}”, which is no invoice of ours"
    if event.currency != POUNDS:
        invoice, reference = None, f"{reference}: {event.amount} {event.currency.upper()}, NOT pounds"
    return record_payment(
        invoice=invoice,
        amount=event.amount,
        received_on=min(event.on, timezone.localdate()),
        method=Payment.Method.CARD,
        reference=reference[:200],
        payer=event.payer[:200],
        source=event.payment,
        by=None,
    )


def _note_refund(event: CardEvent) -> Payment | None:
    payment = Payment.objects.select_for_update(no_key=True).filter(source=event.payment).first()
    if payment is None:
        return None
    told = AuditEvent.objects.filter(verb=REFUNDED, subject_id=str(payment.pk), facts__event=event.id)
    if not told.exists():
        facts = {"event": event.id, "refunded_so_far": str(event.amount)}
        record(REFUNDED, by=None, subject=payment, summary=payment.number, facts=facts)
    return payment
