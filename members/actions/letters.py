"""Letters between members, and wanting none from somebody."""

import datetime as dt
import uuid

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from linkworkers.actions import Refused
from linkworkers.audit.actions import record
from members.emails import letters as emails
from members.models import Block, Correspondence, Flag, MemberLetter, Target, User
from members.permissions import is_member, membership_of, why_no_letter

YOUNG = dt.timedelta(days=7)  # a membership whose holder may begin so many correspondences in a day
BEGUN_A_DAY = 5


@transaction.atomic
def write(*, to: User, text: str, by: User, send_key: uuid.UUID, about: str = "") -> MemberLetter:
    """Sends a letter, in the correspondence of these two or a new one, and mails its receiver that it is there.

    The same `send_key` sends nothing again: the letter is returned that it sent. Whatever their correspondence had
    for `by` counts as read. Raises PermissionDenied for whoever is no member, and Refused when the other cannot be
    written to, or somebody whose membership is young began too many correspondences today.
    """
    _, to = _lock(by, to)
    if not is_member(by):
        raise PermissionDenied
    if sent := MemberLetter.objects.filter(by=by, send_key=send_key).first():
        return sent
    if reason := why_no_letter(by, to):
        raise Refused(reason)
    now = timezone.now()
    correspondence = Correspondence.objects.of(by, to).first() or _begin(by, to, now)
    MemberLetter.objects.unread_by(by).filter(correspondence=correspondence).update(read_at=now)
    letter = MemberLetter.objects.create(
        correspondence=correspondence, by=by, to=to, about=about, text=text, send_key=send_key, sent_at=now
    )
    Correspondence.objects.filter(pk=correspondence.pk).update(last_at=now)
    record("letter.sent", by=by, subject=letter)
    emails.letter_received(letter)
    return letter


def mark_read(correspondence: Correspondence, *, until: int, by: User) -> int:
    """Notes that this person has read what was written to them up to the letter of that id; returns how many."""
    letters = MemberLetter.objects.unread_by(by).filter(correspondence=correspondence, pk__lte=until)
    return letters.update(read_at=timezone.now())


@transaction.atomic
def block(whom: User, *, by: User) -> Block:
    """No letters from this person any more; they are not told. Raises Refused for oneself."""
    if whom == by:
        raise Refused("You cannot block yourself.")
    _lock(by, whom)
    made, is_new = Block.objects.get_or_create(by=by, whom=whom)
    if is_new:
        record("member.blocked", by=by, subject=made)
    return made


@transaction.atomic
def unblock(block: Block, *, by: User) -> None:
    """Takes a block back. Raises PermissionDenied for somebody else's; one that is gone already is let be."""
    if block.by_id != by.pk:
        raise PermissionDenied
    locked = Block.objects.select_for_update().filter(pk=block.pk).first()
    if locked:
        record("member.unblocked", by=by, subject=locked)
        locked.delete()


def erase(user: User) -> None:
    """Takes back every letter that somebody wrote: who got it sees that there was one. Their blocks are forgotten."""
    MemberLetter.objects.filter(by=user, taken_back_at=None).update(text="", about="", taken_back_at=timezone.now())
    Flag.objects.filter(kind=Target.LETTER, author=user).update(excerpt="")
    Block.objects.filter(by=user).delete()
    Block.objects.filter(whom=user).delete()


def _begin(by: User, to: User, now: dt.datetime) -> Correspondence:
    membership = membership_of(by)
    if membership and membership.created_at > now - YOUNG:
        begun = Correspondence.objects.filter(begun_by=by, created_at__gt=now - dt.timedelta(days=1)).count()
        if begun >= BEGUN_A_DAY:
            raise Refused(
                f"In the first week of a membership you can begin {BEGUN_A_DAY} correspondences a day. Write this one"
                " tomorrow."
            )
    first, second = sorted([by, to], key=lambda person: person.pk)
    return Correspondence.objects.create(first=first, second=second, begun_by=by, created_at=now)


def _lock(by: User, other: User) -> tuple[User, User]:
    """The two people under a lock, with what decides about letters: who writes, blocks and leaves takes turns."""
    people = (
        User.objects.select_for_update(no_key=True, of=("self",))
        .select_related("profile", "membership__plan", "membership__sponsor__plan")
        .filter(pk__in=[by.pk, other.pk])
        .order_by("pk")
    )
    found = {person.pk: person for person in people}
    return found[by.pk], found[other.pk]
