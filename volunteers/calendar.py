"""Shifts and trainings as iCalendar (RFC 5545), for mails, for downloads and for the feed that a phone reads.

Nothing here says anything about people referred: whoever has the address of a feed can read it.
"""

import datetime as dt

from django.urls import reverse
from django.utils import timezone
from icalendar import Event

from linkworkers.calendars import event_of, new_calendar, one_event
from members.models import Role, User
from volunteers.models import Shift, TrainingPlace
from volunteers.models.session import ShiftQuerySet
from volunteers.models.training import TrainingPlaceQuerySet

BACK = dt.timedelta(days=92)  # how far a feed looks back


def shift_ics(shift: Shift, *, cancelled: bool = False) -> str:
    """A file of one shift, to go with a mail: into the calendar, moved there, or out of it when it is `cancelled`.

    The UID is the shift's for good, and each file that is written later outranks those before it.
    """
    event = shift_event(shift)
    return one_event(event, since=shift.created_at, cancelled=cancelled)


def shift_event(shift: Shift) -> Event:
    """What a shift is in a calendar. Says where and as what, and links to the rest, which is behind the log-in."""
    clinic, room = shift.session.clinic, shift.session.room
    place = f"{room.name}, {clinic.practice}" if room else str(clinic.practice)
    return event_of(
        uid=f"shift-{shift.pk}",
        summary=f"Volunteer shift: {clinic}",
        starts_at=shift.starts_at,
        ends_at=shift.ends_at,
        location=place,
        description=[f"As {clinic.role.name}.", room.directions if room else ""],
        path=reverse("my_shifts"),
        made_at=shift.created_at,
    )


def training_ics(place: TrainingPlace, *, cancelled: bool = False) -> str:
    """The same of somebody's place in a training, with the link for joining online."""
    event = training_event(place, place.training.online_link)
    return one_event(event, since=place.joined_at, cancelled=cancelled)


def training_event(place: TrainingPlace, *more: str) -> Event:
    """What a place in a training is in a calendar; `more` are further lines of its description."""
    training = place.training
    return event_of(
        uid=f"training-{place.pk}",
        summary=f"Training: {training}",
        starts_at=training.starts_at,
        ends_at=training.ends_at,
        location=training.where,
        description=[f"Offered by {training.workplace}.", *more],
        path=reverse("training_detail", args=[training.pk]),
        made_at=place.joined_at,
    )


def feed_ics(user: User) -> bytes:
    """Everything that somebody is on, from BACK ago on, for a program that asks again and again.

    The same until something changes, so that its hash says whether it did. Empty for whoever holds no volunteer's post
    today. Three queries.
    """
    calendar = new_calendar("Volunteering")
    since = timezone.now() - BACK
    for shift in own_shifts(user).standing().filter(starts_at__gte=since).order_by("starts_at", "pk"):
        calendar.add_component(shift_event(shift))
    for place in own_places(user).coming().filter(training__starts_at__gte=since).order_by("training__starts_at", "pk"):
        calendar.add_component(training_event(place))
    return bytes(calendar.to_ical())


def own_shifts(user: User) -> ShiftQuerySet:
    """A volunteer's own, where they hold a volunteer's post today, with what a calendar says of them."""
    posts = user.workplace_ids(Role.VOLUNTEER)
    return Shift.objects.filter(user=user, volunteer__workplace__in=posts).select_related(
        "session__clinic__practice", "session__clinic__role", "session__room"
    )


def own_places(user: User) -> TrainingPlaceQuerySet:
    """The same of their places in trainings."""
    posts = user.workplace_ids(Role.VOLUNTEER)
    return TrainingPlace.objects.filter(volunteer__user=user, volunteer__workplace__in=posts).select_related(
        "training__workplace"
    )
