"""What a paid invoice, or a plan that costs nothing, brings: days of membership. Nothing else writes terms."""

import datetime as dt

from django.utils import timezone

from linkworkers.audit.actions import record
from members import periods
from members.actions.following import follow_defaults
from members.emails import memberships as emails
from members.models import Invoice, Membership, Plan, Term, User
from members.periods import DAY

Reason = Term.Reason


def locked(membership: Membership) -> Membership:
    """The membership as it is now, locked until the transaction ends: whoever changes its days or seats waits here."""
    rows = Membership.objects.select_related("user", "contact", "plan", "workplace", "sponsor__plan")
    return rows.select_for_update(of=("self",), no_key=True).get(pk=membership.pk)


def fulfil(invoice: Invoice, *, received_on: dt.date) -> bool:
    """Grants what a paid invoice is for, once. In the transaction of the payment that settled it.

    `received_on` is the day the money came in, by which a renewal in grace is told from a return. Where things have
    changed since, so that there is nothing to grant, the payment stands all the same: the invoice is `ungranted`, and
    the office sees it. What is no membership’s is noted as granted too: whoever sold it listens to `invoice_paid`.
    Returns whether it was granted just now.
    """
    if invoice.granted_at is not None:
        return False
    membership = locked(invoice.membership) if invoice.membership else None
    if membership and (why := _why_nothing(invoice, membership)):
        facts = {"membership": membership.number, "why": why}
        record("invoice.not_granted", by=None, subject=invoice, summary=invoice.number, facts=facts)
        return False
    invoice.granted_at = timezone.now()
    Invoice.objects.filter(pk=invoice.pk).update(granted_at=invoice.granted_at)
    if membership:
        _grant(invoice, membership, received_on)
    return True


def _grant(invoice: Invoice, membership: Membership, received_on: dt.date) -> None:
    plan = invoice.plan or membership.plan
    if invoice.grants == Invoice.Grants.TERM:
        grant_term(membership, plan=plan, seats=invoice.seats, paid_on=received_on, invoice=invoice)
    elif invoice.grants == Invoice.Grants.UPGRADE and not invoice.covers_from and not membership.plan.is_free:
        # It was to end days that cost nothing. Those that are there now were paid for, or given: this one follows.
        grant_term(membership, plan=plan, paid_on=received_on, invoice=invoice)
    elif invoice.grants == Invoice.Grants.UPGRADE:
        raise_plan(membership, plan=plan, invoice=invoice)
    elif invoice.grants == Invoice.Grants.SEATS:
        _change_days(membership, invoice, Reason.MORE_SEATS)


def _why_nothing(invoice: Invoice, membership: Membership) -> str:
    """Why a paid invoice can grant nothing of what it is for; empty when it can."""
    if not invoice.grants:
        return ""
    if membership.user and membership.user.left_at:
        return "Whoever it is for has left."
    if membership.for_life:
        return "The membership is for life."
    if invoice.covers_from and not _to_change(invoice, membership):
        return "The days that it is about have as much already, or are not covered."
    return ""


def grant_term(
    membership: Membership,
    *,
    plan: Plan,
    seats: int = 0,
    paid_on: dt.date | None = None,
    invoice: Invoice | None = None,
    reason: Reason | None = None,
    by: User | None = None,
) -> Term:
    """Adds the next term to a locked membership: after the last one, or from today. It is no longer cancelled then."""
    today = timezone.localdate()
    before = membership.ends_on
    last = membership.terms.select_related("plan").last()
    grace = last.plan.grace_days if last else 0
    start = periods.next_start(ends_on=before, grace_days=grace, paid_on=paid_on or today, today=today)
    term = Term.objects.create(
        membership=membership,
        plan=plan,
        start_date=start,
        end_date=periods.term_end(start, plan.months),
        seats=seats,
        reason=reason
        or (Reason.JOINED if before is None else Reason.RENEWED if start == before + DAY else Reason.RETURNED),
        invoice=invoice,
    )
    _now_under(membership, plan, seats)
    _told(membership, term, by)
    return term


def raise_plan(membership: Membership, *, plan: Plan, invoice: Invoice | None, by: User | None = None) -> None:
    """Puts a locked membership under a dearer plan.

    Days that were paid for stay covered until the day they were, under the new plan: the invoice has the difference.
    Days that cost nothing give way to a whole term from today, which never ends before they would have.
    """
    if invoice is not None and invoice.covers_from:
        _change_days(membership, invoice, Reason.UPGRADED)
        return
    today = timezone.localdate()
    end = periods.term_end(today, plan.months)
    for term in membership.terms.filter(end_date__gte=today).order_by("start_date"):
        end = max(end, term.end_date)
        if term.start_date >= today:
            term.delete()
        else:
            term.end_date = today - DAY
            term.save(update_fields=["end_date"])
    term = Term.objects.create(
        membership=membership, plan=plan, start_date=today, end_date=end, reason=Reason.UPGRADED, invoice=invoice
    )
    _now_under(membership, plan, membership.seats)
    _told(membership, term, by)


def _change_days(membership: Membership, invoice: Invoice, reason: Reason) -> None:
    """A dearer plan or more seats for the days that the invoice is about; which days are covered stays as it is."""
    first = invoice.covers_from
    for term in _to_change(invoice, membership):
        end = term.end_date
        if first and term.start_date < first:
            term.end_date = first - DAY
            term.save(update_fields=["end_date"])
            term = Term(membership=membership, plan=term.plan, start_date=first, end_date=end, seats=term.seats)
        if reason == Reason.UPGRADED and invoice.plan:
            term.plan = invoice.plan
        else:
            term.seats = invoice.seats
        term.reason, term.invoice = reason, invoice
        term.save()
        changed = term
    latest = membership.terms.select_related("plan").order_by("start_date").last()
    assert latest  # noqa: S101 - one was changed
    _now_under(membership, latest.plan, latest.seats)
    _told(membership, changed, None)


def _to_change(invoice: Invoice, membership: Membership) -> list[Term]:
    """The terms of the days that the invoice is about, without those that have as much already: they cost nothing."""
    days = membership.terms.filter(end_date__gte=invoice.covers_from, start_date__lte=invoice.covers_until)
    terms = days.select_related("plan").order_by("start_date")
    if invoice.grants == Invoice.Grants.UPGRADE and invoice.plan:
        return [term for term in terms if term.plan.price < invoice.plan.price]
    return [term for term in terms if term.seats < invoice.seats]


def _now_under(membership: Membership, plan: Plan, seats: int) -> None:
    membership.plan, membership.seats, membership.cancelled_on, membership.cancel_reason = plan, seats, None, ""
    membership.save(update_fields=["plan", "seats", "cancelled_on", "cancel_reason"])
    membership.refresh_from_db(fields=["ends_on"])


def _told(membership: Membership, term: Term, by: User | None) -> None:
    facts = {"plan": term.plan.key, "from": term.start_date, "until": term.end_date, "seats": term.seats}
    record(f"membership.{term.reason}", by=by, subject=membership, facts=facts)
    follow_defaults(membership)
    emails.begun(membership, term)
