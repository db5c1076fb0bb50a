"""The learning record and the supervision log: what somebody writes of themselves, and what is written for them.

Both are private. The audit trail says that something was noted or changed, never what.
"""

import datetime as dt
import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from linkworkers.actions import Refused
from linkworkers.audit.actions import record
from linkworkers.uploads import Upload
from members import permissions
from members.models import LearningEntry, LearningEvidence, StoredFile, Supervision, User
from members.models.learning import MOST_FILES

# What a person writes about an entry that came from elsewhere; everything else of it stays as it came.
OWN_WORDS = frozenset({"learned", "next_step", "link"})


@transaction.atomic
def credit(
    *,
    user: User,
    source: str,
    title: str,
    on: dt.date,
    kind: str,
    points: Decimal,
    formal_hours: Decimal = Decimal(0),
    days: int = 1,
    provider: str = "",
) -> LearningEntry:
    """Puts what somebody did here into their learning record; returns the entry.

    `source` names it ("course:12", "event:7", "reflection:3"): credited again, or twice at once, it stays as it was
    first. Whoever is no member finds it there when they become one. Points and hours are in quarters.
    """
    if not source:
        raise ValueError("What is credited comes from somewhere.")
    entry, is_new = LearningEntry.objects.get_or_create(
        user=user,
        source=source,
        defaults={
            "title": title,
            "on": on,
            "kind": kind,
            "points": points,
            "formal_hours": formal_hours,
            "days": days,
            "provider": provider,
        },
    )
    if is_new:
        record("learning.credited", by=user, subject=entry, facts={"source": source})
    return entry


@transaction.atomic
def take_back(*, user: User, source: str) -> None:
    """Takes out of somebody's record what was credited by mistake; nothing when it is not in it.

    Where they wrote something of their own in it, their words and files stay as an entry of theirs that counts for
    nothing.
    """
    entry = LearningEntry.objects.select_for_update().filter(user=user, source=source).exclude(source="").first()
    if entry is None:
        return
    record("learning.taken_back", by=None, subject=entry, facts={"source": source, "user": user.pk})
    if entry.learned or entry.next_step or entry.link or entry.evidence.exists():
        entry.source, entry.points, entry.formal_hours = "", Decimal(0), Decimal(0)
        entry.save()
    else:
        entry.delete()


@transaction.atomic
def add_entry(*, facts: dict[str, Any], files: Sequence[Upload] = (), by: User) -> LearningEntry:
    """Writes an entry into somebody's own record. Raises PermissionDenied for whoever is no member."""
    _member(by)
    entry = LearningEntry.objects.create(user=by, **facts)
    _keep(entry, files, by)
    record("learning.added", by=by, subject=entry)
    return entry


@transaction.atomic
def change_entry(entry: LearningEntry, *, facts: dict[str, Any], files: Sequence[Upload] = (), by: User) -> None:
    """Saves what an entry says now, and keeps further files. Of one that came from elsewhere only the person's own
    words change. Raises PermissionDenied, and Refused when that is not so or there are too many files.
    """
    locked = _own_entry(entry, by)
    if locked.is_credited and not facts.keys() <= OWN_WORDS:
        raise Refused("What this counts for was written by whoever offered it. You can add what you learned.")
    for name, value in facts.items():
        setattr(locked, name, value)
    locked.save()
    _keep(locked, files, by)
    record("learning.changed", by=by, subject=locked)


@transaction.atomic
def delete_entry(entry: LearningEntry, *, by: User) -> None:
    """Deletes an entry that was written by hand, with its files. Raises PermissionDenied, and Refused."""
    locked = _own_entry(entry, by)
    if locked.is_credited:
        raise Refused("This came from something you did here, and stays in your record.")
    record("learning.deleted", by=by, subject=locked)
    StoredFile.objects.filter(pk__in=locked.evidence.values("file")).delete()
    locked.delete()


@transaction.atomic
def remove_evidence(entry: LearningEntry, *, file_id: uuid.UUID, by: User) -> None:
    """Deletes one file of an entry; nothing when it is gone already. Raises PermissionDenied."""
    locked = _own_entry(entry, by)
    if StoredFile.objects.filter(pk__in=locked.evidence.filter(file=file_id).values("file")).delete()[0]:
        record("learning.evidence_removed", by=by, subject=locked)


@transaction.atomic
def add_supervision(*, facts: dict[str, Any], by: User) -> Supervision:
    """Notes a session that somebody had. Raises PermissionDenied for whoever is no member."""
    _member(by)
    session = Supervision.objects.create(user=by, **facts)
    record("supervision.noted", by=by, subject=session)
    return session


@transaction.atomic
def change_supervision(session: Supervision, *, facts: dict[str, Any], by: User) -> None:
    """Saves what a session's note says now. Raises PermissionDenied."""
    locked = _own_session(session, by)
    for name, value in facts.items():
        setattr(locked, name, value)
    locked.save()
    record("supervision.changed", by=by, subject=locked)


@transaction.atomic
def delete_supervision(session: Supervision, *, by: User) -> None:
    """Raises PermissionDenied."""
    locked = _own_session(session, by)
    record("supervision.deleted", by=by, subject=locked)
    locked.delete()


def _member(by: User) -> None:
    if not permissions.is_member(by):
        raise PermissionDenied


def _own_entry(entry: LearningEntry, by: User) -> LearningEntry:
    _member(by)
    locked = LearningEntry.objects.visible_to(by).select_for_update().filter(pk=entry.pk).first()
    if locked is None:
        raise PermissionDenied
    return locked


def _own_session(session: Supervision, by: User) -> Supervision:
    _member(by)
    locked = Supervision.objects.visible_to(by).select_for_update().filter(pk=session.pk).first()
    if locked is None:
        raise PermissionDenied
    return locked


def _keep(entry: LearningEntry, files: Sequence[Upload], by: User) -> None:
    if files and entry.evidence.count() + len(files) > MOST_FILES:
        raise Refused(f"An entry keeps {MOST_FILES} files. Remove some that you no longer need first.")
    for file in files:
        kept = StoredFile.keep(name=file.name, content_type=file.content_type, content=file.content, by=by)
        LearningEvidence.objects.create(entry=entry, file=kept)
