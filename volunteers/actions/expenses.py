"""A volunteer's own claims: begun, filled with lines and receipts, sent, taken back."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from linkworkers.actions import Refused
from linkworkers.audit.actions import record
from linkworkers.uploads import Upload
from members.models import StoredFile, User
from volunteers import permissions
from volunteers.actions._claims import State, lock_claim, lock_person, own_open, reprice
from volunteers.emails import expenses as emails
from volunteers.expense_rules import NO_RECEIPT, Shifts, missing_receipt, others_of_the_days, problems, same
from volunteers.mileage import Rates
from volunteers.models import ExpenseClaim, ExpenseLine, MilesElsewhere, Receipt, Volunteer
from volunteers.models.expenses import MOST_LINES, MOST_RECEIPTS


@transaction.atomic
def start(volunteer: Volunteer, *, by: User) -> ExpenseClaim:
    """Begins a claim, or returns the one that was begun and not sent. Raises PermissionDenied for anybody else's."""
    if not permissions.can_act_as(by, volunteer):
        raise PermissionDenied
    lock_person(by.pk)
    begun = ExpenseClaim.objects.filter(volunteer=volunteer, claimant=by, state=State.DRAFT).first()
    if begun:
        return begun
    claim = ExpenseClaim.objects.create(volunteer=volunteer, claimant=by)
    record("expense_claim.started", by=by, subject=claim)
    return claim


@transaction.atomic
def save_line(
    claim: ExpenseClaim, line: ExpenseLine | None, *, facts: dict[str, Any], files: Sequence[Upload] = (), by: User
) -> ExpenseLine:
    """Writes a new line of a claim, or one that is there, and keeps further receipts; everything is worked out anew.

    Raises PermissionDenied, and Refused with the sentence for a line that breaks a rule or was claimed already.
    """
    claim = own_open(claim, by)
    if line is None:
        if claim.lines.count() >= MOST_LINES:
            raise Refused(f"A claim has {MOST_LINES} lines at most. Send this one, and begin another.")
        line = ExpenseLine(claim=claim, amount=Decimal(0))
    else:
        line = _line_of(claim, line)
    for name, value in facts.items():
        setattr(line, name, value)
    if line.is_mileage:
        line.amount, line.first_rate_miles = Decimal(0), Decimal(0)  # follows below
    rates = Rates.all()
    _check([line], claim, rates)
    line.save()
    _keep(line, files, by)
    reprice(by.pk, rates=rates, by=by, apart_from=claim)
    record("expense_claim.changed", by=by, subject=claim, facts={"line": line.pk, "kind": line.kind})
    line.refresh_from_db()
    return line


@transaction.atomic
def remove_line(line: ExpenseLine, *, by: User) -> None:
    """Takes a line out, with its receipts. Raises PermissionDenied, and Refused when the claim was sent."""
    claim = own_open(line.claim, by)
    line = _line_of(claim, line)
    _delete_receipts([receipt.file_id for receipt in line.receipts.all()])
    record("expense_claim.changed", by=by, subject=claim, facts={"line_removed": line.pk, "kind": line.kind})
    line.delete()
    reprice(by.pk, rates=Rates.all(), by=by, apart_from=claim)


@transaction.atomic
def remove_receipt(receipt: Receipt, *, by: User) -> None:
    """Deletes a receipt for good. Raises PermissionDenied, and Refused when the claim was sent."""
    claim = own_open(receipt.line.claim, by)
    _delete_receipts([receipt.file_id])
    record("expense_claim.receipt_removed", by=by, subject=claim, facts={"line": receipt.line_id})


@transaction.atomic
def send(claim: ExpenseClaim, *, by: User) -> ExpenseClaim:
    """Sends a claim to be approved, worked out in order of its days among all that this person has sent.

    Raises PermissionDenied, and Refused when it is empty, a line breaks a rule by now, or a receipt is missing.
    """
    claim = own_open(claim, by)
    lines = list(claim.lines.prefetch_related("receipts"))
    if not lines:
        raise Refused("There is nothing in this claim yet. Add what you spent.")
    rates = Rates.all()
    _check(lines, claim, rates)
    for line in lines:
        if missing_receipt(line, len(line.receipts.all())):
            raise Refused(f"A receipt is missing for {_named(line)}. {NO_RECEIPT}")
    ExpenseLine.objects.bulk_update(lines, ["shift"])
    claim.state, claim.sent_at, claim.answer = State.SENT, timezone.now(), ""
    claim.decided_at = claim.decided_by = None
    claim.save()
    reprice(by.pk, rates=rates, by=by, apart_from=claim)
    record("expense_claim.sent", by=by, subject=claim, facts={"total": str(claim.total)})
    emails.sent(claim)
    return claim


@transaction.atomic
def take_back(claim: ExpenseClaim, *, by: User) -> ExpenseClaim:
    """Makes a sent claim a draft again. Raises PermissionDenied, and Refused once somebody has decided."""
    if claim.claimant_id != by.pk:
        raise PermissionDenied
    claim = lock_claim(claim)
    if claim.state != State.SENT:
        raise Refused(f"This claim cannot be taken back: {claim.get_state_display().lower()}.")
    claim.state, claim.sent_at = State.DRAFT, None
    claim.save()
    reprice(by.pk, rates=Rates.all(), by=by, apart_from=claim)
    record("expense_claim.taken_back", by=by, subject=claim)
    return claim


@transaction.atomic
def discard(claim: ExpenseClaim, *, by: User) -> None:
    """Throws away a claim that is not sent, with its receipts. Raises PermissionDenied, and Refused."""
    claim = own_open(claim, by)
    record("expense_claim.discarded", by=by, subject=claim, facts={"total": str(claim.total)})
    _delete_receipts(list(Receipt.objects.filter(line__claim=claim).values_list("file", flat=True)))
    claim.delete()
    reprice(by.pk, rates=Rates.all(), by=by)


@transaction.atomic
def declare_miles(*, year: int, miles: Decimal, by: User) -> None:
    """Keeps how far somebody drove by car as a volunteer of others in the tax year that begins in `year`; what nobody
    approved yet is worked out anew.
    """
    lock_person(by.pk)
    MilesElsewhere.objects.update_or_create(user=by, year=year, defaults={"miles": miles})
    record("miles_elsewhere.declared", by=by, subject=by, facts={"year": year, "miles": str(miles)})
    reprice(by.pk, rates=Rates.all(), by=by)


@transaction.atomic
def rates_changed(*, by: User) -> int:
    """Works out anew every journey that nobody approved yet, after the office entered or mended a rate. Returns for how
    many people. They are locked in order.
    """
    waiting = ExpenseLine.objects.filter(
        kind=ExpenseLine.Kind.MILEAGE, claim__state__in=[State.SENT, State.DRAFT, State.RETURNED]
    )
    people = sorted(set(waiting.order_by().values_list("claim__claimant", flat=True)))
    rates = Rates.all()
    for user_id in people:
        lock_person(user_id)
        reprice(user_id, rates=rates, by=by)
    return len(people)


def erase(user: User) -> None:
    """What goes when somebody leaves: claims they never sent, and what they said of other organisations. What was sent
    belongs to the books.
    """
    drafts = ExpenseClaim.objects.filter(claimant=user, state=State.DRAFT)
    _delete_receipts(list(Receipt.objects.filter(line__claim__in=drafts).values_list("file", flat=True)))
    drafts.delete()
    MilesElsewhere.objects.filter(user=user).delete()


def _line_of(claim: ExpenseClaim, line: ExpenseLine) -> ExpenseLine:
    found = claim.lines.filter(pk=line.pk).first()
    if found is None:
        raise Refused("This line was taken out.")
    return found


def _check(lines: list[ExpenseLine], claim: ExpenseClaim, rates: Rates) -> None:
    """Finds each line's shift, and refuses the first that breaks a rule or was claimed already."""
    shifts = Shifts(claim.volunteer)
    others = others_of_the_days(claim, lines)
    for line in lines:
        line.shift = shifts.on(line.on)
        if line.shift is None and not line.reason and (training := shifts.training_on(line.on)):
            line.reason = f"Training: {training}"[:200]
        wrong = problems(line, volunteer=claim.volunteer, rates=rates)
        if wrong:
            raise Refused(" ".join([f"{_named(line)}:", *wrong.values()]))
        if any(other.pk != line.pk and same(other) == same(line) for other in others):
            raise Refused(
                f"You have claimed {_named(line)} already. If this is another one, say in the note what it was."
            )


def _named(line: ExpenseLine) -> str:
    day: dt.date = line.on
    return f"{line.get_kind_display()} on {day.day} {day:%B %Y}"


def _keep(line: ExpenseLine, files: Sequence[Upload], by: User) -> None:
    there = line.receipts.count()
    if there + len(files) > MOST_RECEIPTS:
        raise Refused(f"A line has {MOST_RECEIPTS} receipts at most, and this one has {there}. Delete one first.")
    for upload in files:
        file = StoredFile.keep(name=upload.name, content_type=upload.content_type, content=upload.content, by=by)
        Receipt.objects.create(line=line, file=file)


def _delete_receipts(file_ids: Sequence[Any]) -> None:
    Receipt.objects.filter(file__in=file_ids).delete()
    StoredFile.objects.filter(pk__in=file_ids).delete()
