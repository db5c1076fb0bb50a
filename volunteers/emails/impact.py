"""The mail about what clinics achieved in a month."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from linkworkers.outbox.actions import Draft
from members.mail_kinds import unsubscribe_path
from members.models import User, Workplace
from volunteers.impact import achieved
from volunteers.models import ClinicMonth

KIND = "volunteer-impact"
KIND_OF_PRACTICES = "volunteer-impact-practice"


def to_person(user: User, kind: str, rows: list[ClinicMonth]) -> Draft:
    """To somebody of the clinics: one mail a month, with whichever clinics are theirs."""
    return Draft(
        key=f"{KIND}:{user.pk}:{rows[0].month}",
        kind=KIND,
        to=user.email,
        template="volunteer-impact",
        context=_context(user.get_short_name(), rows),
        unsubscribe=unsubscribe_path(user.pk, kind),
    )


def to_practice(practice: Workplace, rows: list[ClinicMonth]) -> Draft:
    """To a practice's shared mailbox: one mail a month, with its clinics."""
    return Draft(
        key=f"{KIND}:practice:{practice.pk}:{rows[0].month}",
        kind=KIND,
        to=practice.email,
        template="volunteer-impact",
        context=_context("", rows),
    )


def _context(name: str, rows: list[ClinicMonth]) -> Mapping[str, Any]:
    return {
        "name": name,
        "month": rows[0].month,
        "clinics": [(row.clinic, achieved(row)) for row in rows],
        "path": reverse("volunteer_impact"),
    }
