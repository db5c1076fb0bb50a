"""Seats that an employer lends: offered, taken, moved, given back."""

import hashlib
import secrets

from allauth.account.models import EmailAddress
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from linkworkers.actions import Refused
from linkworkers.audit.actions import record
from members import permissions
from members.actions.following import follow_defaults
from members.actions.fulfilment import locked
from members.actions.memberships import seats_now
from members.emails import memberships as emails
from members.models import Membership, Plan, Seat, User, UserManager


@transaction.atomic
def offer(membership: Membership, *, email: str, name: str = "", by: User) -> Seat:
    """Offers a seat to an address by mail; it counts as taken from now on.

    Raises PermissionDenied, and Refused when no seat is free, the membership is not in force, or the person has one.
    """
    membership = _kept(membership, by)
    if not membership.is_in_force:
        raise Refused("This membership has ended. Renew it, and its seats can be given again.")
    taken, seats = membership.lent.taken().count(), seats_now(membership)
    if taken >= seats:
        raise Refused(f"All {seats} seats are taken. End one, or buy more seats.")
    seat = Seat(membership=membership, email=UserManager.normalize_email(email), name=name, offered_by=by)
    _make_link(seat)
    try:
        with transaction.atomic():
            seat.save()
    except IntegrityError as error:
        raise Refused(f"{seat.email} has a seat, or has been offered one, already.") from error
    record("seat.offered", by=by, subject=seat, facts={"employer": membership.organization_name, "email": seat.email})
    emails.seat_offered(seat)
    return seat


@transaction.atomic
def offer_again(seat: Seat, *, by: User) -> Seat:
    """Mails a new link; the one before it stops working. Raises PermissionDenied, and Refused when it was answered."""
    seat = _locked_seat(seat, by)
    if seat.accepted_at:
        raise Refused(f"{seat.name or seat.email} has taken this seat already.")
    _make_link(seat)
    seat.save(update_fields=["token_hash", "expires_at"])
    record("seat.offered_again", by=by, subject=seat)
    emails.seat_offered(seat)
    return seat


@transaction.atomic
def move(seat: Seat, *, email: str, name: str = "", by: User) -> Seat:
    """Takes a seat from one person and offers it to another, as one thing. Raises what `end` and `offer` raise."""
    membership = seat.membership
    end(seat, by=by)
    return offer(membership, email=email, name=name, by=by)


@transaction.atomic
def end(seat: Seat, *, by: User) -> Seat:
    """Frees a seat. Whoever sat on it keeps their number, their record and their account, and is told.

    By whoever looks after the membership, or by the person who sits on it. Raises PermissionDenied, and Refused when it
    has ended.
    """
    seat = _locked_seat(seat, by, or_whoever_sits=True)
    seat.ended_at = timezone.now()
    seat.save(update_fields=["ended_at"])
    record("seat.ended", by=by, subject=seat, facts={"employer": seat.membership.organization_name})
    if seat.member:
        emails.seat_ended(seat)
        vars(by).pop("own_membership", None)
    return seat


@transaction.atomic
def accept(seat: Seat, *, by: User | None = None, name: str = "", password: str = "") -> User:
    """Sits down on an offered seat and returns who does: as `members.actions.accept_invitation` does for posts.

    Without an account for the address one is made, with its address verified. Raises Refused, having changed nothing,
    when the link no longer works, somebody else is logged in, or they sit on another employer's seat.
    """
    locked(seat.membership)
    seat = Seat.objects.select_for_update(of=("self",)).select_related("membership__plan").get(pk=seat.pk)
    if seat.state != "Offered":
        raise Refused(f"This offer has been used or has ended: {seat.state.lower()}.")
    if not seat.membership.is_in_force:
        raise Refused(f"The membership of {seat.membership.organization_name} has ended. Ask them to renew it.")
    person = User.objects.filter(email=seat.email).first()
    if by != person:
        raise Refused(f"This seat is for {seat.email}. Log in with that address to take it.")
    if person is None:
        person = User.objects.create_user(seat.email, password, name=name)
        EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
        record("account.opened", by=person, subject=person)
    member, _ = Membership.objects.get_or_create(
        user=person, defaults={"plan": _plan_of_guests(), "region": seat.membership.region}
    )
    seat.member, seat.accepted_at, seat.name = member, timezone.now(), person.name
    try:
        with transaction.atomic():
            seat.save()
    except IntegrityError as error:
        raise Refused("You sit on a seat of another employer. Leave that one on your page first.") from error
    record("seat.taken", by=person, subject=seat, facts={"employer": seat.membership.organization_name})
    follow_defaults(member)
    vars(person).pop("own_membership", None)
    return person


def _plan_of_guests() -> Plan:
    """What somebody who has only a seat would go on with: the first plan that anybody can have for nothing."""
    free = Plan.objects.filter(is_open=True, audience=Plan.Audience.INDIVIDUAL, needs_approval=False).order_by("price")
    plan = free.first()
    if plan is None:
        raise Refused("There is no plan for people. The office has to open one first.")
    return plan


def hold_seats(*people: User) -> None:
    """Locks the seats that people sit on, until the transaction ends: whoever changes a seat has it before the
    membership of whoever sits on it, so a membership is locked after them.
    """
    sat_on = Seat.objects.filter(member__user__in=people).order_by("pk")
    list(sat_on.select_for_update(of=("self",), no_key=True))


def hash_token(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _make_link(seat: Seat) -> None:
    """Makes a new link, `path`, good for LIFETIME from now; the one before it dies. Does not save."""
    token = secrets.token_urlsafe(32)
    seat.path = reverse("seat_accept", args=[token])
    seat.token_hash = hash_token(token)
    seat.expires_at = timezone.now() + Seat.LIFETIME


def _kept(membership: Membership, by: User) -> Membership:
    """The employer's membership, locked: seats are counted and given by one person at a time."""
    membership = locked(membership)
    if not permissions.can_change_membership(by, membership) or not membership.is_employers:
        raise PermissionDenied
    return membership


def _locked_seat(seat: Seat, by: User, *, or_whoever_sits: bool = False) -> Seat:
    membership = locked(seat.membership)
    seat = Seat.objects.select_for_update(of=("self",)).select_related("member__user").get(pk=seat.pk)
    seat.membership = membership
    sits = or_whoever_sits and seat.member is not None and seat.member.user_id == by.pk
    if not sits and not permissions.can_change_membership(by, membership):
        raise PermissionDenied
    if seat.ended_at:
        raise Refused("This seat has ended already.")
    return seat
