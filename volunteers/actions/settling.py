"""Claims of others: approved, sent back or declined, taken home on a list, and marked as paid."""

from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from linkworkers.actions import Refused
from linkworkers.audit.actions import record
from linkworkers.templatetags import pounds
from members.models import User, Workplace
from volunteers import permissions
from volunteers.actions._claims import State, lock_claim, reprice
from volunteers.emails import expenses as emails
from volunteers.mileage import Rates, no_rate
from volunteers.models import ExpenseClaim, PaymentList, Vehicle


@transaction.atomic
def approve(claim: ExpenseClaim, *, total: Decimal, by: User) -> ExpenseClaim:
    """Says yes to a claim of `total` pounds; its amounts stay as they are from now on.

    Raises PermissionDenied (for one's own, too), and Refused when it does not wait for approval any more, when another
    total came of it meanwhile, and when a journey's day has no rate.
    """
    claim = _waiting(claim, by)
    if claim.total != total:
        raise Refused(f"This claim is {pounds(claim.total)} by now: another one, or a rate, was changed. Look again.")
    rates = Rates.all()
    for line in claim.lines.exclude(miles=None):
        for vehicle in [line.vehicle, *([Vehicle.PASSENGER.value] if line.passengers else [])]:
            if not rates.on(line.on, vehicle):
                raise Refused(no_rate(line.on, vehicle))
    _decide(claim, State.APPROVED, by)
    record("expense_claim.approved", by=by, subject=claim, facts={"total": str(claim.total)})
    return claim


@transaction.atomic
def send_back(claim: ExpenseClaim, *, answer: str, by: User) -> ExpenseClaim:
    """Gives a claim back to be changed, with a question. Raises PermissionDenied, and Refused."""
    claim = _decide(_waiting(claim, by), State.RETURNED, by, answer)
    reprice(claim.claimant_id, rates=Rates.all(), by=by, apart_from=claim)
    record("expense_claim.sent_back", by=by, subject=claim)
    emails.returned(claim)
    return claim


@transaction.atomic
def decline(claim: ExpenseClaim, *, answer: str, by: User) -> ExpenseClaim:
    """Says no to a claim, and why. Raises PermissionDenied, and Refused."""
    claim = _decide(_waiting(claim, by), State.DECLINED, by, answer)
    reprice(claim.claimant_id, rates=Rates.all(), by=by, apart_from=claim)
    record("expense_claim.declined", by=by, subject=claim)
    emails.declined(claim)
    return claim


@transaction.atomic
def make_list(workplace: Workplace, *, by: User) -> PaymentList:
    """Puts every approved claim of a workplace's volunteers that is on no list onto a new one, but for one's own.

    Raises PermissionDenied, and Refused when there is none.
    """
    if not permissions.can_pay_at(by, workplace):
        raise PermissionDenied
    unpaid = ExpenseClaim.objects.unpaid().at(workplace).exclude(claimant=by).order_by("pk")
    claims = list(unpaid.select_for_update(of=("self",)))
    if not claims:
        raise Refused("Nothing waits to be paid here. Somebody may have been quicker: look at the lists below.")
    made = PaymentList.objects.create(workplace=workplace, made_by=by)
    ExpenseClaim.objects.filter(pk__in=[claim.pk for claim in claims]).update(payment_list=made)
    facts = {"claims": [claim.pk for claim in claims], "total": str(sum(claim.total for claim in claims))}
    record("payment_list.made", by=by, subject=made, facts=facts)
    return made


@transaction.atomic
def mark_paid(payment_list: PaymentList, *, by: User) -> PaymentList:
    """Marks exactly the claims of a list as paid, and tells the volunteers; marked already, nothing happens.

    Raises PermissionDenied, and Refused when one's own claim is among them.
    """
    payment_list = _lock_list(payment_list, by)
    if payment_list.paid_at:
        return payment_list
    claims = list(payment_list.claims.select_for_update(of=("self",)).select_related("claimant").order_by("pk"))
    if any(claim.claimant_id == by.pk for claim in claims):
        raise Refused("Your own claim is on this list. Ask somebody else to mark it as paid.")
    now = timezone.now()
    payment_list.paid_at, payment_list.paid_by = now, by
    payment_list.save(update_fields=["paid_at", "paid_by"])
    payment_list.claims.update(state=State.PAID, paid_at=now, paid_by=by)
    record("payment_list.paid", by=by, subject=payment_list, facts={"claims": [claim.pk for claim in claims]})
    for claim in claims:
        emails.paid(claim)
    return payment_list


@transaction.atomic
def undo_list(payment_list: PaymentList, *, by: User) -> None:
    """Takes a list apart that was not paid: its claims wait for the next one. Raises PermissionDenied, and Refused."""
    payment_list = _lock_list(payment_list, by)
    if payment_list.paid_at:
        raise Refused("This list was marked as paid.")
    claims = list(payment_list.claims.select_for_update().order_by("pk").values_list("pk", flat=True))
    payment_list.claims.update(payment_list=None)
    record("payment_list.undone", by=by, subject=payment_list, facts={"claims": claims})
    payment_list.delete()


def _waiting(claim: ExpenseClaim, by: User) -> ExpenseClaim:
    """A sent claim of somebody else, locked with its claimant."""
    claim = lock_claim(claim)
    if not permissions.can_settle(by, claim):
        raise PermissionDenied
    if claim.state != State.SENT:
        raise Refused(f"This claim does not wait for you any more: {claim.get_state_display().lower()}.")
    return claim


def _decide(claim: ExpenseClaim, state: str, by: User, answer: str = "") -> ExpenseClaim:
    claim.state, claim.decided_at, claim.decided_by, claim.answer = state, timezone.now(), by, answer
    claim.save(update_fields=["state", "decided_at", "decided_by", "answer"])
    return claim


def _lock_list(payment_list: PaymentList, by: User) -> PaymentList:
    found = PaymentList.objects.select_for_update(of=("self",)).select_related("workplace")
    locked = found.filter(pk=payment_list.pk).first()
    if locked is None:
        raise Refused("This list was taken apart.")
    if not permissions.can_pay_at(by, locked.workplace):
        raise PermissionDenied
    return locked
