"""What comes of a training: who came, the checks and the points that follow, and what was learned in a course here."""

import datetime as dt
from collections.abc import Collection

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from linkworkers.actions import Refused
from linkworkers.audit.actions import record
from members.actions import learning
from members.models import LearningKind, User
from volunteers import permissions
from volunteers.clearance import counts_until
from volunteers.models import Check, Requirement, Training, TrainingPlace, Volunteer

State = TrainingPlace.State
PROVIDER_LENGTH = 120  # of an entry in the learning record


@transaction.atomic
def mark(training: Training, *, came: Collection[int], by: User) -> Training:
    """Notes who came: the ids of their places in `came`; everybody else who has one did not.

    Nobody is asked of themselves: another coordinator notes it.

    Who came has the training's requirement from that day on, and its points in their learning record: once, however
    often this is saved. Who is taken off the list again loses both, and the trail says so. Raises PermissionDenied, and
    Refused before it begins or when it was cancelled.
    """
    if not permissions.can_coordinate(by, training.workplace):
        raise PermissionDenied
    locked = (
        Training.objects.select_for_update(of=("self",)).select_related("workplace", "requirement").get(pk=training.pk)
    )
    if locked.cancelled_at:
        raise Refused("This training was cancelled.")
    if not locked.has_begun:
        raise Refused("This training has not begun. Come back when people are there.")
    places = locked.places.filter(state__in=TrainingPlace.TAKING).select_related("volunteer__user", "check_made")
    for place in places.exclude(volunteer__user=by).order_by("pk"):
        place.training = locked
        state = State.ATTENDED if place.pk in came else State.MISSED
        if state == place.state:
            continue
        was_there = place.state == State.ATTENDED
        place.state, place.marked_at, place.marked_by = state, timezone.now(), by
        if state == State.ATTENDED:
            _came(place, by)
        elif was_there:
            _came_not_after_all(place, by)
        place.save(update_fields=["state", "marked_at", "marked_by", "check_made"])
        facts = {"training": locked.pk, "volunteer": place.volunteer_id, "corrected": was_there}
        record(f"training.{state}", by=by, subject=place, facts=facts)
    return locked


def source_of(training: Training) -> str:
    """How the training is named in a learning record."""
    return f"volunteer-training:{training.pk}"


def _came(place: TrainingPlace, by: User) -> None:
    training, user = place.training, place.volunteer.user
    if training.requirement:
        place.check_made = _note_check(place.volunteer, training.requirement, training.on, by)
    if user and (training.points or training.formal_hours):
        learning.credit(
            user=user,
            source=source_of(training),
            title=training.title,
            on=training.on,
            kind=LearningKind.COURSE,
            points=training.points,
            formal_hours=training.formal_hours,
            provider=str(training.workplace)[:PROVIDER_LENGTH],
        )


def _came_not_after_all(place: TrainingPlace, by: User) -> None:
    check, place.check_made = place.check_made, None
    if check:
        facts = {"volunteer": check.volunteer_id, "requirement": check.requirement_id, "done_on": str(check.done_on)}
        record("check.withdrawn", by=by, subject=check, facts=facts)
        TrainingPlace.objects.filter(pk=place.pk).update(check_made=None)
        check.delete()
    if place.volunteer.user:
        learning.take_back(user=place.volunteer.user, source=source_of(place.training))


def _note_check(volunteer: Volunteer, requirement: Requirement, on: dt.date, by: User | None) -> Check:
    check = Check.objects.create(
        volunteer=volunteer,
        requirement=requirement,
        passed=True,
        done_on=on,
        ends_on=counts_until(requirement, on),
        by=by,
    )
    facts = {"volunteer": volunteer.pk, "requirement": requirement.pk, "passed": True}
    record("check.recorded", by=by, subject=check, facts=facts)
    return check
