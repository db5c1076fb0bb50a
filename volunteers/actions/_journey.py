"""What every step of a volunteer's way shares: the lock, and the move from one stage to another."""

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from linkworkers.actions import Refused
from linkworkers.audit.actions import record
from members.models import User
from volunteers import permissions
from volunteers.actions.training import give_back_all
from volunteers.models import GONE, Stage, StageChange, Volunteer


def locked(volunteer: Volunteer) -> Volunteer:
    """The volunteer as they are now, locked until the transaction ends."""
    found = Volunteer.objects.select_for_update(of=("self",), no_key=True).select_related("workplace__parent", "user")
    return found.get(pk=volunteer.pk)


def locked_for_decision(volunteer: Volunteer, by: User, seen: str = "") -> Volunteer:
    """The same, for whoever decides. `seen` is the stage on the page that they decided on.

    Raises PermissionDenied, and Refused when somebody was quicker.
    """
    found = locked(volunteer)
    if not permissions.can_decide(by, found):
        raise PermissionDenied
    refuse_if_moved(found, seen)
    return found


def refuse_if_moved(volunteer: Volunteer, seen: str) -> None:
    if seen and volunteer.stage != seen:
        raise Refused(
            f"Somebody was quicker: {volunteer} is now at “{volunteer.get_stage_display()}”. Look again, then decide."
        )


def move(volunteer: Volunteer, to: Stage, *, by: User | None, note: str = "") -> None:
    """Takes a locked volunteer to another stage, and writes down who decided. Whoever goes gives back their places in
    trainings. Raises Refused for a move there is not, and where somebody has applied anew meanwhile.
    """
    if not volunteer.can_move_to(to):
        raise Refused(
            f"{volunteer} is at “{volunteer.get_stage_display()}”, from where “{Stage(to).label}” is no next step."
        )
    before, volunteer.stage, volunteer.stage_since = volunteer.stage, to, timezone.now()
    try:
        with transaction.atomic():
            volunteer.save()
    except IntegrityError as error:
        if "volunteer_one_application_at_a_time" in str(error):
            raise Refused(f"{volunteer} has applied anew. Go on with that application.") from error
        raise
    if to in GONE:
        give_back_all(volunteer, by=by)
    StageChange.objects.create(volunteer=volunteer, stage=to, at=volunteer.stage_since, by=by, note=note)
    record("volunteer.moved", by=by, subject=volunteer, facts={"from": before, "to": str(to)})
