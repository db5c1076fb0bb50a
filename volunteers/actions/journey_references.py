"""Asking referees, and what they answer."""

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from linkworkers.actions import Refused
from linkworkers.audit.actions import record
from members.models import User, UserManager
from volunteers import permissions
from volunteers.actions._journey import locked_for_decision
from volunteers.emails import journey_references as emails
from volunteers.models import GONE, Check, CheckKind, Requirement, Volunteer, VolunteerReference

NEEDED = 2
MOST = 6
REMIND_AFTER = dt.timedelta(days=7)
GIVEN_UP_AFTER = dt.timedelta(days=60)


@transaction.atomic
def add_referee(volunteer: Volunteer, *, name: str, email: str, relation: str = "", by: User) -> VolunteerReference:
    """Names a referee and asks them. Raises PermissionDenied, and Refused when they are named already, are the
    applicant, or there are enough.
    """
    found = locked_for_decision(volunteer, by)
    email = UserManager.normalize_email(email)
    if email == found.email:
        raise Refused("A reference comes from somebody else than the volunteer.")
    if found.references.count() >= MOST:
        raise Refused(f"{MOST} referees are named already. Send one of them the questions again.")
    reference = VolunteerReference(volunteer=found, name=name, email=email, relation=relation)
    try:
        with transaction.atomic():
            reference.save()
    except IntegrityError as error:
        raise Refused(f"{email} is named already.") from error
    return ask(reference, by=by)


@transaction.atomic
def ask(reference: VolunteerReference, *, by: User) -> VolunteerReference:
    """Mails a referee their link; asked again, a new one. Raises PermissionDenied, and Refused when they answered, the
    volunteer is gone, or they were asked within the last day.
    """
    found = _locked(reference)
    if not permissions.can_decide(by, found.volunteer):
        raise PermissionDenied
    if found.answered_at:
        raise Refused(f"{found.name} has answered already.")
    if found.volunteer.stage in GONE:
        raise Refused(f"{found.volunteer} is not joining any more.")
    if found.asked_at and found.asked_at > timezone.now() - dt.timedelta(days=1):
        raise Refused(f"{found.name} was asked within the last day. Give them some time.")
    found.asked_at, found.asked_by, found.reminded_at = timezone.now(), by, None
    found.save(update_fields=["asked_at", "asked_by", "reminded_at"])
    record("reference.asked", by=by, subject=found, facts={"volunteer": found.volunteer_id})
    emails.ask(found)
    return found


def ask_open(volunteer: Volunteer, *, by: User) -> None:
    """Asks everybody who is named and was not asked yet. The volunteer is locked."""
    for reference in volunteer.references.filter(asked_at=None):
        ask(reference, by=by)


@transaction.atomic
def answer(reference: VolunteerReference, *, answers: dict[str, Any]) -> VolunteerReference:
    """What a referee says, once. The coordinators are told that it is there. Raises Refused for a second time, and when
    the volunteer is not joining any more.
    """
    found = _locked(reference)
    if found.answered_at:
        raise Refused("You have answered already. Thank you: it is with the coordinator.")
    if found.volunteer.stage in GONE:
        raise Refused("This is not needed any more. Thank you all the same.")
    for name, value in answers.items():
        setattr(found, name, value)
    found.answered_at = timezone.now()
    found.save()
    record("reference.answered", by=None, subject=found, facts={"volunteer": found.volunteer_id})
    emails.answered(found)
    return found


@transaction.atomic
def accept(volunteer: Volunteer, *, by: User) -> list[Check]:
    """The references are good: whatever of kind “references” the roles need is in order from today.

    Raises PermissionDenied, and Refused while fewer than two are good, or nothing asks for them.
    """
    found = locked_for_decision(volunteer, by)
    good = [reference for reference in found.references.all() if reference.is_good]
    if len(good) < NEEDED:
        raise Refused(f"{NEEDED} references have to recommend {found} without concerns, and {len(good)} does so far.")
    wanted = Requirement.objects.filter(roles__volunteers=found, kind=CheckKind.REFERENCES, is_active=True).distinct()
    today = timezone.localdate()
    open_ones = wanted.exclude(pk__in=found.checks.in_order(today).values("requirement"))
    made = [
        Check.objects.create(volunteer=found, requirement=requirement, passed=True, done_on=today, by=by)
        for requirement in open_ones
    ]
    if not made:
        raise Refused("No role of theirs asks for references that are not in order already.")
    for check in made:
        record("check.recorded", by=by, subject=check, facts={"volunteer": found.pk, "passed": True})
    return made


def remind() -> int:
    """Reminds each referee once, a week after they were asked. Returns how many mails were written."""
    now = timezone.now()
    due = VolunteerReference.objects.filter(
        answered_at=None, reminded_at=None, asked_at__lte=now - REMIND_AFTER, asked_at__gt=now - GIVEN_UP_AFTER
    ).exclude(volunteer__stage__in=GONE)
    written = 0
    for pk in due.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            reference = due.select_for_update(of=("self",), skip_locked=True).select_related("volunteer__workplace")
            found = reference.filter(pk=pk).first()
            if found is None:
                continue
            found.reminded_at = now
            found.save(update_fields=["reminded_at"])
            emails.ask(found, again=True)
            written += 1
    return written


def _locked(reference: VolunteerReference) -> VolunteerReference:
    found = VolunteerReference.objects.select_for_update(of=("self",)).select_related("volunteer__workplace__parent")
    return found.get(pk=reference.pk)
