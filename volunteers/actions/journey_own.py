"""Pausing, returning and leaving, by the volunteer or their coordinator; days away; and one's own details."""

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format

from linkworkers.actions import Refused
from linkworkers.audit.actions import record
from members.actions import accounts
from members.models import Post, Role, User
from volunteers import permissions
from volunteers.actions import training
from volunteers.actions._journey import locked, move, refuse_if_moved
from volunteers.actions._shifts import end_shift, lock_shift
from volunteers.emails import journey as emails
from volunteers.letters import tell_coordinators
from volunteers.models import GONE, Absence, ExitAnswer, Shift, Stage, Volunteer

OWN_DETAILS = ("called", "phone", "emergency_contact", "has_bus_pass", "availability")


def free_shifts(
    volunteer: Volunteer, *, first_day: dt.date, last_day: dt.date | None, reason: str, by: User | None
) -> int:
    """Takes a volunteer off every shift to come from one day to another, both in London and included; without a last
    day off all. The coordinators get one mail that lists the sessions that are short now. Returns how many.
    """
    shifts = Shift.objects.to_come().filter(volunteer=volunteer, starts_at__date__gte=first_day)
    if last_day:
        shifts = shifts.filter(starts_at__date__lte=last_day)
    freed = []
    for pk in shifts.order_by("session_id").values_list("pk", flat=True):
        shift = lock_shift(pk)
        if shift.ended_at is None:
            freed.append(end_shift(shift, reason=reason, by=by).session)
    short = sorted((each for each in freed if each.taken < each.at_least), key=lambda each: each.starts_at)
    emails.sessions_short(volunteer, short, why=f"{volunteer.name} cannot come to these:")
    return len(freed)


@transaction.atomic
def pause(volunteer: Volunteer, *, until: dt.date | None = None, note: str = "", seen: str = "", by: User) -> Volunteer:
    """No shifts from today, until the end of a day or until they return; shifts in that time are freed.

    Raises PermissionDenied, and Refused when they are not active, or the day has gone by.
    """
    found = _own(volunteer, by, seen)
    if until and until < timezone.localdate():
        raise Refused("This day has gone by. Choose today or a later day, or leave it open.")
    found.paused_until = until
    move(found, Stage.PAUSED, by=by, note=note)
    free_shifts(found, first_day=timezone.localdate(), last_day=until, reason=Shift.Ended.PAUSED, by=by)
    words = f"until {date_format(until)}" if until else "without a date"
    _tell(found, "volunteer-paused-told", f"{found.name} pauses", f"{found.name} pauses {words}.", by)
    emails.paused(found, by=by)
    return found


@transaction.atomic
def return_(volunteer: Volunteer, *, seen: str = "", by: User) -> Volunteer:
    """Ends a pause. Raises PermissionDenied, and Refused when there is none."""
    found = _own(volunteer, by, seen)
    _return(found, by=by)
    return found


def end_pauses() -> int:
    """Brings back whoever's pause has ended, and welcomes them. Returns how many."""
    due = Volunteer.objects.filter(stage=Stage.PAUSED, paused_until__lt=timezone.localdate())
    ended = 0
    for pk in due.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            found = due.select_for_update(of=("self",), skip_locked=True).filter(pk=pk).first()
            if found is None:
                continue
            _return(found, by=None)
            emails.back(found)
            ended += 1
    return ended


def _return(found: Volunteer, *, by: User | None) -> None:
    if found.stage != Stage.PAUSED:
        raise Refused(f"{found} is not paused.")
    found.paused_until = None
    move(found, Stage.ACTIVE, by=by, note="" if by else "The pause ended")
    _tell(found, "volunteer-returned", f"{found.name} is back", f"{found.name} can be on the rota again.", by)


@transaction.atomic
def leave(volunteer: Volunteer, *, answers: dict[str, str] | None = None, seen: str = "", by: User) -> Volunteer:
    """Ends somebody's volunteering at a workplace: their shifts and places in trainings are freed, their post ends,
    they are thanked, and what they say on the way out is kept.

    Raises PermissionDenied, and Refused when they are neither active nor paused.
    """
    found = _own(volunteer, by, seen)
    today = timezone.localdate()
    found.left_on, found.paused_until = today, None
    move(found, Stage.LEFT, by=by)
    free_shifts(found, first_day=today, last_day=None, reason=Shift.Ended.PAUSED, by=by)
    training.give_back_all(found, by=by)
    said = {name: text for name, text in (answers or {}).items() if text}
    if said:
        ExitAnswer.objects.create(volunteer=found, by=by, **said)
    for post in Post.objects.not_ended().filter(
        user=found.user, workplace=found.workplace_id, role=Role.VOLUNTEER, start_date__lte=today
    ):
        accounts.end_post(post, last_day=max(today - dt.timedelta(days=1), post.start_date), by=by)
    emails.thanks(found, worked=found.shifts.worked().count())
    _tell(found, "volunteer-left-told", f"{found.name} has left", f"{found.name} has left {found.workplace}.", by)
    return found


@transaction.atomic
def change_own(volunteer: Volunteer, *, details: dict[str, Any], by: User) -> Volunteer:
    """What a volunteer changes about themselves: `OWN_DETAILS`, and nothing else. Raises PermissionDenied."""
    found = locked(volunteer)
    if not permissions.can_act_as(by, found):
        raise PermissionDenied
    changed = [name for name in OWN_DETAILS if name in details and getattr(found, name) != details[name]]
    for name in changed:
        setattr(found, name, details[name])
    found.save(update_fields=changed)
    record("volunteer.changed", by=by, subject=found, facts={"fields": changed})
    return found


@transaction.atomic
def add_absence(volunteer: Volunteer, *, first_day: dt.date, last_day: dt.date, by: User) -> tuple[Absence, int]:
    """Notes days away, and frees the shifts on them. Returns the absence and how many shifts were freed.

    Raises PermissionDenied, and Refused when they are gone, the days have gone by, or are in the wrong order.
    """
    found = _own(volunteer, by)
    if found.stage in GONE:
        raise Refused(f"{found} does not volunteer at {found.workplace} any more.")
    if last_day < timezone.localdate():
        raise Refused("These days have gone by.")
    if last_day < first_day:
        raise Refused("The last day is before the first.")
    absence = Absence.objects.create(volunteer=found, first_day=first_day, last_day=last_day)
    record("absence.added", by=by, subject=absence, facts={"volunteer": found.pk})
    freed = free_shifts(found, first_day=first_day, last_day=last_day, reason=Shift.Ended.GIVEN_UP, by=by)
    return absence, freed


@transaction.atomic
def delete_absence(absence: Absence, *, by: User) -> None:
    """They can come after all. Shifts that were given up stay so. Raises PermissionDenied."""
    found = _own(absence.volunteer, by)
    record("absence.deleted", by=by, subject=absence, facts={"volunteer": found.pk})
    Absence.objects.filter(pk=absence.pk).delete()


def _own(volunteer: Volunteer, by: User, seen: str = "") -> Volunteer:
    found = locked(volunteer)
    if not permissions.can_change_volunteering(by, found):
        raise PermissionDenied
    refuse_if_moved(found, seen)
    return found


def _tell(found: Volunteer, kind: str, subject: str, text: str, by: User | None) -> None:
    tell_coordinators(found, kind, found.stage_since.timestamp(), subject, text, besides=by)
