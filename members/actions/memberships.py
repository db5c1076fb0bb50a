"""Renewing, changing, ending and giving what somebody belongs by."""

import datetime as dt
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format

from linkworkers.actions import Refused
from linkworkers.audit.actions import record
from members import periods, permissions
from members.actions._orders import (
    invoice,
    invoice_term,
    refuse_plan,
    refuse_seats,
    refuse_stranger,
    replace_unpaid,
    unpaid,
)
from members.actions.fulfilment import grant_term, locked, raise_plan
from members.actions.invoices import Line, withdraw
from members.emails import memberships as emails
from members.models import Invoice, Membership, Plan, Term, User
from members.models.money import ZERO, to_pence

RENEWS_FROM = dt.timedelta(days=90)  # before the end


@transaction.atomic
def renew(
    membership: Membership, *, plan: Plan | None = None, seats: int | None = None, by: User | None
) -> Term | Invoice:
    """Buys the next term, under another plan or with other seats if wanted: days follow on from the last one's.

    Free plans give it at once; for others it is the invoice. One that waits for the same is the answer again, one for
    something else is taken back. `by` is
    None when a task does it. Raises PermissionDenied, and Refused when it is too early or cannot be.
    """
    membership = locked(membership)
    refuse_stranger(by, membership)
    plan = plan or membership.plan
    if membership.for_life:
        raise Refused("This membership is for life. There is nothing to renew.")
    if membership.ends_on is None and membership.waits_for_approval:
        raise Refused("The office has not decided on this application yet.")
    if membership.ends_on is None and membership.sponsor_id is None and membership.applied_at is None:
        raise Refused("Choose a plan and join first.")
    refuse_plan(plan, membership.plan.audience, by, kept=membership.plan)
    if by is not None and plan not in renewable(membership) and not permissions.can_run_memberships(by):
        raise Refused(f"The office looks at each application for {plan}. Choose another plan, or write to the office.")
    seats = membership.seats if seats is None else seats
    if membership.is_employers:
        refuse_seats(plan, seats, taken=membership.lent.filter(ended_at=None).count())
    waiting = unpaid(membership)
    if waiting:
        if (waiting.grants, waiting.plan_id, waiting.seats) == (Invoice.Grants.TERM, plan.pk, seats):
            return waiting
        replace_unpaid(membership, by)
    opens = renews_from(membership)
    if opens and opens > timezone.localdate():
        raise Refused(
            f"It runs until {date_format(membership.ends_on)}. You can renew it from {date_format(opens)} on."  # type: ignore[arg-type]
        )
    if plan.price_for(seats) == 0:
        return grant_term(membership, plan=plan, seats=seats, by=by)
    return invoice_term(membership, plan, seats, by)


@transaction.atomic
def upgrade(membership: Membership, *, plan: Plan, by: User) -> Invoice:
    """Changes to a dearer plan before the term ends. It begins once the difference is paid.

    An invoice that waits is taken back. Raises PermissionDenied, and Refused when the plan is not one to change to.
    """
    membership = locked(membership)
    refuse_stranger(by, membership)
    if plan not in upgrades(membership):
        raise Refused("Choose one of the plans that are offered.")
    replace_unpaid(membership, by)
    if membership.plan.is_free:
        return invoice(membership, [Line(plan.name, 1, plan.price, plan.vat_rate)], Invoice.Grants.UPGRADE, plan, 0, by)
    days = _days_left(membership)
    line = Line(_for_days(f"{plan.name} instead of {membership.plan.name}", days), 1, ZERO, plan.vat_rate)
    price = sum((share_of(term, max(ZERO, plan.price - term.plan.price)) for term in days), ZERO)
    return _for_the_rest(membership, Invoice.Grants.UPGRADE, plan, membership.seats, line, price, days, by)


@transaction.atomic
def buy_seats(membership: Membership, *, seats: int, by: User) -> Invoice | Membership:
    """More seats for the rest of the term: `seats` is how many there will be once it is paid.

    Raises PermissionDenied, and Refused when there would be no more than now.
    """
    membership = locked(membership)
    refuse_stranger(by, membership)
    now = seats_now(membership)
    if not membership.is_employers or membership.ends_on is None or membership.ends_on < timezone.localdate():
        raise Refused("Seats are added to an employer’s membership that is current. Renew it first.")
    refuse_seats(membership.plan, seats)
    if seats <= now:
        raise Refused(f"There are {now} seats. Say how many there should be in all; fewer is for the next renewal.")
    replace_unpaid(membership, by)
    days = _days_left(membership)
    line = Line(_for_days(f"{seats} seats instead of {now}", days), 1, ZERO, membership.plan.vat_rate)
    price = _price_of_seats(seats, days)
    return _for_the_rest(membership, Invoice.Grants.SEATS, membership.plan, seats, line, price, days, by)


def price_of_seats(membership: Membership, seats: int) -> Decimal:
    """What it costs, without VAT, to have so many seats for the days that are left. Nothing is bought by asking."""
    return to_pence(_price_of_seats(seats, _days_left(membership)))


def _price_of_seats(seats: int, days: list[Term]) -> Decimal:
    return sum(
        (
            share_of(term, term.plan.price_for(max(seats, term.seats)) - term.plan.price_for(term.seats))
            for term in days
        ),
        ZERO,
    )


@transaction.atomic
def take_back(invoice: Invoice, *, by: User) -> None:
    """Takes back an order that waits unpaid; whoever has never belonged takes back their application with it.

    Raises PermissionDenied, and Refused when something was paid of it.
    """
    membership = locked(invoice.membership) if invoice.membership else None
    if membership is None:
        raise PermissionDenied
    refuse_stranger(by, membership)
    withdraw(invoice, reason="It was no longer wanted.", by=by)
    if membership.ends_on is None and membership.cancelled_on is None:
        cancel(membership, by=by)


@transaction.atomic
def cancel(membership: Membership, *, reason: str = "", by: User) -> Membership:
    """Nothing follows when the term ends: what was paid for stays until then. An application is taken back, and so is
    an invoice that waits. Raises PermissionDenied, and Refused when it is cancelled, or part of the invoice was paid.
    """
    membership = locked(membership)
    refuse_stranger(by, membership)
    if membership.cancelled_on:
        raise Refused("This has been cancelled already.")
    membership.cancelled_on, membership.cancel_reason = timezone.localdate(), reason
    membership.save(update_fields=["cancelled_on", "cancel_reason"])
    replace_unpaid(membership, by)
    record("membership.cancelled", by=by, subject=membership, facts={"until": membership.ends_on})
    emails.cancelled(membership)
    return membership


@transaction.atomic
def resume(membership: Membership, *, by: User) -> Membership:
    """Takes a cancellation back while the term still runs. Raises PermissionDenied, and Refused when it does not."""
    membership = locked(membership)
    refuse_stranger(by, membership)
    if membership.cancelled_on is None:
        raise Refused("This has not been cancelled.")
    if membership.ends_on is None or membership.ends_on < timezone.localdate():
        raise Refused("It has ended. Join again: your number and your records are still here.")
    membership.cancelled_on, membership.cancel_reason = None, ""
    membership.save(update_fields=["cancelled_on", "cancel_reason"])
    record("membership.resumed", by=by, subject=membership)
    return membership


@transaction.atomic
def give(*, user: User, plan: Plan, region: str = "", by: User) -> Membership:
    """The office gives a term at no cost, after what there is. Raises PermissionDenied, and Refused when for life."""
    if not permissions.can_run_memberships(by):
        raise PermissionDenied
    if plan.is_for_employers:
        raise Refused("Only a person can be given a membership.")
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    membership, _ = Membership.objects.get_or_create(user=user, defaults={"plan": plan, "region": region})
    membership = locked(membership)
    if membership.for_life:
        raise Refused(f"{membership} is for life already.")
    membership.region = region or membership.region
    if membership.approved_at is None:  # giving is a yes: nothing waits for another when the term has ended
        membership.approved_at, membership.approved_by = timezone.now(), by
    membership.save(update_fields=["region", "approved_at", "approved_by"])
    if plan.months is None:
        replace_unpaid(membership, by)  # nobody is asked to pay for what never ends
    if plan.months is None and membership.ends_on and membership.ends_on >= timezone.localdate():
        raise_plan(membership, plan=plan, invoice=None, by=by)
    else:
        grant_term(membership, plan=plan, reason=Term.Reason.GIVEN, by=by)
    return membership


def renews_from(membership: Membership) -> dt.date | None:
    """The first day on which the next term can be bought; None when that is any day."""
    if membership.ends_on is None or membership.for_life:
        return None
    return membership.ends_on - RENEWS_FROM


def can_renew(membership: Membership) -> bool:
    """Whether the next term can be bought today, so that a page offers it."""
    if membership.for_life or membership.cancelled_on or membership.ends_on is None:
        return False
    return membership.ends_on - RENEWS_FROM <= timezone.localdate()


def renewable(membership: Membership) -> list[Plan]:
    """The plans that its holder can renew under: open ones, and the one they have. What needs the office's yes is among
    them for whoever has had it before.
    """
    known = Q(pk__in=membership.terms.values("plan"))
    if membership.approved_at:
        known |= Q(pk=membership.plan_id)
    plans = Plan.objects.filter(Q(is_open=True) | Q(pk=membership.plan_id), audience=membership.plan.audience)
    return list(plans.filter(Q(needs_approval=False) | known))


def upgrades(membership: Membership) -> list[Plan]:
    """The plans that a current membership can change to now, the cheapest first."""
    if membership.is_employers or membership.ends_on is None or membership.for_life:
        return []
    if membership.ends_on < timezone.localdate() or membership.cancelled_on:
        return []
    return list(Plan.dearer_than(membership.plan).filter(needs_approval=False))


def seats_now(membership: Membership) -> int:
    """How many seats an employer may lend today: those of the latest term that has begun."""
    term = membership.terms.filter(start_date__lte=timezone.localdate()).order_by("-start_date").first()
    return term.seats if term else 0


def share_of(term: Term, price: Decimal) -> Decimal:
    """What the days of a term, or of the rest of one, are worth at a whole term's price; not rounded."""
    if term.plan.months is None:
        return ZERO
    return periods.share(price, days=term.days, end=term.end_date, months=term.plan.months)


def _days_left(membership: Membership) -> list[Term]:
    """The terms from today on, the first one as if it began today. Not to be saved."""
    today = timezone.localdate()
    terms = list(membership.terms.filter(end_date__gte=today).select_related("plan").order_by("start_date"))
    for term in terms:
        term.start_date = max(term.start_date, today)
    return terms


def _for_days(what: str, days: list[Term]) -> str:
    return f"{what}, {date_format(days[0].start_date)} to {date_format(days[-1].end_date)}"


def _for_the_rest(
    membership: Membership,
    grants: Invoice.Grants,
    plan: Plan,
    seats: int,
    line: Line,
    price: Decimal,
    days: list[Term],
    by: User,
) -> Invoice:
    """The invoice for a change of days that are covered already; a penny at least, for nothing is free by rounding."""
    price = max(to_pence(price), Decimal("0.01"))
    line = Line(line.description, line.quantity, price, line.vat_rate)
    window = (days[0].start_date, days[-1].end_date)
    return invoice(membership, [line], grants, plan, seats, by, window)
