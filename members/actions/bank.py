"""Files from the bank: read whole, looked at, and taken in line by line, each once."""

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction

from linkworkers.actions import Refused
from linkworkers.audit.actions import record
from members import permissions
from members.actions.payments import record_payment
from members.bank_file import read
from members.models import BankFile, BankLine, Invoice, Payment, User

logger = logging.getLogger(__name__)

TAKE_IN_FOR = 8.0  # seconds of a request; the task goes on from there
NAME = 150


@dataclass(frozen=True)
class Taken:
    """How many payments were recorded, how many could not be, and how many are left for the next minute."""

    recorded: int
    refused: int
    left: int


@transaction.atomic
def read_file(*, name: str, content: bytes, by: User) -> BankFile:
    """Keeps the payments in of a bank's CSV file; none is recorded yet. Lines that an earlier file had are known again.

    Raises PermissionDenied unless `by` keeps the books, and `bank_file.Unreadable` with the rows and reasons.
    """
    if not permissions.can_keep_books(by):
        raise PermissionDenied
    statement = read(content)
    file = BankFile.objects.create(name=name[-NAME:], by=by, outgoing=statement.outgoing)
    BankLine.objects.bulk_create(
        (
            BankLine(
                file=file,
                row=line.row,
                booked_on=line.booked_on,
                amount=line.amount,
                text=line.text,
                fingerprint=line.fingerprint,
            )
            for line in statement.lines
        ),
        ignore_conflicts=True,
    )
    file.repeated.set(
        BankLine.objects.filter(fingerprint__in=[line.fingerprint for line in statement.lines]).exclude(file=file)
    )
    facts = {"lines": len(statement.lines), "repeated": file.repeated.count(), "outgoing": statement.outgoing}
    record("bankfile.read", by=by, subject=file, summary=file.name, facts=facts)
    return file


@transaction.atomic
def choose(choices: Mapping[int, int], *, by: User) -> int:
    """Says which invoice each line pays: line id to invoice id. Returns how many were still waiting for that.

    Their payments are recorded by `take_in`. Raises PermissionDenied unless `by` keeps the books.
    """
    if not permissions.can_keep_books(by):
        raise PermissionDenied
    waiting = BankLine.objects.waiting().filter(pk__in=choices).order_by("pk").select_for_update(of=("self",))
    lines = list(waiting)
    known = Invoice.objects.in_bulk({choices[line.pk] for line in lines})
    chosen = []
    for line in lines:
        if invoice := known.get(choices[line.pk]):
            line.invoice, line.by, line.problem = invoice, by, ""
            chosen.append(line)
    BankLine.objects.bulk_update(chosen, ["invoice", "by", "problem"])
    return len(chosen)


def take_in(*, seconds: float = TAKE_IN_FOR) -> Taken:
    """Records the payments of lines whose invoice is chosen, each in a transaction of its own, for so long at most.

    Safe to run twice and at the same time: a line that somebody else is taking in is passed over.
    """
    until = time.monotonic() + seconds
    recorded = refused = 0
    while time.monotonic() < until:
        done = _take_in_next()
        if done is None:
            break
        recorded, refused = recorded + done, refused + (not done)
    return Taken(recorded, refused, BankLine.objects.chosen().count())


@transaction.atomic
def _take_in_next() -> bool | None:
    """Whether the next line could be recorded; None when none is left. One that could not waits again, and says why:
    whatever was wrong with it, it does not hold up the others.
    """
    lines = BankLine.objects.chosen().order_by("pk").select_related("invoice", "by")
    line = lines.select_for_update(skip_locked=True, of=("self",)).first()
    if line is None:
        return None
    try:
        line.payment = record_payment(
            invoice=line.invoice,
            amount=line.amount,
            received_on=line.booked_on,
            method=Payment.Method.TRANSFER,
            reference=line.text[:200],
            source=f"bank:{line.fingerprint}",
            by=line.by,
        )
    except (Refused, PermissionDenied) as refusal:
        line.invoice, line.problem = None, str(refusal) or "Whoever chose this may no longer keep the books."
    except Exception:
        logger.exception("line %s of the bank could not be taken in", line.pk)
        line.invoice, line.problem = (
            None,
            "Something went wrong here. Choose its invoice again, or tell whoever runs this.",
        )
    line.save(update_fields=["invoice", "problem", "payment"])
    return line.payment is not None


@transaction.atomic
def set_aside(line: BankLine, *, reason: str, by: User) -> BankLine:
    """Says that a line is none of ours to place, and why; an empty reason takes that back.

    Raises PermissionDenied unless `by` keeps the books, Refused when it was placed meanwhile.
    """
    if not permissions.can_keep_books(by):
        raise PermissionDenied
    locked = BankLine.objects.select_for_update(of=("self",)).get(pk=line.pk)
    if locked.invoice_id or locked.payment_id:
        raise Refused("This line was placed on an invoice meanwhile.")
    locked.set_aside, locked.by = reason, by
    locked.save(update_fields=["set_aside", "by"])
    record("bankline.set_aside", by=by, subject=locked, summary=str(locked)[:200], facts={"reason": reason})
    return locked


@transaction.atomic
def forget(file: BankFile, *, by: User) -> None:
    """Takes a file away of which nothing was taken in, as if it had never been read.

    Raises PermissionDenied unless `by` keeps the books, Refused when a payment came of it or a later file leans on it.
    """
    if not permissions.can_keep_books(by):
        raise PermissionDenied
    locked = BankFile.objects.select_for_update().get(pk=file.pk)
    lines = list(locked.lines.select_for_update(of=("self",)))
    if any(line.invoice_id or line.payment_id for line in lines):
        raise Refused("Payments were taken in from this file: it has to stay.")
    if BankFile.objects.filter(repeated__in=lines).exists():
        raise Refused("A later file has some of these lines too. Take that one away first.")
    record("bankfile.forgotten", by=by, subject=locked, summary=locked.name, facts={"lines": len(lines)})
    locked.delete()
