"""What was found of a requirement, what follows from a course, and the mails before a check ends."""

import datetime as dt
from collections.abc import Iterator

from django.db import transaction
from django.utils import timezone

from linkworkers.actions import Refused
from linkworkers.audit.actions import record
from linkworkers.batches import batched
from linkworkers.outbox.actions import Draft, queue_all
from linkworkers.outbox.models import Message
from members.mail_kinds import frequencies
from members.models import CourseCertificate, Frequency, User
from volunteers.actions._journey import locked_for_decision
from volunteers.clearance import Standing, clearances, counts_until
from volunteers.emails import journey_checks as emails
from volunteers.models import HERE, Check, Requirement, Shift, Volunteer, coordinators_of

DAYS_BEFORE = (60, 30, 7, -1)  # its last day; -1 is when it has ended. The last one that is due is the one that goes
ENDED_LONG_AGO = 30  # days after which nobody is written to of it any more
BATCH = 200


@transaction.atomic
def record_check(
    volunteer: Volunteer,
    requirement: Requirement,
    *,
    passed: bool,
    done_on: dt.date,
    ends_on: dt.date | None = None,
    by: User,
) -> Check:
    """Writes down an outcome and its date, and nothing else. It counts as long as the requirement says, or until an
    earlier `ends_on`. What is not in order counts from its day against whatever was found before.

    Raises PermissionDenied, and Refused for a day to come, an end before it or after what the requirement allows, and a
    requirement of another workplace.
    """
    found = locked_for_decision(volunteer, by)
    if requirement.workplace_id not in (None, found.workplace_id, found.workplace.parent_id):
        raise Refused(f"{requirement} is not asked for at {found.workplace}.")
    if done_on > timezone.localdate():
        raise Refused("This day is still to come. Write it down when it is done.")
    latest = counts_until(requirement, done_on)
    if ends_on and not passed:
        raise Refused("What is not in order counts for nothing, so it has no end.")
    if ends_on and (ends_on < done_on or (latest and ends_on > latest)):
        raise Refused("Choose a last day that is not before it was done, and not after the requirement’s own time.")
    check = Check.objects.create(
        volunteer=found,
        requirement=requirement,
        passed=passed,
        done_on=done_on,
        ends_on=(ends_on or latest) if passed else None,
        by=by,
    )
    facts = {"volunteer": found.pk, "requirement": requirement.name, "passed": passed}
    record("check.recorded", by=by, subject=check, facts=facts)
    return check


def note_courses() -> int:
    """Notes what volunteers have by passing a course of the association. Returns how many checks were made.

    A finding of the coordinator's from the same day or later stands.
    """
    made = 0
    for requirement in Requirement.objects.filter(is_active=True, course__isnull=False).order_by("pk"):
        passed = CourseCertificate.objects.filter(
            course=requirement.course_id, user__volunteering__roles__needs=requirement
        ).values_list("on", "user__volunteering")
        found = Check.objects.filter(requirement=requirement).order_by("done_on").values_list("volunteer", "done_on")
        last = dict(found)  # of each volunteer, the latest
        for on, volunteer_id in passed.distinct():
            if volunteer_id not in last or last[volunteer_id] < on:
                made += _note_course(volunteer_id, requirement, on)
    return made


@transaction.atomic
def _note_course(volunteer_id: int, requirement: Requirement, on: dt.date) -> bool:
    """One of them, locked, so that two workers at once write it once."""
    volunteer = Volunteer.objects.select_for_update().get(pk=volunteer_id)
    if volunteer.checks.filter(requirement=requirement, done_on__gte=on).exists():
        return False
    check = Check.objects.create(
        volunteer=volunteer, requirement=requirement, passed=True, done_on=on, ends_on=counts_until(requirement, on)
    )
    record("check.recorded", by=None, subject=check, facts={"volunteer": volunteer_id, "by": "course"})
    return True


def remind_of_checks() -> int:
    """Writes to volunteers, and to their coordinators, 60, 30 and 7 days before something ends that a role of theirs
    needs, and when it has ended. A day that was missed is made up for. Returns how many mails were written.
    """
    here = Volunteer.objects.filter(stage__in=HERE).select_related("workplace", "user").order_by("pk")

    def drafts() -> Iterator[Draft]:
        for some in batched(here.iterator(chunk_size=BATCH), BATCH):
            found = clearances(some)
            for volunteer in some:
                for standing in found[volunteer.pk].standings:
                    yield from _drafts_of(volunteer, standing)

    return queue_all(drafts())


def _drafts_of(volunteer: Volunteer, standing: Standing) -> Iterator[Draft]:
    until = last_day(standing)
    days = (until - timezone.localdate()).days if until else None
    if until is None or days is None or days > max(DAYS_BEFORE) or days < -ENDED_LONG_AGO:
        return
    due = min(before for before in DAYS_BEFORE if days <= before)
    people = list(coordinators_of(volunteer.workplace).exclude(pk=volunteer.user_id or 0))
    if volunteer.user:
        people.append(volunteer.user)
    about = f"volunteer-check:{volunteer.pk}:{standing.requirement.pk}:{until}:{due}"
    keys = {person.pk: f"{about}:{person.pk}" for person in people}
    sent = set(Message.objects.filter(key__in=keys.values()).values_list("key", flat=True))
    chosen = frequencies(emails.KIND, keys)
    wanted = [each for each in people if keys[each.pk] not in sent and chosen[each.pk] != Frequency.OFF]
    if not wanted:
        return
    after = list(
        Shift.objects.to_come()
        .filter(volunteer=volunteer, session__clinic__role__needs=standing.requirement, starts_at__date__gt=until)
        .order_by("starts_at")[:10]
    )
    for person in wanted:
        yield emails.ends(volunteer, standing.requirement, until, to=person, key=keys[person.pk], after=after)


def last_day(standing: Standing) -> dt.date | None:
    """The last day of what counts or counted last; None where it counts for good, was found amiss, or never was."""
    today = timezone.localdate()
    if standing.is_good(today):
        return standing.until
    latest = standing.latest
    return latest.ends_on if latest and latest.passed else None
