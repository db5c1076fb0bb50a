"""Reminding people that a membership ends."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from linkworkers.actions import Refused
from linkworkers.audit.actions import record
from members import permissions
from members.actions.fulfilment import locked
from members.models import Membership, User


@transaction.atomic
def remind(membership: Membership, *, by: User) -> object:
    """The office reminds one holder now. Raises PermissionDenied, and Refused when there is nothing to renew."""
    if not permissions.can_run_memberships(by):
        raise PermissionDenied
    membership = locked(membership)
    if membership.ends_on is None or membership.for_life:
        raise Refused(f"{membership} has no end that anybody could be reminded of.")
    return record("membership.reminded", by=by, subject=membership, facts={"ends": membership.ends_on})
