"""Clinics and rooms: begun, described, put away. What a clinic's times mean for its sessions is in `patterns`."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from linkworkers.actions import Refused
from linkworkers.audit.actions import record
from members.models import User, Workplace
from volunteers import permissions
from volunteers.actions import generation
from volunteers.models import GENERATED_AHEAD, Clinic, ClinicTime, Room
from volunteers.pattern import Half

SAME_NAME = {
    "clinic_name_once_in_a_practice": "This practice has a clinic of that name.",
    "room_once_in_a_practice": "This practice has a room of that name.",
}


@transaction.atomic
def create_clinic(practice: Workplace, *, facts: Mapping[str, Any], week: Mapping[int, Half], by: User) -> Clinic:
    """Begins a clinic and makes its sessions at once. Raises PermissionDenied, and Refused when the practice has one of
    that name.
    """
    if not permissions.can_coordinate(by, practice):
        raise PermissionDenied
    clinic = Clinic(practice=practice, **facts)
    save_clinic(clinic, week)
    record("clinic.created", by=by, subject=clinic, summary=str(clinic))
    generation.make([clinic], until=timezone.localdate() + GENERATED_AHEAD)
    clinic.refresh_from_db(fields=["generated_until"])
    return clinic


@transaction.atomic
def save_room(practice: Workplace, *, facts: Mapping[str, Any], by: User, room: Room | None = None) -> Room:
    """A new room, or another name, other directions, in use or not. Sessions in it stay there."""
    if not permissions.can_coordinate(by, practice):
        raise PermissionDenied
    made = room is None
    room = Room.objects.select_for_update().get(pk=room.pk) if room else Room(practice=practice)
    for name, value in facts.items():
        setattr(room, name, value)
    save(room)
    record(f"room.{'created' if made else 'changed'}", by=by, subject=room, summary=str(room), facts=facts)
    return room


def save_clinic(clinic: Clinic, week: Mapping[int, Half]) -> None:
    """The row and its times. Raises PermissionDenied for a room of another practice."""
    if clinic.room and clinic.room.practice_id != clinic.practice_id:
        raise PermissionDenied
    save(clinic)
    clinic.times.all().delete()
    ClinicTime.objects.bulk_create(
        ClinicTime(clinic=clinic, weekday=weekday, starts=starts, ends=ends) for weekday, (starts, ends) in week.items()
    )


def save(row: Clinic | Room) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        for constraint, sentence in SAME_NAME.items():
            if constraint in str(error):
                raise Refused(sentence) from error
        raise
