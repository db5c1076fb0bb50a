"""Training: offered, changed and cancelled by coordinators; taken, waited for and given back by volunteers.

Whatever changes the places of a training has its row locked, so they are given in the order in which people came.
"""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Case, Q, QuerySet, When
from django.utils import timezone

from linkworkers.actions import Refused
from linkworkers.audit.actions import record
from linkworkers.outbox.actions import queue_all
from members.models import User
from volunteers import permissions
from volunteers.emails import training as emails
from volunteers.models import TAUGHT, Requirement, Training, TrainingPlace, Volunteer, learners

State = TrainingPlace.State


@transaction.atomic
def offer(*, facts: dict[str, Any], by: User) -> Training:
    """Offers a training. `facts` are the fields of the model. Raises PermissionDenied, and Refused."""
    _check(facts, by)
    training = Training.objects.create(created_by=by, **facts)
    record("training.offered", by=by, subject=training, summary=training.title)
    return training


@transaction.atomic
def change(training: Training, *, facts: dict[str, Any], by: User) -> Training:
    """Saves what a training is now. More places go to whoever waits; whoever has one is told when the time or the place
    is another. Raises PermissionDenied, and Refused when that cannot be.
    """
    locked = _locked(training, by)
    _check({"workplace": locked.workplace, "requirement": locked.requirement, **facts}, by)
    if locked.has_begun:
        raise Refused("This training has begun. What it was stays as it is.")
    if facts.get("capacity", locked.capacity) < locked.taken:
        raise Refused(f"{locked.taken} places are taken. Keep at least so many.")
    moved = any(getattr(locked, name) != facts.get(name, getattr(locked, name)) for name in emails.WHEN_AND_WHERE)
    changed = [name for name, value in facts.items() if getattr(locked, name) != value]
    for name, value in facts.items():
        setattr(locked, name, value)
    locked.save(update_fields=list(facts))
    record("training.changed", by=by, subject=locked, facts={"fields": changed})
    if moved:
        now = timezone.now()
        queue_all(emails.changed(place, at=now) for place in _coming(locked))
    _move_up(locked)
    return locked


@transaction.atomic
def cancel(training: Training, *, reason: str, by: User) -> Training:
    """Calls a training off; whoever has a place or waits for one is told. Raises PermissionDenied, and Refused."""
    locked = _locked(training, by)
    if locked.has_begun:
        raise Refused("This training has begun. Say on the attendance sheet who came.")
    locked.cancelled_at, locked.cancelled_by, locked.cancel_reason = timezone.now(), by, reason
    locked.save(update_fields=["cancelled_at", "cancelled_by", "cancel_reason"])
    record("training.cancelled", by=by, subject=locked, summary=locked.title)
    queue_all(emails.cancelled(place) for place in [*_coming(locked), *_waiting(locked)])
    return locked


@transaction.atomic
def join(training: Training, *, by: User) -> TrainingPlace:
    """Takes a place in a training or, when all are taken, the last place on its waiting list.

    Raises PermissionDenied for whoever cannot be trained there, and Refused with the reason.
    """
    locked = _lock(training)
    volunteer = learners_for(locked).filter(user=by).first()
    if volunteer is None:
        raise PermissionDenied
    return _give(locked, volunteer, by=by)


@transaction.atomic
def put_down(training: Training, volunteer: Volunteer, *, by: User) -> TrainingPlace:
    """The same for a volunteer whom their coordinator signs up; also after it has begun, for somebody who just came.

    Raises PermissionDenied, and Refused.
    """
    locked = _locked(training, by)
    known = permissions.can_coordinate(by, volunteer.workplace)
    if not known or not learners_for(locked).filter(pk=volunteer.pk).exists():
        raise PermissionDenied
    return _give(locked, volunteer, by=by, late=True)


@transaction.atomic
def give_back(training: Training, *, by: User) -> TrainingPlace:
    """Gives one's own place back, or the wait for one; who waits longest has it. Raises Refused when there is none."""
    locked = _lock(training)
    if locked.has_begun:
        raise Refused("This training has begun. Tell your coordinator if you could not come.")
    place = locked.places.filter(volunteer__user=by, state__in=[State.SIGNED_UP, State.WAITING]).first()
    if place is None:
        raise Refused("You have no place in this training.")
    _free(place, by=by)
    _move_up(locked)
    return place


@transaction.atomic
def give_back_all(volunteer: Volunteer, *, by: User | None) -> None:
    """Frees the places of somebody who goes, in all trainings to come: others may be waiting for them."""
    open_ones = Training.objects.to_come().filter(
        places__volunteer=volunteer, places__state__in=[State.SIGNED_UP, State.WAITING]
    )
    for training in list(open_ones.order_by("pk")):
        locked = _lock(training)
        for place in locked.places.filter(volunteer=volunteer, state__in=[State.SIGNED_UP, State.WAITING]):
            _free(place, by=by)
        _move_up(locked)


def learners_for(training: Training) -> QuerySet[Volunteer]:
    """The volunteers whom a training is for, those of its workplace first: and of its practices, and of its network."""
    own = Q(workplace=training.workplace_id)
    around = own | Q(workplace=training.workplace.parent_id) if training.workplace.parent_id else own
    return (
        learners()
        .filter(around | Q(workplace__parent=training.workplace_id))
        .order_by(Case(When(own, then=0), default=1), "pk")
    )


def _check(facts: dict[str, Any], by: User) -> None:
    if not permissions.can_coordinate(by, facts["workplace"]):
        raise PermissionDenied
    requirement: Requirement | None = facts.get("requirement")
    if requirement and requirement.kind not in TAUGHT:
        raise Refused("A training can count as an induction or a training, and as no other check.")


def _lock(training: Training) -> Training:
    """The training as it is now, locked. Raises Refused when it was cancelled."""
    Training.objects.select_for_update().values_list("pk").get(pk=training.pk)
    locked = Training.objects.select_related("workplace__parent", "requirement").get(pk=training.pk)
    if locked.cancelled_at:
        raise Refused("This training was cancelled.")
    return locked


def _locked(training: Training, by: User) -> Training:
    """The same for its coordinator. Raises PermissionDenied for anybody else."""
    if not permissions.can_coordinate(by, training.workplace):
        raise PermissionDenied
    return _lock(training)


def _give(training: Training, volunteer: Volunteer, *, by: User, late: bool = False) -> TrainingPlace:
    if training.has_begun and not late:
        raise Refused("This training has begun.")
    # Asked by person: somebody who volunteers at two places has one place here.
    if training.places.standing().filter(volunteer__user=volunteer.user_id).exists():
        raise Refused(f"{volunteer} is on the list already.")
    full = training.free == 0
    if full and training.has_begun:  # they are in the room
        training.capacity, full = training.capacity + 1, False
        training.save(update_fields=["capacity"])
    place = TrainingPlace.objects.create(
        training=training, volunteer=volunteer, state=State.WAITING if full else State.SIGNED_UP
    )
    training.refresh_from_db(fields=["taken"])
    verb = "training.waiting" if full else "training.joined"
    record(verb, by=by, subject=place, facts={"training": training.pk, "volunteer": volunteer.pk})
    if not full and not training.has_begun:
        queue_all([emails.signed_up(place)])
    return place


def _free(place: TrainingPlace, *, by: User | None) -> None:
    place.state = State.CANCELLED
    place.save(update_fields=["state"])
    record("training.given_back", by=by, subject=place, facts={"training": place.training_id})


def _move_up(training: Training) -> None:
    """Gives the free places of a locked training to those who wait, the longest first."""
    if training.has_begun:
        return
    training.refresh_from_db(fields=["taken"])
    waiting = training.places.waiting().filter(volunteer__in=learners_for(training))
    for place in waiting.select_related("volunteer__user")[: training.free]:
        place.state, place.moved_up_at, place.training = State.SIGNED_UP, timezone.now(), training
        place.save(update_fields=["state", "moved_up_at"])
        record("training.moved_up", by=None, subject=place, facts={"training": training.pk})
        queue_all([emails.moved_up(place)])
    training.refresh_from_db(fields=["taken"])


def _coming(training: Training) -> Iterable[TrainingPlace]:
    return training.places.filter(state=State.SIGNED_UP).select_related("volunteer__user", "training__workplace")


def _waiting(training: Training) -> Iterable[TrainingPlace]:
    return training.places.waiting().select_related("volunteer__user", "training__workplace")
