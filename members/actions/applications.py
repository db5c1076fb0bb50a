"""Asking to belong, and the office's yes or no."""

import uuid
from typing import Any

from allauth.account.models import EmailAddress
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from linkworkers.actions import Refused
from linkworkers.audit.actions import record
from members import permissions
from members.actions._orders import invoice_term, refuse_plan, refuse_seats, replace_unpaid
from members.actions.fulfilment import grant_term, locked
from members.emails import memberships as emails
from members.models import Membership, Plan, User, Workplace


@transaction.atomic
def send_link(*, plan: Plan, name: str, email: str, path: str) -> None:
    """Mails the link `path` to somebody who wants to join, or the way to log in to somebody who has an account.

    Whoever typed the address learns nothing of which it was. Nothing is kept of somebody who does not go on.
    """
    key = str(uuid.uuid4())
    known = User.objects.filter(email=email, is_active=True).first()
    if known:
        emails.join_known(known, plan, key=key)
    elif not User.objects.filter(email=email).exists():
        emails.join_link(name=name, email=email, plan=plan, path=path, key=key)


@transaction.atomic
def join_newcomer(*, plan: Plan, email: str, name: str, password: str, **details: Any) -> Membership:
    """Opens an account for an address at which a link was read, and joins with it. `details` are those of `join`, or
    of `join_as_employer` for such a plan.

    The password has been checked by the form. Raises Refused when there is an account by now.
    """
    try:
        with transaction.atomic():
            user = User.objects.create_user(email, password, name=name)
    except IntegrityError as error:
        raise Refused("There is an account with this address by now. Log in, and join from there.") from error
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    record("account.opened", by=user, subject=user)
    if plan.is_for_employers:
        return join_as_employer(plan=plan, contact=user, **details, by=user)
    return join(plan=plan, user=user, **details, by=user)


@transaction.atomic
def join(
    *,
    plan: Plan,
    user: User,
    region: str = "",
    answer: str = "",
    billing_address: str = "",
    by: User,
) -> Membership:
    """A person asks to belong under a plan, or to come back after it ended. Their number stays what it was.

    Where the plan asks for it the office looks first; else what is free begins at once, and what is not when the
    invoice is paid. Raises PermissionDenied, and Refused when they belong already or the plan is not for them.
    """
    if user != by and not permissions.can_run_memberships(by):
        raise PermissionDenied
    refuse_plan(plan, Plan.Audience.INDIVIDUAL, by)
    # Two tabs at once make one membership: whoever comes second waits here.
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    found = Membership.objects.filter(user=user).first()
    membership = locked(found) if found else Membership(user=user, plan=plan)
    if found and membership.ends_on and membership.ends_on >= timezone.localdate():
        raise Refused("You are a member already. You can renew, or change your plan, on your membership’s page.")
    if found and membership.waits_for_approval and membership.ends_on is None:
        raise Refused("You have asked already. The office has not decided yet.")
    replace_unpaid(membership, by)
    membership.plan, membership.answer = plan, answer
    membership.region = region or membership.region
    membership.billing_address = billing_address or membership.billing_address
    return _apply(membership, by)


@transaction.atomic
def join_as_employer(
    *,
    plan: Plan,
    contact: User,
    organization_name: str,
    seats: int,
    region: str = "",
    answer: str = "",
    billing_address: str = "",
    purchase_order: str = "",
    by: User,
) -> Membership:
    """An employer asks to belong, with `contact` to look after its seats. Raises as `join` does."""
    if contact != by and not permissions.can_run_memberships(by):
        raise PermissionDenied
    refuse_plan(plan, Plan.Audience.EMPLOYER, by)
    refuse_seats(plan, seats)
    User.objects.select_for_update(no_key=True).get(pk=contact.pk)
    asked = Membership.objects.filter(contact=contact, organization_name__iexact=organization_name)
    if asked.filter(Q(ends_on__isnull=False) | Q(cancelled_on=None)).exists():  # whoever was told no may ask again
        raise Refused(f"{organization_name} has asked already. Look on its page for how things stand.")
    membership = Membership(
        plan=plan,
        contact=contact,
        organization_name=organization_name,
        seats=seats,
        region=region,
        answer=answer,
        billing_address=billing_address,
        purchase_order=purchase_order,
    )
    return _apply(membership, by)


@transaction.atomic
def approve(membership: Membership, *, workplace: Workplace | None = None, by: User) -> Membership:
    """The office says yes. An employer's membership gets its workplace: the one given, or a new employer of its name.

    Raises PermissionDenied, and Refused when nothing waits, or that workplace has a membership already.
    """
    if not permissions.can_run_memberships(by):
        raise PermissionDenied
    membership = locked(membership)
    if not membership.waits_for_approval:
        raise Refused(f"{membership} does not wait for a decision: somebody has made it already.")
    if membership.is_employers and membership.workplace is None:
        membership.workplace = workplace or Workplace.objects.create(
            kind=Workplace.Kind.EMPLOYER, name=membership.organization_name, region=membership.region
        )
    membership.approved_at, membership.approved_by = timezone.now(), by
    try:
        with transaction.atomic():
            membership.save()
    except IntegrityError as error:
        raise Refused(f"{workplace} has a membership already. Choose another workplace, or decline.") from error
    record("membership.approved", by=by, subject=membership, facts={"plan": membership.plan.key})
    _begin(membership, by)
    return membership


@transaction.atomic
def decline(membership: Membership, *, reason: str, by: User) -> Membership:
    """The office says no, and why: whoever asked gets it by mail. They may ask again."""
    if not permissions.can_run_memberships(by):
        raise PermissionDenied
    membership = locked(membership)
    if not membership.waits_for_approval:
        raise Refused(f"{membership} does not wait for a decision: somebody has made it already.")
    if not reason.strip():
        raise Refused("Say why not. Whoever asked gets it by mail.")
    membership.cancelled_on, membership.cancel_reason = timezone.localdate(), reason
    membership.save(update_fields=["cancelled_on", "cancel_reason"])
    record("membership.declined", by=by, subject=membership, facts={"plan": membership.plan.key})
    emails.declined(membership)
    return membership


def _apply(membership: Membership, by: User) -> Membership:
    membership.applied_at = timezone.now()
    membership.approved_at = membership.approved_by = membership.cancelled_on = None
    membership.cancel_reason = ""
    membership.save()
    vars(by).pop("own_membership", None)  # looked up before this one
    record("membership.applied", by=by, subject=membership, facts={"plan": membership.plan.key})
    if membership.plan.needs_approval:
        emails.applied(membership)
    else:
        _begin(membership, by)
    return membership


def _begin(membership: Membership, by: User) -> None:
    """What follows the application: days where nothing is to be paid, else the invoice."""
    plan, seats = membership.plan, membership.seats
    if plan.price_for(seats) == 0:
        grant_term(membership, plan=plan, seats=seats, by=by)
    else:
        invoice_term(membership, plan, seats, by)
