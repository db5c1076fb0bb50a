"""The photo board: who agrees to be on it, until when, and that nothing is left when they no longer do."""

import datetime as dt

from dateutil.relativedelta import relativedelta
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from linkworkers.actions import Refused
from linkworkers.audit.actions import record
from linkworkers.outbox.actions import queue_all
from members.models import StoredFile, User
from volunteers import permissions
from volunteers.emails import board as emails
from volunteers.models import GONE, HERE, Volunteer

LONGEST = relativedelta(years=2)  # that one may agree ahead
ASKED_BEFORE = dt.timedelta(days=30)  # a consent ends
BATCH = 500


@transaction.atomic
def agree(volunteer: Volunteer, *, photo: bytes | None, until: dt.date, line: str, by: User) -> Volunteer:
    """Puts a volunteer on the boards of their workplace until a day, with a line and, if they like, a photo.

    `photo` is a JPEG that `linkworkers.pictures` has drawn anew; None keeps the one there is. Raises PermissionDenied
    for anybody but themselves, and Refused when they do not volunteer any more or the day is none to agree to.
    """
    volunteer = _locked(volunteer)
    if not permissions.can_act_as(by, volunteer):
        raise PermissionDenied
    if volunteer.stage not in HERE:
        raise Refused("The board is for volunteers who are active. Ask your coordinator.")
    today = timezone.localdate()
    if not today <= until <= today + LONGEST:
        raise Refused("Choose a last day between today and two years from now.")
    old = volunteer.photo_id if photo else None
    if photo:
        name = f"photo-{volunteer.key}.jpg"
        volunteer.photo = StoredFile.keep(name=name, content_type="image/jpeg", content=photo, by=by)
    volunteer.photo_until, volunteer.board_line = until, line
    volunteer.save(update_fields=["photo", "photo_until", "board_line"])
    if old:
        StoredFile.objects.filter(pk=old).delete()
    facts = {"until": str(until), "photo": "new" if photo else "kept" if volunteer.photo_id else "none"}
    record("board.agreed", by=by, subject=volunteer, facts=facts)
    return volunteer


@transaction.atomic
def withdraw(volunteer: Volunteer, *, by: User) -> Volunteer:
    """Takes somebody off the boards at once and deletes the photo. Done already, nothing happens.

    Raises PermissionDenied unless it is themselves or their coordinator.
    """
    volunteer = _locked(volunteer)
    if not permissions.can_take_off_board(by, volunteer):
        raise PermissionDenied
    if volunteer.photo_until or volunteer.photo_id:
        _delete_photos([volunteer])
        record("board.withdrawn", by=by, subject=volunteer)
    volunteer.refresh_from_db()
    return volunteer


@transaction.atomic
def forget_photos() -> int:
    """Deletes photos whose consent has ended, or whose owner left; they vanished that day. Returns how many."""
    ended = Volunteer.objects.filter(Q(photo_until__lt=timezone.localdate()) | Q(stage__in=GONE)).filter(
        Q(photo__isnull=False) | Q(photo_until__isnull=False)
    )
    found = list(ended.select_for_update(no_key=True, skip_locked=True, of=("self",)).order_by("pk")[:BATCH])
    for volunteer in found:
        record("board.ended", by=None, subject=volunteer, facts={"until": str(volunteer.photo_until)})
    _delete_photos(found)
    return len(found)


def ask_to_renew() -> int:
    """Asks whoever is on a board for less than a month more whether they would like to stay. Returns how many."""
    today = timezone.localdate()
    ending = Volunteer.objects.on_board().filter(photo_until__lte=today + ASKED_BEFORE)
    people = ending.select_related("user", "workplace").order_by("pk").iterator(chunk_size=BATCH)
    return queue_all(emails.renew(volunteer) for volunteer in people)


def _delete_photos(volunteers: list[Volunteer]) -> None:
    """Of locked volunteers."""
    photos = [volunteer.photo_id for volunteer in volunteers if volunteer.photo_id]
    Volunteer.objects.filter(pk__in=[volunteer.pk for volunteer in volunteers]).update(
        photo=None, photo_until=None, board_line=""
    )
    StoredFile.objects.filter(pk__in=photos).delete()


def _locked(volunteer: Volunteer) -> Volunteer:
    rows = Volunteer.objects.select_for_update(of=("self",), no_key=True).select_related("workplace")
    return rows.get(pk=volunteer.pk)
