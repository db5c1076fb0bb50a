"""The roles and requirements that a workplace makes its own."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from linkworkers.actions import Refused
from linkworkers.audit.actions import record
from members.models import Role, User, Workplace
from volunteers import permissions
from volunteers.models import HERE, Requirement, VolunteerRole


@transaction.atomic
def save_role(
    role: VolunteerRole | None, *, workplace: Workplace, facts: dict[str, Any], needs: list[Requirement], by: User
) -> VolunteerRole:
    """Makes a role at a workplace, or changes one there. Raises PermissionDenied, and Refused for a name that is taken
    or a requirement of another workplace.
    """
    found = _kept(VolunteerRole, role, workplace, by)
    usable = set(Requirement.objects.usable_by(by).filter(pk__in=[need.pk for need in needs]))
    kept = set(found.needs.all()) if found.pk else set()
    if not set(needs) <= usable | kept:
        raise Refused("Choose requirements that everybody has, or your own.")
    for name, value in facts.items():
        setattr(found, name, value)
    try:
        with transaction.atomic():
            found.save()
    except IntegrityError as error:
        raise Refused(f"{found.workplace} has a role of that name.") from error
    found.needs.set(needs)
    record(f"role.{'changed' if role else 'made'}", by=by, subject=found, summary=found.name)
    return found


@transaction.atomic
def save_requirement(
    requirement: Requirement | None, *, workplace: Workplace, facts: dict[str, Any], by: User
) -> Requirement:
    """Makes a requirement at a workplace, or changes one there. What was recorded before keeps its end. Raises
    PermissionDenied.
    """
    found = _kept(Requirement, requirement, workplace, by)
    for name, value in facts.items():
        setattr(found, name, value)
    found.save()
    record(f"requirement.{'changed' if requirement else 'made'}", by=by, subject=found, summary=found.name)
    return found


@transaction.atomic
def retire(kept: VolunteerRole | Requirement, *, by: User) -> None:
    """Takes a role or a requirement out of use, or back into it. A requirement out of use is not asked for any more.

    Raises PermissionDenied, and Refused for a role that somebody has or a clinic needs.
    """
    found = type(kept).objects.select_for_update(of=("self",)).get(pk=kept.pk)
    if not permissions.can_keep_role(by, found):
        raise PermissionDenied
    if isinstance(found, VolunteerRole) and found.is_active and found.volunteers.filter(stage__in=HERE).exists():
        raise Refused(f"Somebody is {found.name.lower()} today. Give them another role first.")
    if isinstance(found, VolunteerRole) and found.is_active and (clinic := found.clinics.running().first()):
        raise Refused(f"{clinic} needs a {found.name.lower()}. Give the clinic another role first, or end it.")
    found.is_active = not found.is_active
    found.save(update_fields=["is_active"])
    verb = "taken_up" if found.is_active else "retired"
    record(f"{found._meta.model_name}.{verb}", by=by, subject=found, summary=found.name)


def _kept(model: Any, kept: Any, workplace: Workplace, by: User) -> Any:
    if kept is None:
        if workplace.pk not in by.workplace_ids(Role.COORDINATOR):
            raise PermissionDenied
        return model(workplace=workplace)
    found = model.objects.select_for_update(of=("self",)).select_related("workplace").get(pk=kept.pk)
    if not permissions.can_keep_role(by, found):
        raise PermissionDenied
    return found
