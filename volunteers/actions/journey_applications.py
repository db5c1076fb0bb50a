"""Applying without an account, and what an applicant does by the link of their mail."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Q

from linkworkers.actions import Refused
from linkworkers.audit.actions import record
from members.models import UserManager, Workplace
from volunteers.actions._journey import locked, move
from volunteers.emails import journey as emails
from volunteers.letters import tell_coordinators
from volunteers.models import (
    GONE,
    JOINING,
    Stage,
    StageChange,
    Volunteer,
    VolunteerReference,
    VolunteerRole,
    open_places,
)


@transaction.atomic
def apply(
    *,
    workplace: Workplace,
    answers: dict[str, Any],
    roles: Iterable[VolunteerRole] = (),
    referees: Iterable[dict[str, str]] = (),
) -> None:
    """Keeps an application, and mails the applicant their link and the coordinators that it is there.

    Who is known there already, by an open application, as a volunteer, or as somebody who had an account and went, gets
    a mail with their link instead; whoever typed the address learns nothing of it. Raises Refused when nobody
    coordinates volunteers there any more.
    """
    Workplace.objects.select_for_update(no_key=True).get(pk=workplace.pk)  # the same sent twice is there once
    if not open_places().filter(pk=workplace.pk).exists():
        raise Refused(f"{workplace} does not take applications just now. Choose another place near you.")
    email = UserManager.normalize_email(answers["email"])
    there = Volunteer.objects.filter(Q(email__iexact=email) | Q(user__email=email), workplace=workplace)
    known = there.exclude(stage__in=GONE).first() or there.filter(user__isnull=False).first()
    if known:
        emails.received_again(known)
        return
    volunteer = Volunteer.objects.create(**{**answers, "email": email}, workplace=workplace)
    volunteer.roles.set(roles)
    for referee in referees:
        VolunteerReference.objects.create(volunteer=volunteer, **referee)
    StageChange.objects.create(volunteer=volunteer, stage=Stage.APPLIED, at=volunteer.applied_at)
    record("volunteer.applied", by=None, subject=volunteer, facts={"workplace": str(workplace)})
    emails.received(volunteer)
    tell_coordinators(
        volunteer,
        "volunteer-application",
        "",
        f"{volunteer.name} would like to volunteer",
        f"A new application for {workplace} is here. A quick word keeps people: most who hear within a week stay.",
    )


@transaction.atomic
def correct(volunteer: Volunteer, *, phone: str, availability: list[str]) -> Volunteer:
    """What an applicant changes by their link. Raises Refused once they have an account, or are not applying."""
    found = _applying(volunteer)
    found.phone, found.availability = phone, availability
    found.save(update_fields=["phone", "availability"])
    record("volunteer.corrected", by=None, subject=found)
    return found


@transaction.atomic
def withdraw(volunteer: Volunteer) -> Volunteer:
    """An applicant changes their mind, by their link. The coordinators are told. Raises Refused when not applying."""
    found = _applying(volunteer)
    move(found, Stage.WITHDRAWN, by=None, note="By the link of their mail")
    tell_coordinators(
        found,
        "volunteer-withdrew",
        found.stage_since.timestamp(),
        f"{found.name} has withdrawn",
        f"{found.name} does not go on with the application at {found.workplace}.",
    )
    return found


@transaction.atomic
def come_back(volunteer: Volunteer) -> Volunteer:
    """Somebody who left, or withdrew, would like to come back, and says so by their link or on their page: they go on
    at induction, or at the interview. The coordinators are told. Raises Refused for everybody else.
    """
    found = locked(volunteer)
    if found.stage not in (Stage.LEFT, Stage.WITHDRAWN):
        raise Refused("There is nothing to come back from. Write to the volunteer coordinator.")
    if not open_places().filter(pk=found.workplace_id).exists():
        raise Refused(f"{found.workplace} has no volunteer coordinator just now.")
    found.interview_at, found.interview_place = None, ""
    move(
        found,
        Stage.INDUCTION if found.stage == Stage.LEFT else Stage.INTERVIEW,
        by=None,
        note="Would like to come back",
    )
    tell_coordinators(
        found,
        "volunteer-comes-back",
        found.stage_since.timestamp(),
        f"{found.name} would like to come back",
        f"{found.name} would like to volunteer at {found.workplace} again. Say what comes next on their page.",
    )
    return found


@transaction.atomic
def send_new_link(volunteer: Volunteer) -> None:
    """Mails a link for one that has expired: one a day."""
    emails.new_link(locked(volunteer))


def _applying(volunteer: Volunteer) -> Volunteer:
    found = locked(volunteer)
    if found.stage not in JOINING:
        raise Refused(f"This cannot be changed here any more: {found.get_stage_display().lower()}.")
    return found
