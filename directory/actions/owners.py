"""Who looks after an organisation's listings."""

import datetime as dt
import uuid

from django.db import transaction
from django.utils import timezone

from directory import emails
from directory.actions.suggestions import decide
from directory.models import Claim, Organization, Service
from linkworkers.audit.actions import record
from members.actions import invite
from members.models import Role, User, UserManager, Workplace

MAILS_A_DAY = 3  # to one organisation's mailbox


def mailbox_of(organization: Organization) -> str:
    """The address that may say who looks after all of an organisation's listings; "" when that is the office's to say.

    Its own, else the one address that its listings have: where they have several, none speaks for the others.
    """
    if organization.email:
        return organization.email
    found = organization.services.exclude(email="").values_list("email", flat=True)
    addresses = {UserManager.normalize_email(address) for address in found.distinct()[:2]}
    return addresses.pop() if len(addresses) == 1 else ""


@transaction.atomic
def claim(*, service: Service, name: str, email: str, message: str = "", by: User | None) -> Claim:
    """Asks for an organisation's listings, on the page of one of them: its mailbox is asked by mail, and the office.

    One waits for an organisation and an address: asking again returns the one that waits, and mails nobody. A mailbox
    gets three a day, for anybody can have them sent; the others are the office's to decide.
    """
    organization = Organization.objects.select_for_update().get(pk=service.organization_id)
    email = UserManager.normalize_email(email)
    if waiting := organization.claims.filter(email=email, state="waiting").first():
        return waiting
    today = organization.claims.filter(created_at__gt=timezone.now() - dt.timedelta(days=1)).exclude(mailed_to="")
    made = Claim.objects.create(
        organization=organization,
        service=service,
        name=name,
        email=email,
        message=message,
        mailed_to=mailbox_of(organization) if today.count() < MAILS_A_DAY else "",
    )
    record("claim.made", by=by, subject=made, facts={"organization": str(organization), "email": email})
    if made.mailed_to:
        emails.listing_claimed(made)
    return made


@transaction.atomic
def decide_claim(claim: Claim, *, approve: bool, answer: str = "", by: User | None) -> Claim:
    """Gives the listings into somebody's hands, by inviting them to a provider's post; or does not, and tells them.

    The organisation becomes a workplace with the first. `by` is None when its mailbox decided. Raises
    PermissionDenied, and Refused when somebody was quicker or the person looks after the listings already.
    """
    locked = Claim.objects.select_for_update(of=("self",)).select_related("decided_by").get(pk=claim.pk)
    decide(locked, approve=approve, answer=answer, by=by)
    if approve:
        workplace = _workplace(locked.organization_id)
        invite(email=locked.email, name=locked.name, workplace=workplace, role=Role.PROVIDER, by=by)
    else:
        emails.claim_declined(locked)
    return locked


def _workplace(organization_id: uuid.UUID) -> Workplace:
    """The organisation's, made when it has none."""
    organization = (
        Organization.objects.select_for_update(of=("self",)).select_related("workplace").get(pk=organization_id)
    )
    if organization.workplace is None:
        longest = Workplace._meta.get_field("name").max_length
        organization.workplace = Workplace.objects.create(
            kind=Workplace.Kind.COMMUNITY, name=organization.name[:longest]
        )
        organization.save(update_fields=["workplace"])
    return organization.workplace
