"""What a coordinator decides on somebody's way from applying to being active."""

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from linkworkers.actions import Refused
from linkworkers.audit.actions import record
from members.models import User
from volunteers import permissions
from volunteers.actions._journey import locked_for_decision, move
from volunteers.actions.journey_references import ask_open
from volunteers.emails import journey as emails
from volunteers.models import JOINING, Stage, StageChange, Volunteer, VolunteerRole


@transaction.atomic
def invite_to_interview(
    volunteer: Volunteer, *, at: dt.datetime, place: str, note: str = "", seen: str = "", by: User
) -> Volunteer:
    """Agrees a time to talk, and mails it with a calendar file. Somebody who is at the interview already gets another.

    Raises PermissionDenied, and Refused for a time gone by, or when they are not at a stage before it.
    """
    found = locked_for_decision(volunteer, by, seen)
    if at <= timezone.now():
        raise Refused("This time has gone by. Choose a later one.")
    found.interview_at, found.interview_place = at, place
    if found.stage == Stage.INTERVIEW:
        found.save(update_fields=["interview_at", "interview_place"])
        record("volunteer.interview_moved", by=by, subject=found, facts={"at": at})
    else:
        move(found, Stage.INTERVIEW, by=by, note=note)
    emails.interview(found, note=note)
    return found


@transaction.atomic
def move_on(volunteer: Volunteer, *, to: str, note: str = "", seen: str = "", by: User) -> Volunteer:
    """Takes an applicant to another stage of joining, on or back. At the references, whoever was named is asked.

    Nobody gets a mail of it, and nobody an account: `invite_to_interview` and `offer_induction` do these. Raises
    PermissionDenied, and Refused for a stage that is no next step.
    """
    found = locked_for_decision(volunteer, by, seen)
    if to not in JOINING:
        raise Refused("Choose one of the stages.")
    move(found, Stage(to), by=by, note=note)
    if to == Stage.REFERENCES:
        ask_open(found, by=by)
    return found


@transaction.atomic
def decline(volunteer: Volunteer, *, words: str = "", note: str = "", seen: str = "", by: User) -> Volunteer:
    """Does not take an applicant on. They get a kind mail with `words`; `note` stays with the coordinators.

    Raises PermissionDenied, and Refused when they are not applying.
    """
    found = locked_for_decision(volunteer, by, seen)
    move(found, Stage.DECLINED, by=by, note=note)
    emails.declined(found, words=words)
    return found


@transaction.atomic
def reconsider(volunteer: Volunteer, *, seen: str = "", by: User) -> Volunteer:
    """Takes somebody who was declined, withdrew or left back onto their way: to the interview, or to induction.

    Raises PermissionDenied, and Refused when they are not gone, or have applied anew.
    """
    found = locked_for_decision(volunteer, by, seen)
    found.interview_at, found.interview_place = None, ""
    move(found, Stage.INDUCTION if found.stage == Stage.LEFT else Stage.INTERVIEW, by=by, note="Taken up again")
    return found


@transaction.atomic
def activate(volunteer: Volunteer, *, note: str = "", seen: str = "", by: User) -> Volunteer:
    """From today they can be rostered; they get a welcome.

    Raises PermissionDenied, and Refused, with a sentence that lists it, while something is missing that a role needs.
    """
    found = locked_for_decision(volunteer, by, seen)
    if problem := permissions.why_not_activated(found):
        raise Refused(problem)
    found.started_on, found.left_on, found.paused_until = timezone.localdate(), None, None
    move(found, Stage.ACTIVE, by=by, note=note)
    emails.welcome(found)
    return found


@transaction.atomic
def change_details(volunteer: Volunteer, *, details: dict[str, Any], roles: list[VolunteerRole], by: User) -> Volunteer:
    """Puts right how somebody is reached, and which roles they have.

    Raises PermissionDenied, and Refused for a role of another workplace or the address of somebody who applied there.
    """
    found = locked_for_decision(volunteer, by)
    there = set(VolunteerRole.objects.at(found.workplace).filter(pk__in=[role.pk for role in roles]))
    if there != set(roles):
        raise Refused(f"That is no role at {found.workplace}.")
    changed = [name for name, value in details.items() if getattr(found, name) != value]
    before = set(found.roles.values_list("pk", flat=True))
    for name in changed:
        setattr(found, name, details[name])
    try:
        with transaction.atomic():
            found.save(update_fields=changed)
    except IntegrityError as error:
        raise Refused("Somebody else applied there with this e-mail address.") from error
    found.roles.set(roles)
    facts = {"fields": changed, "roles": [sorted(before), sorted(role.pk for role in roles)]}
    record("volunteer.changed", by=by, subject=found, facts=facts)
    return found


@transaction.atomic
def note(volunteer: Volunteer, *, text: str, by: User) -> StageChange:
    """Writes a line beside the stage somebody is at. Raises PermissionDenied."""
    found = locked_for_decision(volunteer, by)
    made = StageChange.objects.create(volunteer=found, stage=found.stage, by=by, note=text)
    record("volunteer.noted", by=by, subject=found)
    return made
