"""Handing a ticket on to somebody else, and what its holder says about themselves."""

from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from events import permissions
from events.actions._places import accounts_of, lock_event
from events.actions._tickets import lock_seen
from events.emails import tickets as emails
from events.models import Ticket, TicketNeeds, TicketTransfer, new_key, new_scan_code
from linkworkers.actions import Refused
from linkworkers.audit.actions import record
from members.models import User


def why_not_on(ticket: Ticket) -> str:
    """Why this ticket cannot be handed on, in a sentence; empty when it can. Needs `event`."""
    if not ticket.is_valid:
        return "This ticket is not valid any more."
    if ticket.arrived_at is not None:
        return "Somebody was let in with this ticket, so it cannot be handed on."
    if ticket.event.is_over or ticket.event.is_cancelled:
        return f"{ticket.event} is over." if ticket.event.is_over else f"{ticket.event} was cancelled."
    return ""


@transaction.atomic
def hand_on(ticket: Ticket, *, name: str, email: str, organisation: str = "", by: User | None) -> Ticket:
    """Makes a valid ticket somebody else's: the old link and the old code open nothing from now on, chosen sessions
    stay, needs go. Both are told.

    Whoever calls has its link or may change it. Raises Refused when somebody was let in with it, it was handed on
    meanwhile, or a ticket of its type is not for the other person.
    """
    lock_event(ticket.event_id)  # so that of two tickets handed to one person at once the later one sees the first
    locked = lock_seen(ticket)
    office = by is not None and permissions.can_run_events(by)
    if why := why_not_on(locked):
        raise Refused(why)
    if (locked.email, locked.name) == (email, name):
        raise Refused("This is whose ticket it is already.")
    if not office and locked.email != email and locked.type.audience in permissions.PERSONAL:
        if why := permissions.why_not_for(locked.event, [(locked.type, email)], by or locked.user):
            raise Refused(why)
        others = Ticket.objects.standing().filter(event=locked.event, email=email).exclude(pk=locked.pk)
        if others.filter(type__audience__in=permissions.PERSONAL).exists():
            raise Refused(f"{email} has a ticket for {locked.event} already.")
    before = TicketTransfer(
        ticket=locked,
        from_name=locked.name,
        from_email=locked.email,
        from_user=locked.user,
        to_name=name,
        to_email=email,
        by=by,
    )
    before.save()
    TicketNeeds.objects.filter(ticket=locked).delete()
    locked.name, locked.email, locked.organisation = name, email, organisation
    locked.user = accounts_of([email]).get(email)
    locked.key, locked.code, locked.listed = new_key(), new_scan_code(), False
    locked.save(update_fields=["name", "email", "organisation", "user", "key", "code", "listed"])
    record("ticket.handed_on", by=by, subject=locked, facts={"event": locked.event.slug})
    emails.handed_on(locked, before)
    return locked


@transaction.atomic
def set_needs(
    ticket: Ticket,
    *,
    access: Sequence[str],
    access_note: str,
    diet: Sequence[str],
    diet_note: str,
    quiet_room: bool,
    by: User | None,
) -> None:
    """What the holder needs, in place of what was said before. The trail says that it changed, never what.

    Whoever calls has the ticket's link, or books it just now. Raises Refused when the ticket is no longer valid.
    """
    locked = lock_seen(ticket)
    if not locked.stands:
        raise Refused("This ticket is not valid any more.")
    needs = TicketNeeds(
        ticket=locked,
        access=[*access],
        access_note=access_note,
        diet=[*diet],
        diet_note=diet_note,
        quiet_room=quiet_room,
        changed_at=timezone.now(),
    )
    TicketNeeds.objects.filter(ticket=locked).delete()
    if not needs.is_empty:
        needs.save(force_insert=True)
    record("ticket.needs_changed", by=by, subject=locked)


@transaction.atomic
def set_listed(ticket: Ticket, *, listed: bool, by: User | None) -> Ticket:
    """Whether the holder stands on the list of who comes, which attendees see. It is theirs to say, not the buyer's.

    Raises PermissionDenied when somebody else is logged in, Refused when the ticket is not valid.
    """
    locked = lock_seen(ticket)
    if by is not None and locked.user_id not in (None, by.pk):
        raise PermissionDenied
    if not locked.is_valid:
        raise Refused("This ticket is not valid any more.")
    if locked.listed != listed:
        locked.listed = listed
        locked.save(update_fields=["listed"])
        record("ticket.listed" if listed else "ticket.unlisted", by=by, subject=locked)
    return locked


def why_not_mine(ticket: Ticket, user: User) -> str:
    """Why this ticket cannot be added to somebody's account, in a sentence; empty when it can. One query."""
    if ticket.user_id == user.pk:
        return ""
    if ticket.user_id is not None:
        return "This ticket is in somebody else’s account."
    if not ticket.is_valid:
        return "This ticket is not valid any more."
    if accounts_of([ticket.email]).get(ticket.email) != user:
        return (
            "The address on this ticket is none of your account’s. Add that address to your account, follow the link "
            "that we mail there, and come back; or have the ticket handed on to the address that you use here."
        )
    return ""


@transaction.atomic
def add_to_account(ticket: Ticket, *, by: User) -> Ticket:
    """Puts a ticket that has no account into the account of whoever has its address, verified. Twice is once.

    Raises Refused when the address is not theirs, or somebody else has it.
    """
    locked = lock_seen(ticket)
    if why := why_not_mine(locked, by):
        raise Refused(why)
    if locked.user_id is None:
        locked.user = by
        locked.save(update_fields=["user"])
        record("ticket.added_to_account", by=by, subject=locked)
    return locked
