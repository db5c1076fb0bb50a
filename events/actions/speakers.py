"""What speakers say about themselves, and whether it is public: they agree by their link, and take it back by it."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from events import permissions
from events.emails import speakers as emails
from events.models import Speaker, new_key
from linkworkers.actions import Refused
from linkworkers.audit.actions import record
from linkworkers.uploads import Upload
from members.models import StoredFile, User


def _lock(speaker: Speaker) -> Speaker:
    return Speaker.objects.select_for_update(of=("self",)).select_related("event").get(pk=speaker.pk)


@transaction.atomic
def ask(speaker: Speaker, *, by: User | None) -> Speaker:
    """Mails a speaker the link to their own page; asked twice within a minute, one mail goes. `by` is None for what
    follows from a decision that was permitted already.

    Raises PermissionDenied for whoever does not run events, Refused when no address is known or the event was called
    off.
    """
    if by is not None and not permissions.can_run_events(by):
        raise PermissionDenied
    locked = _lock(speaker)
    if not locked.email:
        raise Refused(f"No e-mail address of {locked.name} is known. Add it first.")
    if locked.event.is_cancelled:
        raise Refused(f"{locked.event} was cancelled.")
    minute = int(timezone.now().timestamp() // 60)
    emails.asked(locked, key=f"event-speaker:{locked.pk}:{minute}")
    record("speaker.asked", by=by, subject=locked, facts={"event": locked.event.slug})
    return locked


@transaction.atomic
def introduce(
    speaker: Speaker,
    *,
    job: str,
    organisation: str,
    biography: str,
    photo: Upload | None,
    agrees: bool,
    by: User | None,
) -> Speaker:
    """Keeps what a speaker says about themselves. `photo` was drawn anew by `linkworkers.pictures`; None keeps the one
    there is. `agrees` makes photo and biography public from now on, or takes that back.

    Whoever calls has the speaker's link.
    """
    locked = _lock(speaker)
    old = locked.photo_id if photo else None
    if photo:
        locked.photo = StoredFile.keep(
            name=photo.name, content_type=photo.content_type, content=photo.content, by=locked.user
        )
    locked.job, locked.organisation, locked.biography = job, organisation, biography
    agreed_before = locked.consented_at is not None
    if agrees != agreed_before:
        locked.consented_at = timezone.now() if agrees else None
    locked.save(update_fields=["photo", "job", "organisation", "biography", "consented_at"])
    if old:
        StoredFile.objects.filter(pk=old).delete()
    facts = {"event": locked.event.slug, "photo": "new" if photo else "kept" if locked.photo_id else "none"}
    record("speaker.introduced", by=by, subject=locked, facts=facts)
    if agrees != agreed_before:
        record("speaker.agreed" if agrees else "speaker.took_back", by=by, subject=locked, facts=facts)
    return locked


@transaction.atomic
def remove_photo(speaker: Speaker, *, by: User | None) -> Speaker:
    """Deletes a speaker's photo at once; without one, nothing happens. Whoever calls has the speaker's link."""
    locked = _lock(speaker)
    if locked.photo_id:
        _forget_photo(locked)
        record("speaker.photo_removed", by=by, subject=locked, facts={"event": locked.event.slug})
    return locked


def _forget_photo(speaker: Speaker) -> None:
    file, speaker.photo = speaker.photo, None
    speaker.save(update_fields=["photo"])
    if file is not None:
        file.delete()


def erase(user: User) -> None:
    """Of somebody who leaves for good: photo, biography and address. The name stays on the programmes that were."""
    for speaker in Speaker.objects.select_for_update(of=("self",)).filter(user=user).order_by("pk"):
        if speaker.photo_id:
            _forget_photo(speaker)
        speaker.biography = speaker.email = ""
        speaker.consented_at = speaker.user = None
        speaker.key = new_key()  # the old link opens nothing any more
        speaker.save(update_fields=["biography", "email", "consented_at", "user", "key"])
