"""The calendar address: made, made anew, switched off."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from linkworkers.audit.actions import record
from members.models import Role, User
from volunteers.models import CalendarFeed
from volunteers.models.feed import new_token

READ_NOTED_EVERY = dt.timedelta(hours=1)


@transaction.atomic
def make_address(*, by: User) -> CalendarFeed:
    """Gives a volunteer a calendar address. The one before it, if there was one, stops at once.

    The trail says that it was made, never what it is. Raises PermissionDenied for whoever is no volunteer.
    """
    if not by.has_role(Role.VOLUNTEER):
        raise PermissionDenied
    feed, _ = CalendarFeed.objects.update_or_create(
        user=by, defaults={"token": new_token(), "created_at": timezone.now(), "last_read_at": None}
    )
    record("calendar.address_made", by=by, subject=feed)
    return feed


@transaction.atomic
def switch_off(*, by: User) -> None:
    """Stops somebody's calendar address; nothing when there is none."""
    feed = CalendarFeed.objects.select_for_update().filter(user=by).first()
    if feed:
        record("calendar.switched_off", by=by, subject=feed)
        feed.delete()


def note_read(feed: CalendarFeed) -> None:
    """That a program read it, written down at most once an hour."""
    now = timezone.now()
    before = Q(last_read_at=None) | Q(last_read_at__lt=now - READ_NOTED_EVERY)
    CalendarFeed.objects.filter(before, pk=feed.pk).update(last_read_at=now)


def erase(user: User) -> None:
    """Of somebody who leaves for good."""
    CalendarFeed.objects.filter(user=user).delete()
