"""Mails by the calendar: a check that ends."""

import datetime as dt
from collections.abc import Sequence

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from linkworkers.outbox.actions import Draft
from members.mail_kinds import unsubscribe_path
from members.models import User
from volunteers.letters import letter
from volunteers.models import Requirement, Shift, Volunteer

KIND = "volunteer-check"


def ends(
    volunteer: Volunteer,
    requirement: Requirement,
    until: dt.date,
    *,
    to: User,
    key: str,
    after: Sequence[Shift],
) -> Draft:
    """To the volunteer or to a coordinator of theirs. `after` are the shifts to come that fall after its last day."""
    own = to.pk == volunteer.user_id
    ended = until < timezone.localdate()
    whose = "Your" if own else f"{volunteer.name}’s"
    verb = "counted until" if ended else "counts until"
    says = [f"{whose} {requirement.name} at {volunteer.workplace} {verb} {date_format(until)}."]
    if own:
        says.append("Your coordinator helps you to renew it. You need do nothing before they write to you.")
    if after:
        days = [f"{date_format(timezone.localtime(shift.starts_at), 'l j F')}" for shift in after]
        says.append(f"Shifts after that day, which need it: {', '.join(days)}.")
    path = reverse("volunteer_me") if own else reverse("volunteer", args=[volunteer.key])
    return letter(
        key=key,
        kind=KIND,
        to=to.email,
        hello=to.get_short_name(),
        subject=f"{whose} {requirement.name} {'has ended' if ended else f'ends on {date_format(until)}'}",
        says=says,
        path=path,
        label="Your volunteering" if own else f"Open {volunteer.short_name}’s page",
        unsubscribe=unsubscribe_path(to.pk, KIND),
    )
