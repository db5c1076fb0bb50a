"""What a membership orders, and what stands in the way of an order."""

import datetime as dt

from django.core.exceptions import PermissionDenied

from linkworkers.actions import Refused
from members import permissions
from members.actions.invoices import Line, raise_invoice, withdraw
from members.models import Invoice, Membership, Plan, User

MOST_SEATS = 2_000


def invoice_term(membership: Membership, plan: Plan, seats: int, by: User | None) -> Invoice:
    lines = [Line(plan.name, 1, plan.price, plan.vat_rate)]
    more = max(0, seats - plan.seats_included)
    if more:
        lines.append(Line(f"Seats beyond the {plan.seats_included} included", more, plan.seat_price, plan.vat_rate))
    return invoice(membership, lines, Invoice.Grants.TERM, plan, seats, by)


def invoice(
    membership: Membership,
    lines: list[Line],
    grants: Invoice.Grants,
    plan: Plan,
    seats: int,
    by: User | None,
    window: tuple[dt.date, dt.date] | tuple[None, None] = (None, None),
) -> Invoice:
    return raise_invoice(
        lines=lines,
        bill_to=membership.holder,
        address=membership.billing_address,
        email=membership.mailbox.email,
        membership=membership,
        grants=grants,
        plan=plan,
        seats=seats,
        covers_from=window[0],
        covers_until=window[1],
        purchase_order=membership.purchase_order,
        by=by,
    )


def unpaid(membership: Membership) -> Invoice | None:
    return membership.invoices.unpaid().first() if membership.pk else None


def replace_unpaid(membership: Membership, by: User | None) -> None:
    """Makes room for another order: an invoice that waits is taken back. Refused when something was paid of it."""
    for waiting in membership.invoices.unpaid() if membership.pk else ():
        if by is None:
            raise Refused(f"Invoice {waiting} waits to be paid.")
        withdraw(waiting, reason="Something else was chosen instead.", by=by)


def refuse_stranger(by: User | None, membership: Membership) -> None:
    if by is not None and not permissions.can_change_membership(by, membership):
        raise PermissionDenied


def refuse_plan(plan: Plan, audience: str, by: User | None, kept: Plan | None = None) -> None:
    if plan.audience != audience:
        raise Refused(f"{plan} is for {plan.get_audience_display().lower()}. Choose another plan.")
    office = by is not None and permissions.can_run_memberships(by)
    if not plan.is_open and plan != kept and not office:
        raise Refused(f"{plan} is given by the office. Choose another plan.")


def refuse_seats(plan: Plan, seats: int, *, taken: int = 0) -> None:
    if seats > MOST_SEATS:
        raise Refused(f"Write to the office about more than {MOST_SEATS} seats.")
    if seats < plan.seats_included:
        raise Refused(f"{plan} comes with {plan.seats_included} seats. Say that many or more.")
    if seats < taken:
        raise Refused(f"{taken} seats are taken. End some of them first, or renew with at least {taken}.")
