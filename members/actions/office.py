"""What the office puts right by hand in a membership."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from linkworkers.audit.actions import record
from members import permissions
from members.actions.fulfilment import locked
from members.models import Membership, User


@transaction.atomic
def correct(
    membership: Membership, *, region: str, billing_address: str, purchase_order: str, answer: str, by: User
) -> Membership:
    """Sets what stands on the next invoice, the region, and what they told us; the trail has what was before.

    Dates, plan and seats follow from terms, which have actions of their own. Raises PermissionDenied.
    """
    if not permissions.can_run_memberships(by):
        raise PermissionDenied
    membership = locked(membership)
    told = {
        "region": region,
        "billing_address": billing_address,
        "purchase_order": purchase_order,
        "answer": answer,
    }
    changed = {name: [getattr(membership, name), value] for name, value in told.items()}
    changed = {name: both for name, both in changed.items() if both[0] != both[1]}
    if not changed:
        return membership
    for name, (_, value) in changed.items():
        setattr(membership, name, value)
    membership.save(update_fields=[*changed])
    record("membership.corrected", by=by, subject=membership, facts=changed)
    return membership
