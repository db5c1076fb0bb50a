"""Reflections: written, changed, taken back by their writers; read by the office before anybody else does."""

from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from events import permissions
from events.emails import after as emails
from events.models import ENOUGH_WORDS, Reflection, Ticket
from linkworkers.actions import Refused
from linkworkers.audit.actions import record
from linkworkers.uploads import Upload
from members.actions import learning
from members.models import LearningKind, Region, StoredFile, User
from members.permissions import membership_of

State, Visibility, Credit = Reflection.State, Reflection.Visibility, Reflection.Credit
A_POINT = Decimal(1)


def why_no_reflection(ticket: Ticket) -> str:
    """Why nobody writes one with this ticket, in a sentence; empty when they can. Needs `event`."""
    if not ticket.is_valid or ticket.event.is_cancelled:
        return "This ticket is not valid."
    if not ticket.event.has_begun:
        return f"{ticket.event} has not begun yet."
    if ticket.arrived_at is None and not ticket.event.is_online:
        return "Reflections are for those who were there."
    return ""


def region_of(ticket: Ticket) -> str:
    """Whose members read a regional reflection: those of the writer's membership, or of the event. Needs `user`."""
    membership = membership_of(ticket.user) if ticket.user else None
    return membership.region if membership and membership.region else ticket.event.region


def permission_for(visibility: str, region: str) -> str:
    """The sentence that somebody agrees to when they let others read what they wrote; empty for what stays theirs."""
    if visibility == Visibility.PUBLIC:
        return (
            "I agree that what I wrote, with my photo if there is one, is published on this site for everybody to "
            "read, named as I chose. I can take it back at any time."
        )
    if visibility == Visibility.REGION:
        return (
            f"I agree that members in {Region(region).label} read what I wrote, with my photo if there is one, named "
            "as I chose. I can take it back at any time."
        )
    return ""


def credit_line(ticket: Ticket, credit: str, region: str) -> str:
    """How the writer is named."""
    if credit == Credit.FULL:
        return ticket.name
    if credit == Credit.FIRST:
        return ticket.name.split()[0]
    return f"Somebody from {Region(region).label}" if region else "Somebody who was there"


@transaction.atomic
def write(
    ticket: Ticket,
    *,
    title: str,
    takes: str,
    does: str,
    visibility: str,
    credit: str,
    contactable: bool,
    agrees: bool,
    photo: Upload | None = None,
    by: User | None,
) -> Reflection:
    """Keeps what somebody wrote, in place of what was there. Whatever others are to read waits for the office, and what
    was published before is hidden until then. Of enough words it counts as learning, whoever reads it.

    Whoever calls has the ticket's link. Raises Refused when nobody writes with this ticket, or others are to read it
    without a yes.
    """
    if why := why_no_reflection(ticket):
        raise Refused(why)
    locked_ticket = Ticket.objects.select_for_update(of=("self",)).select_related("event", "user").get(pk=ticket.pk)
    region = region_of(locked_ticket)
    permission = permission_for(visibility, region) if visibility != Visibility.REGION or region else ""
    if visibility != Visibility.PRIVATE and not (agrees and permission):
        raise Refused("Tick that you agree, or keep it for yourself.")
    found = Reflection.objects.select_for_update(of=("self",)).filter(ticket=locked_ticket).first()
    kept = found or Reflection(ticket=locked_ticket, event=locked_ticket.event, version=0)
    old_photo = kept.photo_id if photo else None
    if photo:
        kept.photo = StoredFile.keep(
            name=photo.name, content_type=photo.content_type, content=photo.content, by=locked_ticket.user
        )
    kept.user = locked_ticket.user
    kept.title, kept.takes, kept.does, kept.visibility = title, takes, does, visibility
    kept.credit, kept.line, kept.contactable = credit, credit_line(locked_ticket, credit, region), contactable
    kept.region = region if visibility == Visibility.REGION else ""
    kept.permission, kept.permitted_at = permission, timezone.now() if permission else None
    kept.state = State.KEPT if visibility == Visibility.PRIVATE else State.WAITING
    kept.version += 1
    kept.written_at = timezone.now()
    kept.published_at = kept.decided_at = kept.decided_by = None
    kept.reason = ""
    kept.save()
    if old_photo:
        StoredFile.objects.filter(pk=old_photo).delete()
    facts = {"event": locked_ticket.event.slug, "for": visibility, "agreed_to": permission}
    record("reflection.written", by=by, subject=kept, facts=facts)
    if locked_ticket.user is not None and kept.words >= ENOUGH_WORDS:
        learning.credit(
            user=locked_ticket.user,
            source=f"reflection:{kept.pk}",
            title=f"Reflection: {locked_ticket.event.title}"[:200],
            on=timezone.localdate(),
            kind=LearningKind.REFLECTION,
            points=A_POINT,
        )
    return kept


@transaction.atomic
def withdraw(reflection: Reflection, *, by: User | None) -> Reflection:
    """Takes a reflection from everybody else, at once; it stays its writer's. Done twice, it is done once.

    Whoever calls has the ticket's link.
    """
    locked = _lock(reflection)
    if locked.state in (State.WAITING, State.PUBLISHED, State.DECLINED):
        locked.state, locked.published_at = State.WITHDRAWN, None
        locked.save(update_fields=["state", "published_at"])
        record("reflection.withdrawn", by=by, subject=locked, facts={"event": locked.event.slug})
    return locked


@transaction.atomic
def remove_photo(reflection: Reflection, *, by: User | None) -> Reflection:
    """Deletes its photo at once; without one, nothing happens. Whoever calls has the ticket's link."""
    locked = _lock(reflection)
    if locked.photo_id:
        file, locked.photo = locked.photo_id, None
        locked.save(update_fields=["photo"])
        StoredFile.objects.filter(pk=file).delete()
        record("reflection.photo_removed", by=by, subject=locked)
    return locked


@transaction.atomic
def publish(reflection: Reflection, *, version: int, by: User) -> Reflection:
    """The office lets others read it, as it read it: `version`. Its writer is told. Done twice, it is done once.

    Raises PermissionDenied, and Refused when it was changed or taken back meanwhile.
    """
    locked = _to_decide(reflection, version, by)
    if locked.is_published:
        return locked
    now = timezone.now()
    locked.state, locked.published_at, locked.decided_at, locked.decided_by = State.PUBLISHED, now, now, by
    locked.save()
    record("reflection.published", by=by, subject=locked, facts={"event": locked.event.slug, "version": version})
    emails.published(locked)
    return locked


@transaction.atomic
def decline(reflection: Reflection, *, version: int, reason: str, by: User) -> Reflection:
    """The office does not publish it, or takes it down; its writer reads why. Raises as `publish` does."""
    locked = _to_decide(reflection, version, by)
    if locked.state == State.DECLINED:
        return locked
    locked.state, locked.published_at = State.DECLINED, None
    locked.decided_at, locked.decided_by, locked.reason = timezone.now(), by, reason
    locked.save()
    record("reflection.declined", by=by, subject=locked, facts={"event": locked.event.slug, "reason": reason})
    emails.declined(locked)
    return locked


def _to_decide(reflection: Reflection, version: int, by: User) -> Reflection:
    if not permissions.can_run_events(by):
        raise PermissionDenied
    locked = _lock(reflection)
    if locked.version != version:
        raise Refused("It was changed since you read it. Read it again.")
    if locked.state in (State.KEPT, State.WITHDRAWN):
        raise Refused("Its writer has taken it back.")
    return locked


def _lock(reflection: Reflection) -> Reflection:
    rows = Reflection.objects.select_related("ticket", "event", "user")
    return rows.select_for_update(of=("self",)).get(pk=reflection.pk)


def erase(user: User) -> None:
    """Of somebody who leaves for good: what they wrote, with its photo."""
    own = Reflection.objects.filter(user=user)
    StoredFile.objects.filter(pk__in=list(own.filter(photo__isnull=False).values_list("photo", flat=True))).delete()
    own.delete()
