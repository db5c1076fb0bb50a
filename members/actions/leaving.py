"""Leaving for good: what is erased, what is ended, and what has to be done first."""

import datetime as dt
from collections.abc import Callable

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.module_loading import import_string

from linkworkers.actions import Refused
from linkworkers.audit.actions import record
from linkworkers.outbox.actions import forget
from members.actions import accounts, following, learning_data, letters, mail, people, topics
from members.actions.invoices import withdraw
from members.actions.seats import hold_seats
from members.emails import leaving as emails
from members.models import (
    FORMER_MEMBER,
    NOBODYS_DOMAIN,
    ROLES_OPENING_RECORDS,
    Invitation,
    Membership,
    Post,
    Seat,
    Term,
    User,
)
from members.permissions import can_change_account

# What each concept keeps of a person is erased by its own function, a line each.
ERASERS: tuple[Callable[[User], None], ...] = (
    people.erase,
    letters.erase,
    mail.erase,
    following.erase,
    learning_data.erase,
)
# The same for texts that stay, without a name, unless whoever leaves takes them along.
TEXT_TAKERS: tuple[Callable[[User], None], ...] = (topics.take_all_back,)


def obstacles(user: User) -> list[str]:
    """What has to be done before somebody can leave, a sentence each, for them and for the office."""
    found = []
    for post in user.posts.not_ended().filter(role__in=ROLES_OPENING_RECORDS).select_related("workplace"):
        found.append(
            f"The post as {post.get_role_display().lower()} at {post.workplace} opens people’s records. Hand over the"
            " work; then a manager or the association’s office ends the post."
        )
    for membership in Membership.objects.in_force().filter(contact=user):
        found.append(
            f"The membership of {membership.organization_name} needs another contact. The association’s office writes"
            " somebody else down."
        )
    try:
        accounts.refuse_without_administrator(besides=user)
    except Refused as refusal:
        found.append(str(refusal))
    return found


@transaction.atomic
def leave(user: User, *, take_texts: bool, by: User, reason: str = "") -> User:
    """Ends what somebody has here and erases who they were; the last mail goes to the address they had.

    Their posts and seats end, their membership is cancelled (a free one is over at once), and nobody can log in as
    them. Invoices, payments and the audit trail stay as the law asks. Their name stays where they ever held a post that
    writes people's records, because a record says who wrote it; elsewhere they are a former member. Left already,
    nothing happens. Raises PermissionDenied, and Refused when `obstacles` has something.
    """
    accounts.lock_administrators()
    person = User.objects.select_for_update().get(pk=user.pk)
    if by != person and not can_change_account(by, person):
        raise PermissionDenied
    if person.left_at:
        return person
    if found := obstacles(person):
        raise Refused(" ".join(found))
    record("account.left", by=by, subject=person, summary=reason, facts={"texts taken": take_texts})
    for erase in (*ERASERS, *map(import_string, settings.PERSON_ERASERS), *(TEXT_TAKERS if take_texts else ())):
        erase(person)
    address = person.email
    _anonymise(person)
    _end_posts(person)
    _end_membership(person, address, by)
    _close_doors(person, address)
    emails.account_left(person.pk, address, asked_office=by != person)
    return person


def _anonymise(person: User) -> None:
    if not person.posts.filter(role__in=ROLES_OPENING_RECORDS).exists():
        person.name = FORMER_MEMBER
    person.email = f"{person.pk}@{NOBODYS_DOMAIN}"
    person.is_active, person.left_at = False, timezone.now()
    person.set_unusable_password()
    person.save()


def _end_posts(person: User) -> None:
    today = timezone.localdate()
    for post in Post.objects.not_ended().filter(user=person):
        post.end_date = max(today, post.start_date)
        post.save(update_fields=["end_date"])
        facts = {"role": post.role, "last_day": post.end_date, "user": person.pk}
        record("post.ended", by=None, subject=post, facts=facts)


def _end_membership(person: User, address: str, by: User) -> None:
    """A paid one is noted as cancelled and keeps its terms, which its invoices name; a free one is over at once. What
    waits to be paid is taken back, unless a part was paid: that is for the office to settle.
    """
    now, today = timezone.now(), timezone.localdate()
    hold_seats(person)
    membership = Membership.objects.select_for_update(of=("self",)).filter(user=person).first()
    seats = Q(email=address) if membership is None else Q(email=address) | Q(member=membership)
    Seat.objects.filter(seats).update(ended_at=Coalesce("ended_at", now), email=person.email, name=person.name)
    if membership is None:
        return
    free = Term.objects.filter(membership=membership, end_date__gte=today, invoice=None, plan__price=0)
    free.filter(start_date__gte=today).delete()
    free.update(end_date=today - dt.timedelta(days=1))
    Membership.objects.filter(pk=membership.pk).update(
        cancelled_on=Coalesce("cancelled_on", today),
        cancel_reason="Left",
        answer="",
        billing_address="",
        purchase_order="",
    )
    record("membership.cancelled", by=None, subject=membership)
    for invoice in membership.invoices.unpaid():
        if not invoice.payments.exists():
            withdraw(invoice, reason="Whoever it was for has left.", by=by)


def _close_doors(person: User, address: str) -> None:
    """Nothing is left to log in with, or to write to."""
    Invitation.objects.unanswered().filter(email=address).update(withdrawn_at=timezone.now())
    Invitation.objects.filter(email=address).update(email=person.email, name=person.name)
    EmailAddress.objects.filter(user=person).delete()
    Authenticator.objects.filter(user=person).delete()
    for session in Session.objects.iterator():
        if session.get_decoded().get(SESSION_KEY) == str(person.pk):
            session.delete()
    forget(address)
