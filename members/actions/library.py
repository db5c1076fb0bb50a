"""What members put into a community's library, and take out of it."""

import uuid

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from linkworkers.actions import Refused
from linkworkers.audit.actions import record
from linkworkers.uploads import Upload
from members import permissions
from members.models import Community, LibraryItem, StoredFile, User


@transaction.atomic
def add_item(
    *,
    community: Community,
    kind: str,
    title: str,
    about: str,
    year: int,
    upload: Upload,
    by: User,
    submission_key: uuid.UUID | None = None,
) -> LibraryItem:
    """Keeps a checked file, once for each `submission_key`. Raises PermissionDenied, and Refused."""
    if not permissions.is_member(by):
        raise PermissionDenied
    locked = Community.objects.select_for_update(no_key=True).get(pk=community.pk)
    key = submission_key or uuid.uuid4()
    if sent := LibraryItem.objects.filter(submission_key=key).first():
        if (sent.by_id, sent.community_id, sent.title) == (by.pk, locked.pk, title):
            return sent
        raise Refused("This was sent already. Open the library to see it, or begin anew.")
    if not locked.is_open:
        raise Refused(f"{locked} is closed: nothing is added to its library any more.")
    file = StoredFile.keep(name=upload.name, content_type=upload.content_type, content=upload.content, by=by)
    item = LibraryItem.objects.create(
        community=locked, kind=kind, title=title, about=about, year=year, file=file, by=by, submission_key=key
    )
    record("library_item.added", by=by, subject=item, facts={"community": locked.slug, "bytes": file.size})
    return item


@transaction.atomic
def take_out(item: LibraryItem, *, by: User) -> LibraryItem:
    """Whoever added it takes it out: its file is gone. Raises PermissionDenied, and Refused when it is out already."""
    if item.by_id != by.pk or not permissions.is_member(by):
        raise PermissionDenied
    return discard(item, reason="", by=by)


def discard(item: LibraryItem, *, reason: str, by: User) -> LibraryItem:
    """Removes the file and keeps the row, in the caller's transaction; the caller has asked who may."""
    locked = (
        LibraryItem.objects.select_for_update(of=("self",))
        .select_related("community", "by", "file")
        .defer("file__content")
        .get(pk=item.pk)
    )
    if locked.removed_at:
        raise Refused("This has been taken out of the library already.")
    file = locked.file
    locked.file, locked.removed_at, locked.removed_by, locked.removed_reason = None, timezone.now(), by, reason
    locked.save(update_fields=["file", "removed_at", "removed_by", "removed_reason"])
    if file:
        file.delete()
    record("library_item.removed", by=by, subject=locked)
    return locked
